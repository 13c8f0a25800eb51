"""tag: an annotated tag at the release commit, create-only, signed where git is configured to sign."""

from __future__ import annotations

import shlex
from typing import ClassVar

from packaging.version import Version

from shipway.grammar import THEN
from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Conflict, Done, State, Todo
from shipway.release.version import parse_tag
from shipway.steps.contract import Settlement
from shipway.world.git import refusals

SPELLINGS = ("v{version}", "{version}", "release-{version}", "release/{version}")
"""How else people write a version as a tag."""


class Tag:
    """The remote's tag, peeled, is the release commit."""

    name: ClassVar[str] = "tag"
    phase: ClassVar[str] = "mark"
    patience: ClassVar[float] = 10

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._handover = settlement.handover
        self._git = settlement.doors.git
        self._spellings = (settlement.configuration.tag_format, *SPELLINGS)

    def observe(self) -> State:
        """Find the tag on the remote, under this name or another spelling of the version."""
        refs = self._git.remote_refs("refs/tags/*")
        for ref in refs:
            if not ref.endswith("^{}") and self._means_us(ref):
                found = refs.get(f"{ref}^{{}}", refs[ref])
                if found != self._candidate.commit:
                    return self._conflict(ref, found)
        if self._candidate.tag_ref in refs:
            return Done(f"{self._plan.tag} is at {self._candidate.commit[:9]}")
        return Todo((Action("push", self._plan.tag),))

    def act(self, todo: Todo) -> None:
        """Make the tag and push it, if nobody has one of that name."""
        del todo
        ref, plan = self._candidate.tag_ref, self._plan
        message = f"{plan.title}\n\n{plan.notes}\n"
        tag = self._git.make_tag(plan.tag, self._candidate.commit, message, plan.date, self._handover.scratch("tag"))
        done = self._git.push({ref: tag}, {ref: ""})
        refs = self._git.remote_refs(ref, self._candidate.branch_ref)
        if done.code != 0 and ref not in refs:
            raise BlockedError(
                f"the remote refuses the tag {plan.tag}: {refusals(done)}",
                why="the version is published; the tag has to say which commit it was",
                remedy=self._remedy(has_branch=self._candidate.branch_ref in refs),
            )

    def _remedy(self, *, has_branch: bool) -> str:
        """Say what lets the tag in: a rule, or the branch without which some tokens may push no old workflow files."""
        allow = f"allow the tag {self._plan.tag} (tag rules, permission to push){THEN}run again"
        if has_branch:
            return allow
        ref, commit = self._candidate.branch_ref, self._candidate.commit
        restore = shlex.join(["git", "push", self._git.remote, f"{commit}:{ref}"])
        return f"have somebody who may change workflow files bring the release branch back: {restore}; or {allow}"

    def _means_us(self, ref: str) -> bool:
        name = ref.removeprefix("refs/tags/")
        return any(parse_tag(name, spelling) == Version(self._plan.version) for spelling in self._spellings)

    def _conflict(self, ref: str, found: str) -> State:
        name = ref.removeprefix("refs/tags/")
        delete = shlex.join(["git", "push", self._git.remote, "--delete", ref])
        remedy = f"see what {name} is; if it is wrong: {delete}, then run again"
        return Conflict(f"{name} at {found[:9]}", self._candidate.commit[:9], remedy)
