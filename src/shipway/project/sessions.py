"""The nox sessions of the repository, by tag: listing them, running them, and how each one ended."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipway.project.handover import Handover
from shipway.release.outcomes import BlockedError
from shipway.world.ourselves import own_module
from shipway.world.process import Completed, Processes, tail

PASSED = "success"
NOT_RUN = "not run"
HEADER = re.compile(r"={10} \S+ (.+): (?:success|failed|aborted|skipped)(?:, .*)? ={10}|nox > Running session (.+)")
"""How nox begins what one session printed: with several at once, and one after the other."""
SUMMARY = re.compile(r"nox > Ran \d+ sessions")


@dataclass(frozen=True)
class Session:
    """One session of the noxfile, as nox lists it."""

    name: str
    python: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    """How one session ended: ``result`` is nox's own word, ``said`` why, or the last lines that it printed."""

    name: str
    result: str
    seconds: float = 0.0
    said: str = ""


@dataclass(frozen=True)
class Sessions:
    """The sessions of the noxfile in one folder; reports of running them are kept in a scratch place."""

    root: Path
    handover: Handover
    processes: Processes

    def find(self, *tags: str) -> list[Session]:
        """List the sessions that have one of these tags; raises `BlockedError` where nox cannot say.

        Nox answers an unknown tag with an empty list. A noxfile may print something before it.
        """
        with self.finding(*tags) as found:
            return found()

    @contextmanager
    def finding(self, *tags: str) -> Iterator[Callable[[], list[Session]]]:
        """List them, as `find` does, while the caller does something else; what is given waits for the list."""
        if not (self.root / "noxfile.py").is_file():
            yield list
            return
        words = own_module("nox", "--list", "--json", "--tags", *tags)
        with self.processes.beside(words, cwd=self.root, env=self._environment(), check=False) as listing:
            yield lambda: self._read_listing(listing())

    def _read_listing(self, listed: Completed) -> list[Session]:
        try:
            return parse_listing(listed.stdout)
        except ValueError:
            why = self.processes.environment.redact(tail(listed.output))
            raise BlockedError("nox could not list the sessions", why=why, remedy="python -m nox --list") from None

    def run(self, names: Sequence[str], *words: str, variables: Mapping[str, str] | None = None) -> list[Cell]:
        """Run these sessions, several at once; ``variables`` are given to them instead of a scrubbed environment."""
        place = self.handover.write("tmp/nox.json", "")
        ended = self.processes.run(
            own_module("nox", "--report", str(place), "-j", "auto", *words, "--sessions", *names),
            cwd=self.root,
            env=self._environment(variables),
            check=False,
            listen=lambda _: None,  # both streams as one, in the order in which they were written
        )
        found = parse_report(place.read_text(encoding="utf-8"), split_output(ended.stdout))
        return [found.get(name, Cell(name, NOT_RUN, said=tail(ended.stdout))) for name in names]

    def _environment(self, variables: Mapping[str, str] | None = None) -> dict[str, str]:
        given = self.processes.environment.scrubbed() if variables is None else dict(variables)
        # Importing the noxfile would leave a cache beside it, and the tree is to stay as it was.
        return {**given, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def release_variables(version: str, tag: str) -> dict[str, str]:
    """Give the variables by which the sessions of a release know which one it is."""
    return {"SHIPWAY_RELEASE_VERSION": version, "SHIPWAY_RELEASE_TAG": tag}


def parse_listing(text: str) -> list[Session]:
    """Read nox's listing: the last line, as JSON; raises `ValueError` for anything else."""
    rows = json.loads((text.splitlines() or [""])[-1])
    if not isinstance(rows, list):
        raise ValueError("not a list")  # noqa: TRY004 - one kind of error for whatever is no listing
    return [Session(str(row["session"]), _python(row.get("python")), tuple(row.get("tags") or ())) for row in rows]


def _python(value: object) -> str | None:
    return value if isinstance(value, str) else None


def parse_report(text: str, printed: Mapping[str, str]) -> dict[str, Cell]:
    """Read how each session ended from nox's report; its own summary was seen to be wrong."""
    rows = json.loads(text)["sessions"] if text.strip() else []
    cells = [_cell(row, printed) for row in rows]
    return {cell.name: cell for cell in cells}


def _cell(row: Mapping[str, Any], printed: Mapping[str, str]) -> Cell:
    """Give one session's end; its name is the one that the listing shows: the first way of selecting it."""
    name = str([*(row.get("signatures") or ()), row["name"]][0])
    said = str(row.get("reason") or "") or tail(printed.get(name, ""))
    return Cell(name, str(row["result"]), round(float(row.get("duration") or 0), 2), said)


def split_output(text: str) -> dict[str, str]:
    """Give what each session printed; only for people to read, since a session can print such headers itself."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if header := HEADER.fullmatch(line):
            lines = found[header[1] or header[2]] = []
        elif SUMMARY.match(line):
            lines = []
        else:
            lines.append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def render_cells(rows: Iterable[tuple[str, str, float | None]]) -> str:
    """Write the table of a matrix: cell, result, seconds."""
    told = [("cell", "result", "seconds"), *((name, result, _seconds(seconds)) for name, result, seconds in rows)]
    first, second = (max(len(row[column]) for row in told) for column in (0, 1))
    return "\n".join(f"{name:{first}}  {result:{second}}  {seconds:>7}".rstrip() for name, result, seconds in told)


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"
