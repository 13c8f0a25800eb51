"""The leash: whoever dies takes along what it started, and a front that dies takes us.

Every child carries a mark in its environment and hands it on to what it starts in turn. Beside a command that may
take long, this file runs as a program of its own and waits on a pipe. When the pipe ends without the last word, the
command has died, and everything that carries its mark is killed. That program is started without site and path, so
nothing here imports anything of ours, nor, before there is something to end, anything slow.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

MARK = "SHIPWAY_LEASH"
"""The variable with the marks: one for each Shipway above, the nearest last."""

DONE = b"done"
"""The last word of a command that has ended by itself: what it left running may stay."""

CALM = 3
"""How often nothing must be found: a program that is just being started has no environment yet."""
PAUSE = 0.02
ROUNDS = 250
"""What not even SIGKILL ends, as it waits for a disk, is left alone after so many."""

PR_SET_PDEATHSIG = 1
"""The prctl(2) by which the kernel tells of a parent's death."""


def end_marked(mark: str) -> None:
    """Kill everything that carries a mark, until there is nothing; without a Linux ``/proc`` nothing is found."""
    import select  # the one clock is out of reach of the program

    calm = 0
    for _ in range(ROUNDS):
        found = find_marked(mark)
        for process in found:
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        calm = 0 if found else calm + 1
        if calm == CALM:
            return
        select.select([], [], [], PAUSE)


def find_marked(mark: str) -> set[int]:
    """Give the processes that carry a mark, and all below them, for whom somebody may have emptied the environment."""
    from pathlib import Path

    parents: dict[int, int] = {}
    found: set[int] = set()
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended, or is somebody else's
            parents[int(place.name)] = int((place / "stat").read_bytes().rpartition(b")")[2].split()[1])
            if mark.encode() in (place / "environ").read_bytes():
                found.add(int(place.name))
    while below := {process for process, parent in parents.items() if parent in found} - found:
        found |= below
    return found


def follow_parent() -> None:
    """Get SIGTERM when whoever started us dies; elsewhere than on Linux nothing happens."""
    if sys.platform != "linux":
        return
    import ctypes

    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died while we asked
        os.kill(os.getpid(), signal.SIGTERM)


def watch(mark: str) -> None:
    """Wait for the end of the one that started this program; kill what it left, unless it said the last word."""
    if sys.stdin.buffer.read() != DONE:
        end_marked(mark)
    os._exit(0)  # somebody waits: tidying up the interpreter would take longer than all the rest


if __name__ == "__main__":
    watch(sys.argv[1])
