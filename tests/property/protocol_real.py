"""The same schedules with the real thing: real commands in clones of a real stage, stopped at every access."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from end_to_end.support import PYPROJECT, World, git
from property.protocol_doors import Process, Stop, with_stops
from property.protocol_schedule import ABANDON, Event, Go, Kill, Lag, Merge, Move
from property.protocol_world import VERSIONS
from shipway.commands.abandon import abandon
from shipway.commands.release import Releasing
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace, open_workplace
from shipway.parser import Request as Words
from shipway.parser import parse
from shipway.release.distributions import Distribution
from shipway.release.journal import Entry
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.steps.build import read_distributions
from shipway.world.environment import Environment
from world.index_support import make_sdist, make_wheel

DATES = {"A": "2026-01-02T03:04:05+00:00", "B": "2026-01-02T03:04:06+00:00"}
"""When each run planned: so their plans and release commits are two."""


@dataclass
class RealPlay:
    """A stage, a clone for each run, and the commands that are under way there."""

    world: World
    requests: dict[str, str] = field(default_factory=dict)
    clones: dict[str, Path] = field(default_factory=dict)
    living: dict[str, Process] = field(default_factory=dict)
    ends: list[tuple[str, str | None]] = field(default_factory=list)
    makers: dict[str, str] = field(default_factory=dict)
    """Release commits and digests, and who made them."""

    def happen(self, event: Event) -> list[str]:
        """Let one event happen; give what a run accessed in it."""
        forge = self.world.stage.forge
        match event:
            case Go():
                return self._go(event)
            case Kill(who):
                self._kill(who)
            case Merge(squash, tidy):
                repository = forge.repository()
                repository.delete_branch_on_merge = tidy
                for number in [pull.number for pull in repository.pulls if pull.state == "open"]:
                    forge.merge_pull_request(number, "squash" if squash else "merge")
            case Move():
                bare = self.world.bare
                moved = git(bare, "commit-tree", "main^{tree}", "-p", "main", "-m", "Meanwhile")
                git(bare, "update-ref", "refs/heads/main", moved)
            case Lag(listings):
                forge.switches.lag = listings
        return []

    def close(self) -> None:
        """Let whoever still lives die."""
        for who in list(self.living):
            self._kill(who)

    def _kill(self, who: str) -> None:
        if process := self.living.pop(who, None):
            process.kill()

    def _go(self, event: Go) -> list[str]:
        seen: list[str] = []
        who, accesses = event.who, event.accesses
        if who not in self.living:
            self.living[who] = self._start(event)
            accesses += 1
        for _ in range(accesses):
            access = self.living[who].advance()
            if access is None:
                self.ends.append((who, self.living.pop(who).end))
                break
            seen.append(access)
            if access == event.until:
                break
        return seen

    def _start(self, event: Go) -> Process:
        who = event.who
        if event.fresh or who not in self.clones:
            self.clones[who] = self._clone(f"{who}-{len(list(self.world.clone.parent.iterdir()))}")
        command = ["abandon"] if who == ABANDON else ["release", self._request(who), "--no-gates"]
        words = parse([*command, "--yes", *(["--resume"] if event.resume else [])])
        assert isinstance(words, Words)
        return Process(lambda stop: self._run(self.clones[who], words, stop))

    def _request(self, who: str) -> str:
        return self.requests.get(who, "minor")

    def _run(self, clone: Path, words: Words, stop: Stop) -> str:
        """Run a command as `shipway.commands.dispatch` does; give how it ended well."""
        environment = Environment(self.world.variables)
        screen = _Watched(words.command, environment)
        place = with_stops(open_workplace(clone, environment), screen.before(stop))
        screen.handover = place.handover
        if words.command == "abandon":
            abandon(words, place, screen)
            return "abandoned"
        Releasing(words, place, screen).release()
        return "done" if any(entry.step == "close" for entry in screen.steps) else "released"

    def _clone(self, name: str) -> Path:
        place = self.world.clone.parent / name
        git(place.parent, "clone", "--quiet", str(self.world.bare), str(place))
        git(place, "remote", "set-url", "origin", self.world.stage.remote_url)
        return place

    # --- before it begins -------------------------------------------------------------------------

    def prepare(self, who: str) -> None:
        """Give a run a clone in which its candidate is made already: a commit and bytes of its own."""
        self.clones[who] = self._clone(who)
        place = open_workplace(self.clones[who], Environment(self.world.variables))
        plan = _plan(place, self._request(who), DATES[who])
        place.handover.keep_plan(plan)
        commit, tree = _commit(place, plan)
        files = _distributions(place.handover.dist, plan.version, who)
        self.makers |= dict.fromkeys([commit, *(file.digest for file in files)], who)
        built = {"commit": commit, "distributions": [asdict(file) for file in files], "tools": {}}
        checked = {"files": {file.name: file.digest for file in files}, "findings": ["made by hand"]}
        reports: dict[str, dict[str, Any]] = {
            "gates": {"results": {}},
            "bump": {"commit": commit, "tree": tree},
            "build": built,
            "check": checked,
        }
        for step, report in reports.items():
            place.handover.keep_report(step, plan, report)


@dataclass
class _Watched(Screen):
    """A screen that knows which step goes on."""

    step: str = ""

    def tell(self, entry: Entry) -> None:
        """Show an entry."""
        self.step = entry.step
        super().tell(entry)

    def before(self, stop: Stop) -> Stop:
        """Stop before what decides anything: what the evidence tells about the world does not."""

        def stop_before(access: str) -> None:
            if self.step != "evidence" or access == "register":
                stop(access)

        return stop_before


def _plan(place: Workplace, request: str, date: str) -> Plan:
    version = VERSIONS[request]
    return Plan(
        distribution="acme-widgets",
        previous="1.2.4",
        current="1.2.4",
        version=version,
        request=Request(request),
        tag=f"v{version}",
        base=git(place.root, "rev-parse", "HEAD"),
        branch="main",
        release_branch=f"release/{version}",
        flow=place.configuration.flow,
        forge="github",
        date=date,
        notes="### Features\n\n- Widgets turn. (#7)",
        files=("changelog.d/7.feature.md", "pyproject.toml"),
        gates=False,
        reasons=dict(place.configuration.sources),
    )


def _commit(place: Workplace, plan: Plan) -> tuple[str, str]:
    """Make the release commit on no branch, as the bump does; give it and its tree."""
    root = place.root
    (root / "pyproject.toml").write_text(PYPROJECT.replace("1.2.4", plan.version), encoding="utf-8")
    (root / "changelog.d" / "7.feature.md").unlink()
    git(root, "add", "--all")
    tree = git(root, "write-tree")
    git(root, "reset", "--quiet", "--hard")
    return place.doors.git.commit_tree(tree, [plan.base], f"{plan.title}\n", plan.date), tree


def _distributions(dist: Path, version: str, who: str) -> tuple[Distribution, ...]:
    make_sdist(dist, version=version, marker=who)
    make_wheel(dist, version=version, marker=who)
    return read_distributions(dist)
