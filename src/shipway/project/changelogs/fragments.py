"""A changelog by towncrier: its fragments are the notes, and the program writes the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packaging.version import Version

from shipway.changelog.kinds import level_of
from shipway.changelog.outline import outline
from shipway.changelog.sections import body_of, is_empty
from shipway.grammar import command_line
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span, content_of
from shipway.project.changelogs.names import read_changelog_file
from shipway.project.changelogs.single import nothing_in
from shipway.project.fragments import add_fragment, list_fragments
from shipway.project.towncrier import Towncrier, build_command, draft_command
from shipway.release.outcomes import BlockedError, ToolError, UsageError
from shipway.world.process import Processes

TRY = "python -m towncrier build --draft --version 0"
"""What shows all that towncrier would write, and writes nothing."""
Command = Callable[[Version, date, Sequence[str]], list[str]]


@dataclass(frozen=True)
class FragmentChangelog:
    """What towncrier is configured to do, done with its own program."""

    towncrier: Towncrier
    processes: Processes
    kind: str = "towncrier"

    @property
    def why(self) -> str:
        """Its own table."""
        return f"detected: [tool.towncrier] in {self.towncrier.source}"

    @property
    def advice(self) -> str:
        """Our own command."""
        return command_line("changelog", "add", self.towncrier.words[0], "What changed.")

    def content(self, span: Span) -> Content:
        """Take the level from the kinds of the fragments."""
        del span
        headings = {kind.word: kind.heading for kind in self.towncrier.types}
        fragments = list_fragments(self.towncrier).fragments
        counted = [self._counted(one.path, one.kind, headings.get(one.kind, "")) for one in fragments]
        return content_of(counted, [one.kind for one in fragments])

    def _counted(self, path: Path, kind: str, heading: str) -> Counted:
        name = path.relative_to(self.towncrier.root).as_posix()
        return Counted(name, level_of(kind, heading), f"has the type {kind}")

    @property
    def file(self) -> str:
        """The one file of all versions; "" where each has its own."""
        return self.towncrier.changelog if self.towncrier.single_file else ""

    def paths(self) -> list[str]:
        """Give the paths of the fragments."""
        root = self.towncrier.root
        return [one.path.relative_to(root).as_posix() for one in list_fragments(self.towncrier).fragments]

    def place(self, version: Version, day: date) -> str:
        """Give towncrier's file."""
        return self.towncrier.changelog_path(version, day).relative_to(self.towncrier.root).as_posix()

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the file and the fragments that are spent."""
        return (self.place(version, day), *self.paths())

    def is_written(self, version: Version) -> bool:
        """Nothing is, before a release."""
        del version
        return False

    @contextmanager
    def drafting(self, span: Span, version: Version, day: date) -> Iterator[Callable[[], Drafted]]:
        """Start towncrier; no fragment, a misnamed or an empty one blocks."""
        del span
        with self.processes.beside(self._command(draft_command, version, day), cwd=self.towncrier.root) as drafted:

            def text() -> str:
                with self._explaining():
                    return drafted().stdout

            yield lambda: self._draft(version, text)

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Let towncrier render what is there."""
        del span
        listing, root = list_fragments(self.towncrier), self.towncrier.root
        with self._explaining():
            drafted = self.processes.run(self._command(draft_command, version, day), cwd=root).stdout
        notes = body_of(drafted, version)
        remarks = (f"{one.path.relative_to(root)} would be left out: {one.why}" for one in listing.misnamed)
        return Preview("" if is_empty(notes) else notes, len(listing.fragments), tuple(remarks))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Write a fragment."""
        if len(words) != len(("TYPE", "TEXT")):
            example = command_line("changelog", "add", self.towncrier.words[0], "What changed.", front=front)
            why = f"types: {', '.join(self.towncrier.words)}"
            raise UsageError("add takes a type and a text", why=why, remedy=example)
        kind, text = words
        return add_fragment(self.towncrier, kind, text, issue).relative_to(self.towncrier.root).as_posix()

    def write(self, version: Version, day: date, notes: str) -> None:
        """Let towncrier write the section and spend the fragments."""
        del notes
        self.towncrier.changelog_path(version, day).parent.mkdir(parents=True, exist_ok=True)
        with self._explaining():
            self.processes.run(self._command(build_command, version, day), cwd=self.towncrier.root)

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """Say of towncrier's failures what to mend, and how to see that it is."""
        try:
            yield
        except ToolError as error:
            remedy = f"mend [tool.towncrier] in {self.towncrier.source}, until this passes: {TRY}"
            raise ToolError(error.what, why=error.why, remedy=error.remedy or remedy) from None

    def _command(self, command: Command, version: Version, day: date) -> list[str]:
        return command(version, day, self.towncrier.options)

    def _draft(self, version: Version, drafted: Callable[[], str]) -> Drafted:
        may_say_nothing = self._finishes_candidates(version)
        if not may_say_nothing:
            self._require_fragments()
        notes = body_of(drafted(), version)
        if is_empty(notes) and not (may_say_nothing and notes):
            why = "towncrier made no entry of the fragments that are there"
            raise BlockedError(f"the section of {version} would be empty", why=why, remedy=self._add)
        return Drafted(notes)

    def _finishes_candidates(self, version: Version) -> bool:
        """Whether users read of a version in the sections of its candidates, and nothing came since."""
        if version.is_prerelease or not self.file or self.paths():
            return False
        file = read_changelog_file(self.towncrier.root, self.file)
        told = [one.version for one in outline(file.text) if one.version is not None] if file is not None else []
        return bool(told) and told[0].is_prerelease and told[0].base_version == version.base_version

    def _require_fragments(self) -> None:
        listing, root = list_fragments(self.towncrier), self.towncrier.root
        if listing.misnamed:
            name, why = listing.misnamed[0].path.relative_to(root), listing.misnamed[0].why
            remedy = f"rename it to ISSUE.TYPE.md; types: {', '.join(self.towncrier.words)}"
            raise BlockedError(f"{name} would be left out of the changelog", why=why, remedy=remedy)
        if not listing.fragments:
            folder = self.towncrier.folders[0].relative_to(root)
            raise nothing_in(f"{folder} holds no fragment", self._add)
        told = {kind.word for kind in self.towncrier.types if kind.shows}
        if empty := [one for one in listing.fragments if one.kind in told and not one.text.strip()]:
            name = empty[0].path.relative_to(root)
            why = "its entry would say nothing"
            raise BlockedError(f"{name} is empty", why=why, remedy=f"write a sentence into {name}")

    @property
    def _add(self) -> str:
        return command_line("changelog", "add", self.towncrier.words[0], "what changed, in a sentence")
