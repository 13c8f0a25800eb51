"""abandon: give up a release that is claimed and not yet published, and leave the remote as it was before.

Once publishing has begun that is over, but for a version that is used up: the index will never take the whole set.
"""

from __future__ import annotations

from shipway.commands.consent import require_consent
from shipway.commands.holding import Holding
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.release.claim import Claim
from shipway.release.outcomes import BlockedError
from shipway.release.states import Done
from shipway.steps.contract import Settlement
from shipway.steps.publish import Publish


def abandon(words: Words, place: Workplace, screen: Screen) -> None:
    """Take back whatever claim is there, whoever made it; git decides the race against its publisher."""
    hold = Holding(words, place, screen).look()
    if hold is None or hold.claim is None or hold.claim.is_done:
        what = "no release of this line is under way: there is nothing to abandon"
        raise BlockedError(what, remedy=command_line("status", front=words.front))
    claim = hold.claim
    _require_no_way_on(words, place, claim)
    screen.facts |= {"version": claim.plan.version, "commit": claim.commit}
    screen.say(f"{claim.plan.version} is {claim.phase} by {claim.owner}.")
    typed = ["--used-up"] if words.used_up else []
    require_consent(words, place.doors.environment, f"Abandon {claim.plan.distribution} {claim.plan.version}?", *typed)
    ref = claim.candidate.branch_ref
    is_there = place.doors.git.remote_refs(ref).get(ref) == claim.commit
    hold.give_back({ref: (claim.commit, "")} if is_there else {})
    place.handover.tidy()
    left = "; yank what the index has of it" if claim.phase == "publishing" else ""
    screen.say(f"{claim.plan.version} is abandoned: the remote is as it was before the claim{left}.", style="bold")


def _require_no_way_on(words: Words, place: Workplace, claim: Claim) -> None:
    """Refuse to give up what may be published, unless it can never be; and what is published in any case."""
    finish = command_line("release", *claim.plan.words(), front=words.front)
    if claim.phase == "publishing" and not words.used_up:
        raise BlockedError(
            f"{claim.plan.version} is publishing: files of it may be on the index",
            why="what is published cannot be taken back; only if the index will never take it whole, add --used-up",
            remedy=finish,
        )
    dist = place.handover.dist
    settlement = Settlement(claim.candidate, place.configuration, place.handover, place.doors, dist)
    if claim.phase == "publishing" and isinstance(Publish(settlement).observe(), Done):
        raise BlockedError(f"{claim.plan.version} is on the index, whole", why="it can only be finished", remedy=finish)
