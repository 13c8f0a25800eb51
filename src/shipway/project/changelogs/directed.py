"""A changelog of Sphinx's ``changelog`` directives, whose next version's changes may wait in a folder beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from packaging.version import Version

from shipway.changelog.directives import Block, block_notes, find_waiting, finish_block
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span
from shipway.project.changelogs.names import ChangelogFile, read_changelog_file
from shipway.project.changelogs.single import SingleFile
from shipway.release.outcomes import BlockedError, NothingToReleaseError, UsageError

SUFFIXES = (".rst", ".txt")


@dataclass(frozen=True)
class DirectiveChangelog(SingleFile):
    """A file with a block for each version."""

    root: Path
    path: str
    kind: str = "changelog-directive"

    @property
    def why(self) -> str:
        """What it was detected by."""
        return f"detected: '.. changelog::' in {self.path}"

    @property
    def advice(self) -> str:
        """Where to write."""
        block = find_waiting(self._text)
        where = self._folder(block) if block is not None and block.folder else self.path
        return f"write a '.. change::' for it in {where}"

    @property
    def file(self) -> str:
        """The one file of all versions."""
        return self.path

    def content(self, span: Span) -> Content:
        """Take the version whose block is not out yet; it tells no level."""
        del span
        block = find_waiting(self._text)
        if block is None or block.version is None:
            return Content("", decides=False)
        notes, announced = self._notes(block), str(block.version).partition(".dev")[0]
        counted = (Counted(f":version: {block.version} in {self.path}", "", f"announces {announced}"),)
        return Content("", counted, {"change": _count(notes)}, version=announced)

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the file and the changes that are spent."""
        del version, day
        block = find_waiting(self._text)
        return (self.path, *(self._waiting(block) if block is not None else ()))

    def is_written(self, version: Version) -> bool:
        """Tell whether a block waits for its version."""
        del version
        return find_waiting(self._text) is not None

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Take what waits."""
        del span, version, day
        block = find_waiting(self._text)
        notes = self._notes(block) if block is not None else ""
        return Preview(notes, _count(notes))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: its tags are for people to choose."""
        del words, issue, front
        raise UsageError(f"{self.path} has tags for each change", remedy=self.advice)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Give the block its changes and its day, and remove those that waited in the folder."""
        file, block = self._file, find_waiting(self._text)
        if block is None:
            return
        waiting = self._waiting(block)
        (self.root / file.path).write_bytes(file.encode(finish_block(file.text, block, version, day, notes)))
        for path in waiting:
            (self.root / path).unlink()

    # --- what stands there ------------------------------------------------------------------------

    @property
    def _file(self) -> ChangelogFile:
        return read_changelog_file(self.root, self.path) or ChangelogFile(self.path, "")

    @property
    def _text(self) -> str:
        return self._file.text

    def _folder(self, block: Block) -> str:
        return str(PurePosixPath(self.path).parent / block.folder)

    def _waiting(self, block: Block) -> list[str]:
        """Give the paths of the changes that wait for a block, in the order of their names."""
        folder = self.root / self._folder(block)
        is_inside = folder.resolve().is_relative_to(self.root.resolve())
        found = sorted(folder.iterdir()) if block.folder and is_inside and folder.is_dir() else []
        names = [path.name for path in found if path.suffix in SUFFIXES and not path.name.startswith("README")]
        return [f"{self._folder(block)}/{name}" for name in names]

    def _notes(self, block: Block) -> str:
        texts = [(self.root / path).read_bytes().decode(errors="replace") for path in self._waiting(block)]
        return block_notes(self._text, block, texts)

    def draft(self, span: Span, version: Version, day: date) -> Drafted:
        """Take the block that waits, and what waits for it; none blocks, an empty one is nothing to release."""
        del span, day
        block = find_waiting(self._text)
        if block is None or block.version is None:
            why = f"every version has a block of its own in {self.path}, and users read of it there"
            remedy = f"write '.. changelog::' with ':version: {version}' at the top of {self.path}, and commit"
            raise BlockedError(f"{self.path} has no block for {version}", why=why, remedy=remedy)
        notes = self._notes(block)
        if not _count(notes):
            what = f"{block.version} in {self.path} (line {block.start + 1}) holds no change"
            raise NothingToReleaseError(what, why="a version alone tells users nothing", remedy=self.advice)
        renamed = Version(block.version.base_version) != Version(version.base_version)
        return Drafted(notes, f"{self.path} announced {block.version}: it becomes {version}" if renamed else "")


def _count(notes: str) -> int:
    return sum(line.startswith(".. change::") for line in notes.splitlines())
