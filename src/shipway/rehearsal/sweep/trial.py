"""A trial: one stage, the machines that release on it, and what other people do meanwhile."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from tempfile import mkdtemp
from typing import Any

from shipway.project.configuration import Configuration
from shipway.project.handover import OUTCOME, Handover
from shipway.rehearsal.forge.objects import BareRepository
from shipway.rehearsal.forge.pulls import follow_branches
from shipway.rehearsal.forge.state import Pull, Repository
from shipway.rehearsal.stage import Stage, open_stage
from shipway.rehearsal.sweep.events import Point
from shipway.rehearsal.sweep.trace import Seen, Trace, read_trace
from shipway.rehearsal.sweep.victim import render_point
from shipway.rehearsal.sweep.witness import Witness, kill_group, require_gone, watch_no_more
from shipway.release.outcomes import InterruptionError, ToolError
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.ourselves import own_module
from shipway.world.process import Processes, tail

VICTIM = "shipway.rehearsal.sweep.victim"
MEANWHILE = "meanwhile.txt"
RESUME = "--resume"
OTHER = {
    f"GIT_{who}_{part}": value
    for who in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "Another maintainer"), ("EMAIL", "another@localhost"))
}


@dataclass(frozen=True)
class Subject:
    """What is swept: a repository, how it is released, and the words of the request."""

    root: Path
    environment: Environment
    configuration: Configuration
    flow: str
    words: tuple[str, ...]

    @contextmanager
    def open(self) -> Iterator[Trial]:
        """Open a stage of its own for one trial."""
        with open_stage(self.root, self.environment, self.configuration, self.flow) as stage:
            yield Trial(self, stage)


@dataclass(frozen=True)
class Machine:
    """A clone and its person's variables; ``refs`` and ``settings`` are what its repository held at first."""

    clone: Path
    variables: Mapping[str, str]
    refs: str
    settings: str

    @property
    def git(self) -> Git:
        """Git in the clone."""
        return Git(self.clone, Processes(Environment(self.variables)))


@dataclass(frozen=True)
class Ran:
    """One run of the release: its exit code, its last words, its outcome and its trace."""

    code: int
    words: str
    outcome: Mapping[str, Any]
    seen: Seen

    def was_killed_at(self, point: Point) -> bool:
        """Whether SIGKILL ended it, once it had come to the point."""
        return self.code == -signal.SIGKILL and point.event in self.seen.events


@dataclass(eq=False)
class Trial:
    """One release on a stage of its own, from the first run to the last; ``meanwhile`` is what others committed."""

    subject: Subject
    stage: Stage
    runs: list[Ran] = field(default_factory=list)
    _running: Path | None = None
    _stopped: bool = False
    meanwhile: str = ""

    def __post_init__(self) -> None:
        self.before = self.bare.list_refs()
        self.first = self._machine(self.stage.clone, {})

    @property
    def repository(self) -> Repository:
        """The repository on the forge."""
        return self.stage.forge.repository(self.stage.repository)

    @property
    def bare(self) -> BareRepository:
        """Its refs and objects."""
        return self.repository.git

    # --- running the release ----------------------------------------------------------------------

    def release(self, machine: Machine, *more: str, point: Point | None = None) -> Ran:
        """Run the release as a process group of its own; at the point it is killed."""
        if self._stopped:
            raise InterruptionError("the sweep was stopped")
        place = self.stage.clone.parent / f"trace-{len(self.runs)}.jsonl"
        trace, self._running = Trace(place), place
        Witness(trace, machine.clone, point).watch(self.stage)
        try:
            here = point if point and point.event.kind != "http" else None
            words = ["--front", "nox", "release", *self.subject.words, "--yes", *more]
            argv = own_module(VICTIM, str(place), render_point(here), *words)
            child = Processes(Environment(machine.variables))
            done = child.run(argv, cwd=machine.clone, env=machine.variables, check=False, timeout=None)
        finally:
            self._running = None  # from here on its number may be another group's
            watch_no_more(self.stage)
            trace.close()
        seen = read_trace(place)
        if seen.group is not None:
            require_gone(seen.group)
        self.runs.append(Ran(done.code, tail(done.output), self._outcome(machine), seen))
        return self.runs[-1]

    def stop(self) -> None:
        """Leave nothing running and start nothing more: who interrupts a sweep interrupts its releases too."""
        self._stopped = True
        if self._running is not None:
            kill_group(read_trace(self._running).group)

    def _outcome(self, machine: Machine) -> Mapping[str, Any]:
        found = json.loads(Handover(machine.clone).find(OUTCOME) or "{}")
        return found if isinstance(found, dict) else {}

    # --- what other people do ---------------------------------------------------------------------

    def other_machine(self) -> Machine:
        """Have somebody push to main, and give another maintainer's fresh clone."""
        self._move_main()
        place = Path(mkdtemp(prefix="other-", dir=self.stage.clone.parent)) / self.stage.clone.name
        self.first.git.run("clone", "--quiet", self.stage.remote_url, str(place))
        return self._machine(place, OTHER)

    def take_over(self, start: Start, point: Point) -> Machine:
        """Have a release die at a point, and give another machine, from which somebody is about to go on."""
        start.lay_out(self.first)
        if not self.release(self.first, point=point).was_killed_at(point):
            raise ToolError(f"a release did not come to {point}", why=self.runs[-1].words)
        return self.other_machine()

    def _move_main(self) -> None:
        """Push a commit to main that has nothing to do with a release."""
        bare, branch = self.bare, self.subject.configuration.branch
        tip = bare.read("rev-parse", f"refs/heads/{branch}")
        index = {"GIT_INDEX_FILE": str(self.stage.clone.parent / "meanwhile.index")}
        blob = bare.run("hash-object", "-w", "-t", "blob", "--", "/dev/null").stdout.strip()
        bare.run("read-tree", tip, env=index)
        bare.run("update-index", "--add", "--cacheinfo", f"100644,{blob},{MEANWHILE}", env=index)
        tree = bare.run("write-tree", env=index).stdout.strip()
        self.meanwhile = bare.read("commit-tree", tree, "-p", tip, "-m", "Meanwhile")
        bare.update_ref(f"refs/heads/{branch}", self.meanwhile, tip)
        self._follow()

    def open_pull(self) -> Pull | None:
        """Give the pull request that is open."""
        return next((pull for pull in self.repository.pulls if pull.state == "open"), None)

    def merge(self, method: str) -> bool:
        """Have a person merge the pull request that is open; whether there was one."""
        pull = self.open_pull()
        if pull is None:
            return False
        self.stage.forge.merge_pull_request(pull.number, method, repository=self.stage.repository)
        return True

    def _follow(self) -> None:
        state = self.stage.forge.state
        with state.lock:
            follow_branches(state, self.repository)

    def _machine(self, clone: Path, variables: Mapping[str, str]) -> Machine:
        own = {k: v for k, v in self.stage.variables(self.subject.environment).items() if k != "CI"}
        git = Git(clone, Processes(Environment(own)))
        settings = (clone / ".git" / "config").read_text(encoding="utf-8")
        return Machine(clone, {**own, **variables}, git.read("for-each-ref"), settings)


@dataclass(frozen=True)
class Start:
    """How a clone is before the first run: as cloned, or with a candidate that was made in another one."""

    made: Path | None = None

    @staticmethod
    def keep(machine: Machine, place: Path) -> Start:
        """Keep what a dry run has made: the candidate's files and the objects of its commit."""
        copytree(Handover(machine.clone).directory, place / "release")
        copytree(machine.clone / ".git" / "objects", place / "objects")
        return Start(place)

    def lay_out(self, machine: Machine) -> None:
        """Bring a clone there."""
        if self.made is not None:
            copytree(self.made / "release", Handover(machine.clone).directory, dirs_exist_ok=True)
            copytree(self.made / "objects", machine.clone / ".git" / "objects", dirs_exist_ok=True)
