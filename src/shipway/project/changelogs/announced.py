"""A changelog that is written from one file: RELEASE.rst or RELEASE.md tells the level, and what the version changes.

Every pull request that changes something for users brings the file; the release puts its text into the changelog, and
removes it. Its first line says ``RELEASE_TYPE: minor``, ``Release type: minor`` or the like.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from shipway.changelog.insertion import insert_section
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span
from shipway.project.changelogs.names import ChangelogFile, find_changelog_file, read_changelog_file
from shipway.project.changelogs.single import SingleFile, require_place
from shipway.release.outcomes import BlockedError, UsageError
from shipway.world.git import Git

TYPE = re.compile(
    r"\s*(?:---\s*\n)?\s*release[ _-]?type\s*:\s*[\"'*]*(major|minor|patch)[\"'*]*[ \t]*\n(?:---\s*\n)?", re.I
)


def find_announced(git: Git, names: Sequence[str]) -> AnnouncedChangelog | None:
    """Find which of some files announces a release, beside the changelog that it goes into; None where none does."""
    for name in names:
        file = read_changelog_file(git.root, name)
        if file is not None and TYPE.match(file.text):
            into = find_changelog_file(git.root)
            return AnnouncedChangelog(git, name, into.path if into is not None else "CHANGELOG.md")
    return None


@dataclass(frozen=True)
class AnnouncedChangelog(SingleFile):
    """The file that announces the next version, and the changelog that its text goes into."""

    git: Git
    name: str
    path: str
    kind: str = "release-file"

    @property
    def why(self) -> str:
        """The file itself."""
        return f"detected: {self.name} tells the type of the release"

    @property
    def advice(self) -> str:
        """Where to write."""
        return f"write what changes for users into {self.name}"

    @property
    def file(self) -> str:
        """The one file of all versions."""
        return self.path

    def content(self, span: Span) -> Content:
        """Give the level that the file tells."""
        del span
        level = self._parts()[0]
        return Content(level, (Counted(self.name, level, f"says that it is a {level} release"),), {level: 1})

    def paths(self) -> list[str]:
        """Give the path of what is spent."""
        return [self.name]

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the changelog, and the file that is spent."""
        del version, day
        return (self.path, self.name)

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Take what the file says."""
        del span, version, day
        notes = self._parts()[1]
        return Preview(notes, 1 if notes else 0)

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: the file is one text, for people to write."""
        del words, issue, front
        raise UsageError(f"{self.name} is one text for the whole release", remedy=self.advice)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Put the text into the changelog, and remove the file."""
        file = self._changelog()
        (self.git.root / file.path).write_bytes(file.encode(self._inserted(file, version, day, notes)))
        (self.git.root / self.name).unlink()

    def _parts(self) -> tuple[str, str]:
        """Give the level and the text."""
        file = read_changelog_file(self.git.root, self.name)
        found = TYPE.match(file.text) if file is not None else None
        return (found[1].lower(), file.text[found.end() :].strip()) if file is not None and found else ("patch", "")

    def _changelog(self) -> ChangelogFile:
        return read_changelog_file(self.git.root, self.path) or ChangelogFile(self.path, "")

    def _inserted(self, file: ChangelogFile, version: Version, day: date, notes: str) -> str:
        return insert_section(file.text, version, day, notes, rst=file.is_rst)

    def draft(self, span: Span, version: Version, day: date) -> Drafted:
        """Take what the file says; nothing but the type blocks."""
        del span
        notes = self._parts()[1]
        if not notes:
            why = "it tells the type of the release, and nothing that users could read"
            raise BlockedError(f"{self.name} holds no text", why=why, remedy=self.advice)
        require_place(self._inserted(self._changelog(), version, day, notes), version, notes, self.path)
        return Drafted(notes)
