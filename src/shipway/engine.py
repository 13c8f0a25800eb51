"""The one mechanism: for each step observe, act, and observe again.

Nothing here remembers where a release was. A step that finds its work done says so, and the engine goes on; that is
all there is to resuming.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shipway.release.journal import Entry, Tell, describe_state, state_name
from shipway.release.outcomes import BlockedError, ConflictError, ConvergenceError, ReleaseError, UnavailableError
from shipway.release.states import Blocked, Conflict, Done, Skipped, State, Todo, Unknown
from shipway.steps.contract import Step
from shipway.world.clock import Clock

FIRST_WAIT = 0.25
LONGEST_WAIT = 5.0


@dataclass(frozen=True)
class Engine:
    """Settles steps in the order given, and tells what it sees."""

    clock: Clock
    tell: Tell
    rerun: str
    """The command that goes on from here; the remedy of whatever only needs another try."""
    guard: Callable[[], None] | None = None
    """Raises where the right to act was lost meanwhile. It only saves waste: acts are harmless to repeat."""

    def settle(self, steps: Iterable[Step]) -> list[tuple[Step, State]]:
        """Bring every step to Done or Skipped, or raise the outcome of the first that is neither."""
        return [(step, self._settle_one(step)) for step in steps]

    def look(self, steps: Iterable[Step]) -> list[tuple[Step, State]]:
        """Observe every step and change nothing: status and dry run."""
        return [(step, self._report(step, self._observe(step), self.clock.monotonic())) for step in steps]

    def _settle_one(self, step: Step) -> State:
        began = self.clock.monotonic()
        self.tell(Entry(step.phase, step.name, "begin"))
        state = self._observe(step)
        if isinstance(state, Todo):
            first, state = state, self._act(step, state, began)
            if isinstance(state, Todo) and state != first:  # the world moved while we acted: something else is left
                state = self._act(step, state, began)
        self._report(step, state, began)
        if not isinstance(state, (Done, Skipped)):
            raise self._outcome(step, state)
        return state

    def _act(self, step: Step, todo: Todo, began: float) -> State:
        """Act, then look again; an act that failed is forgiven where the world shows that it took effect."""
        failure: ReleaseError | None = None
        self.tell(Entry(step.phase, step.name, "act", "todo", ", ".join(map(str, todo.actions))))
        try:
            if self.guard is not None:
                self.guard()
            step.act(todo)
        except ReleaseError as error:
            failure = error
        state = self._observe(step) if failure else self._await(step)
        if failure and isinstance(state, (Todo, Unknown)):
            failure.remedy = failure.remedy or self.rerun
            self._report(step, state, began)
            raise failure
        return state

    def _await(self, step: Step) -> State:
        """Observe until the step is settled, or its patience is over."""
        deadline, pause = self.clock.monotonic() + step.patience, FIRST_WAIT
        while isinstance(state := self._observe(step), (Todo, Unknown)) and self.clock.monotonic() < deadline:
            self.tell(Entry(step.phase, step.name, "wait", state_name(state), describe_state(state)))
            self.clock.sleep(pause)
            pause = min(pause * 2, LONGEST_WAIT)
        return state

    @staticmethod
    def _observe(step: Step) -> State:
        try:
            return step.observe()
        except UnavailableError as error:
            return Unknown(_both(error))
        except BlockedError as error:
            return Blocked(_both(error), error.remedy)

    def _report(self, step: Step, state: State, began: float) -> State:
        seconds = round(self.clock.monotonic() - began, 2)
        self.tell(Entry(step.phase, step.name, "end", state_name(state), describe_state(state), seconds))
        return state

    def _outcome(self, step: Step, state: State) -> ReleaseError:
        what = f"{step.name}: {describe_state(state)}"
        match state:
            case Blocked(_, remedy):
                return BlockedError(what, remedy=remedy or self.rerun)
            case Conflict(_, _, remedy):
                why = "what is there was not made by this release, so going on would mix the two"
                return ConflictError(what, why=why, remedy=remedy)
            case Unknown():
                return UnavailableError(what, why="what could not be asked is not taken for absent", remedy=self.rerun)
            case _:
                why = f"it was done, but did not show within {step.patience:.0f} s"
                return ConvergenceError(what, why=why, remedy=self.rerun)


def _both(error: ReleaseError) -> str:
    """Give what was seen and why, in one line: a state has no other place for the server's words."""
    return f"{error.what} ({error.why})" if error.why else error.what
