"""What tells people how to write an entry: comments and placeholders, which stay where the next ones are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shipway.changelog.headings import COMMENT, find_headings, hidden_lines
from shipway.changelog.sections import NOTHING, is_empty

PLACEHOLDER = re.compile(r"\s*[-*+\u2022]\s+.*[A-Za-z].*")


def part_hints(body: Sequence[str], end: str) -> tuple[list[str], list[str]]:
    """Part a section's lines into what stays for the next one, and what the version tells.

    The first are its hints below the headings that they are about; the second is everything but the hints.
    """
    plain = [line.rstrip("\r\n") for line in body]
    hints = _hints(plain)
    if not hints or is_empty("\n".join(plain)):
        return [], [*body]
    kept = hints | _headings_of(plain, hints)
    return _spaced(body, kept, end), [*([end] if 0 in hints else []), *_without(body, hints)]


def _hints(lines: Sequence[str]) -> set[int]:
    """Give the numbers of the lines that are comments of HTML, or items that say that there is nothing yet."""
    hidden = hidden_lines(lines)
    comments = {number for number, kind in enumerate(hidden) if kind == COMMENT}
    return comments | {
        number
        for number, line in enumerate(lines)
        if not hidden[number] and PLACEHOLDER.fullmatch(line) and NOTHING.fullmatch(line)
    }


def _headings_of(lines: Sequence[str], hints: set[int]) -> set[int]:
    """Give the lines of the headings that a hint stands below."""
    headings = find_headings(lines)
    ends = [*(heading.start for heading in headings[1:]), len(lines)]
    parts = [(one, hints & {*range(one.end, end)}) for one, end in zip(headings, ends, strict=False)]
    return {number for one, found in parts if found for number in range(one.start, one.end)}


def _spaced(body: Sequence[str], kept: set[int], end: str) -> list[str]:
    """Give some of the lines, with an empty one where others are left out between them or before them."""
    lines: list[str] = []
    for number in sorted(kept):
        if number and number - 1 not in kept:
            lines.append(end)
        lines.append(body[number].rstrip("\r\n") + end)
    return lines


def _without(body: Sequence[str], hints: set[int]) -> list[str]:
    """Leave lines out, each with the empty lines below it."""
    lines: list[str] = []
    is_left_out = False
    for number, line in enumerate(body):
        is_left_out = number in hints or (is_left_out and not line.strip())
        if not is_left_out:
            lines.append(line)
    return lines
