"""What a step can find when it looks at the world.

A step's ``observe`` answers with exactly one of these. Only `Done` and `Skipped` let the engine go on;
`Unknown` ("could not ask") never reads as "nothing there".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One thing that a step still has to do: a verb and what it is done to."""

    verb: str
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}".rstrip()


@dataclass(frozen=True)
class Done:
    """The world already is as the step wants it; ``found`` says what was seen, ``link`` where a person finds it."""

    found: str
    link: str = ""


@dataclass(frozen=True)
class Todo:
    """Work remains: ``act`` does exactly these actions."""

    actions: tuple[Action, ...]

    def __post_init__(self) -> None:
        if not self.actions:
            raise ValueError("a Todo without actions says nothing: answer Done or Unknown")


@dataclass(frozen=True)
class Blocked:
    """A gate, a rule or a person says no; ``remedy`` is the next command."""

    problem: str
    remedy: str


@dataclass(frozen=True)
class Conflict:
    """Something is there, but it is not ours: other bytes, another commit."""

    found: str
    wanted: str
    remedy: str


@dataclass(frozen=True)
class Unknown:
    """The world could not be asked; trying again later is right."""

    why: str


@dataclass(frozen=True)
class Skipped:
    """The step does not apply, and here is why."""

    reason: str


State = Done | Todo | Blocked | Conflict | Unknown | Skipped
