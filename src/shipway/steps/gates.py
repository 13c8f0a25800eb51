"""gates: every nox session tagged ``gate`` must have passed for the base commit; ``advice`` is only reported.

What the forge says CI has passed for this very commit is taken from there; the rest is run here. A gate that nox
skipped has not passed, and a repository without gates is not green.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shipway.project.sessions import NOT_RUN, PASSED, Cell, Session, Sessions, render_cells
from shipway.project.tags import ADVICE, GATE
from shipway.release.outcomes import BlockedError, ReleaseError
from shipway.world.forge import Forge

LEFT_OUT = "left out by --no-gates"
IN_CI = "passed in CI for this commit"
HERE = "passed here"
NONE = "no nox session is tagged gate"
TAG_ONE = 'tag a session: @nox.session(tags=["gate"]), or register() Shipway\'s own'
MATRIX_JOB = re.compile(r"(?:gates?|sessions?|nox) \((.+)\)")
"""How the forge names a job of a matrix of sessions: the job's own name, and the values of its cell."""

Report = dict[str, dict[str, Any]]
"""``results``: how each gate passed; ``seconds``: how long those took that were run here."""


@dataclass(frozen=True)
class Gates:
    """The gates for one commit: which there are, which CI has passed, and running the rest.

    ``forge`` is None where nobody can have passed them for what is in the work tree; ``again`` is the command that
    goes on from here.
    """

    commit: str
    again: str
    sessions: Sessions
    forge: Forge | None

    def pass_all(self) -> Report:
        """Tell how each gate passed; raises `BlockedError` naming the first that did not, with a table of all."""
        found = self.sessions.find(GATE, ADVICE)
        gates = [session for session in found if GATE in session.tags]
        if not gates:
            raise BlockedError(NONE, why="a release without a single check would call anything green", remedy=TAG_ONE)
        advisers = [session for session in found if session not in gates]
        proved = self._proved_by_ci(found)
        cells = [Cell(session.name, IN_CI) for session in found if session.name in proved]
        rest = [session.name for session in (*gates, *advisers) if session.name not in proved]
        cells += self.sessions.run(rest) if rest else []
        self._require_passed(cells, {session.name for session in gates})
        advice = {session.name for session in advisers}
        ordered = {cell.name: cell for cell in cells}
        told = [ordered[session.name] for session in (*gates, *advisers)]
        return {
            "results": {cell.name: describe_cell(cell, is_advice=cell.name in advice) for cell in told},
            "seconds": {cell.name: cell.seconds for cell in told if cell.result != IN_CI},
        }

    def _proved_by_ci(self, sessions: list[Session]) -> set[str]:
        if self.forge is None:
            return set()
        try:
            passed = self.forge.passed_checks(self.commit)
        except ReleaseError:
            return set()  # whatever CI knows, running the gates here proves it too
        return {session.name for session in sessions if any(is_check_of(session, check) for check in passed)}

    def _require_passed(self, cells: Iterable[Cell], gates: set[str]) -> None:
        """Refuse to go on without every gate; the table shows all cells, and a failed gate its last lines."""
        failed = [cell for cell in cells if cell.name in gates and cell.result not in (PASSED, IN_CI)]
        if not failed:
            return
        first, others = failed[0], len(failed) - 1
        rows = [(cell.name, describe_cell(cell, is_advice=cell.name not in gates), _seconds(cell)) for cell in cells]
        said = [f"{cell.name}: {_why(cell)}" for cell in failed]
        raise BlockedError(
            f"gate {first.name}: {first.result}{f', and {others} more' * bool(others)}",
            why="\n".join(["each gate has to pass", render_cells(rows), *said]),
            remedy=f"python -m nox -s {first.name}, mend it, then {self.again}",
        )


def is_check_of(session: Session, check: str) -> bool:
    """Whether the forge's name of a check means this session, and exactly this one.

    ``lint``, ``ci / lint``, ``gates (lint)``, ``ci / gates (tests-3.12, 3.12)``. Other values of a cell, such as an
    operating system, make it the check of a part: that does not prove the whole.
    """
    name = check.rpartition(" / ")[2]
    if name == session.name:
        return True
    job = MATRIX_JOB.fullmatch(name)
    first, *others = job[1].split(", ") if job else [""]
    return first == session.name and all(value in {"", "null", session.python} for value in others)


def describe_cell(cell: Cell, *, is_advice: bool = False) -> str:
    """Say how a session ended, in the words of reports and evidence."""
    if cell.result == IN_CI:
        return IN_CI + " (advice)" * is_advice
    if is_advice:
        return f"{'passed' if cell.result == PASSED else cell.result} (advice)"
    return HERE if cell.result == PASSED else cell.result


def render_table(report: Report) -> str:
    """Write the table of the cells that a report is about."""
    seconds = report.get("seconds", {})
    return render_cells((name, result, seconds.get(name)) for name, result in report.get("results", {}).items())


def _why(cell: Cell) -> str:
    """Say why a gate did not pass: its last lines, or that it never ran."""
    if cell.result == "skipped":
        return f"skipped is not passed: is its Python installed? {cell.said}".rstrip()
    return f"nothing tells why\n{cell.said}" if cell.result == NOT_RUN else f"its last lines\n{cell.said}"


def _seconds(cell: Cell) -> float | None:
    return None if cell.result in (IN_CI, NOT_RUN) else cell.seconds
