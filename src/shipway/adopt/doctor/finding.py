"""What a check found: a level, what was seen, why it matters, and the next command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shipway.release.outcomes import NothingToReleaseError, ReleaseError, UnavailableError

Level = Literal["blocks", "advice", "fine", "unknown", "not applicable"]
LEVELS: tuple[Level, ...] = ("blocks", "advice", "unknown", "fine", "not applicable")
"""From the worst on. ``unknown`` is "could not ask": it blocks nothing, and is never fine."""


@dataclass(frozen=True)
class Finding:
    """One check's answer."""

    level: Level
    what: str
    why: str = ""
    remedy: str = ""


def fine(what: str) -> Finding:
    """Give a yes."""
    return Finding("fine", what)


def advice(what: str, why: str, remedy: str) -> Finding:
    """Give a no that stops no release."""
    return Finding("advice", what, why, remedy)


def blocks(what: str, why: str, remedy: str) -> Finding:
    """Give a no that a release would stop at."""
    return Finding("blocks", what, why, remedy)


def unknown(what: str, why: str = "", remedy: str = "") -> Finding:
    """Give "could not ask"."""
    return Finding("unknown", what, why, remedy)


def does_not_apply(why: str) -> Finding:
    """Give "not applicable", and why not."""
    return Finding("not applicable", why)


def judge(error: ReleaseError | None, otherwise: str) -> Finding:
    """Give an outcome of the product as a finding, so that it is told in the very words of a release; None is fine."""
    if error is None:
        return fine(otherwise)
    level: Level = "blocks"
    if isinstance(error, UnavailableError):
        level = "unknown"
    elif isinstance(error, NothingToReleaseError):
        level = "advice"
    return Finding(level, error.what, error.why, error.remedy)
