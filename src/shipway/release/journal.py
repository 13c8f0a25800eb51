"""What happens during a release, entry by entry: the timeline shows them and ``.release/journal.jsonl`` keeps them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from shipway.release.states import Blocked, Conflict, Done, Skipped, State, Todo


@dataclass(frozen=True)
class Entry:
    """One thing that a step found or did.

    ``what`` is ``begin`` (looking), ``act`` (changing the world), ``wait`` (a server lags), ``end`` (this is how it
    is). ``state`` is a state's name in lower case, or empty; ``seconds`` is how long the step took so far.
    """

    phase: str
    step: str
    what: str
    state: str = ""
    detail: str = ""
    seconds: float = 0.0


Tell = Callable[[Entry], None]


def render_entry(entry: Entry, time: str) -> str:
    """Write an entry as one line of JSON."""
    return json.dumps({"time": time, **asdict(entry)}, sort_keys=True) + "\n"


def state_name(state: State) -> str:
    """Give a state's name as people and JSON read it."""
    return type(state).__name__.lower()


def describe_state(state: State) -> str:
    """Say in one line what a step found."""
    match state:
        case Done(found, _):
            return found
        case Todo(actions):
            return "to do: " + ", ".join(str(action) for action in actions)
        case Blocked(problem, _):
            return problem
        case Conflict(found, wanted, _):
            return f"found {found}, wanted {wanted}"
        case Skipped(reason):
            return reason
        case _:
            return f"could not ask: {state.why}"
