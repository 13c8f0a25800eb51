"""Checks of the forge's token: what it may do, and whether what it does starts workflows."""

from __future__ import annotations

from typing import ClassVar

from shipway.adopt.doctor.check import ForgeCheck
from shipway.adopt.doctor.facts import Facts, ForgeFacts, given
from shipway.adopt.doctor.finding import Finding, Level, advice, blocks, does_not_apply, fine

NAMES = "GITHUB_TOKEN or GH_TOKEN"


class TokenIsThere(ForgeCheck):
    """Set `GITHUB_TOKEN` or `GH_TOKEN`, or sign in with `gh auth login`."""

    name: ClassVar[str] = "token"
    question: ClassVar[str] = "is there a token for the forge?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: without one nothing can be opened or published there."""
        del facts
        if forge.has_token:
            return fine("there is one")
        why = "without one the forge lets nobody open a pull request or publish a forge release"
        return blocks("there is no token for the forge", why, f"set {NAMES} (or gh auth login)")


class MayWrite(ForgeCheck):
    """Give the token the permission `contents: write`; take a repository out of the archive first."""

    name: ClassVar[str] = "may write"
    question: ClassVar[str] = "may the token write contents?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: branch, tag and forge release need it."""
        del facts
        access = given(forge.access)
        if access.is_archived:
            why = "an archived repository takes no pushes"
            return blocks("the repository is archived", why, "unarchive it in the settings of the repository")
        if access.may_write:
            return fine("the token may write contents")
        why = "branch, tag and forge release would be refused"
        return blocks("the token may not write contents", why, f"give the token ({NAMES}) contents: write")


class MayOpen(ForgeCheck):
    """Give the token `pull-requests: write`; for workflows, allow Actions to create pull requests in the settings."""

    name: ClassVar[str] = "may open"
    question: ClassVar[str] = "may the token open pull requests?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: refused, it would stop a release after the version is published."""
        if not facts.is_publish_first:
            return does_not_apply("the direct flow opens no pull request")
        refused = given(forge.refusal_to_open)
        if refused is None:
            return fine("the token may open pull requests")
        return blocks(refused.what, refused.why or "the version would be out, and main not know it", refused.remedy)


class ActionsMayOpen(ForgeCheck):
    """Tick "Allow GitHub Actions to create and approve pull requests" in the settings of the repository."""

    name: ClassVar[str] = "Actions may open"
    question: ClassVar[str] = "may workflows open pull requests?"
    worst: ClassVar[Level] = "blocks"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: it matters where a workflow releases with its own token."""
        jobs = [job for workflow in facts.workflows for job in workflow.jobs]
        if not facts.is_publish_first or not any(job.releases and job.uses_own_token for job in jobs):
            return does_not_apply("no workflow releases here with its own token")
        actions = given(forge.actions)
        if actions.may_open_pull_requests:
            return fine(f"workflows may open pull requests; their own token may {actions.default}, unless they say so")
        why = "a release that a workflow runs would stop after the version is published"
        remedy = 'tick "Allow GitHub Actions to create and approve pull requests" in the settings of the repository'
        return blocks("GitHub Actions is not permitted to create pull requests", why, remedy)


class StartsWorkflows(ForgeCheck):
    """Release with the token of an app or a person, or close and reopen each release's pull request by hand."""

    name: ClassVar[str] = "starts checks"
    question: ClassVar[str] = "will the release's pull request start its workflows?"
    worst: ClassVar[Level] = "advice"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: what a workflow's own token opens starts no other workflow."""
        if not facts.is_publish_first:
            return does_not_apply("the direct flow opens no pull request")
        is_own = facts.machine.in_run or forge.is_apps_token
        files = [w.file for w in facts.workflows if any(job.releases and job.uses_own_token for job in w.jobs)]
        if not is_own and not files:
            return fine("pull requests of this token start workflows")
        what = f"{files[0]} releases with its own token" if files else "an app holds the token, perhaps the workflow"
        why = "pull requests that a workflow's own token opens start no workflow: required checks stay open"
        remedy = "give the release the token of an app, or close and reopen the pull request by hand"
        return advice(what, why, remedy)
