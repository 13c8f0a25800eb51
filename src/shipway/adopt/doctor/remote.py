"""Checks of the checkout and its remote: whether a release could start from here, and be seen there."""

from __future__ import annotations

import shlex
from typing import ClassVar

from shipway.adopt.doctor.check import Check
from shipway.adopt.doctor.facts import Facts, Unasked, given
from shipway.adopt.doctor.finding import Finding, Level, advice, blocks, does_not_apply, fine, judge, unknown
from shipway.grammar import command_line


class RemoteAnswers(Check):
    """Add the remote, or mend its address and your access to it, until `git ls-remote origin` lists refs."""

    name: ClassVar[str] = "remote"
    question: ClassVar[str] = "does the remote answer?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a release can do nothing without it, so no answer blocks."""
        refs = facts.git.refs
        if isinstance(refs, Unasked):
            return blocks(refs.error.what, refs.error.why, refs.error.remedy)
        return fine(f"{facts.configuration.remote} answers")


class OneServer(Check):
    """Give the remote one address for fetching and pushing: `git remote set-url origin ADDRESS`."""

    name: ClassVar[str] = "one server"
    question: ClassVar[str] = "do fetch and push reach the same server?"
    worst: ClassVar[Level] = "advice"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a release reads from where it pushes; a person's `git pull` would not."""
        git, remote = facts.git, facts.configuration.remote
        if not git.push_url:
            return does_not_apply(f"there is no remote {remote}")
        if git.fetch_url == git.push_url:
            return fine(f"{remote} is one address")
        why = f"git pull would read {git.fetch_url}, a release reads and writes {git.push_url}"
        remedy = shlex.join(["git", "remote", "set-url", remote, git.push_url])
        return advice(f"{remote} is fetched from another address than it is pushed to", why, remedy)


class HistoryIsWhole(Check):
    """Fetch the rest of the history, with tags: `git fetch --unshallow --tags`; in CI `fetch-depth: 0`."""

    name: ClassVar[str] = "history"
    question: ClassVar[str] = "is the whole history here?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: as a release judges it."""
        return judge(facts.git.shallow, "all of it is here")


class OnBranch(Check):
    """Switch to the branch that releases are made from, or set `branch` in `[tool.shipway]` to another one."""

    name: ClassVar[str] = "branch"
    question: ClassVar[str] = "is this the branch for releases?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: as a release judges it."""
        return judge(facts.git.branch, f"this is {facts.configuration.branch}")


class InStep(Check):
    """Push what the remote lacks, and pull what is missing here: the remedy names the command."""

    name: ClassVar[str] = "in step"
    question: ClassVar[str] = "is the branch here as it is on the remote?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: as a release judges it."""
        if facts.git.branch is not None:
            return does_not_apply(f"this is not {facts.configuration.branch}")
        given(facts.git.refs)
        return judge(facts.git.pushed, f"{facts.configuration.branch} is what {facts.configuration.remote} has")


class WorkTree(Check):
    """Commit and push what is changed, or put it away with `git stash --include-untracked`."""

    name: ClassVar[str] = "work tree"
    question: ClassVar[str] = "is the work tree clean?"
    worst: ClassVar[Level] = "advice"

    def judge(self, facts: Facts) -> Finding:
        """Answer: advice only: people work, and clean up before they release."""
        problem = facts.git.changes
        return fine("clean") if problem is None else advice(problem.what, problem.why, problem.remedy)


class Identity(Check):
    """Tell git who you are: `git config --global user.name` and `user.email`."""

    name: ClassVar[str] = "identity"
    question: ClassVar[str] = "does git know who commits and tags?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: the release commit and the tag need an author."""
        if facts.git.knows_us:
            return fine("git knows who we are")
        remedy = 'git config --global user.name "NAME" && git config --global user.email EMAIL'
        return blocks("git knows no identity for the release commit", "a commit and a tag need an author", remedy)


class RegisterIsSeen(Check):
    """Let the server take and show `refs/shipway/*`: neither `receive.hideRefs` nor `uploadpack.hideRefs` for it."""

    name: ClassVar[str] = "register"
    question: ClassVar[str] = "does the remote take and show the register?"
    worst: ClassVar[Level] = "unknown"

    def judge(self, facts: Facts) -> Finding:
        """Answer: only a push could tell whether a ref that is not there would be taken; the doctor pushes nothing."""
        ref = facts.git.register
        if not ref:
            return does_not_apply("register is off in [tool.shipway]")
        if ref in given(facts.git.refs):
            return fine(f"{ref} is there")
        why = "only a push can tell whether the server takes and shows it, and none was made"
        return unknown(f"{ref} is not there yet", why, "the first release asks it before anything is published")


class NothingUnfinished(Check):
    """Finish the release that has begun, or give it up while nothing is published: the remedy names the command."""

    name: ClassVar[str] = "unfinished"
    question: ClassVar[str] = "has every release that was begun been finished?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: another release is refused while one is under way."""
        if not facts.git.register:
            return does_not_apply("register is off in [tool.shipway]")
        claim = facts.git.claim
        if isinstance(claim, Unasked):
            return judge(claim.error, "")
        if claim is None or claim.is_done:
            return fine("no release is under way")
        what = f"{claim.plan.version} has begun and is not finished"
        if facts.git.is_ours:
            return advice(what, f"{claim.phase}, from here", command_line("release", *claim.plan.words()))
        why = f"{claim.phase} by {claim.owner}; another release is refused until it is finished"
        remedy = command_line("release", *claim.plan.words(), "--resume")
        return blocks(what, why, remedy)
