"""Processes seen from outside: which ones carry a word in their environment, who lives, and waiting for that."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PATIENCE = 120.0
"""Seconds after which a test gives up; what it waits for comes in far less."""

PROC = Path("/proc")


def carriers(word: str) -> dict[int, str]:
    """Give the living processes with a word in their environment, and their command lines."""
    found: dict[int, str] = {}
    for place in PROC.glob("[0-9]*"):
        with suppress(OSError):
            if word.encode() in (place / "environ").read_bytes() and int(place.name) != os.getpid():
                found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    return found


def lives(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def await_that(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is so; the test fails if it is not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so after {seconds} s"
        time.sleep(0.01)
