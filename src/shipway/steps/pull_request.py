"""pull-request: the release branch asks to come to main, once it is on the index.

It is known by a marker with the release commit in its text, never by its name alone.
"""

from __future__ import annotations

import shlex
from typing import ClassVar

from shipway.grammar import THEN
from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Blocked, Done, Skipped, State, Todo
from shipway.steps.contract import Settlement
from shipway.world.forge import PullRequest


class OpenPullRequest:
    """A pull request for the release commit is open or merged, or main has its content already."""

    name: ClassVar[str] = "pull-request"
    phase: ClassVar[str] = "land"
    patience: ClassVar[float] = 60

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._labels = settlement.configuration.pull_request_labels
        self._git = settlement.doors.git
        self._forge = settlement.doors.forge
        self._may_label = True

    @property
    def marker(self) -> str:
        """The line in the text by which the pull request is found again."""
        plan = self._plan
        return f"<!-- shipway release {plan.distribution} {plan.version} {self._candidate.commit} -->"

    def observe(self) -> State:
        """Find our pull request, or its content on main."""
        if self._forge is None:
            return Skipped("there is no forge to open a pull request on")
        if self._plan.is_prerelease:
            return Skipped("a pre-release opens no pull request")
        found = self._find()
        if found is None or (found.state == "closed" and not found.merged):
            return self._without(found)
        if found.merged:
            return Done(f"#{found.number} is merged")
        missing = [label for label in self._labels if label not in found.labels]
        if missing and self._may_label:
            return Todo(tuple(Action("label", label) for label in missing))
        unlabelled = "; this token may not label it" if missing else ""
        return Done(f"#{found.number} is open{unlabelled}", found.url)

    def act(self, todo: Todo) -> None:
        """Open the pull request and label it; a token that may not label fails no release."""
        assert self._forge is not None  # noqa: S101 - observe skips without a forge
        labels = [action.subject for action in todo.actions if action.verb == "label"]
        found = self._find() if labels and len(labels) == len(todo.actions) else self._open()
        try:
            if labels and found is not None:
                self._forge.add_labels(found.number, labels)
        except BlockedError:
            self._may_label = False

    def _open(self) -> PullRequest:
        """Open it, unless somebody did meanwhile; a release branch that a person has deleted is put back first.

        Not where main has the content by now: then it was merged, and the branch went with it.
        """
        try:
            return self._ask()
        except BlockedError:
            if (found := self._find()) is not None:
                return found
            if self._main_has_it() or not self._restore_branch():
                raise
        return self._ask()

    def _ask(self) -> PullRequest:
        assert self._forge is not None  # noqa: S101 - observe skips without a forge
        plan = self._plan
        body = f"{plan.notes}\n\n{self.marker}\n"
        return self._forge.open_pull_request(title=plan.title, body=body, head=plan.landing_branch, base=plan.branch)

    def _restore_branch(self) -> bool:
        """Push the release branch if there is none; whether it was missing."""
        ref, commit = f"refs/heads/{self._plan.landing_branch}", self._candidate.commit
        if ref in self._git.remote_refs(ref):
            return False
        self._git.push({ref: commit}, {ref: ""})
        return ref in self._git.remote_refs(ref)

    def _find(self) -> PullRequest | None:
        """Give our pull request: the open or merged one before one that was closed."""
        assert self._forge is not None  # noqa: S101 - observe skips without a forge
        commit = self._candidate.commit
        ours = [
            found
            for found in self._forge.find_pull_requests(self._plan.landing_branch)
            if self.marker in found.body or found.head_commit == commit
        ]
        return min(ours, key=lambda found: (found.state == "closed" and not found.merged, found.number), default=None)

    def _without(self, closed: PullRequest | None) -> State:
        if self._main_has_it():
            return Done(f"{self._plan.branch} has its content already")
        if closed is not None:
            problem = f"#{closed.number} was closed by a person, and {self._plan.branch} lacks the release"
            return Blocked(problem, self._reopening(closed))
        actions = [Action("open pull request for", self._plan.landing_branch)]
        return Todo((*actions, *(Action("label", label) for label in self._labels)))

    def _reopening(self, closed: PullRequest) -> str:
        """Say how a person reopens it; a forge does that only where the branch is there."""
        ref, reopen = f"refs/heads/{self._plan.landing_branch}", f"reopen {closed.url}{THEN}run again"
        if ref in self._git.remote_refs(ref):
            return reopen
        restore = shlex.join(["git", "push", self._git.remote, f"{self._candidate.commit}:{ref}"])
        return f"{restore}{THEN}{reopen}"

    def _main_has_it(self) -> bool:
        """Whether merging the release into main would change nothing."""
        ref = self._candidate.main_ref
        tip = self._git.remote_refs(ref).get(ref)
        if tip is None:
            raise BlockedError(f"the remote has no branch {self._plan.branch}", remedy="set branch in [tool.shipway]")
        self._git.fetch(tip)
        tree, _ = self._git.merge_trees(tip, self._candidate.commit)
        return tree == self._git.tree_of(tip)
