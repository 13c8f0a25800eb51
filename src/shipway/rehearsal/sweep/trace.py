"""The trace of a run: one file to which the release and the servers append, so that its order is the true one."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from shipway.rehearsal.sweep.events import REGISTER, Event

JOURNAL = ".release/journal.jsonl"
START = "start"
EVENT = "event"
EFFECT = "effect"
BUILD = "build"


class Trace:
    """Lines of JSON, appended whole (O_APPEND) by as many processes as there are."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, what: str, **facts: object) -> None:
        """Append a line."""
        os.write(self._file, (json.dumps({"what": what, **facts}) + "\n").encode())

    def close(self) -> None:
        """Append no more."""
        os.close(self._file)


@dataclass(frozen=True)
class Seen:
    """What a trace tells about one run of the release."""

    lines: tuple[dict[str, Any], ...]

    @property
    def group(self) -> int | None:
        """The process group of the run, once it has begun."""
        return next((int(line["pid"]) for line in self.lines if line["what"] == START), None)

    @property
    def events(self) -> list[Event]:
        """The boundary events, in the order in which they began."""
        return [_event(line) for line in self.lines if line["what"] == EVENT]

    @property
    def effects(self) -> list[Event]:
        """The requests that took effect."""
        return [_event(line) for line in self.lines if line["what"] == EFFECT]

    @property
    def builds(self) -> int:
        """How often a build was started."""
        return sum(line["what"] == BUILD for line in self.lines)

    @property
    def builds_after_claim(self) -> int:
        """How many of the builds were started when the register held a claim already."""
        claims = [n for n, line in enumerate(self.lines) if line["what"] == EFFECT and REGISTER in line["name"]]
        first = min(claims, default=len(self.lines))
        return sum(line["what"] == BUILD for line in self.lines[first:])


def read_trace(place: Path) -> Seen:
    """Read what has been noted so far."""
    text = place.read_text(encoding="utf-8") if place.exists() else ""
    return Seen(tuple(json.loads(line) for line in text.splitlines()))


def facts_of(event: Event) -> dict[str, Any]:
    """Give an event as a line of a trace holds it."""
    return asdict(event)


def step_under_way(root: Path) -> str:
    """Give the step that a release in a work tree is at, by the last line of its journal; "" between two."""
    try:
        *_, last = (root / JOURNAL).read_text(encoding="utf-8").splitlines()
        entry = json.loads(last)
    except (OSError, ValueError):
        return ""
    return "" if entry["what"] == "end" else str(entry["step"])


def _event(line: dict[str, Any]) -> Event:
    return Event(line["kind"], line["name"], line["nth"], line["step"])
