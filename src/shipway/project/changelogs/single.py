"""What the kinds of changelog have in common that put a section into one file, and what stands in its way there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from packaging.version import Version

from shipway.changelog.sections import find_section, is_empty
from shipway.project.changelogs.contract import Drafted, Span
from shipway.release.outcomes import BlockedError, NothingToReleaseError


class SingleFile(ABC):
    """A changelog of one file; nothing of a version stands in it before its release."""

    @property
    @abstractmethod
    def file(self) -> str:
        """The one file of all versions, by its path."""

    def place(self, version: Version, day: date) -> str:
        """Give the file."""
        del version, day
        return self.file

    def is_written(self, version: Version) -> bool:
        """Nothing is, before a release."""
        del version
        return False

    @contextmanager
    def drafting(self, span: Span, version: Version, day: date) -> Iterator[Callable[[], Drafted]]:
        """Make the notes when they are asked for: no other program has to be waited for."""
        yield lambda: self.draft(span, version, day)

    @abstractmethod
    def draft(self, span: Span, version: Version, day: date) -> Drafted:
        """Give a version's notes; raises what stands in their way."""


def nothing_in(what: str, remedy: str) -> NothingToReleaseError:
    """Say that there is nothing to tell users."""
    why = "a release that says nothing to its users is not made"
    return NothingToReleaseError(what, why=why, remedy=remedy)


def require_place(inserted: str, version: Version, notes: str, path: str) -> None:
    """Refuse a file in which a section is not found again once it stands there."""
    if is_empty(notes) or find_section(inserted, version) != notes:
        why = "what is written there could not be found again: a comment or a block of code is not closed"
        raise BlockedError(f"{path} has no place for a section", why=why, remedy=f"mend {path}")
