"""The table of a sweep: a row for each event, a cell for each case, what went wrong below, and how many converged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shipway.rehearsal.sweep.course import Way
from shipway.rehearsal.sweep.events import WHENS, When
from shipway.rehearsal.sweep.sweep import Result, Verdict

MARKS: dict[Verdict, str] = {"converged": "ok", "failed": "FAIL", "not reached": "none"}
COLUMNS = ("a", "b", "m")
STEP_WIDTH = 14
EVENT_WIDTH = 60
CELL_WIDTH = 6
WORDS_SHOWN = 8
LEGEND = (
    "before, after: the release was killed (SIGKILL, its whole process group) before the event took effect, or after",
    "a: run again in the same work tree; b: in another maintainer's fresh clone, after main has moved on",
    "m: as a or b in turns, after a person has merged the pull request",
)


def render_sweep(results: Sequence[Result]) -> Iterator[str]:
    """Give the table's lines, and below them whatever did not converge."""
    yield from _table(results)
    yield ""
    for result in results:
        if result.verdict != "converged":
            yield from (*_failure(result), "")


def _table(results: Sequence[Result]) -> Iterator[str]:
    events = {result.case.number: result.case.point.event for result in results}
    marks = {_place(result): MARKS[result.verdict] for result in results}
    yield _row("step", "event", [when if name == COLUMNS[0] else "" for when in WHENS for name in COLUMNS])
    yield _row("", "", [name for _ in WHENS for name in COLUMNS])
    for number, event in sorted(events.items()):
        cells = [marks.get((number, when, name), "-") for when in WHENS for name in COLUMNS]
        yield _row(event.step, str(event), cells)


def _row(step: str, event: str, cells: Sequence[str]) -> str:
    short = event if len(event) <= EVENT_WIDTH else f"{event[: EVENT_WIDTH - 6]}..{event[-4:]}"
    tail = "".join(f"{cell:{CELL_WIDTH}} " for cell in cells)
    return f"{step:{STEP_WIDTH}} {short:{EVENT_WIDTH}} {tail}".rstrip()


def render_summary(results: Sequence[Result]) -> str:
    """Say how many events, how many releases were killed and run again, and how many of these converged."""
    events = {result.case.number for result in results}
    converged = sum(result.verdict == "converged" for result in results)
    missed = sum(result.verdict == "not reached" for result in results)
    counted = "all" if converged == len(results) else str(converged)
    unreached = f", {missed} not reached" if missed else ""
    tried = f"{_count(len(events), 'event')}, {_count(len(results), 'release')} killed and run again"
    return f"{tried}; converged: {counted}{unreached}"


def has_converged(results: Sequence[Result]) -> bool:
    """Whether there was anything to try, and every case of it converged."""
    return bool(results) and all(result.verdict == "converged" for result in results)


def facts_of(result: Result) -> dict[str, Any]:
    """Give a result as a document for machines holds it."""
    event, way = result.case.point.event, result.case.way
    place = {"step": event.step, "kind": event.kind, "event": str(event), "when": result.case.point.when}
    how = {"elsewhere": way.elsewhere, "merged": way.merged, "verdict": result.verdict}
    return {**place, **how, "problems": list(result.problems), "seconds": result.seconds}


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _failure(result: Result) -> Iterator[str]:
    """Say of a case that did not converge what is wrong, and what its last run said."""
    yield f"{result.verdict}: {result.case}"
    yield from (f"  {problem}" for problem in result.problems)
    yield f"  its runs ended with {', '.join(str(ran.code) for ran in result.runs)}; the last one said:"
    yield from (f"  | {line}" for ran in result.runs[-1:] for line in ran.words.splitlines()[-WORDS_SHOWN:])


def _place(result: Result) -> tuple[int, When, str]:
    case = result.case
    return case.number, case.point.when, _column(case.way)


def _column(way: Way) -> str:
    return "m" if way.merged else "b" if way.elsewhere else "a"
