"""Adding an entry to what is not released, under the heading for its kind; both are made where they are missing."""

from __future__ import annotations

from collections.abc import Sequence

from shipway.changelog.entries import as_entry
from shipway.changelog.headings import LINE_END, Heading, find_headings, split_lines
from shipway.changelog.insertion import find_spot, insert_at
from shipway.changelog.outline import Section, outline
from shipway.changelog.titles import render_heading

KINDS = ("added", "changed", "deprecated", "removed", "fixed", "security")
"""The kinds of change that Keep a Changelog knows, in its order."""


def add_entry(changelog: str, kind: str, text: str, issue: str = "", *, rst: bool = False) -> str:
    """Give the changelog with an entry more, every other character as it was."""
    told = f"- {as_entry(text)}{f' (#{issue})' if issue else ''}"
    sections = outline(changelog)
    waiting = next((one for one in sections if one.marked), None)
    if waiting is None:
        changelog = _with_unreleased(changelog, sections, rst=rst)
        waiting = next(one for one in outline(changelog) if one.marked)
    lines = split_lines(changelog)
    inner = [one for one in find_headings(lines) if waiting.heading.end <= one.start < waiting.end]
    if not inner and any(line.lstrip().startswith(("- ", "* ")) for line in lines[waiting.heading.end : waiting.end]):
        return _insert(changelog, _end(lines, waiting.heading.end, waiting.end), [told])
    heading = next((one for one in inner if one.title.lower().strip(" :") == kind.lower()), None)
    if heading is not None:
        after = next((one.start for one in inner if one.start > heading.start), waiting.end)
        place = _end(lines, heading.end, after)
        return _insert(changelog, place, ["", told] if place == heading.end else [told])
    return _insert(
        changelog,
        _end(lines, waiting.heading.end, waiting.end),
        ["", *_heading(lines, sections, waiting, kind), "", told],
    )


def _with_unreleased(changelog: str, sections: Sequence[Section], *, rst: bool) -> str:
    spot, lines = find_spot(changelog), split_lines(changelog)
    brackets = "[Unreleased]" if sections and sections[0].heading.title.startswith("[") else "Unreleased"
    if spot.like is not None:
        title = render_heading(lines, spot.like, brackets)
    else:
        title = [brackets, "-" * len(brackets)] if rst else [f"## {brackets}"]
    return insert_at(changelog, spot, "\n".join([*title, ""]))


def _heading(lines: Sequence[str], sections: Sequence[Section], waiting: Section, kind: str) -> list[str]:
    """Give the heading of a kind, in the form of others below the versions' titles."""
    known = next((one for one in find_headings(lines) if _is_inside(one, sections)), None)
    if known is not None:
        return render_heading(lines, known, kind.capitalize())
    if waiting.heading.style == "#":
        return [f"{'#' * (waiting.heading.level + 1)} {kind.capitalize()}"]
    used = {one.style for one in find_headings(lines)}
    mark = next(mark for mark in "-~^\"'" if mark not in used)
    return [kind.capitalize(), mark * len(kind)]


def _is_inside(heading: Heading, sections: Sequence[Section]) -> bool:
    inside = (one for one in sections if one.heading.end <= heading.start < one.end)
    return any(heading.level == one.heading.level + 1 for one in inside)


def _end(lines: Sequence[str], start: int, end: int) -> int:
    """Give the line after the last one between two that is not blank and no link."""
    from shipway.changelog.links import DEFINED

    while end > start and (not lines[end - 1].strip() or DEFINED.fullmatch(lines[end - 1])):
        end -= 1
    return end


def _insert(changelog: str, place: int, new: Sequence[str]) -> str:
    """Put lines before the line of a number."""
    end = "\r\n" if "\r\n" in changelog else "\n"
    starts = [0, *(found.end() for found in LINE_END.finditer(changelog)), len(changelog)]
    at = starts[min(place, len(starts) - 1)]
    before, after = changelog[:at], changelog[at:]
    gap = "" if not before or before.endswith(("\n", "\r")) else end
    return f"{before}{gap}{end.join(new)}{end}{after}"
