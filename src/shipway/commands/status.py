"""status: where the release stands, by looking at the world and changing nothing."""

from __future__ import annotations

from shipway.commands.holding import Holding
from shipway.commands.planning import Work, all_done
from shipway.commands.release import Releasing
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.flows import settlement_steps
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.hold import Hold
from shipway.project.line import read_current
from shipway.project.pyproject import read_name
from shipway.release.candidate import Candidate
from shipway.release.claim import Claim


def show_status(words: Words, place: Workplace, screen: Screen) -> None:
    """Show each step's state of the release that is under way, here or elsewhere, or what was released last."""
    hold = Holding(words, place, screen).look()
    claim = hold.claim if hold else None
    plan = claim.plan if claim and not claim.is_done else place.handover.find_plan()
    if plan is None:
        _show_rest(place, screen, claim)
        return
    releasing = Releasing(words, place, screen)
    releasing.show(plan)
    candidate = claim.candidate if claim and claim.plan == plan else releasing.maker(plan).find()
    rerun = command_line("release", *plan.words(), front=words.front)
    if candidate is None:
        screen.say(f"Nothing is built or shared yet. To go on: {rerun}")
        return
    _show_steps(releasing, Work(plan, hold), candidate, rerun)


def _show_steps(releasing: Releasing, work: Work, candidate: Candidate, rerun: str) -> None:
    screen, hold = releasing.screen, work.hold
    if hold is not None and hold.is_for(candidate):
        _describe_claim(screen, hold)
    git = releasing.place.doors.git
    git.fetch(candidate.commit)
    found = releasing.engine(work).look(settlement_steps(releasing.settlement(candidate, hold)))
    screen.facts["released"] = all_done(found)
    screen.say(f"{work.plan.version} is out." if all_done(found) else f"To go on: {rerun}")


def _describe_claim(screen: Screen, hold: Hold) -> None:
    claim = hold.claim
    assert claim is not None  # noqa: S101 - the caller compared it
    screen.facts["claim"] = {"phase": claim.phase, "actor": claim.owner.actor, "since": claim.owner.since}
    screen.facts["claim"] |= {"run": claim.owner.link, "register": hold.register.ref}
    screen.say(f"claim     {claim.phase} by {claim.owner}")


def _show_rest(place: Workplace, screen: Screen, last_claim: Claim | None) -> None:
    """Say what is there when no release is under way."""
    refs = place.doors.git.remote_refs("refs/tags/*")
    tags = [ref.removeprefix("refs/tags/") for ref in refs if not ref.endswith("^{}")]
    last = place.configuration.tag_rule.find_last(tags)
    name, version = read_name(place.root), read_current(place.doors.git)
    screen.facts |= {"version": str(version), "previous": str(last) if last else None}
    screen.say(f"{name} {version}; last release: {last or 'none'}; no release is under way")
    if last_claim is not None:
        screen.say(f"{last_claim.plan.version} was released by {last_claim.owner.who}")
    screen.say(f"To see what one would be: {command_line('plan', 'minor')}")
