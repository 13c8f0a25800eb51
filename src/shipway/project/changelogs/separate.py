"""A changelog of a file for each version, that people write: the next version's own file is its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from shipway.changelog.content import find_entries
from shipway.changelog.headings import find_headings, split_lines
from shipway.changelog.sections import is_empty, trimmed
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span
from shipway.project.changelogs.elsewhere import Files
from shipway.project.changelogs.names import read_changelog_file
from shipway.release.outcomes import BlockedError, UsageError
from shipway.world.git import Git


@dataclass(frozen=True)
class SeparateChangelog:
    """The folder with a file for each version; releases change nothing in it."""

    git: Git
    files: Files
    kind: str = "headings"

    @property
    def why(self) -> str:
        """What it was detected by."""
        return f"detected: {self.files.folder} has a file for each version, the newest for {self.files.newest}"

    @property
    def advice(self) -> str:
        """Where to write."""
        return f"write a file for the next version in {self.files.folder}"

    def content(self, span: Span) -> Content:
        """Take the version whose file the last release did not have, where it is the only one; it tells no level."""
        fresh = self._fresh(span)
        counted = tuple(Counted(self.files.versions[one], "", f"announces {one}") for one in fresh)
        announced = str(fresh[0]) if len(fresh) == 1 else ""
        return Content("", counted, {"file": len(fresh)}, version=announced, decides=bool(announced))

    def place(self, version: Version, day: date) -> str:
        """Give the version's own file."""
        del day
        return self.files.name(version)

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Change nothing: all of it stands there."""
        del version, day
        return ()

    def is_written(self, version: Version) -> bool:
        """Tell whether the version has a file."""
        return self.files.told(version) is not None

    @contextmanager
    def drafting(self, span: Span, version: Version, day: date) -> Iterator[Callable[[], Drafted]]:
        """Take what stands in the version's file; without one that blocks."""
        del span, day
        yield lambda: self._draft(version)

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Take what stands in the file that is there for the next version."""
        del version, day
        fresh = self._fresh(span)
        notes = self._notes(fresh[0]) if fresh else ""
        return Preview(notes, len(find_entries(notes)))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: where in a text it belongs is for people to say."""
        del words, issue, front
        raise UsageError(f"{self.files.folder} has a file for each version", remedy=self.advice)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Write nothing."""

    def _fresh(self, span: Span) -> list[Version]:
        """Give the versions above the last release's whose files it did not have, lowest first."""
        if span.since is None:
            return []
        self.git.fetch(span.since)
        words = ("ls-tree", "--name-only", span.since, f"{self.files.folder}/")
        before = {*self.git.read(*words).splitlines()}
        last = max((version for version, path in self.files.versions.items() if path in before), default=None)
        return sorted(version for version in self.files.versions if last is not None and version > last)

    def _draft(self, version: Version) -> Drafted:
        notes, path = self._notes(version), self.files.name(version)
        if is_empty(notes):
            why = f"every version has a file of its own in {self.files.folder}, and users read of it there"
            there = "holds no entry" if self.is_written(version) else "is not there"
            raise BlockedError(f"{path} {there}", why=why, remedy=f"write in {path} what {version} changes, and commit")
        return Drafted(notes)

    def _notes(self, version: Version) -> str:
        """Give the text of a version's file without its title."""
        path = self.files.told(version)
        file = read_changelog_file(self.git.root, path) if path is not None else None
        if file is None:
            return ""
        lines = split_lines(file.text)
        headings = find_headings(lines)
        return trimmed(lines[headings[0].end if headings else 0 :])
