"""Watching both embedded servers: somebody who is told of every request, before its effect and after it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

HEAD = 1 << 14


class HangUpError(Exception):
    """The connection is to be cut without an answer."""


@dataclass(frozen=True)
class Visit:
    """One request as a watcher sees it: without host and query; ``head`` is how its body begins."""

    method: str
    path: str
    head: bytes = field(default=b"", repr=False)


Watch = Callable[[Visit], Callable[[], None]]
"""Told of a request before its effect; what it gives is called after the effect and before the answer.

Either may raise `HangUpError`: the first keeps the effect from happening, the second the answer from being sent.
"""


def watch_nothing(visit: Visit) -> Callable[[], None]:
    """Watch nothing at all."""
    del visit
    return heed_nothing


def heed_nothing() -> None:
    """Hear that a request took effect, and do nothing about it."""


def head_of(body: IO[bytes]) -> bytes:
    """Give how a body begins, without moving the place from which its reader reads on."""
    return os.pread(body.fileno(), HEAD, 0)
