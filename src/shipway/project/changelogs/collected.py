"""A changelog by scriv: its fragments are collected as it would, and spent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from shipway.changelog.collection import Collected, collect, parse_fragment, render_collected
from shipway.changelog.entries import as_entry
from shipway.changelog.headings import split_lines
from shipway.changelog.insertion import Spot, find_spot, insert_at
from shipway.changelog.kinds import level_of
from shipway.changelog.titles import render_title
from shipway.grammar import command_line
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span, content_of
from shipway.project.changelogs.names import ChangelogFile, read_changelog_file
from shipway.project.changelogs.single import SingleFile, nothing_in, require_place
from shipway.project.scriv import Scriv
from shipway.release.outcomes import BlockedError, UsageError
from shipway.world.clock import Clock


@dataclass(frozen=True)
class CollectedChangelog(SingleFile):
    """What scriv is configured to do, done without it."""

    scriv: Scriv
    kind: str = "scriv"

    @property
    def why(self) -> str:
        """What says so."""
        return f"detected: {self.scriv.source}"

    @property
    def advice(self) -> str:
        """Our own command."""
        return command_line("changelog", "add", self._kinds[0], "What changed.")

    def content(self, span: Span) -> Content:
        """Take the level from the categories."""
        del span
        counted, kinds = [], []
        for path, fragment in self._fragments():
            for name, paragraphs in fragment.items():
                kinds += [name or "no category"] * len(paragraphs)
                why = f"stands under {name}" if name else "has no category"
                counted.append(Counted(path, level_of(name), why))
        return content_of(counted, kinds)

    @property
    def file(self) -> str:
        """The one file of all versions."""
        return self.scriv.changelog

    def paths(self) -> list[str]:
        """Give the paths of the fragments."""
        return [path for path, _ in self._fragments()]

    def problems(self) -> Iterator[str]:
        """Tell what is wrong with the fragments."""
        known = {*self.scriv.categories}
        for path, fragment in self._fragments():
            if not fragment:
                yield f"{path}: it is empty"
            strange = [name for name in fragment if name and known and name not in known]
            yield from (f"{path}: {name!r} is none of the categories {self._named}" for name in strange)

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the file and the fragments that are spent."""
        del version, day
        return (self.file, *self.paths())

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Collect what is there."""
        del span, version, day
        fragments = self._fragments()
        return Preview(self._render([fragment for _, fragment in fragments]), len(fragments))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Write a fragment."""
        if len(words) != len(("TYPE", "TEXT")):
            example = command_line("changelog", "add", self._kinds[0], "What changed.", front=front)
            raise UsageError("add takes a category and a text", why=f"categories: {self._named}", remedy=example)
        kind, text = words
        found = next((name for name in self.scriv.categories if name.lower() == kind.lower()), None)
        if found is None and self.scriv.categories:
            raise UsageError(f"{kind!r} is no category", remedy=f"say one of {self._named}")
        entry = f"- {as_entry(text)}{f' (#{issue})' if issue else ''}"
        rst, title = self.scriv.format == "rst", found or ""
        written = render_collected({title: [entry]}, rst=rst, rule=self._rule, level=3, compact=False)
        name = f"{self.scriv.folder}/{Clock().now():%Y%m%d_%H%M%S}_{_word(text)}.{self.scriv.format}"
        (self.scriv.root / self.scriv.folder).mkdir(parents=True, exist_ok=True)
        with (self.scriv.root / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(f"{written}\n")
        return name

    def write(self, version: Version, day: date, notes: str) -> None:
        """Put the section into the file, and remove the fragments."""
        file = self._file()
        (self.scriv.root / file.path).write_bytes(file.encode(self._inserted(file, version, day, notes)))
        for path, _ in self._fragments():
            (self.scriv.root / path).unlink()

    # --- how scriv does it ------------------------------------------------------------------------

    @property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(name.lower() for name in self.scriv.categories) or ("changed",)

    @property
    def _named(self) -> str:
        return ", ".join(self.scriv.categories) or "any"

    @property
    def _rule(self) -> str:
        return self.scriv.rst_header_chars[1]

    def _file(self) -> ChangelogFile:
        return read_changelog_file(self.scriv.root, self.scriv.changelog) or ChangelogFile(self.scriv.changelog, "")

    def _fragments(self) -> list[tuple[str, Collected]]:
        found: list[tuple[str, Collected]] = []
        for path in self.scriv.fragments():
            name = path.relative_to(self.scriv.root).as_posix()
            text = path.read_bytes().decode(errors="replace")
            found.append((name, parse_fragment(text, rst=path.suffix == ".rst", marker=self.scriv.start_marker)))
        return found

    def _render(self, fragments: Sequence[Collected]) -> str:
        scriv = self.scriv
        collected = collect(fragments, scriv.categories)
        level, rst = scriv.md_header_level + 1, scriv.format == "rst"
        return render_collected(collected, rst=rst, rule=self._rule, level=level, compact=scriv.compact)

    def draft(self, span: Span, version: Version, day: date) -> Drafted:
        """Collect the fragments; none is nothing to release, an empty one blocks."""
        del span
        fragments = self._fragments()
        if not fragments:
            raise nothing_in(f"{self.scriv.folder} holds no fragment", self.advice)
        if empty := [path for path, fragment in fragments if not fragment]:
            why = "its entry would say nothing"
            raise BlockedError(f"{empty[0]} is empty", why=why, remedy=f"write a sentence into {empty[0]}")
        notes = self._render([fragment for _, fragment in fragments])
        require_place(self._inserted(self._file(), version, day, notes), version, notes, self.file)
        return Drafted(notes)

    def _inserted(self, file: ChangelogFile, version: Version, day: date, notes: str) -> str:
        """Give the file with a section more: below scriv's marker, else above the first version."""
        lines, spot, scriv = split_lines(file.text), find_spot(file.text), self.scriv
        marked = next((number for number, line in enumerate(lines, 1) if scriv.start_marker in line), None)
        title = render_title(spot.like, version, day) if spot.like else f"{version} \u2014 {day}"
        if scriv.format == "rst":
            heading = [title, scriv.rst_header_chars[0] * len(title)]
        else:
            heading = [f"{'#' * scriv.md_header_level} {title}"]
        spot = spot if marked is None else Spot(marked, spot.level, spot.like)
        return insert_at(file.text, spot, "\n".join([*self._anchor(version), *heading, "", notes, ""]))

    def _anchor(self, version: Version) -> list[str]:
        if self.scriv.format == "rst":
            return [f".. _changelog-{version}:", ""]
        return [f"<a id='changelog-{version}'></a>"] if self.scriv.md_html_anchors else []


def _word(text: str) -> str:
    """Give a few letters of a text for a file's name."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in text.lower())
    return "_".join(part for part in letters[:30].split("_") if part) or "entry"
