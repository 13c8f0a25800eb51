"""The victim: a release as a process of its own that notes its boundary events, and kills its group at one of them.

    python -m shipway.rehearsal.sweep.victim TRACE POINT WORDS...

An audit hook (PEP 578) sees programs being started and files being renamed before it happens; the release itself is
the same as ever. POINT is where to die, as JSON, or ``null``.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shipway.rehearsal.sweep.events import Event, Kind, Numbering, Point, is_build, name_of_file, name_of_program
from shipway.rehearsal.sweep.trace import BUILD, EVENT, START, Trace, facts_of, step_under_way

PROGRAM = "subprocess.Popen"
RENAME = "os.rename"
ENDS_A_PROGRAM = frozenset({PROGRAM, RENAME, "shutil.rmtree", "socket.connect"})
"""What shows that the program started before has ended: we run one after the other."""


class Victim:
    """Watches this very process by its audit events."""

    def __init__(self, trace: Trace, point: Point | None, root: Path) -> None:
        self._trace = trace
        self._point = point
        self._root = root
        self._numbering = Numbering()
        self._due: Kind | None = None
        self._looking = False

    def see(self, what: str, facts: tuple[Any, ...]) -> None:
        """Take note of an audit event; our own doings are none."""
        if self._looking:
            return
        is_over = self._due == "file" or (self._due == "git" and what in ENDS_A_PROGRAM)
        if is_over or what in (PROGRAM, RENAME):
            self._looking = True
            if is_over:
                die()
            self._weigh(what, facts)
            self._looking = False

    def come_to_the_end(self) -> None:
        """Die here where nothing came after the last event."""
        if self._due:
            self._looking = True
            die()

    def _weigh(self, what: str, facts: tuple[Any, ...]) -> None:
        if what == RENAME:
            self._come("file", name_of_file(os.fsdecode(facts[1]), self._root))
            return
        argv = [os.fsdecode(word) for word in facts[1]]
        if is_build(argv):
            self._trace.note(BUILD)
        self._come("git", name_of_program(argv, os.path.relpath(facts[2] or ".", self._root)))

    def _come(self, kind: Kind, name: str | None) -> None:
        if name is None:
            return
        event = self._numbering.number(kind, name, step_under_way(self._root))
        self._trace.note(EVENT, **facts_of(event))
        if self._point and self._point.event == event:
            if self._point.when == "before":
                die()
            self._due = kind


def die() -> None:
    """Kill the whole process group, ourselves with it."""
    os.killpg(0, signal.SIGKILL)
    signal.pause()


def parse_point(text: str) -> Point | None:
    """Read a point from JSON."""
    found = json.loads(text)
    return Point(Event(found["kind"], found["name"], found["nth"]), found["when"]) if found else None


def render_point(point: Point | None) -> str:
    """Write a point as JSON."""
    if point is None:
        return "null"
    event = point.event
    return json.dumps({"kind": event.kind, "name": event.name, "nth": event.nth, "when": point.when})


def main(argv: Sequence[str]) -> None:
    """Become the leader of a process group, install the hook, and release."""
    place, point, *words = argv
    if os.getpgrp() != os.getpid():
        os.setsid()
    trace = Trace(Path(place))
    trace.note(START, pid=os.getpid())
    victim = Victim(trace, parse_point(point), Path.cwd())
    sys.addaudithook(victim.see)
    sys.argv = ["shipway", *words]
    try:
        runpy.run_module("shipway", run_name="__main__", alter_sys=True)
    finally:
        victim.come_to_the_end()


if __name__ == "__main__":
    main(sys.argv[1:])
