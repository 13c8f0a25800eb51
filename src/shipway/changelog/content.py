"""What a section that people wrote holds: its entries, what each stands under, and the level that this asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shipway.changelog.headings import comment_lines, find_headings, split_lines
from shipway.changelog.kinds import level_of_heading
from shipway.changelog.plain import plain
from shipway.changelog.sections import is_empty

ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+\u2022]|[0-9#]{1,3}[.)])[ \t]+(?P<text>\S.*)")
BREAKING = re.compile(
    r"\bbreaking(?:[ -]change)?\b|(?:backwards?[- ])incompatib|not (?:\w+ )?backwards?[- ]compatible|\bBC break",
    re.IGNORECASE,
)
PYTHON = re.compile(r"\bpython\b|\b[cC]?[pP]y(?:thon|py)?[ -]?[23](?:\.[0-9]+)?\b", re.IGNORECASE)
BOLD = re.compile(r"(?:\*{2,3}|__)(?P<title>[^*_]{2,60}?):?(?:\*{2,3}|__):?|(?P<plain>[A-Z][A-Za-z ]{2,40}):")
"""What some use for headings: a line in bold, or a few words and a colon."""
FIRST_WORD = re.compile(
    r"[*_`\[(]{0,3}(?P<word>add(?:ed)?|new|feature|feat|enhancement|changed?|deprecated?|deprecation|removed?|removal|"
    r"breaking(?: change)?|fix(?:ed)?|bug(?:[ -]?fix)?|security|docs?|documentation|perf(?:ormance)?|internal|misc)"
    r"[*_`\])]{0,3}:[*_`]{0,3}\s|(?P<verb>fix(?:es|ed)?|add(?:s|ed)?)\s",
    re.IGNORECASE,
)
"""The kind of an entry where it stands in the entry itself: "Fixed: ...", "Fix ...", "Add ..."."""
LONGEST = 100


@dataclass(frozen=True)
class Entry:
    """One entry: its text on a line, the heading that it stands under ("" for none), and its level ("" unknown)."""

    text: str
    heading: str
    level: str


def find_entries(notes: str) -> list[Entry]:
    """Find the entries of a section: the items of its lists, and its paragraphs where there are no lists."""
    items = list(_items(notes))
    outer = min((indent for indent, _, _ in items), default=0)
    found = [_entry(text, heading) for indent, text, heading in items if indent <= outer + 1]
    if found or is_empty(notes):
        return _by_first_words(found)
    return [_entry(paragraph, "") for paragraph in notes.split("\n\n") if not is_empty(paragraph)]


def _by_first_words(entries: list[Entry]) -> list[Entry]:
    """Give those under no heading that tells the level of the word that they begin with, where all of them have one."""
    words = [FIRST_WORD.match(one.text) for one in entries if not one.level]
    if not words or not all(words):
        return entries
    levels = iter([level_of_heading(word["word"] or word["verb"]) for word in words if word])
    return [one if one.level else replace(one, level=next(levels)) for one in entries]


def _items(notes: str) -> Iterator[tuple[int, str, str]]:
    """Give the items of lists: how deep, their first line, and what they stand under."""
    lines = split_lines(notes)
    headings = {heading.start: heading for heading in find_headings(lines)}
    taken = {number for heading in headings.values() for number in range(heading.start, heading.end)}
    hidden, under = comment_lines(lines), ""
    for number, line in enumerate(lines):
        if number in headings:
            under = headings[number].title
        elif number in taken or number in hidden:
            continue
        elif (item := ITEM.fullmatch(line)) is not None:
            if not is_empty(line):
                yield len(item["indent"].expandtabs()), item["text"], under
        elif (bold := BOLD.fullmatch(line.strip())) is not None:
            under = bold["title"] or bold["plain"]


def _entry(text: str, heading: str) -> Entry:
    line = " ".join(plain(text).split())
    level = level_of_heading(heading)
    if BREAKING.search(line):
        level = "major"
    elif level == "major" and PYTHON.search(line) and not BREAKING.search(heading):
        level = "minor"  # what nobody can install there any more breaks nothing there
    return Entry(line[:LONGEST], heading, level)
