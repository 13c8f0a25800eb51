"""close: the claim is done and its bytes are let go; so is the release branch, unless a pull request needs it.

Drafts that another run of the same release left beside the published one go too: once a release is done, nobody
looks for them any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from shipway.project.hold import Hold
from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Done, Skipped, State, Todo
from shipway.steps.contract import Settlement

MARK = "mark as done"
DELETE = "delete"
DISCARD = "delete the draft"


class Close:
    """Nothing is left on the remote that only helped to release, and the register says that all is done."""

    name: ClassVar[str] = "close"
    phase: ClassVar[str] = "mark"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._branch = settlement.plan.release_branch
        self._tag = settlement.plan.tag
        self._git = settlement.doors.git
        self._forge = settlement.doors.forge
        self._hold = settlement.hold
        self._may_delete = True

    def observe(self) -> State:
        """Find what is open: the claim, and the release branch that nobody needs any more."""
        ours = self._candidate
        refs = self._git.remote_refs(ours.branch_ref, ours.tag_ref)
        if ours.tag_ref not in refs:
            return Skipped(f"the claim stays until {self._tag} holds the release commit")
        open_ends = [Action(MARK, self._hold.register.ref)] if self._hold is not None and not self._is_marked else []
        open_ends += [Action(DISCARD, str(number)) for number in self._doubles()]
        if refs.get(ours.branch_ref) != ours.commit:
            found = "no helper branch is left"
        elif not self._may_delete:
            found = f"{self._branch} stays: the remote refuses to delete it"
        elif self._is_needed():
            found = f"{self._branch} stays until its pull request is merged"
        else:
            return Todo((*open_ends, Action(DELETE, self._branch)))
        if open_ends:
            return Todo(tuple(open_ends))
        return Done(found if self._hold is None else f"{self._hold.register.ref} is done; {found}")

    def act(self, todo: Todo) -> None:
        """Write that all is done and delete the release branch, as long as it holds the release commit."""
        verbs = {action.verb for action in todo.actions}
        for action in todo.actions:
            if action.verb == DISCARD and self._forge is not None:
                self._forge.delete_release(int(action.subject))
        ref, commit = self._candidate.branch_ref, self._candidate.commit
        branch = {ref: (commit, "")} if DELETE in verbs else {}
        if MARK in verbs and self._hold is not None:
            self._finish(self._hold, branch)
        elif branch:
            self._may_delete = self._git.push({ref: ""}, {ref: commit}).code == 0

    def _finish(self, hold: Hold, branch: Mapping[str, tuple[str, str]]) -> None:
        """Write that all is done; where a rule keeps the branch, without it: a branch too many hurts nobody."""
        try:
            hold.finish(branch)
        except BlockedError:
            if not branch:
                raise
            self._may_delete = False
            hold.finish({})

    @property
    def _is_marked(self) -> bool:
        return self._hold is not None and self._hold.claim is not None and self._hold.claim.is_done

    def _doubles(self) -> list[int]:
        """Give our drafts beside a published forge release of the tag."""
        found = self._forge.find_releases(self._tag) if self._forge is not None else ()
        drafts = [release.id for release in found if release.draft and release.target == self._candidate.commit]
        return drafts if len(drafts) < len(found) else []

    def _is_needed(self) -> bool:
        if self._forge is None:
            return False
        return any(found.state == "open" for found in self._forge.find_pull_requests(self._branch))
