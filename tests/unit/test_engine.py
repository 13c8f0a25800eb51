"""The engine: observe, act, observe again, and what each state means for going on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from shipway.engine import Engine
from shipway.release.journal import Entry
from shipway.release.outcomes import ReleaseError, ToolError, UnavailableError
from shipway.release.states import Action, Blocked, Conflict, Done, Skipped, State, Todo, Unknown
from shipway.steps.contract import Settlement
from shipway.world.clock import Clock

TODO = Todo((Action("upload", "a.whl"),))


@dataclass
class TestClock(Clock):
    """A clock that moves only when somebody sleeps."""

    __test__: ClassVar[bool] = False
    at: float = 0.0

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class ScriptedStep:
    """A step that finds what its script says, one state an observation, the last one for ever."""

    script: list[State | ReleaseError]
    failure: ReleaseError | None = None
    name: ClassVar[str] = "publish"
    phase: ClassVar[str] = "publish"
    patience: float = 10
    acted: list[Todo] = field(default_factory=list)

    def __init__(self, settlement: Settlement) -> None:
        raise AssertionError("made by `step_of`")

    def observe(self) -> State:
        found = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(found, ReleaseError):
            raise found
        return found

    def act(self, todo: Todo) -> None:
        self.acted.append(todo)
        if self.failure:
            raise self.failure


def step_of(*script: State | ReleaseError, failure: ReleaseError | None = None) -> ScriptedStep:
    """Make a step from a script."""
    step = ScriptedStep.__new__(ScriptedStep)
    step.script, step.failure, step.patience, step.acted = list(script), failure, 10, []
    return step


def engine_of(tell: Callable[[Entry], None] = lambda _entry: None) -> Engine:
    """Make an engine with a clock that costs no time."""
    return Engine(TestClock(), tell, "nox -s release -- minor")


def code_of(step: ScriptedStep) -> int:
    """Settle a step that cannot be settled; give the outcome's exit code."""
    with pytest.raises(ReleaseError) as caught:
        engine_of().settle([step])
    return caught.value.code


@pytest.mark.parametrize("state", [Done("there"), Skipped("no forge")])
def test_what_is_settled_is_not_acted_on(state: State) -> None:
    step = step_of(state)
    assert engine_of().settle([step]) == [(step, state)]
    assert step.acted == []


def test_what_is_missing_is_acted_on_once_and_looked_at_again() -> None:
    step = step_of(TODO, Done("there"))
    assert engine_of().settle([step]) == [(step, Done("there"))]
    assert step.acted == [TODO]


def test_a_lagging_server_is_waited_for_and_never_acted_on_twice() -> None:
    step = step_of(TODO, TODO, Unknown("busy"), TODO, Done("there"))
    engine_of().settle([step])
    assert step.acted == [TODO]


def test_waiting_ends() -> None:
    step = step_of(TODO)
    assert code_of(step) == 16
    assert step.acted == [TODO]


@pytest.mark.parametrize(
    ("state", "code"),
    [(Blocked("a rule", "lift it"), 12), (Conflict("other bytes", "ours", "look"), 13), (Unknown("no answer"), 14)],
)
def test_a_state_that_is_not_ours_to_change_ends_without_acting(state: State, code: int) -> None:
    step = step_of(state)
    assert code_of(step) == code
    assert step.acted == []


def test_could_not_ask_is_unknown_and_never_absent() -> None:
    step = step_of(UnavailableError("the index did not answer"))
    assert code_of(step) == 14
    assert step.acted == []


def test_an_act_that_failed_is_forgiven_where_the_world_shows_that_it_took_effect() -> None:
    step = step_of(TODO, Done("there"), failure=ToolError("twine failed"))
    assert engine_of().settle([step]) == [(step, Done("there"))]


def test_an_act_that_failed_is_told_where_the_world_does_not_show_it() -> None:
    assert code_of(step_of(TODO, TODO, failure=ToolError("twine failed"))) == 15


def test_an_act_that_met_a_conflict_is_a_conflict() -> None:
    assert code_of(step_of(TODO, Conflict("other", "ours", "look"), failure=ToolError("refused"))) == 13


def test_nothing_after_a_step_that_ends_the_release_is_touched() -> None:
    later = step_of(TODO, Done("there"))
    with pytest.raises(ReleaseError):
        engine_of().settle([step_of(Blocked("a rule", "lift it")), later])
    assert later.acted == []


def test_looking_changes_nothing_and_goes_past_trouble() -> None:
    steps = [step_of(Blocked("a rule", "lift it")), step_of(TODO), step_of(UnavailableError("gone"))]
    found = [state for _, state in engine_of().look(steps)]
    assert [type(state) for state in found] == [Blocked, Todo, Unknown]
    assert [step.acted for step in steps] == [[], [], []]


def test_every_outcome_says_the_next_command() -> None:
    for state in (Blocked("a", "lift it"), Conflict("a", "b", "look"), Unknown("c"), TODO):
        with pytest.raises(ReleaseError) as caught:
            engine_of().settle([step_of(state)])
        assert caught.value.remedy


def test_an_act_and_its_end_are_told_in_order() -> None:
    told: list[str] = []
    engine_of(lambda entry: told.append(entry.what)).settle([step_of(TODO, TODO, Done("there"))])
    assert told == ["begin", "act", "wait", "end"]


def test_a_todo_without_actions_is_refused() -> None:
    with pytest.raises(ValueError, match="without actions"):
        Todo(())
