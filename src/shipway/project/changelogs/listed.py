"""A changelog that is one list, with an item for each version and each entry, as the extension ``releases`` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packaging.version import Version

from shipway.changelog.roles import Item, find_entries, insert_release, level_of_entries, read_items, render_items
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span, content_of
from shipway.project.changelogs.names import ChangelogFile, read_changelog_file
from shipway.project.changelogs.single import SingleFile, nothing_in
from shipway.release.outcomes import UsageError
from shipway.world.git import Git


@dataclass(frozen=True)
class ListChangelog(SingleFile):
    """The file with the list; what stands above a version's item, and in no version, waits."""

    git: Git
    path: str
    kind: str = "releases"

    @property
    def why(self) -> str:
        """What it was detected by."""
        return f"detected: ':release:' in {self.path}"

    @property
    def advice(self) -> str:
        """Where to write."""
        return f"write an item with :bug:, :feature: or :support: at the top of {self.path}"

    @property
    def file(self) -> str:
        """The one file of all versions."""
        return self.path

    def content(self, span: Span) -> Content:
        """Take the level from the roles; or the version, where its item was written before its release."""
        items = self._items
        announced = self._announced(items, span)
        entries = find_entries(self._before(items, announced), announced)
        level = {True: "patch", False: level_of_entries(entries)}
        counted = [Counted(_shown(one), level[one.mends], f"is :{one.role}:") for one in entries]
        found = content_of(counted, [one.role for one in entries])
        return found if announced is None else Content(found.level, found.counted, found.total, version=str(announced))

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the file, unless the version's item stands there."""
        file = self._file
        return (self.path,) if insert_release(file.text, self._items, version, day) != file.text else ()

    def is_written(self, version: Version) -> bool:
        """Tell whether entries wait for a version."""
        return bool(self._entries(version))

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Take the entries that wait."""
        del version, day
        announced = self._announced(self._items, span)
        entries = find_entries(self._before(self._items, announced), announced)
        return Preview(render_items(self._file.text, entries), len(entries))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: whether it is backported is for people to say."""
        del words, issue, front
        raise UsageError(f"{self.path} has a role for each entry", remedy=self.advice)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Put the version's item above the entries."""
        del notes
        file = self._file
        text = insert_release(file.text, self._items, version, day)
        if text != file.text:
            (Path(self.git.root) / file.path).write_bytes(file.encode(text))

    # --- what stands there ------------------------------------------------------------------------

    @property
    def _file(self) -> ChangelogFile:
        return read_changelog_file(self.git.root, self.path) or ChangelogFile(self.path, "")

    @property
    def _items(self) -> list[Item]:
        return read_items(self._file.text)

    def _announced(self, items: Sequence[Item], span: Span) -> Version | None:
        """Give the version whose item stands first, where the last release did not have it."""
        first = items[0].version if items else None
        if first is None or span.since is None:
            return None
        self.git.fetch(span.since)
        before = read_items(self.git.find_file(span.since, f"./{self.path}") or "")
        return None if not before or first in {one.version for one in before} else first

    def _before(self, items: Sequence[Item], announced: Version | None) -> Sequence[Item]:
        """Give the items as they were before the version's own was written."""
        return items if announced is None else [one for one in items if one.version != announced]

    def _entries(self, version: Version) -> list[Item]:
        return find_entries(self._before(self._items, version), version)

    def draft(self, span: Span, version: Version, day: date) -> Drafted:
        """Take the entries that wait; none is nothing to release."""
        del span, day
        entries = self._entries(version)
        if not entries:
            raise nothing_in(f"{self.path} has no entry for {version}", self.advice)
        return Drafted(render_items(self._file.text, entries))


def _shown(item: Item) -> str:
    return f":{item.role}:`{item.told}`"
