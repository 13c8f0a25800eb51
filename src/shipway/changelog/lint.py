"""What is wrong with a changelog: references that lead nowhere, versions twice or out of order, levels left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shipway.changelog.headings import CODE, COMMENT, find_headings, hidden_lines, split_lines
from shipway.changelog.links import DEFINED
from shipway.changelog.outline import Section, outline

FULL = re.compile(r"(?<![\\!\]])\[(?P<text>[^\[\]]{1,200})\]\[(?P<label>[^\[\]]{0,200})\]")
SHORT = re.compile(r"(?<![\\!\]])\[(?P<label>[^\[\]]{1,200})\](?![\[(:])")
RST = re.compile(r"(?<![`\w])`(?P<label>[^`<>]{1,200})`_(?!_)")
ANY_DEFINED = re.compile(r"[ \t]{0,3}(?:\[(?P<md>[^\[\]]+)\]:|\.\. _`?(?P<rst>[^`:]+)`?:)")
INLINE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and the line that it is in (0: the file as a whole)."""

    line: int
    what: str


def lint_changelog(changelog: str, *, rst: bool = False) -> list[Problem]:
    """Give everything that is wrong, by line."""
    lines, sections = split_lines(changelog), outline(changelog)
    found = [*_references(lines, rst=rst), *_titles(lines, sections), *_order(sections), *_levels(lines, sections)]
    return sorted(found, key=lambda problem: problem.line)


def _references(lines: Sequence[str], *, rst: bool) -> Iterator[Problem]:
    """Find references whose label is defined nowhere."""
    defined = {_label(found["md"] or found["rst"]) for line in lines if (found := ANY_DEFINED.match(line))}
    for number, (line, hidden) in enumerate(zip(lines, hidden_lines(lines), strict=True), 1):
        if hidden in {CODE, COMMENT} or line.startswith(("    ", "\t")):
            continue
        text = line if rst else INLINE.sub("", line)
        for found in (RST if rst else FULL).finditer(text):
            label = found["label"] or found["text"]
            if _label(label) not in defined:
                yield Problem(number, f"the reference {found[0]} leads nowhere")


def _titles(lines: Sequence[str], sections: Sequence[Section]) -> Iterator[Problem]:
    """Find versions in brackets that have no link, where those of others have one."""
    defined = {_label(found["label"]) for line in lines if (found := DEFINED.fullmatch(line))}
    linked: list[tuple[Section, str]] = []
    bare: list[tuple[Section, str]] = []
    for section in sections:
        found = SHORT.search(section.heading.title)
        if found is not None:
            (linked if _label(found["label"]) in defined else bare).append((section, found["label"]))
    if len(linked) > len(bare):
        yield from (Problem(section.heading.start + 1, f"[{label}] has no link below") for section, label in bare)


def _order(sections: Sequence[Section]) -> Iterator[Problem]:
    """Find versions that stand twice, and those above a higher one of their own line."""
    seen: dict[str, Section] = {}
    for section in sections:
        if section.version is None:
            continue
        before = seen.setdefault(str(section.version), section)
        if before is not section:
            above = before.heading.start + 1
            yield Problem(section.heading.start + 1, f"{section.version} has a section already, in line {above}")
    versions = [section for section in sections if section.version is not None]
    for upper, lower in pairwise(versions):
        if upper.version is None or lower.version is None or upper.version >= lower.version:
            continue
        if upper.version.release[:2] == lower.version.release[:2]:  # else it may be of a line that is maintained
            yield Problem(upper.heading.start + 1, f"{upper.version} stands above {lower.version}")


def _levels(lines: Sequence[str], sections: Sequence[Section]) -> Iterator[Problem]:
    """Find headings in the newest section that are two levels deeper than the one above them."""
    if not sections:
        return
    own, headings = sections[0], find_headings(lines)
    inside = [own.heading, *(one for one in headings if own.heading.end <= one.start < own.end)]
    for above, below in pairwise(inside):
        if below.level > above.level + 1:
            yield Problem(
                below.start + 1, f"{below.title!r} is {below.level - above.level} levels below {above.title!r}"
            )


def _label(text: str) -> str:
    return " ".join(text.lower().split())
