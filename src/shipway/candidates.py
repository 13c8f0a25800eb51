"""Making the candidate: gates, bump, build, check, each once for a plan.

What a step made is kept in ``.release/`` under the plan's digest; a killed run makes the missing rest again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from packaging.version import Version

from shipway.flows import CANDIDATE
from shipway.grammar import command_line
from shipway.project.handover import Handover
from shipway.project.sessions import Sessions
from shipway.release.candidate import Candidate
from shipway.release.distributions import Distribution
from shipway.release.journal import Entry, Tell
from shipway.release.outcomes import BlockedError, ToolError
from shipway.release.plan import Plan
from shipway.steps.build import build_distributions, read_distributions
from shipway.steps.bump import make_release_commit
from shipway.steps.check import Check
from shipway.steps.contract import Doors
from shipway.steps.gates import LEFT_OUT, Gates
from shipway.world.tools import read_tools

Report = dict[str, Any]
BUNDLE = "reports/commit.bundle"
"""The file that hands the release commit over to another clone."""


@dataclass(frozen=True)
class CandidateMaker:
    """Makes one plan's candidate, step by step, and tells how each went."""

    plan: Plan
    handover: Handover
    doors: Doors
    tell: Tell

    def make(self) -> Candidate:
        """Make whatever of the candidate is missing."""
        self.gates()
        self.build()
        self.check()
        return self.require()

    def find(self) -> Candidate | None:
        """Give the candidate as far as its commit and its bytes are at hand."""
        build = self._find_build(self._find_bump())
        return Candidate(self.plan, str(build["commit"]), _distributions(build)) if build else None

    def find_whole(self) -> Candidate | None:
        """Give the candidate if every step of it has passed."""
        candidate, missing = self._look()
        return candidate if missing is None else None

    def require(self) -> Candidate:
        """Give the whole candidate; raises `BlockedError` naming the step that is missing."""
        candidate, missing = self._look()
        if candidate is None or missing is not None:
            raise BlockedError(
                f"{missing} has not passed for {self.plan.version}",
                why="only a whole candidate is published",
                remedy=command_line(missing or "check", *self.plan.words()),
            )
        return candidate

    def _look(self) -> tuple[Candidate | None, str | None]:
        """Give the candidate as far as it is made, and the first step that is missing."""
        bump = self._find_bump()
        build = self._find_build(bump)
        candidate = Candidate(self.plan, str(build["commit"]), _distributions(build)) if build else None
        found = {"gates": self._find_gates(), "bump": bump, "build": build, "check": self._find_check(candidate)}
        return candidate, next((step for step, report in found.items() if report is None), None)

    def gates(self) -> None:
        """Pass the gates for the base commit."""
        self._once("gates", self._find_gates, self._pass_gates)

    def bump(self) -> Report:
        """Make the release commit."""
        return self._once("bump", self._find_bump, self._make_bump)

    def build(self) -> Report:
        """Build the distributions of the release commit."""
        bump = self.bump()
        return self._once("build", lambda: self._find_build(bump), lambda: self._make_build(bump))

    def check(self) -> None:
        """Check the distributions that were built."""
        candidate = self.find()
        if candidate is None:
            words = self.plan.words()
            raise BlockedError(f"{self.plan.version} is not built", remedy=command_line("build", *words))
        check = Check(self.handover.dist, candidate.distributions, self.handover, self.doors)
        self._once("check", lambda: self._find_check(candidate), lambda: self._checked(check, candidate))

    def _pass_gates(self) -> Report:
        if not self.plan.gates:
            return {"results": {"gates": LEFT_OUT}}
        sessions = Sessions(self.handover.root, self.handover, self.doors.processes)
        again = command_line("release", *self.plan.words())
        return {**Gates(self.plan.base, again, sessions, self.doors.forge).pass_all()}

    def _checked(self, check: Check, candidate: Candidate) -> Report:
        findings = check.pass_all(self.plan, candidate.commit)
        return {"files": _digests(candidate.distributions), "findings": findings}

    def _make_bump(self) -> Report:
        commit = make_release_commit(self.plan, self.handover, self.doors)
        self._hand_over(commit)
        return {"commit": commit, "tree": self.doors.git.tree_of(commit)}

    def _hand_over(self, commit: str) -> None:
        """Put the release commit beside the reports: another job of CI knows it by nothing else."""
        if commit == self.plan.base:
            return
        written, place = self.handover.scratch("commit.bundle"), self.handover.directory / BUNDLE
        for folder in (written.parent, place.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.doors.git.bundle(commit, self.plan.base, written, self.handover.scratch("bundling"))
        written.replace(place)

    def _make_build(self, bump: Report) -> Report:
        commit = str(bump["commit"])
        made = build_distributions(commit, Version(self.plan.version), self.handover.dist, self.handover, self.doors)
        tools = read_tools(self.doors.git)
        return {"commit": commit, "distributions": [asdict(file) for file in made], "tools": tools}

    def _find_gates(self) -> Report | None:
        return self.handover.find_report("gates", self.plan)

    def _find_bump(self) -> Report | None:
        found = self.handover.find_report("bump", self.plan)
        return found if found and self._brings(str(found["commit"])) else None

    def _brings(self, commit: str) -> bool:
        """Whether the release commit is here, or was brought: from beside its report, or from the remote.

        The remote has it from the claim on.
        """
        git, plan, bundle = self.doors.git, self.plan, self.handover.directory / BUNDLE
        if git.find_commit(commit) is None and bundle.is_file():
            git.unbundle(bundle)
        if git.find_commit(commit) is None:
            refs = git.remote_refs(f"refs/heads/{plan.release_branch}", f"refs/tags/{plan.tag}^{{}}")
            if commit in refs.values():
                git.fetch(commit)
        return git.find_commit(commit) is not None

    def _find_build(self, bump: Report | None) -> Report | None:
        """Give the build's report, if it is of the release commit and its very bytes are still there."""
        found = self.handover.find_report("build", self.plan)
        if not found or not bump or found["commit"] != bump["commit"] or not self.handover.dist.is_dir():
            return None
        return found if read_distributions(self.handover.dist) == _distributions(found) else None

    def _find_check(self, built: Candidate | None) -> Report | None:
        """Give the check's report, if it is of these very bytes."""
        found = self.handover.find_report("check", self.plan)
        return found if found and built and found["files"] == _digests(built.distributions) else None

    def _once(self, step: str, find: Callable[[], Report | None], make: Callable[[], Report]) -> Report:
        """Give what a step made for this plan: earlier, or now."""
        began = self.doors.clock.monotonic()
        found = find()
        prefix = "found: " if found else ""
        if found is None:
            self.tell(Entry(CANDIDATE[step], step, "begin"))
            try:
                found = self.handover.keep_report(step, self.plan, make())
            except ToolError as error:
                again = command_line("release", *self.plan.words())
                error.remedy = error.remedy or f"mend what it names, commit, then {again}"
                raise
        state, prefix = ("skipped", "") if LEFT_OUT in str(found.get("results")) else ("done", prefix)
        seconds = round(self.doors.clock.monotonic() - began, 2)
        self.tell(Entry(CANDIDATE[step], step, "end", state, prefix + describe_report(step, found), seconds))
        return found


def describe_report(step: str, report: Report) -> str:
    """Say in one line what a step of the candidate made."""
    if step == "gates":
        return ", ".join(f"{name} {result}" for name, result in report["results"].items())
    if step == "bump":
        return f"release commit {report['commit'][:9]}"
    if step == "build":
        return ", ".join(f"{file.name} {size_of(file)} {file.digest[:8]}.." for file in _distributions(report))
    return ", ".join(report["findings"])


def size_of(file: Distribution) -> str:
    """Give a file's size for people: in kB, a thousand bytes each."""
    return f"{max(1, round(file.size / 1000))} kB"


def _distributions(report: Report) -> tuple[Distribution, ...]:
    return tuple(Distribution(**fields) for fields in report["distributions"])


def _digests(files: tuple[Distribution, ...]) -> dict[str, str]:
    return {file.name: file.digest for file in files}
