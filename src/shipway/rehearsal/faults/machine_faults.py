"""What the machine does that releases: its disk is full, its clock jumps."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from shipway.rehearsal.faults.machine import CLOCK, DISK
from shipway.rehearsal.faults.scenario import AFTER_PUBLISHING, AGAIN, EVERYTHING, Scenario
from shipway.rehearsal.faults.scene import UPLOAD, Scene

DAYS = 400
NO_SPACE = "File too large: FILE"
"""What the system says of a file that may grow no more; of a disk that is full, ``No space left on device``."""
MAKE_ROOM = "mend it (room on the disk, permissions), then run the same command again"


def _fill_disk(route: str) -> Callable[[Scene], None]:
    """Have the disk be full from a request on."""

    def arrange(scene: Scene) -> None:
        place = scene.stage.clone.parent / "machine.pid"
        scene.machine += [DISK, str(place)]
        scene.when(route, lambda: os.kill(int(place.read_text(encoding="utf-8")), signal.SIGUSR1))

    return arrange


def _make_room(scene: Scene) -> None:
    scene.machine.clear()


def _jump(scene: Scene) -> None:
    scene.machine += [CLOCK, str(DAYS)]
    scene.when(UPLOAD, lambda: scene.gone.add("forge"))


def _jump_back(scene: Scene) -> None:
    scene.come_back()
    scene.machine[:] = [CLOCK, str(-DAYS)]


MACHINE_FAULTS = (
    Scenario(
        "full-disk",
        "the disk is full before anything is claimed",
        _fill_disk("GET /simple/*"),
        15,
        NO_SPACE,
        MAKE_ROOM,
        "makes room",
        _make_room,
        EVERYTHING,
    ),
    Scenario(
        "full-disk-late",
        "the disk is full in the middle of an upload",
        _fill_disk(UPLOAD),
        15,
        NO_SPACE,
        MAKE_ROOM,
        "makes room",
        _make_room,
        AFTER_PUBLISHING,
    ),
    Scenario(
        "clock-jumps",
        "the clock jumps by a year and back, again and again, and stands in the past when the release is resumed",
        _jump,
        14,
        "…",
        AGAIN,
        "waits until the forge is back",
        _jump_back,
        AFTER_PUBLISHING,
    ),
)
