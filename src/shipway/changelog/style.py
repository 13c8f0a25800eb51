"""How a changelog's newest sections look: what they call each type of change, in which order, and how entries begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from shipway.changelog.titled import TYPE_OF, plain_title

NEWEST = 20_000
"""Characters at a changelog's start that are looked at: its newest sections."""
LAST = "breaking"
"""What stands below all others where those are sorted."""
TITLE = re.compile(r"^(?:#{2,6}[ \t]+(?P<marked>\S.*?)[ \t]*#*|(?P<lined>\S.*)\n[-=~^\"'`*+]{3,})[ \t]*$", re.MULTILINE)
HARMLESS = re.compile(r"[^<>\[\]`|\\]{1,60}")
"""A title that may stand in notes as it is."""
ENTRY = re.compile(r"^[-*+][ \t]+(?:\*\*[^*\n]+\*\*:?[ \t]+)?(?P<text>\S[^\n]*(?:\n[ \t]+\S[^\n]*)*)", re.MULTILINE)
LINKS = re.compile(r"\(?\[[^\]\n]*\]\([^)\s]*\)|`[^`\n]*`_*|<[^>\s]*>")
HEADER = re.compile(r"[a-z]+(?:\([^()\n]*\))?!?: ")
"""How an entry begins that is a whole subject."""
FEW = 3
"""How many entries have to be there before they tell anything."""
LONG = 60
"""How many letters have to be small before that is no chance."""

Capitals = Literal["", "none", "first", "only"]


class Style(NamedTuple):
    """What the newest sections show.

    ``titles`` are those of each type, in the order in which they follow each other. ``capitals`` is "none" where
    entries begin as they were committed, "first" where with a capital letter, "only" where that is the one capital in
    them, "" where too few are there to tell. ``subjects`` says that entries are whole subjects, with their type;
    ``merges`` that merges are told under what is unknown.
    """

    titles: dict[str, str]
    capitals: Capitals
    subjects: bool
    merges: bool


def read_style(text: str) -> Style:
    """Read how the newest sections look."""
    start = text[:NEWEST]
    groups = [[*_titled(chunk)] for chunk in _versions(start)]
    found: dict[str, str] = {}
    for kind, title, _ in (one for group in groups for one in group):
        found.setdefault(kind, title)
    order = _in_order([[kind for kind, _, _ in group] for group in groups], found)
    titles = {kind: found[kind] for kind in order}
    entries = [one["text"] for one in ENTRY.finditer(start)]
    unknown = [body for group in groups for kind, _, body in group if kind == "unknown"]
    subjects = sum(HEADER.match(entry) is not None for entry in entries)
    merges = any(re.search(r"^[-*] Merge ", body, re.MULTILINE) for body in unknown)
    return Style(titles, _capitals(entries), 2 * subjects > len(entries), merges)


def _versions(text: str) -> Iterator[str]:
    """Give the text of each version, by the titles that have a number."""
    starts = [found.start() for found in TITLE.finditer(text) if re.search(r"[0-9]\.[0-9]", found[0])]
    for start, end in pairwise([*starts, len(text)]):
        yield text[start:end]


def _titled(text: str) -> Iterator[tuple[str, str, str]]:
    """Give type, title and text of each section that has entries."""
    found = [*TITLE.finditer(text)]
    for one, end in zip(found, [later.start() for later in found[1:]] + [len(text)] * bool(found), strict=True):
        title = (one["marked"] or one["lined"]).strip()
        kind = TYPE_OF.get(plain_title(title))
        if kind and HARMLESS.fullmatch(title) and ENTRY.search(text, one.end(), end):
            yield kind, title, text[one.end() : end]


def _in_order(groups: Sequence[Sequence[str]], titles: Mapping[str, str]) -> list[str]:
    """Put together in which order titles follow each other: by letters, or as the longest lists of them show."""

    def by_letters(kinds: Iterable[str]) -> list[str]:
        return sorted(kinds, key=lambda kind: (kind == LAST, titles[kind]))

    if all([*group] == by_letters(group) for group in groups):
        return by_letters(titles)
    order: list[str] = []
    for group in sorted(groups, key=len, reverse=True):
        place = 0
        for kind in group:
            if kind not in order:
                order.insert(place, kind)
            place = order.index(kind) + 1
    return order


def _capitals(entries: Sequence[str]) -> Capitals:
    """Tell by their letters how entries begin; links and code have letters of their own."""
    bare = [text for entry in entries if (text := LINKS.sub("", entry).strip()) and text[0].isalpha()]
    if len(bare) < FEW:
        return ""
    if 2 * sum(text[0].isupper() for text in bare) < len(bare):
        return "none"
    rest = "".join(text[1:] for text in bare)
    letters = sum(letter.isalpha() for letter in rest)
    return "only" if letters >= LONG and not any(letter.isupper() for letter in rest) else "first"
