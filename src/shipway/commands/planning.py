"""Which plan a command works on: the one under way, or a new one; a release that has begun is finished first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from packaging.version import Version

from shipway.candidates import CandidateMaker
from shipway.commands.holding import RETRY, Holding, is_asked_for
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.engine import Engine
from shipway.flows import settlement_steps
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.base import require_base
from shipway.project.hold import Hold
from shipway.project.line import read_current
from shipway.release.claim import Claim
from shipway.release.journal import say_nothing
from shipway.release.outcomes import NothingToReleaseError, UnavailableError, UnfinishedError, UsageError
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.release.states import Done, Skipped, State, Unknown
from shipway.steps.close import Close
from shipway.steps.contract import Settlement, Step
from shipway.steps.plan import Planner

Found = list[tuple[Step, State]]


class Standing(Enum):
    """How far a planned release has come, as others see it."""

    UNSEEN = "unseen"
    BEGUN = "begun"
    FINISHED = "finished"


@dataclass(frozen=True)
class Work:
    """What a command works on: a plan, the way to the register, and whether all of it is done already."""

    plan: Plan
    hold: Hold | None
    is_done: bool = False


@dataclass(frozen=True)
class Planning:
    """Finds or makes the plan for one command."""

    words: Words
    place: Workplace
    screen: Screen

    def find_or_make(self) -> Work:
        """Give what is under way, here or anywhere; what was done from here already; or a new plan."""
        hold = Holding(self.words, self.place, self.screen).enter()
        head = self._head()
        if hold is not None and hold.claim is not None:
            claim = hold.claim
            if not claim.is_done or self._was_asked_for(claim):
                self.place.handover.keep_head(head)
                return Work(claim.plan, hold, claim.is_done)
        try:
            plan = self._find(hold) or self._make(hold)
        except NothingToReleaseError:
            if hold is None or hold.claim is None or not self._came_to_resume(hold.claim):
                raise
            return Work(hold.claim.plan, hold, is_done=True)  # all of it has been released, and is in main
        self.place.handover.keep_head(head)
        return Work(plan, hold)

    def _was_asked_for(self, claim: Claim) -> bool:
        """Whether a release that is done is the answer to these words: same request, and no other base since."""
        if not is_asked_for(claim.plan, self.words):
            return False
        place, head = self.place, self._head()
        was_here = place.handover.find_plan() == claim.plan and place.handover.find_head() == head
        came_too_late = self._came_to_resume(claim) and read_current(place.doors.git) < Version(claim.plan.version)
        return claim.plan.base == head or was_here or came_too_late

    def _came_to_resume(self, claim: Claim) -> bool:
        """Whether somebody wants to go on with a release that was finished meanwhile."""
        return self.words.resume and claim.is_done and is_asked_for(claim.plan, self.words)

    def _find(self, hold: Hold | None) -> Plan | None:
        """Give the plan that was made here earlier, as long as everything is as it was then."""
        found = self.place.handover.find_plan()
        if found is None:
            return None
        request = self._request(found)
        standing = self._look_at(found) if hold is None else Standing.UNSEEN
        if self._is_ours(found, request, hold.tip if hold else ""):
            if standing is Standing.UNSEEN:
                require_base(self.place.doors.git, self.place.configuration)
            return found
        if standing is Standing.BEGUN:
            self._require_same(found, request)
            self.screen.say(f"Going on with {found.version}, which was begun from {found.base[:9]}.")
            return found
        if standing is Standing.FINISHED:
            self._close(found)
        return None

    def _make(self, hold: Hold | None) -> Plan:
        request = self._request(self.place.handover.find_plan())
        if request is None:
            raise self._no_bump()
        place = self.place
        planner = Planner(place.root, place.configuration, place.doors)
        plan = planner.plan(request, gates=not self.words.no_gates, register=hold.tip if hold else "")
        place.handover.keep_plan(plan)
        return plan

    def _head(self) -> str:
        return self.place.doors.git.find_commit("HEAD") or ""

    def _request(self, found: Plan | None) -> Request | None:
        """Give the request in words; a plan for this very base stands in for words that were left out."""
        if self.words.bump or self.words.pre:
            return Request(self.words.bump or "", self.words.pre)
        if found and found.base == self._head() and self.words.command != "release":
            return found.request
        return None

    def _is_ours(self, plan: Plan, request: Request | None, tip: str) -> bool:
        same = plan.request == request and plan.base == self._head() and plan.gates == (not self.words.no_gates)
        return same and plan.register == tip and self.place.configuration.sources.items() <= plan.reasons.items()

    # --- without a register -----------------------------------------------------------------------

    def _look_at(self, plan: Plan) -> Standing:
        """See how much of a plan's release others can already see; what only has to be closed is finished."""
        settlement = self._settlement(plan)
        if settlement is None:
            return Standing.UNSEEN
        engine = Engine(self.place.doors.clock, say_nothing, "")
        claim, *rest = settlement_steps(settlement)
        [(_, claimed)] = engine.look([claim])
        if isinstance(claimed, Unknown):
            raise UnavailableError(f"{claim.name}: {claimed.why}", why="a release may be under way", remedy=RETRY)
        if not isinstance(claimed, Done):
            return Standing.UNSEEN
        finished = all_done(engine.look([step for step in rest if step.name != Close.name]))
        return Standing.FINISHED if finished else Standing.BEGUN

    def _close(self, plan: Plan) -> None:
        """Clear up after a release that is finished, before the next one is planned."""
        settlement = self._settlement(plan)
        if settlement is not None:
            Engine(self.place.doors.clock, say_nothing, RETRY).settle([Close(settlement)])

    def _settlement(self, plan: Plan) -> Settlement | None:
        place = self.place
        candidate = CandidateMaker(plan, place.handover, place.doors, say_nothing).find()
        if candidate is None:
            return None
        return Settlement(candidate, place.configuration, place.handover, place.doors, place.handover.dist)

    def _require_same(self, found: Plan, request: Request | None) -> None:
        if found.request == request:
            return
        raise UnfinishedError(
            f"{found.version} has begun and is not finished",
            why="two releases at once would not know which of them main, tags and index belong to",
            remedy=command_line("release", *found.words(), front=self.words.front),
        )

    def _no_bump(self) -> UsageError:
        return UsageError(
            "no bump was given",
            why="which version is next is never guessed: major, minor, patch, final, auto, or a version",
            remedy=command_line(self.words.command, "minor", front=self.words.front),
        )


def all_done(found: Found) -> bool:
    """Whether every step is Done or does not apply."""
    return all(isinstance(state, (Done, Skipped)) for _, state in found)
