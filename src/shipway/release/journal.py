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


def say_nothing(entry: Entry) -> None:
    """Hear an entry and tell nobody: for a look that is no part of the release."""


def render_entry(entry: Entry, time: str, plan: str = "") -> str:
    """Write an entry as one line of JSON; ``plan`` is the digest of the plan that it is about, if it is about one."""
    return json.dumps({"time": time, "plan": plan, **asdict(entry)}, sort_keys=True) + "\n"


def parse_entries(journal: str, plan: str) -> list[tuple[str, Entry]]:
    """Read the entries about one plan, each with its time; half a line, as a killed run leaves it, is none."""
    found = []
    for line in journal.splitlines():
        try:
            fields = json.loads(line)
            if fields.pop("plan") == plan:
                found.append((str(fields.pop("time")), Entry(**fields)))
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


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
