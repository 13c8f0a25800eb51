"""A changelog of typed entries: a JSON file each in ``.changes/next-release``, and one of a version's after that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packaging.version import Version

from shipway.changelog.insertion import insert_section
from shipway.changelog.typed import TypedEntry, dump_entries, parse_entry, render_entries
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span, content_of
from shipway.project.changelogs.names import ChangelogFile, find_changelog_file, read_changelog_file
from shipway.project.changelogs.single import SingleFile, nothing_in, require_place
from shipway.release.outcomes import BlockedError, UsageError

FOLDER, WAITING = ".changes", "next-release"
KEPT = re.compile(r"[0-9]+(?:\.[0-9]+)+[0-9A-Za-z.]*\.json")
"""What a version's own file is called."""
PARTS = '{"type": "bugfix", "category": "...", "description": "..."}'


@dataclass(frozen=True)
class TypedChangelog(SingleFile):
    """The folder of entries, and the file that gets the section."""

    root: Path
    path: str
    kind: str = "next-release"

    @property
    def why(self) -> str:
        """What it was detected by."""
        return f"detected: {FOLDER} has a file of entries for each version"

    @property
    def advice(self) -> str:
        """Where to write."""
        return f"write {PARTS} into a file in {FOLDER}/{WAITING}"

    @property
    def file(self) -> str:
        """The one file of all versions."""
        return self.path

    def content(self, span: Span) -> Content:
        """Take the level from the types."""
        del span
        entries = [one for _, one in self._entries() if one is not None]
        counted = [Counted(one.line[2:], one.level, f"is of type {one.type}") for one in entries]
        return content_of(counted, [one.type for one in entries])

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the file, the version's own, and the entries that are spent."""
        del day
        return (self.path, f"{FOLDER}/{version}.json", *(path for path, _ in self._entries()))

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Render what is there."""
        del span, version, day
        entries = [one for _, one in self._entries() if one is not None]
        return Preview(render_entries(entries), len(entries))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: each such repository has a program of its own for it."""
        del words, issue, front
        raise UsageError(f"{FOLDER}/{WAITING} has a file for each entry", remedy=self.advice)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Put the section into the file, the entries into the version's own, and remove those that waited."""
        file, entries = self._file(), self._entries()
        (self.root / file.path).write_bytes(file.encode(self._inserted(file, version, day, notes)))
        kept = dump_entries(one for _, one in entries if one is not None)
        (self.root / FOLDER / f"{version}.json").write_text(kept, encoding="utf-8", newline="\n")
        for path, _ in entries:
            (self.root / path).unlink()

    def _file(self) -> ChangelogFile:
        return read_changelog_file(self.root, self.path) or ChangelogFile(self.path, "")

    def _entries(self) -> list[tuple[str, TypedEntry | None]]:
        """Give the files that wait, each with its entry; None for one that cannot be read."""
        found = sorted((self.root / FOLDER / WAITING).glob("*.json"))
        texts = ((path.name, path.read_bytes().decode(errors="replace")) for path in found)
        return [(f"{FOLDER}/{WAITING}/{name}", parse_entry(text)) for name, text in texts]

    def draft(self, span: Span, version: Version, day: date) -> Drafted:
        """Render the entries; none is nothing to release, a broken one blocks."""
        del span
        entries = self._entries()
        if not entries:
            raise nothing_in(f"{FOLDER}/{WAITING} holds no entry", self.advice)
        broken = next((path for path, entry in entries if entry is None), None)
        if broken is not None:
            why = "it would be lost: an entry has a type, a category and a description"
            raise BlockedError(f"{broken} is no entry", why=why, remedy=f"make it {PARTS}")
        notes = render_entries(entry for _, entry in entries if entry is not None)
        file = self._file()
        require_place(self._inserted(file, version, day, notes), version, notes, file.path)
        return Drafted(notes)

    def _inserted(self, file: ChangelogFile, version: Version, day: date, notes: str) -> str:
        return insert_section(file.text, version, day, f"{notes}\n", rst=file.is_rst)


def find_typed(root: Path) -> TypedChangelog | None:
    """Find the folder of entries; None where it has neither entries that wait nor a version's file."""
    folder = root / FOLDER
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    if not any(KEPT.fullmatch(name) for name in names):
        return None
    file = find_changelog_file(root)
    return TypedChangelog(root, file.path if file is not None else "CHANGELOG.rst")
