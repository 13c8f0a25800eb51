"""A changelog whose fragments are spent before the release: its section stands in the file, and is what comes out.

Some build it in a commit of its own, and tag a later one. Others let the final version take over the section of its
candidates, under a new title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.version import Version

from shipway.changelog.finals import keeps_candidates, taken_over
from shipway.changelog.outline import Section, outline
from shipway.project.changelogs.contract import Changelog, Content, Drafted, Preview, Span
from shipway.project.changelogs.kept import KeptChangelog
from shipway.project.changelogs.names import read_changelog_file
from shipway.project.changelogs.released import had_candidates, is_out, is_version_out
from shipway.world.git import Git

if TYPE_CHECKING:
    from shipway.project.changelogs.collected import CollectedChangelog
    from shipway.project.changelogs.fragments import FragmentChangelog
    from shipway.project.changelogs.separate import SeparateChangelog

MOST_FINALS = 5
"""Of how many earlier versions it is looked at what became of their candidates' sections."""


def find_gathered(git: Git, found: FragmentChangelog | CollectedChangelog) -> Changelog:
    """Give what a tool's file holds for the next release, now that no fragment is left; else the changelog as found."""
    if not _has_tags(git):
        return found
    file = read_changelog_file(git.root, found.file) if found.file else None
    sections = [one for one in outline(file.text) if one.version is not None] if file is not None else []
    if file is None:
        return _of_own_files(git, found) or found
    if not sections or sections[0].is_empty:
        return found
    if not is_out(git, sections[0]):
        return GatheredChangelog(found, KeptChangelog(git, found.file, found.why, found.kind), found.file, found.kind)
    if not _takes_over(git, sections):
        return found
    kept = KeptChangelog(git, found.file, found.why, found.kind, recast=taken_over)
    return GatheredChangelog(found, kept, found.file, found.kind)


def _of_own_files(git: Git, found: FragmentChangelog | CollectedChangelog) -> Changelog | None:
    """Give the files of a version each that stand where towncrier would write, and the newest is not out."""
    from shipway.project.changelogs.collected import CollectedChangelog
    from shipway.project.changelogs.elsewhere import files_in
    from shipway.project.changelogs.separate import SeparateChangelog

    if isinstance(found, CollectedChangelog):
        return None
    files = files_in(git.root, str(PurePosixPath(found.towncrier.changelog).parent))
    if files is None or is_version_out(git, files.newest):
        return None
    return GatheredChangelog(found, SeparateChangelog(git, files, found.kind), files.folder, found.kind)


def _has_tags(git: Git) -> bool:
    return bool(git.run("for-each-ref", "--count=1", "refs/tags").stdout.strip())


def _takes_over(git: Git, sections: Sequence[Section]) -> bool:
    """Whether candidates stand on top, and earlier ones had a section that their final version has taken over."""
    versions = [one.version for one in sections if one.version is not None]
    finals = [one for one in versions if not one.is_prerelease][:MOST_FINALS]
    if not versions[0].is_prerelease or any(keeps_candidates(versions, one) for one in finals):
        return False
    return any(had_candidates(git, one) for one in finals)


@dataclass(frozen=True)
class GatheredChangelog:
    """What stands in the file of a tool for fragments, none of which are left; ``fragments`` is what adds some."""

    fragments: FragmentChangelog | CollectedChangelog
    section: KeptChangelog | SeparateChangelog
    path: str
    kind: str

    @property
    def why(self) -> str:
        """What the tool was detected by, and why its file is looked at."""
        return f"{self.fragments.why}; no fragment is left, and {self.path} tells of what is not out"

    @property
    def advice(self) -> str:
        """How an entry is added."""
        return self.fragments.advice

    @property
    def file(self) -> str:
        """The one file of all versions; "" where each has its own."""
        return self.fragments.file

    def content(self, span: Span) -> Content:
        """Give the version that the section announces."""
        return self._source(span).content(span)

    def paths(self) -> list[str]:
        """Give the paths of the fragments: none."""
        return self.fragments.paths()

    def place(self, version: Version, day: date) -> str:
        """Give the tool's file."""
        return self.section.place(version, day)

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the file, unless all of the section stands there."""
        return self.section.changes(version, day)

    def is_written(self, version: Version) -> bool:
        """Tell whether the section of the version stands in the file."""
        return self.section.is_written(version)

    @contextmanager
    def drafting(self, span: Span, version: Version, day: date) -> Iterator[Callable[[], Drafted]]:
        """Take what stands in the file."""
        with self._source(span).drafting(span, version, day) as drafted:
            yield drafted

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Take what stands in the file."""
        return self._source(span).preview(span, version, day)

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Write a fragment."""
        return self.fragments.add(words, issue, front)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Give the section its day, where it has none."""
        self.section.write(version, day, notes)

    def _source(self, span: Span) -> Changelog:
        """Give the section; or the fragments, which are missing then, where the last release had it already."""
        return self.section if self.section.content(span).version else self.fragments
