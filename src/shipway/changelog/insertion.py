"""Putting a version's section into a changelog by hand's rules: in its style, at its place, all else as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from shipway.changelog.headings import LINE_END, Heading, announced_version, find_headings, split_lines
from shipway.changelog.marks import names_next
from shipway.changelog.outline import first_version
from shipway.changelog.sections import LABEL
from shipway.changelog.titles import render_heading, render_title

MARKER = re.compile(r"<!--.*(?:insert|release notes start|version list|changelog start).*-->\s*", re.IGNORECASE)
ANCHOR = re.compile(r"\.\. _[^`]*:\s*|<a\s[^>]*>(?:</a>)?\s*")
LEVEL = 2
"""How deep the heading of a version is where no other one tells."""
NEW = "# Changelog\n"
"""What a changelog begins with that is not there yet."""


@dataclass(frozen=True)
class Spot:
    """Where the next section goes: the line that it stands before, how deep it is, and a heading to look like.

    ``rule`` is the punctuation below the headings in the section, in reStructuredText: twice for above them too.
    """

    line: int
    level: int
    like: Heading | None = None
    rule: str = "^"

    @property
    def level_inside(self) -> int:
        """How deep the headings in the section are."""
        return max(3, min(self.level + 1, 6))


def find_spot(changelog: str) -> Spot:
    """Find where the next section goes: above the first version, else below a marker, else below what is unreleased."""
    lines = split_lines(changelog)
    headings = find_headings(lines)
    if (first := first_version(headings)) is not None:
        return Spot(_above_anchors(lines, first.start), first.level, first, _rule_inside(headings, first))
    marker = next((number for number, line in enumerate(lines, start=1) if MARKER.fullmatch(line)), None)
    if marker is not None:
        return Spot(_end_of_text(lines, headings, marker, LEVEL), LEVEL)
    unreleased = next((heading for heading in headings if names_next(heading.title)), None)
    if unreleased is not None:
        return Spot(_end_of_text(lines, headings, unreleased.end, unreleased.level), unreleased.level)
    return Spot(_end_of_text(lines, [], 0, LEVEL), LEVEL)


def _rule_inside(headings: Sequence[Heading], first: Heading) -> str:
    """Give the punctuation of the headings in sections: as the file has it, or one that means nothing there yet."""
    inside = (one.style for one in headings if one.start > first.start and one.level == first.level + 1)
    used = {one.style for one in headings if one.level <= first.level}
    return next(inside, "") or next(mark for mark in '^~-"' if mark not in used)


def _end_of_text(lines: Sequence[str], headings: Sequence[Heading], start: int, level: int) -> int:
    """Give the line from ``start`` on where a section swallows nothing: at a heading, or above the links at the end."""
    following = next((heading.start for heading in headings if heading.start >= start and heading.level <= level), None)
    if following is not None:
        return following
    end = len(lines)
    while end > start and (not lines[end - 1].strip() or LABEL.fullmatch(lines[end - 1])):
        end -= 1
    return end


def insert_section(changelog: str, version: Version, day: date, notes: str, *, rst: bool = False) -> str:
    """Give the changelog with a section more, every other character as it was.

    ``rst`` says what the file is, where no version's title shows it.
    """
    spot, lines = find_spot(changelog), split_lines(changelog)
    title = render_title(spot.like, version, day) if spot.like or not rst else f"{version} ({day})"
    if spot.like is not None:
        heading = render_heading(lines, spot.like, title)
    else:
        heading = [title, _free_rule(lines) * len(title)] if rst else [f"{'#' * spot.level} {title}"]
    label = _label_like(lines, spot, version)
    return insert_at(changelog, spot, "\n".join([*label, *heading, "", notes, ""]))


def _above_anchors(lines: Sequence[str], line: int) -> int:
    """Give the line above the anchors that belong to a heading."""
    place = line
    while place > 0 and (not lines[place - 1].strip() or ANCHOR.fullmatch(lines[place - 1])):
        place -= 1
    anchored = (number for number in range(place, line) if ANCHOR.fullmatch(lines[number]))
    return next(anchored, line)


def _label_like(lines: Sequence[str], spot: Spot, version: Version) -> list[str]:
    """Give an anchor like that of the version below, where its anchor names the version."""
    announced = announced_version(spot.like.title) if spot.like else None
    if spot.like is None or announced is None or spot.line == spot.like.start:
        return []
    for old in (
        str(announced.version),
        str(announced.version).replace(".", "-"),
        str(announced.version).replace(".", "_"),
    ):
        if old in lines[spot.line]:
            new = str(version).replace(".", old.strip("0123456789")[:1] or ".")
            return [lines[spot.line].replace(old, new), *([""] if not lines[spot.line + 1].strip() else [])]
    return []


def _free_rule(lines: Sequence[str]) -> str:
    """Give the punctuation below the titles of versions in reStructuredText that has none yet."""
    used = {heading.style for heading in find_headings(lines)}
    return next(mark for mark in "-=~^" if mark not in used) if used else "="


def insert_at(changelog: str, spot: Spot, text: str) -> str:
    """Give the changelog with a text more that stands alone, every other character as it was."""
    starts = [0, *(found.end() for found in LINE_END.finditer(changelog)), len(changelog)]
    place = starts[min(spot.line, len(starts) - 1)]
    before, after = changelog[:place], changelog[place:]
    end = "\r\n" if "\r\n" in changelog else "\n"
    return f"{before}{_gap(before, end)}{text.replace(chr(10), end)}{_gap_after(after, end)}{after}"


def _gap(before: str, end: str) -> str:
    """Give what is missing to a blank line between what stands before and a section."""
    if not before:
        return ""
    ends = len(LINE_END.findall(before[len(before.rstrip()) :]))
    return end * max(0, 2 - ends)


def _gap_after(after: str, end: str) -> str:
    """Give what is missing to a blank line between a section and what stands after it."""
    return "" if not after or LINE_END.match(after) else end
