"""Which plan a command works on: the one under way, or a new one; a release that has begun is finished first."""

from __future__ import annotations

from dataclasses import dataclass

from shipway.candidates import CandidateMaker
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.engine import Engine
from shipway.flows import settlement_steps
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.release.journal import Entry
from shipway.release.outcomes import UnfinishedError, UsageError
from shipway.release.plan import Plan, Request
from shipway.release.states import Done, Skipped, State
from shipway.steps.close import Close
from shipway.steps.contract import Settlement, Step
from shipway.steps.plan import Planner

Found = list[tuple[Step, State]]


@dataclass(frozen=True)
class Planning:
    """Finds or makes the plan for one command."""

    words: Words
    place: Workplace
    screen: Screen

    def find_or_make(self) -> Plan:
        """Give the plan that is under way, or decide a new one."""
        found = self.place.handover.find_plan()
        request = self._request(found)
        if found and self._is_ours(found, request):
            return found
        if found and self._is_unfinished(found):
            self._require_same(found, request)
            self.screen.say(f"Going on with {found.version}, which was begun from {found.base[:9]}.")
            return found
        if request is None:
            raise self._no_bump()
        place = self.place
        planner = Planner(place.root, place.configuration, place.doors)
        plan = planner.plan(request, gates=not self.words.no_gates)
        place.handover.keep_plan(plan)
        return plan

    def _request(self, found: Plan | None) -> Request | None:
        """Give the request in words; a plan for this very base stands in for words that were left out."""
        if self.words.bump:
            return Request(self.words.bump, self.words.pre)
        if found and found.base == self.place.doors.git.find_commit("HEAD") and self.words.command != "release":
            return found.request
        return None

    def _is_ours(self, plan: Plan, request: Request | None) -> bool:
        head = self.place.doors.git.find_commit("HEAD")
        same = plan.request == request and plan.base == head and plan.gates == (not self.words.no_gates)
        return same and plan.reasons == dict(self.place.configuration.sources)

    def _is_unfinished(self, plan: Plan) -> bool:
        """Whether others can already see some of a plan's release, but not all; what only has to be closed is."""
        candidate = CandidateMaker(plan, self.place.handover, self.place.doors, say_nothing).find()
        if candidate is None:
            return False
        place = self.place
        settlement = Settlement(candidate, place.configuration, place.handover, place.doors, place.handover.dist)
        engine = Engine(place.doors.clock, say_nothing, "")
        claim, *rest = settlement_steps(settlement)
        if not all_done(engine.look([claim])):
            return False
        if not all_done(engine.look([step for step in rest if step.name != Close.name])):
            return True
        engine.settle([Close(settlement)])
        return False

    def _require_same(self, found: Plan, request: Request | None) -> None:
        if found.request == request:
            return
        raise UnfinishedError(
            f"{found.version} has begun and is not finished",
            why="two releases at once would not know which of them main, tags and index belong to",
            remedy=command_line("release", *found.request.words(), front=self.words.front),
        )

    def _no_bump(self) -> UsageError:
        return UsageError(
            "no bump was given",
            why="which version is next is never guessed: major, minor, patch, final, or a version",
            remedy=command_line(self.words.command, "minor", front=self.words.front),
        )


def all_done(found: Found) -> bool:
    """Whether every step is Done or does not apply."""
    return all(isinstance(state, (Done, Skipped)) for _, state in found)


def say_nothing(entry: Entry) -> None:
    """Hear an entry and tell nobody: for a look that is no part of the release."""
