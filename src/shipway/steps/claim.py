"""claim: put the release commit on the remote before anything irreversible.

Create-only and leased, so branch rules refuse here, two different releases of one version cannot both go on, and
the commit stays reachable from another machine.
"""

from __future__ import annotations

import shlex
from typing import ClassVar

from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Conflict, Done, State, Todo
from shipway.steps.contract import Settlement
from shipway.world.git import refusals


class Claim:
    """Holds the release branch at the release commit, until the tag or main does."""

    name: ClassVar[str] = "claim"
    phase: ClassVar[str] = "publish"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._branch = settlement.plan.release_branch
        self._git = settlement.doors.git

    def observe(self) -> State:
        """Find the release commit on the remote: at its branch, under its tag, or in main."""
        ours = self._candidate
        peeled = f"{ours.tag_ref}^{{}}"
        refs = self._git.remote_refs(ours.branch_ref, ours.tag_ref, peeled, ours.main_ref)
        if refs.get(peeled) == ours.commit:
            return Done(f"{ours.plan.tag} holds {ours.commit[:9]}")
        found = refs.get(ours.branch_ref)
        if found == ours.commit:
            return Done(f"{self._branch} holds {ours.commit[:9]}")
        if found is None and self._is_in_main(refs.get(ours.main_ref)):
            return Done(f"{ours.plan.branch} holds {ours.commit[:9]}")
        if found is None:
            return Todo((Action("push", self._branch),))
        delete = shlex.join(["git", "push", self._git.remote, "--delete", self._branch])
        remedy = f"see whose it is; if nobody needs it: {delete}"
        return Conflict(f"{self._branch} at {found[:9]}", ours.commit[:9], remedy)

    def act(self, todo: Todo) -> None:
        """Push the release branch, if nobody has one of that name."""
        del todo
        ref = self._candidate.branch_ref
        done = self._git.push({ref: self._candidate.commit}, {ref: ""})
        if done.code != 0 and self._git.remote_refs(ref).get(ref) is None:
            raise BlockedError(
                f"the remote refuses {self._branch}: {refusals(done)}",
                why="nothing was published; the release commit needs a branch there first",
                remedy=f"allow the branch {self._branch} (rules, permission to push), or set release-branch",
            )

    def _is_in_main(self, tip: str | None) -> bool:
        if tip is None:
            return False
        self._git.fetch(tip)
        return self._git.contains(tip, self._candidate.commit)
