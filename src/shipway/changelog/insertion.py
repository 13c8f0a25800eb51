"""Putting a version's section into a changelog by hand's rules: in its style, at its place, all else as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from packaging.version import InvalidVersion, Version

from shipway.changelog.headings import DATE, LINE_END, VERSION, Heading, announced_version, find_headings, split_lines
from shipway.changelog.sections import LABEL

UNRELEASED = re.compile(r"\[?(?:unreleased|upcoming|next)\b.*", re.IGNORECASE)
MARKER = re.compile(r"<!--.*(?:insert|release notes start|version list|changelog start).*-->\s*", re.IGNORECASE)
TARGET = re.compile(r"(?<=\])(?:\([^()]*\)|\[[^\[\]]*\])")
CLOSING = re.compile(r"[\]*_]*")
LEVEL = 2
"""How deep the heading of a version is where no other one tells."""
NEW = "# Changelog\n"
"""What a changelog begins with that is not there yet."""


@dataclass(frozen=True)
class Spot:
    """Where the next section goes: the line that it stands before, how deep it is, and a heading to look like."""

    line: int
    level: int
    like: Heading | None = None

    @property
    def level_inside(self) -> int:
        """How deep the headings in the section are."""
        return max(3, min(self.level + 1, 6))


def find_spot(changelog: str) -> Spot:
    """Find where the next section goes: above the first version, else below a marker, else below what is unreleased."""
    lines = split_lines(changelog)
    headings = find_headings(lines)
    if (first := _first_version(headings)) is not None:
        return Spot(first.start, first.level, first)
    marker = next((number for number, line in enumerate(lines, start=1) if MARKER.fullmatch(line)), None)
    if marker is not None:
        return Spot(_end_of_text(lines, headings, marker, LEVEL), LEVEL)
    unreleased = next((heading for heading in headings if UNRELEASED.fullmatch(heading.title)), None)
    if unreleased is not None:
        return Spot(_end_of_text(lines, headings, unreleased.end, unreleased.level), unreleased.level)
    return Spot(_end_of_text(lines, [], 0, LEVEL), LEVEL)


def _end_of_text(lines: Sequence[str], headings: Sequence[Heading], start: int, level: int) -> int:
    """Give the line from ``start`` on where a section swallows nothing: at a heading, or above the links at the end."""
    following = next((heading.start for heading in headings if heading.start >= start and heading.level <= level), None)
    if following is not None:
        return following
    end = len(lines)
    while end > start and (not lines[end - 1].strip() or LABEL.fullmatch(lines[end - 1])):
        end -= 1
    return end


def _first_version(headings: Sequence[Heading]) -> Heading | None:
    """Give the title of the version that stands first; the whole file's own title may end in a number too."""
    announced = [(heading, found) for heading in headings if (found := announced_version(heading.title))]
    likely = (heading for heading, found in announced if heading.level > 1 or not found.named)
    return next(likely, announced[0][0] if announced else None)


def insert_section(changelog: str, version: Version, day: date, notes: str) -> str:
    """Give the changelog with a section more, every other character as it was."""
    spot = find_spot(changelog)
    return insert_at(changelog, spot, f"{'#' * spot.level} {render_title(spot.like, version, day)}\n\n{notes}\n")


def insert_at(changelog: str, spot: Spot, text: str) -> str:
    """Give the changelog with a text more that stands alone, every other character as it was."""
    starts = [0, *(found.end() for found in LINE_END.finditer(changelog)), len(changelog)]
    place = starts[min(spot.line, len(starts) - 1)]
    before, after = changelog[:place], changelog[place:]
    end = "\r\n" if "\r\n" in changelog else "\n"
    return f"{before}{_gap(before, end)}{text.replace(chr(10), end)}{_gap_after(after, end)}{after}"


def render_title(like: Heading | None, version: Version, day: date) -> str:
    """Give a version's title, in the form of another version's; a link in that one is left out."""
    if like is None:
        return f"[{version}] - {day}"
    title = _alike(like.title, version, day)
    announced = announced_version(title)
    return title if announced is not None and announced.version == version else f"{version} ({day})"


def _alike(title: str, version: Version, day: date) -> str:
    """Replace version and date in a title, and let go of what follows them."""
    announced = announced_version(title)
    for found in VERSION.finditer(title):
        spelled = found[1].rstrip(".-_")
        if announced is None or _parsed(spelled) != announced.version:
            continue
        before, after = title[: found.start(1)], title[found.start(1) + len(spelled) :]
        after = TARGET.sub("", after, count=1) if after.startswith("]") else after
        rest = CLOSING.sub("", after, count=1)
        closing = after.removesuffix(rest)
        dated = re.search(DATE, rest)
        if dated is None:
            return f"{before}{version}{closing}"
        ending = ")" if rest[dated.end() :].startswith(")") else ""
        return f"{before}{version}{closing}{rest[: dated.start()]}{day}{ending}"
    return ""


def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _gap(before: str, end: str) -> str:
    """Give what is missing to a blank line between what stands before and a section."""
    if not before:
        return ""
    ends = len(LINE_END.findall(before[len(before.rstrip()) :]))
    return end * max(0, 2 - ends)


def _gap_after(after: str, end: str) -> str:
    """Give what is missing to a blank line between a section and what stands after it."""
    return "" if not after or LINE_END.match(after) else end
