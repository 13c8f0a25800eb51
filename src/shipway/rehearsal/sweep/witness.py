"""The witness: sees what a release changes on both servers, and kills its process group at one of these requests."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from shipway.rehearsal.stage import Stage
from shipway.rehearsal.sweep.events import Event, Numbering, Point, When, name_of_request
from shipway.rehearsal.sweep.trace import EFFECT, EVENT, Trace, facts_of, read_trace, step_under_way
from shipway.rehearsal.watch import HangUpError, Visit, heed_nothing, watch_nothing
from shipway.release.outcomes import ToolError
from shipway.world.clock import Clock

PROCESSES = Path("/proc")
GONE = frozenset("ZX")
"""States of a process (proc(5)) that has ended and only waits to be counted by its parent."""
PATIENCE = 20.0
PAUSE = 0.005


@dataclass
class Witness:
    """Watches the servers of one stage during one run of the release, which is in the work tree ``root``."""

    trace: Trace
    root: Path
    point: Point | None = None
    _numbering: Numbering = field(default_factory=Numbering)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def watch(self, stage: Stage) -> None:
        """Begin to watch."""
        stage.index.switches.watch = stage.forge.switches.watch = self._see

    def _see(self, visit: Visit) -> Callable[[], None]:
        name = name_of_request(visit.method, visit.path, visit.head)
        if name is None:
            return heed_nothing
        with self._guard:
            event = self._numbering.number("http", name, step_under_way(self.root))
            self.trace.note(EVENT, **facts_of(event))
        self._strike(event, "before")

        def took_effect() -> None:
            self.trace.note(EFFECT, **facts_of(event))
            self._strike(event, "after")

        return took_effect

    def _strike(self, event: Event, when: When) -> None:
        if self.point == Point(event, when):
            kill_group(read_trace(self.trace.place).group)
            raise HangUpError


def watch_no_more(stage: Stage) -> None:
    """Let the servers of a stage go unwatched."""
    stage.index.switches.watch = stage.forge.switches.watch = watch_nothing


def kill_group(group: int | None) -> None:
    """Kill a process group, and wait until nothing of it runs any more."""
    if group is None:
        return
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
    require_gone(group)


def require_gone(group: int, clock: Clock | None = None) -> None:
    """Wait until nothing of a process group runs; raises `ToolError` where something does not die."""
    clock = clock or Clock()
    deadline = clock.monotonic() + PATIENCE
    while _lives(group):
        if clock.monotonic() > deadline:
            raise ToolError(f"process group {group} does not die", why="a rerun beside it would prove nothing")
        clock.sleep(PAUSE)


def _lives(group: int) -> bool:
    """Whether a member of the group still runs; one that has ended is none, even if nobody has counted it yet."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    if not PROCESSES.is_dir():
        return True
    return any(_runs_in(group, place) for place in PROCESSES.iterdir() if place.name.isdecimal())


def _runs_in(group: int, place: Path) -> bool:
    try:
        text = (place / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    state, _, found, *_ = text.rpartition(")")[2].split()
    return int(found) == group and state not in GONE
