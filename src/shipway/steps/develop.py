"""develop: main goes on with the next development version, by a commit of its own above the release commit.

Where main is pushed to, it is pushed after the release. Where main is locked, it stands on a branch of its own, whose
pull request brings both commits: the release branch stays at the release commit.
"""

from __future__ import annotations

from typing import ClassVar

from packaging.version import Version

from shipway.project.files import in_commit
from shipway.project.refresh import bring_to
from shipway.project.version_source import find_version_source
from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Done, Skipped, State, Todo
from shipway.steps.contract import Settlement
from shipway.world.git import refusals


class Develop:
    """Main, or what is about to be merged into it, says the next development version."""

    name: ClassVar[str] = "develop"
    phase: ClassVar[str] = "land"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._doors = settlement.doors
        self._git = settlement.doors.git
        self._scratch = settlement.handover.scratch("develop")
        plan = settlement.plan
        self._branch = plan.branch if plan.flow == "direct" else plan.landing_branch

    def observe(self) -> State:
        """Read the version at the tip of the branch that carries it."""
        wanted, branch, tip = Version(self._plan.development), self._branch, self._tip()
        if tip is None:
            if self._was_asked_for():
                return Skipped(f"{branch} is gone, and its pull request is known")
            return Todo((Action("begin", f"{wanted} on {branch}"),))
        found = self._read(tip)
        if found is not None and found >= wanted:
            return Done(f"{branch} says {found}")
        if found == Version(self._plan.version):
            return Todo((Action("begin", f"{wanted} on {branch}"),))
        return Skipped(f"{branch} says {found}, not {self._plan.version}: it is left as it is")

    def act(self, todo: Todo) -> None:
        """Push a commit that begins the version, as long as nobody else has moved the branch since we looked."""
        del todo
        ref, tip = f"refs/heads/{self._branch}", self._tip()
        done = self._git.push({ref: self._begin(tip or self._candidate.commit)}, {ref: tip or ""})
        if done.code != 0 and self._tip() == tip:
            raise BlockedError(
                f"the remote refuses a push to {self._branch}: {refusals(done)}",
                why=f"the version is published; {self._plan.development} has to begin there",
                remedy=f"allow the push, then run again; or write {self._plan.development} into main by hand",
            )

    def _begin(self, tip: str) -> str:
        """Make the commit; dated by the plan, so the same tip gives the same commit (unless it is signed)."""
        plan = self._plan
        with self._git.checkout(tip, self._scratch) as clone:
            bring_to(Version(plan.development), clone.root, plan.files, self._doors.processes)
            tree = self._git.take_tree(clone)
        return self._git.commit_tree(tree, [tip], f"Begin {plan.distribution} {plan.development}\n", plan.date)

    def _tip(self) -> str | None:
        ref = f"refs/heads/{self._branch}"
        tip = self._git.remote_refs(ref).get(ref)
        if tip is not None:
            self._git.fetch(tip)
        return tip

    def _read(self, tip: str) -> Version | None:
        return find_version_source(in_commit(self._git, tip)).read()

    def _was_asked_for(self) -> bool:
        """Whether a pull request from the branch was opened, whatever became of it."""
        forge = self._doors.forge
        return forge is not None and bool(forge.find_pull_requests(self._branch))
