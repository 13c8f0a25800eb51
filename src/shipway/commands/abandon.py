"""abandon: give up a release that is claimed and not yet published, and leave the remote as it was before."""

from __future__ import annotations

from shipway.commands.consent import require_consent
from shipway.commands.holding import Holding
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.release.claim import Claim
from shipway.release.outcomes import BlockedError


def abandon(words: Words, place: Workplace, screen: Screen) -> None:
    """Take back whatever claim is there, whoever made it; git decides the race against its publisher."""
    hold = Holding(words, place, screen).look()
    if hold is None or hold.claim is None or hold.claim.is_done:
        what = "no release of this line is under way: there is nothing to abandon"
        raise BlockedError(what, remedy=command_line("status", front=words.front))
    claim = hold.claim
    _require_unpublished(claim, words.front)
    screen.facts |= {"version": claim.plan.version, "commit": claim.commit}
    screen.say(f"{claim.plan.version} is claimed by {claim.owner}; nothing of it is published.")
    require_consent(words, place.doors.environment, f"Abandon {claim.plan.distribution} {claim.plan.version}?")
    ref = claim.candidate.branch_ref
    is_there = place.doors.git.remote_refs(ref).get(ref) == claim.commit
    hold.give_back({ref: (claim.commit, "")} if is_there else {})
    place.handover.tidy()
    screen.say(f"{claim.plan.version} is abandoned: the remote is as it was before the claim.", style="bold")


def _require_unpublished(claim: Claim, front: str) -> None:
    if claim.phase == "claimed":
        return
    raise BlockedError(
        f"{claim.plan.version} is {claim.phase}: files of it may be on the index",
        why="what is published cannot be taken back; the release can only be finished",
        remedy=command_line("release", *claim.plan.words(), front=front),
    )
