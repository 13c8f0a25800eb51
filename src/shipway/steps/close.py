"""close: let go of the release branch, unless a pull request still needs it."""

from __future__ import annotations

from typing import ClassVar

from shipway.release.states import Action, Done, Skipped, State, Todo
from shipway.steps.contract import Settlement


class Close:
    """Nothing is left on the remote that only helped to release."""

    name: ClassVar[str] = "close"
    phase: ClassVar[str] = "mark"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._git = settlement.doors.git
        self._forge = settlement.doors.forge

    def observe(self) -> State:
        """Find the release branch; it stays as long as the tag is missing or a pull request is open."""
        if self._is_needed():
            return Skipped(f"{self._plan.release_branch} stays until its pull request is merged")
        ours = self._candidate
        refs = self._git.remote_refs(ours.branch_ref, ours.tag_ref)
        if refs.get(ours.branch_ref) != ours.commit:
            return Done("no helper branch is left")
        if ours.tag_ref in refs:
            return Todo((Action("delete", self._plan.release_branch),))
        return Skipped(f"{self._plan.release_branch} stays until {self._plan.tag} holds the release commit")

    def act(self, todo: Todo) -> None:
        """Delete the release branch, as long as it holds the release commit and nothing more."""
        del todo
        ref = self._candidate.branch_ref
        self._git.push({ref: ""}, {ref: self._candidate.commit})

    def _is_needed(self) -> bool:
        if self._forge is None:
            return False
        return any(found.state == "open" for found in self._forge.find_pull_requests(self._plan.release_branch))
