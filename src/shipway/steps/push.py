"""push: land the release on main itself, by fast-forward, or by a merge commit where main has moved on."""

from __future__ import annotations

import shlex
from typing import ClassVar

from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Blocked, Done, Skipped, State, Todo
from shipway.steps.contract import Settlement
from shipway.world.git import refusals


class Push:
    """The release commit is in main."""

    name: ClassVar[str] = "push"
    phase: ClassVar[str] = "land"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._git = settlement.doors.git

    def observe(self) -> State:
        """Look for the release commit in main's history."""
        if self._plan.is_prerelease:
            return Skipped(f"a pre-release leaves {self._plan.branch} as it is")
        tip = self._tip()
        if self._git.contains(tip, self._candidate.commit):
            return Done(f"{self._plan.branch} has {self._candidate.commit[:9]}")
        if self._git.contains(self._candidate.commit, tip):
            return Todo((Action("fast-forward", self._plan.branch),))
        tree, paths = self._git.merge_trees(tip, self._candidate.commit)
        if tree is not None:
            return Todo((Action("merge into", self._plan.branch),))
        problem = f"{self._plan.branch} has moved on, and merging meets conflicts in {', '.join(paths)}"
        merge = shlex.join(["git", "merge", f"{self._git.remote}/{self._plan.release_branch}"])
        return Blocked(problem, f"git fetch && {merge}, resolve, push {self._plan.branch}, then run again")

    def act(self, todo: Todo) -> None:
        """Push main, as long as nobody else has moved it since we looked."""
        del todo
        ref, tip = self._candidate.main_ref, self._tip()
        done = self._git.push({ref: self._landed(tip)}, {ref: tip})
        if done.code != 0 and self._tip() == tip:
            raise BlockedError(
                f"the remote refuses a push to {self._plan.branch}: {refusals(done)}",
                why="the version is published; main has to be brought up to date",
                remedy=f"allow the push, or merge {self._plan.release_branch} by hand, then run again",
            )

    def _tip(self) -> str:
        ref = self._candidate.main_ref
        tip = self._git.remote_refs(ref).get(ref)
        if tip is None:
            raise BlockedError(f"the remote has no branch {self._plan.branch}", remedy="set branch in [tool.shipway]")
        self._git.fetch(tip)
        return tip

    def _landed(self, tip: str) -> str:
        """Give what main becomes: the release commit, or a merge with what came meanwhile."""
        commit = self._candidate.commit
        if self._git.contains(commit, tip):
            return commit
        tree, paths = self._git.merge_trees(tip, commit)
        if tree is None:
            raise BlockedError(f"conflicts in {', '.join(paths)}")
        return self._git.commit_tree(tree, [tip, commit], f"Merge {self._plan.release_branch}\n", self._plan.date)
