"""The course of a clean run: its boundary events, what it came to, and so every case that a sweep has to try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shipway.rehearsal.sweep.aftermath import Aftermath, Expected, expect, files_left
from shipway.rehearsal.sweep.conclusion import Ending, conclude
from shipway.rehearsal.sweep.events import REGISTER, WHENS, Event, Point
from shipway.rehearsal.sweep.trial import RESUME, Ran, Start, Subject, Trial
from shipway.release.outcomes import ConvergenceError, ReleaseError, ToolError

OPENS_PULL_REQUEST = "POST /pulls"
UNMADE = Start()


@dataclass(frozen=True)
class Way:
    """How the release is run again, and whether a person has merged its pull request in between."""

    elsewhere: bool = False
    merged: bool = False

    def __str__(self) -> str:
        return ("b" if self.elsewhere else "a") + ("+merge" if self.merged else "")


WAYS = (Way(), Way(elsewhere=True))
"""In the same work tree (a) or, after main has moved on, in a fresh clone of somebody else's (b)."""


@dataclass(frozen=True)
class Case:
    """One release to kill at a point and to run again in a way.

    ``number`` is the event's place in the course, ``turn`` the case's own: what need not be tried in each takes turns.
    With a ``prelude`` another one was killed there before, and the one that is killed now is about to take over.
    """

    number: int
    turn: int
    point: Point
    way: Way
    start: Start
    prelude: Point | None = None

    def __str__(self) -> str:
        return f"{self.way} {self.point}" + (" of a takeover" if self.prelude else "")


@dataclass(frozen=True)
class Course:
    """What a clean run did and came to; from event ``split`` on, others can see it. For ``prelude`` see `Case`."""

    events: tuple[Event, ...]
    split: int
    expected: Expected
    made: Start
    prelude: Point | None = None

    @property
    def cases(self) -> list[Case]:
        """Every case: each event, before and after, in both ways; merged in between, the ways take turns."""
        points = [(number, Point(event, when)) for number, event in enumerate(self.events) for when in WHENS]
        tried = [(number, point, way) for number, point in points for way in self._ways(number, point)]
        starts = [self.made if number >= self.split else UNMADE for number, _, _ in tried]
        return [Case(n, turn, point, way, starts[turn], self.prelude) for turn, (n, point, way) in enumerate(tried)]

    def _ways(self, number: int, point: Point) -> Sequence[Way]:
        elsewhere = (number % 2 == 0) == (point.when == "before")
        return (*WAYS, Way(elsewhere, merged=True)) if self._has_pull(number, point) else WAYS

    def _has_pull(self, number: int, point: Point) -> bool:
        """Whether there is a pull request to merge when the release is killed there."""
        opened = next((n for n, event in enumerate(self.events) if event.name == OPENS_PULL_REQUEST), len(self.events))
        return number > opened or (number == opened and point.when == "after")


def record(subject: Subject, place: Path) -> Course:
    """Release once undisturbed, and once from a candidate that is made already; keep that candidate in ``place``.

    What comes before the first request that changes a server belongs to the candidate: those cases begin with
    nothing. All others begin with the candidate, which spares them the build; if a release then goes another way
    than one that began with nothing, they begin with nothing too.
    """
    with subject.open() as trial:
        whole = require_done(trial.release(trial.first)).seen.events
        expected = require_lawful(trial)
    with subject.open() as trial:
        require_done(trial.release(trial.first, "--dry-run"))
        made = Start.keep(trial.first, place)
    with subject.open() as trial:
        made.lay_out(trial.first)
        rest = require_done(trial.release(trial.first)).seen.events
    split, first = _first_shared(whole), _first_shared(rest)
    if [*map(_what, whole[split:])] != [*map(_what, rest[first:])]:
        return Course(tuple(whole), len(whole), expected, UNMADE)
    return Course((*whole[:split], *rest[first:]), split, expected, made)


def record_takeover(subject: Subject, course: Course) -> Course:
    """Record another maintainer's run that takes over from one that died with its claim."""
    claims = (event for event in course.events if event.kind == "http" and REGISTER in event.name)
    prelude = Point(next(claims), "after")
    with subject.open() as trial:
        machine = trial.take_over(course.made, prelude)
        events = require_done(trial.release(machine, RESUME)).seen.events
    return replace(course, events=tuple(events), split=0, prelude=prelude)


def require_done(ran: Ran) -> Ran:
    """Give a run that came to its end; raises its outcome where it did not."""
    if ran.code == 0:
        return ran
    for kind in ReleaseError.__subclasses__():
        if kind.code == ran.code == ran.outcome.get("code"):
            raise kind(str(ran.outcome["what"]), why=str(ran.outcome["why"]), remedy=str(ran.outcome["next"]))
    raise ToolError(f"the release ended with exit code {ran.code} though nobody disturbed it", why=ran.words)


def require_lawful(trial: Trial) -> Expected:
    """Give what a clean run came to; raises `ConvergenceError` where it breaks the laws itself."""
    expected = expect(Aftermath(trial, trial.first))
    if problems := conclude(trial, trial.first, expected, Ending()):
        raise ConvergenceError("a release breaks the laws though nobody disturbed it", why="; ".join(problems))
    return replace(expected, left=expected.left | files_left(trial.first))


def _first_shared(events: Sequence[Event]) -> int:
    return next((number for number, event in enumerate(events) if event.kind == "http"), len(events))


def _what(event: Event) -> tuple[str, str]:
    return event.kind, event.name
