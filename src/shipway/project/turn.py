"""One run at a time in one work tree: the second of two terminals is told about the first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from shipway.project.handover import Handover
from shipway.release.outcomes import HeldError

TURN = "turn"
HOLDER = "turn.holder"


@contextmanager
def take_turn(handover: Handover, since: str) -> Iterator[None]:
    """Have the work tree to ourselves; the system ends that with the process, however it dies.

    Raises `HeldError` where another process is at it; ``since`` is what it is told about us (ISO 8601, UTC).
    """
    place = handover.write(TURN, "") if handover.find(TURN) is None else handover.directory / TURN
    turn = FileLock(place)
    try:
        turn.acquire(timeout=0)
    except Timeout:
        raise HeldError(
            f"another run works in this work tree: {(handover.find(HOLDER) or 'it has just begun').strip()}",
            why="both would write the same files in .release",
            remedy="wait for its end, or stop it; then run the same command again",
        ) from None
    try:
        handover.write(HOLDER, f"process {os.getpid()}, since {since}\n")
        yield
    finally:
        turn.release()
