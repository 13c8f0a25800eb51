"""The flows: the order of the steps of every way of releasing, in this one place. The map of the product."""

from __future__ import annotations

from shipway.release.plan import Plan
from shipway.steps.claim import TakeClaim
from shipway.steps.close import Close
from shipway.steps.confirm import Confirm
from shipway.steps.contract import Settlement, Step
from shipway.steps.develop import Develop
from shipway.steps.evidence import WriteEvidence
from shipway.steps.forge_release import PublishForgeRelease
from shipway.steps.publish import Publish
from shipway.steps.pull_request import OpenPullRequest
from shipway.steps.push import Push
from shipway.steps.tag import Tag

CANDIDATE = {
    "plan": "plan",  # what will be released, decided once
    "gates": "gates",  # everything that must be green for the base commit
    "bump": "build",  # the release commit, in a tree of its own
    "build": "build",  # sdist, and wheel from it, from that commit alone
    "check": "build",  # contents, agreement, metadata, a fresh install
}
"""The steps before anything is shared, with their phases."""

FLOWS: dict[str, tuple[type[Step], ...]] = {
    "publish-first": (
        TakeClaim,  # the right to go on, and the bytes, are on the remote
        Publish,  # every file on the index, by digest
        Confirm,  # a stranger can install it
        Develop,  # the next development version, where it is configured
        OpenPullRequest,  # main is locked: it learns of the release by review
        Tag,  # only now, because a tag must not lie
        WriteEvidence,  # what was released, for anyone to verify
        PublishForgeRelease,  # draft, assets, published
        Close,  # no helper branch is left
    ),
    "direct": (
        TakeClaim,
        Publish,
        Confirm,
        Push,  # main itself
        Develop,
        Tag,
        WriteEvidence,
        PublishForgeRelease,
        Close,
    ),
}
"""What is settled in each flow, first to last."""


def settlement_steps(settlement: Settlement) -> list[Step]:
    """Give the steps that settle a candidate, in order."""
    plan = settlement.plan
    return [step(settlement) for step in FLOWS[plan.flow] if plan.development or step is not Develop]


def phase_of(name: str, plan: Plan) -> str:
    """Give the phase of a step of the candidate or of the plan's flow."""
    return CANDIDATE.get(name) or next(step.phase for step in FLOWS[plan.flow] if step.name == name)
