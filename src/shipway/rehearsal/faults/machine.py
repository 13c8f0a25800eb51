"""A machine that is not well: runs Shipway with a clock that jumps, or with a disk that fills up when it is told.

A program of its own, started by `shipway.rehearsal.faults.child` in place of ``python -m shipway``. A signal fills
the disk: from then on the system lets this process write no more into any file.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from shipway.world.clock import Clock

CLOCK = "--clock"
DISK = "--disk"


def main(argv: Sequence[str]) -> None:
    """Run ``[--clock DAYS] [--disk PIDFILE] -- WORDS...`` to its end, as ``python -m shipway WORDS`` would."""
    place = argv.index("--")
    options = dict(zip(argv[:place:2], argv[1:place:2], strict=True))
    if CLOCK in options:
        jump(int(options[CLOCK]))
    if DISK in options:
        await_full_disk(Path(options[DISK]))
    sys.argv = ["shipway", *argv[place + 1 :]]
    runpy.run_module("shipway", run_name="__main__", alter_sys=True)


def jump(days: int) -> None:
    """Have the clock jump by so many days, and back, every time that it is looked at."""
    now, looks = Clock.now, count(1)

    def tell(clock: Clock) -> datetime:
        return now(clock) + timedelta(days=days * (next(looks) % 2))

    Clock.now = tell  # type: ignore[method-assign, assignment]


def await_full_disk(place: Path) -> None:
    """Write down who we are, so that somebody can send the signal by which the disk is full."""
    import resource

    def fill(*_: object) -> None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))

    signal.signal(signal.SIGUSR1, fill)
    place.write_text(str(os.getpid()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
