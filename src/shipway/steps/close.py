"""close: the claim is done and its bytes are let go; so is the release branch, unless a pull request needs it.

Drafts that another run of the same release left beside the published one go too: once a release is done, nobody
looks for them any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from shipway.project.hold import Hold
from shipway.project.sessions import PASSED, Sessions, release_variables
from shipway.release.outcomes import BlockedError, ReleaseError
from shipway.release.states import Action, Done, Skipped, State, Todo
from shipway.steps.contract import Settlement

MARK = "mark as done"
DELETE = "delete"
DISCARD = "delete the draft"
ANNOUNCE = "run sessions tagged after:"
ANNOUNCED = "announced"
"""The file that names the plans whose sessions tagged after were run, where no register says what is done."""


class Close:
    """Nothing is left on the remote that only helped to release, and the register says that all is done."""

    name: ClassVar[str] = "close"
    phase: ClassVar[str] = "mark"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._landing = settlement.plan.landing_branch
        self._landing_ref = f"refs/heads/{self._landing}"
        self._tag = settlement.plan.tag
        self._git = settlement.doors.git
        self._forge = settlement.doors.forge
        self._hold = settlement.hold
        self._may_delete = True
        self._spared: Mapping[str, str] = {}
        self._after = After(settlement)

    def observe(self) -> State:
        """Find what is open: the claim, and the release branch that nobody needs any more."""
        ours = self._candidate
        refs = self._git.remote_refs(ours.branch_ref, self._landing_ref, ours.tag_ref)
        if ours.tag_ref not in refs:
            return Skipped(f"the claim stays until {self._tag} holds the release commit")
        open_ends = [Action(MARK, self._hold.register.ref)] if self._hold is not None and not self._is_marked else []
        open_ends += [Action(DISCARD, str(number)) for number in self._doubles()]
        open_ends += [Action(ANNOUNCE, names) for names in self._after.due() if self._hold is None]
        helpers = self._helpers(refs)
        if not helpers:
            found = "no helper branch is left"
        elif not self._may_delete:
            found = f"{_named(helpers)} stays: the remote refuses to delete it"
        elif spare := self._spare(helpers):
            self._spared = {ref: helpers[ref] for ref in spare}
            return Todo((*open_ends, *(Action(DELETE, _named([ref])) for ref in spare)))
        else:
            found = f"{self._landing} stays until its pull request is merged"
        if open_ends:
            return Todo(tuple(open_ends))
        found += self._after.told
        return Done(found if self._hold is None else f"{self._hold.register.ref} is done; {found}")

    def act(self, todo: Todo) -> None:
        """Write that all is done and delete the release branch, as long as it holds the release commit."""
        verbs = {action.verb for action in todo.actions}
        for action in todo.actions:
            if action.verb == DISCARD and self._forge is not None:
                self._forge.delete_release(int(action.subject))
        branches = {ref: (tip, "") for ref, tip in self._spared.items()} if DELETE in verbs else {}
        if MARK in verbs and self._hold is not None:
            self._finish(self._hold, branches)
            self._after.run()  # only by the run that wrote "done": announced twice is worse than not at all
        elif branches:
            leases = {ref: tip for ref, (tip, _) in branches.items()}
            self._may_delete = self._git.push(dict.fromkeys(branches, ""), leases).code == 0
        if ANNOUNCE in verbs:
            self._after.run()

    def _helpers(self, refs: Mapping[str, str]) -> dict[str, str]:
        """Give the branches that only helped to release: at the release commit, or right above it."""
        ours = self._candidate
        found = {ref: refs[ref] for ref in (ours.branch_ref, self._landing_ref) if ref in refs}
        return {ref: tip for ref, tip in found.items() if tip == ours.commit or self._is_above(tip)}

    def _is_above(self, tip: str) -> bool:
        if self._landing_ref == self._candidate.branch_ref:
            return False
        self._git.fetch(tip)
        return self._git.find_commit(f"{tip}^") == self._candidate.commit

    def _spare(self, helpers: Mapping[str, str]) -> list[str]:
        """Give the helping branches that no open pull request needs."""
        needed = self._landing_ref if self._landing_ref in helpers and self._is_needed() else None
        return [ref for ref in helpers if ref != needed]

    def _finish(self, hold: Hold, branches: Mapping[str, tuple[str, str]]) -> None:
        """Write that all is done; where a rule keeps the branch, without it: a branch too many hurts nobody."""
        try:
            hold.finish(branches)
        except BlockedError:
            if not branches:
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
        return any(found.state == "open" for found in self._forge.find_pull_requests(self._landing))


def _named(refs: Iterable[str]) -> str:
    """Name branches by their short names."""
    return ", ".join(ref.removeprefix("refs/heads/") for ref in refs)


class After:
    """The repository's sessions tagged after: they announce what is done, so they block nothing, and run once."""

    def __init__(self, settlement: Settlement) -> None:
        self._plan = settlement.plan
        self._handover = settlement.handover
        self._doors = settlement.doors
        self.told = ""
        """How they ended, as the line of the step goes on."""

    def due(self) -> list[str]:
        """Name them as long as no run noted in this folder that it began with them."""
        noted = (self._handover.find(ANNOUNCED) or "").split()
        return [", ".join(self._plan.after)] if self._plan.after and self._plan.digest() not in noted else []

    def run(self) -> None:
        """Run them with all variables of this run, tokens too: note it first, so that nothing is announced twice."""
        if not self.due():
            return
        self._handover.append(ANNOUNCED, f"{self._plan.digest()}\n")
        environment = self._doors.environment
        extra = release_variables(self._plan.version, self._plan.tag)
        variables = environment.scrubbed(*environment.variables, **extra)
        sessions = Sessions(self._handover.root, self._handover, self._doors.processes)
        try:
            cells = sessions.run(self._plan.after, variables=variables)
        except ReleaseError as error:
            self.told = f"; {', '.join(self._plan.after)} did not run: {error.what}"
            return
        words = [f"{c.name} {'passed' if c.result == PASSED else f'{c.result} (nox -s {c.name})'}" for c in cells]
        self.told = f"; {', '.join(words)}"
