"""What every kind of changelog is: the notes of the next version, and where they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from packaging.version import Version


@dataclass(frozen=True)
class Span:
    """The commits that a release tells of: up to ``until``, without ``since`` and its history (None: all)."""

    since: str | None
    until: str


@dataclass(frozen=True)
class Drafted:
    """The notes of a version, and what a person should know of how they came about."""

    notes: str
    remark: str = ""


@dataclass(frozen=True)
class Preview:
    """What the notes would be today ("" for none yet), of how many entries, and what would be left out."""

    notes: str
    entries: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counted:
    """One thing that was looked at to choose the bump: a commit, a fragment, a heading.

    ``level`` is "major", "minor" or "patch", and "" where it does not count; ``why`` says by what.
    """

    what: str
    level: str
    why: str


@dataclass(frozen=True)
class Content:
    """What the next version holds: the highest level ("" where nothing counts), and what it was chosen by.

    ``counted`` names at most `MOST_COUNTED`, those that decided first; ``total`` counts all that was looked at, by
    kind; ``version`` is one that the content itself asks for, and ``tentative`` where it says that it is not out yet;
    without ``decides`` it says nothing about levels.
    """

    level: str
    counted: tuple[Counted, ...] = ()
    total: Mapping[str, int] = field(default_factory=dict)
    version: str = ""
    decides: bool = True
    tentative: bool = False


MOST_COUNTED = 200
LEVELS = ("", "patch", "minor", "major")


def content_of(counted: Sequence[Counted], kinds: Sequence[str]) -> Content:
    """Sum up what was looked at; ``kinds`` names each one's kind, in the same order."""
    total: dict[str, int] = {}
    for kind in kinds:
        total[kind] = total.get(kind, 0) + 1
    ranked = sorted(counted, key=lambda one: -LEVELS.index(one.level))
    return Content(ranked[0].level if ranked else "", tuple(ranked[:MOST_COUNTED]), total)


class Changelog(Protocol):
    """A way of keeping a changelog, found in one work tree; the tree is that of ``Span.until``."""

    @property
    def kind(self) -> str:
        """The word by which people know it."""

    @property
    def why(self) -> str:
        """What it was detected by."""

    @property
    def advice(self) -> str:
        """The command that adds an entry."""

    def content(self, span: Span) -> Content:
        """Say what the next version holds, as far as that tells its level."""

    def place(self, version: Version, day: date) -> str:
        """Give the path of the file that a version's section stands in."""

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Give the paths that writing the section changes."""

    def is_written(self, version: Version) -> bool:
        """Tell whether a version's section stands in the file before its release, by people's own hand."""

    def drafting(self, span: Span, version: Version, day: date) -> AbstractContextManager[Callable[[], Drafted]]:
        """Begin to make a version's notes; what is given waits for them, or raises what stands in their way."""

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Make the notes as far as they go today; nothing stands in the way."""

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add an entry by the words of a person, and give the path of its file.

        `UsageError` for other words, and where entries are added in another way; ``front`` spells its remedy.
        """

    def write(self, version: Version, day: date, notes: str) -> None:
        """Write the section into the work tree."""
