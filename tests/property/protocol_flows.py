"""The protocol's model: the two commands that change anything, made of the steps."""

from __future__ import annotations

from collections.abc import Iterator

from property.protocol_model import Access, Flaw, Run, Step
from property.protocol_steps import (
    Close,
    Confirm,
    OpenPullRequest,
    Publish,
    PublishRelease,
    Push,
    PushTag,
    TakeClaim,
    WriteEvidence,
)
from property.protocol_world import Candidate, RefusedError


def release(run: Run) -> Access[str]:
    """Release: look whose it is, make the candidate, settle it; give how it ended."""
    yield "register"
    run.held = run.world.register
    candidate = yield from run.find_or_make()
    if run.held is not None and run.held.claim.phase == "done":
        yield from run.settle(Close(run, candidate), guarded=False)
        return "released"
    for step in _flow(run, candidate):
        yield from run.settle(step)
    return "done"


def _flow(run: Run, candidate: Candidate) -> Iterator[Step]:
    yield TakeClaim(run, candidate)
    yield Publish(run, candidate)
    yield Confirm(run, candidate)
    yield OpenPullRequest(run, candidate) if run.flow == "publish-first" else Push(run, candidate)
    yield PushTag(run, candidate)
    yield WriteEvidence(run, candidate)
    yield PublishRelease(run, candidate)
    yield Close(run, candidate)


def abandon(run: Run) -> Access[str]:
    """Give up what is claimed and not published; give how it ended."""
    yield "register"
    run.held = run.world.register
    phases = ("claimed", "publishing") if run.flaw is Flaw.ABANDON_PUBLISHING else ("claimed",)
    if run.held is None or run.held.claim.phase not in phases:
        raise RefusedError("blocked")
    candidate = run.held.claim.candidate
    yield "refs"
    version, commit = candidate.plan.version, candidate.commit
    branch = {version: (commit, None)} if run.world.branches.get(version) == commit else {}
    yield from run.swap(run.held.before, branch)
    return "abandoned"
