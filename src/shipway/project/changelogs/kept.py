"""A changelog that people keep: what they wrote for the next version is its notes, and we put title and day to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from packaging.version import Version

from shipway.changelog.content import find_entries
from shipway.changelog.outline import Section, outline
from shipway.changelog.promotion import find_waiting, find_written, promote
from shipway.changelog.sections import find_section
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span, content_of
from shipway.project.changelogs.names import ChangelogFile, read_changelog_file
from shipway.project.changelogs.released import is_tagged
from shipway.project.changelogs.single import SingleFile, nothing_in
from shipway.release.outcomes import BlockedError, ConfigurationError, NothingToReleaseError, UsageError
from shipway.world.git import Git

KEEP, HEADINGS = "keep-a-changelog", "headings"


@dataclass(frozen=True)
class KeptChangelog(SingleFile):
    """A file with a section for each version; ``kind`` is whether what is not released has one of its own."""

    git: Git
    path: str
    why: str
    kind: str = KEEP
    commits: Callable[[Span], Content | None] | None = None
    recast: Callable[[str], str] | None = None
    """How the file is to be read, where it is not as it stands."""

    @property
    def advice(self) -> str:
        """Where to write."""
        if self.kind == KEEP:
            return f"write an entry under Unreleased in {self.path}"
        return f"write a section for the next version at the top of {self.path}"

    def content(self, span: Span) -> Content:
        """Say what waits for its release; of levels only headings tell, or the commits where they are by convention."""
        section = self._waiting(span)
        entries = find_entries(section.text) if section is not None else []
        counted = [Counted(one.text, one.level or "patch", _why(one.heading)) for one in entries]
        found = content_of(counted, [one.heading or "no heading" for one in entries])
        if section is not None and section.version is not None:
            return replace(found, version=str(_final(section.version)), decides=True, tentative=section.marked)
        levels = {one.level for one in entries} - {""}
        if levels:
            return found
        by_commits = self.commits(span) if self.commits is not None and (entries or self.kind == HEADINGS) else None
        if by_commits is not None:
            return by_commits
        return replace(found, level="", decides=self.kind == KEEP and not entries)

    @property
    def file(self) -> str:
        """The one file of all versions."""
        return self.path

    def new_entries(self, before: str) -> list[str]:
        """Give the entries of what is not released that an earlier text of the file does not have."""
        old = find_waiting(outline(before))
        new = find_waiting(outline(self._file().text))
        known = {one.text for one in find_entries(old.text)} if old is not None else set()
        return [one.text for one in find_entries(new.text) if one.text not in known] if new is not None else []

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the file, unless all of the section stands there."""
        file = self._file()
        return (self.path,) if self._promoted(file, version, day) != file.text else ()

    def is_written(self, version: Version) -> bool:
        """Tell whether a version's section stands in the file already, as people wrote it."""
        return find_written(outline(self._file().text), version) is not None

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Take what stands in the file."""
        del version, day
        section = self._waiting(span)
        if section is None or section.is_empty:
            return Preview("", 0)
        return Preview(section.text, len(find_entries(section.text)))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Write an entry under the heading for its kind, in the section of what is not released."""
        from shipway.changelog.adding import KINDS, add_entry

        if len(words) != len(("TYPE", "TEXT")):
            from shipway.grammar import command_line

            example = command_line("changelog", "add", "fixed", "What changed.", front=front)
            raise UsageError("add takes a type and a text", why=f"types: {', '.join(KINDS)}", remedy=example)
        kind, text = words
        if kind.lower() not in KINDS:
            raise UsageError(f"{kind!r} is no kind of change", remedy=f"say one of {', '.join(KINDS)}")
        file = self._file()
        self._write(file, add_entry(file.text, kind, text, issue, rst=file.is_rst))
        return self.path

    def write(self, version: Version, day: date, notes: str) -> None:
        """Give the section its title and its day."""
        del notes
        file = self._file()
        promoted = self._promoted(file, version, day)
        if promoted != file.text:
            self._write(file, promoted)

    # --- what stands in the file ------------------------------------------------------------------

    def _file(self) -> ChangelogFile:
        found = read_changelog_file(self.git.root, self.path)
        if found is None:
            raise ConfigurationError(f"{self.path} cannot be read", remedy=f"write {self.path}, with a title")
        return replace(found, text=self.recast(found.text)) if self.recast is not None else found

    def _write(self, file: ChangelogFile, text: str) -> None:
        path = self.git.root / file.path
        if not path.resolve().is_relative_to(Path(self.git.root).resolve()):
            what = f"{file.path} leads out of the project's folder"
            raise ConfigurationError(what, remedy=f"make {file.path} a file of its own")
        path.write_bytes(file.encode(text))

    def _waiting(self, span: Span) -> Section | None:
        """Find what waits for its release: not a section that the last release had already."""
        waiting = find_waiting(outline(self._file().text))
        if waiting is None or waiting.marked or waiting.version is None:
            return waiting
        return None if self._is_old(waiting, waiting.version, span) else waiting

    def _is_old(self, section: Section, version: Version, span: Span) -> bool:
        """Whether a section is none of the next version's: the last release had it, or it is tagged, or none is."""
        if span.since is None or is_tagged(self.git, section, span.since):
            return True
        self.git.fetch(span.since)
        before = self.git.find_file(span.since, f"./{self.path}")
        return before is not None and find_section(before, version) is not None

    def _promoted(self, file: ChangelogFile, version: Version, day: date) -> str:
        section = find_written(outline(file.text), version)
        return file.text if section is None or section.is_empty else promote(file.text, section, version, day)

    def draft(self, span: Span, version: Version, day: date) -> Drafted:
        """Take what stands in the file; no entry is nothing to release, no section blocks."""
        file = self._file()
        section = find_written(outline(file.text), version)
        self._require_section(file, section, version)
        is_dated = section is not None and not section.marked and span.since is not None
        if section is not None and is_dated and self._is_old(section, version, span):
            why = "the last release had it: users would read of one version twice"
            remedy = f"write what is new in a section of its own in {self.path}"
            raise BlockedError(f"{self.path} has a section for {version} already", why=why, remedy=remedy)
        notes = find_section(self._promoted(file, version, day), version)
        if section is None or notes is None:
            why = "what is written there could not be found again: a comment or a block of code is not closed"
            raise BlockedError(f"{self.path} has no place for a section", why=why, remedy=f"mend {self.path}")
        renamed = section.version is not None and Version(section.version.base_version) != Version(version.base_version)
        return Drafted(notes, f"{self.path} announced {section.version}: it becomes {version}" if renamed else "")

    def _require_section(self, file: ChangelogFile, section: Section | None, version: Version) -> None:
        """Refuse to release what nobody has written a word about."""
        if section is not None and not section.is_empty:
            return
        sections = outline(file.text)
        empty = section or next((one for one in sections if one.version is None), None)
        if empty is not None:
            name, line = empty.heading.title, empty.heading.start + 1
            why = "headings alone tell users nothing"
            what = f"{name!r} in {self.path} (line {line}) holds no entry"
            raise NothingToReleaseError(what, why=why, remedy=f"write under {name!r} what changed, and commit")
        if self.kind == KEEP:
            raise nothing_in(f"{self.path} tells of nothing that is not released", self.advice)
        top = sections[0] if sections else None
        why = (
            f"it is kept by hand, and its newest section is {top.heading.title!r} (line {top.heading.start + 1})"
            if top
            else ""
        )
        remedy = (
            f"write a section for {version} at the top of {self.path}, and commit; or have notes made: set "
            'changelog = "conventional" or configure towncrier'
        )
        raise BlockedError(f"{self.path} has no section for {version}", why=why, remedy=remedy)


def _why(heading: str) -> str:
    return f"stands under {heading}" if heading else "stands under no heading that tells its kind"


def _final(version: Version) -> Version:
    """Give the version that a development version leads to."""
    return Version(str(version).partition(".dev")[0]) if version.is_devrelease else version
