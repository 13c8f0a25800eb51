"""The sections of a changelog, in order: their versions, whether these are out, and the lines that they take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.version import Version

from shipway.changelog.headings import Announced, Heading, announced_version, find_headings, is_own, split_lines
from shipway.changelog.marks import DATED, begins_pending, is_pending, names_next, says_not_out
from shipway.changelog.sections import ends_section, is_empty, trimmed


@dataclass(frozen=True)
class Section:
    """A version's section, or the one above all versions that has none yet (``version`` None).

    ``end`` is the line after it; ``marked`` whether it says itself that it is not out; ``note`` the line below the
    title that tells no more than a date, or that there is none.
    """

    heading: Heading
    end: int
    version: Version | None
    text: str
    marked: bool
    note: int | None

    @property
    def is_empty(self) -> bool:
        """Whether it holds no entry."""
        return is_empty(self.text)


def outline(changelog: str) -> list[Section]:
    """Give the sections, from the top down."""
    lines = split_lines(changelog)
    headings = find_headings(lines)
    titles = _titles(headings, lines)
    places = [*(place for place, _ in titles), len(headings)]
    sections = []
    for (place, announced), following in zip(titles, places[1:], strict=True):
        inner = headings[place + 1 : following + 1]
        ending = next(
            (h for n, h in enumerate(inner, place + 1) if n == following or ends_section(h, headings[place])), None
        )
        sections.append(_section(lines, headings[place], announced, ending.start if ending else len(lines)))
    return sections


def first_version(headings: Sequence[Heading]) -> Heading | None:
    """Give the title of the version that stands first; the whole file's own title may end in a number too."""
    announced = [(heading, found) for heading in headings if (found := announced_version(heading.title))]
    unlikely = [heading for heading, found in announced if heading.level == 1 and found.named]
    likely = (heading for heading, _ in announced if len(unlikely) > 1 or heading not in unlikely)
    return next(likely, announced[0][0] if announced else None)


def _titles(headings: Sequence[Heading], lines: Sequence[str]) -> list[tuple[int, Announced | None]]:
    """Find the titles of sections, by place; what is not released stands above the versions, as deep as they do."""
    first = first_version(headings)
    found: list[tuple[int, Announced | None]] = []
    outer: Heading | None = None
    released = False
    for place, heading in enumerate(headings):
        announced = announced_version(heading.title)
        if _is_group(headings, place, lines):
            continue
        if announced is None:
            is_above = not released and heading.level <= (first.level if first else 3)
            if is_above and names_next(heading.title):
                found.append((place, None))
                outer = heading
        elif first is not None and heading.start >= first.start:
            is_within = announced.named and outer is not None and heading.level > outer.level
            if outer is not None and is_within and not is_own(heading, outer):
                continue  # it has words before its version, and stands in another version's section
            found.append((place, announced))
            outer = outer if is_within else heading
            released = released or not (is_pending(announced.rest) or begins_pending(heading.title))
    return found


def _is_group(headings: Sequence[Heading], place: int, lines: Sequence[str]) -> bool:
    """Tell whether a heading only gathers versions: "26" above "26.1.0", "Current release" above "Acme 1.2"."""
    heading, below = headings[place], headings[place + 1] if place + 1 < len(headings) else None
    if below is None or below.level <= heading.level or any(line.strip() for line in lines[heading.end : below.start]):
        return False
    announced, inner = announced_version(heading.title), announced_version(below.title)
    if inner is None or inner.named != (announced is None):
        return False
    if announced is None:
        same = [one for one in headings if one.level == below.level and _words(one) == _words(below)]
        return sum(announced_version(one.title) is not None for one in same) > 1
    short, long = announced.version.release, inner.version.release
    return not announced.rest and len(short) < len(long) and long[: len(short)] == short


def _words(heading: Heading) -> str:
    """Give the words before the first number of a title."""
    return re.split("[0-9]", heading.title, maxsplit=1)[0]


def _section(lines: Sequence[str], own: Heading, announced: Announced | None, end: int) -> Section:
    filled = next((n for n in range(own.end, end) if lines[n].strip()), None)
    note = filled if filled is not None and _is_note(lines[filled]) else None
    marked = announced is None or is_pending(announced.rest) or announced.version.is_devrelease
    marked = marked or begins_pending(own.title)
    marked = marked or (note is not None and says_not_out(lines[note]))
    version = announced.version if announced else None
    return Section(own, end, version, trimmed(lines[own.end : end]), marked, note)


def _is_note(line: str) -> bool:
    return DATED.fullmatch(line.strip()) is not None or says_not_out(line)
