"""claim: the right to settle this candidate, and its bytes, on the remote before anything irreversible.

With the register (`shipway.world.register`) both are one ref, moved by compare and swap, and the release branch comes
along in the same push: so branch rules refuse here, one line of release has one claim, and any clone can go on.
Without it the branch alone is created, if nobody has one of that name.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import ClassVar

from shipway.project.hold import Hold
from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Conflict, Done, State, Todo
from shipway.steps.contract import Settlement
from shipway.world.git import refusals


class TakeClaim:
    """The register holds this run's claim, or the candidate's own refs do where there is no register."""

    name: ClassVar[str] = "claim"
    phase: ClassVar[str] = "publish"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._branch = settlement.plan.release_branch
        self._git = settlement.doors.git
        self._hold = settlement.hold

    def observe(self) -> State:
        """Look whose claim the register holds; it has to be this run's."""
        if self._hold is None:
            return self._observe_refs()
        if not self._hold.look_again():
            raise self._hold.lost()
        if self._hold.is_ours:
            return Done(_held(self._hold))
        if self._hold.is_for(self._candidate):
            done = self._hold.claim is not None and self._hold.claim.is_done
            return Done(_held(self._hold)) if done else Todo((Action("take over", self._hold.register.ref),))
        conflict = self._judge_branch()
        if conflict is not None and not self._hold.look_again():
            raise self._hold.lost()  # whoever claimed between the two looks brought the branch along
        return conflict or Todo((Action("push", f"{self._hold.register.ref} and {self._branch}"),))

    def act(self, todo: Todo) -> None:
        """Claim by compare and swap; whoever comes second is told who was first."""
        del todo
        if self._hold is None:
            self._push_branch()
        else:
            self._hold.take(self._candidate, self._refs().get(self._candidate.branch_ref, ""))

    def _refs(self) -> Mapping[str, str]:
        ours = self._candidate
        return self._git.remote_refs(ours.branch_ref, ours.tag_ref, f"{ours.tag_ref}^{{}}", ours.main_ref)

    def _judge_branch(self) -> Conflict | None:
        """Refuse a release branch of this name that holds something else."""
        found = self._refs().get(self._candidate.branch_ref)
        if found in (None, self._candidate.commit):
            return None
        delete = shlex.join(["git", "push", self._git.remote, "--delete", self._branch])
        remedy = f"see whose it is; if nobody needs it: {delete}"
        return Conflict(f"{self._branch} at {found[:9]}", self._candidate.commit[:9], remedy)

    # --- without a register -----------------------------------------------------------------------

    def _observe_refs(self) -> State:
        """Find the release commit on the remote: at its branch, under its tag, or in main."""
        ours, refs = self._candidate, self._refs()
        if refs.get(f"{ours.tag_ref}^{{}}") == ours.commit:
            return Done(f"{ours.plan.tag} holds {ours.commit[:9]}")
        if refs.get(ours.branch_ref) == ours.commit:
            return Done(f"{self._branch} holds {ours.commit[:9]}")
        if ours.branch_ref not in refs and self._is_in_main(refs.get(ours.main_ref)):
            return Done(f"{ours.plan.branch} holds {ours.commit[:9]}")
        return self._judge_branch() or Todo((Action("push", self._branch),))

    def _push_branch(self) -> None:
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


def _held(hold: Hold) -> str:
    claim = hold.claim
    assert claim is not None  # noqa: S101 - it was read a moment ago
    return f"{hold.register.ref} holds {claim.commit[:9]}, {claim.phase}"
