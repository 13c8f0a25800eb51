"""What every kind of changelog is: the notes of the next version, and where they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
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

    def place(self, version: Version, day: date) -> str:
        """Give the path of the file that a version's section stands in."""

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Give the paths that writing the section changes."""

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
