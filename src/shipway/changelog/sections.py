"""One version's section of a changelog: towncrier's Markdown and reStructuredText, and Keep a Changelog."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packaging.version import Version

from shipway.changelog.headings import Heading, announced_version, comment_lines, find_headings, is_own, split_lines
from shipway.changelog.marks import DATED, says_not_out

NOTHING = re.compile(
    r"\s*(?:[-*+\u2022]\s*)?[*_(]*(?:nothing(?: new)?(?: changed| here| notable)?(?: yet| so far)?|"
    r"no (?:(?:significant|notable|unreleased|user-facing|other|public|new) )?changes(?: yet| so far)?|"
    r"\\?\[short description.*|n/?a|none(?: yet)?|tb[ad]|todo|\.{3}|\u2026|-{3,})?[.!)*_]*\s*",
    re.IGNORECASE,
)
"""What people write where there is nothing to tell."""
LABEL = re.compile(r"\.\. _.*:\s*|<a\s[^>]*>(?:</a>)?\s*|\[(?:unreleased|v?[0-9][^\]]*)\]:\s*\S+\s*", re.IGNORECASE)
KINDS = frozenset(("added", "changed", "deprecated", "removed", "fixed", "security"))
"""The headings within a section that some write as deep as the titles of versions, by mistake."""
MOST_IN_A_NOTE = 120


def find_section(changelog: str, version: Version) -> str | None:
    """Find one version's section and give it without its title; None where no title announces the version."""
    lines = split_lines(changelog)
    headings = find_headings(lines)
    place = _find_title(headings, version)
    if place is None:
        return None
    ending = next((h for h in headings[place + 1 :] if ends_section(h, headings[place])), None)
    return trimmed(lines[headings[place].end : ending.start if ending else len(lines)])


def body_of(draft: str, version: Version) -> str:
    """Give freshly rendered notes without their title, where they have one."""
    section = find_section(draft, version)
    return trimmed(split_lines(draft)) if section is None else section


def is_empty(notes: str) -> bool:
    """Tell whether notes hold no entry: headings, dates, white space and "No significant changes." alone."""
    lines = split_lines(notes)
    taken = {number for heading in find_headings(lines) for number in range(heading.start, heading.end)}
    taken |= comment_lines(lines)
    return all(_says_nothing(line) for number, line in enumerate(lines) if number not in taken)


def _find_title(headings: Sequence[Heading], version: Version) -> int | None:
    """Find the title that announces the version; words before it count only outside of another's section."""
    above: Heading | None = None
    for number, heading in enumerate(headings):
        announced = announced_version(heading.title)
        if announced is None:
            continue
        is_within = above is not None and announced.named and heading.level > above.level
        if is_within and above is not None and not is_own(heading, above):
            continue
        if announced.version == version:
            return number
        above = above if is_within else heading
    return None


def ends_section(heading: Heading, title: Heading) -> bool:
    """Tell whether a heading is beyond the section that ``title`` begins."""
    if heading.level == title.level:
        return heading.title.strip(" :").lower() not in KINDS
    announced = announced_version(heading.title)
    return heading.level < title.level or is_own(heading, title) or (announced is not None and not announced.named)


def trimmed(lines: Sequence[str]) -> str:
    """Give a section's text without blank lines, anchors and version links around it."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or LABEL.fullmatch(kept[-1])):
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return "\n".join(kept)


def _says_nothing(line: str) -> bool:
    """Tell whether a line is none of a reader's business, or says that there is nothing, or only when."""
    if NOTHING.fullmatch(line) or LABEL.fullmatch(line) or _is_comment(line):
        return True
    return len(line) < MOST_IN_A_NOTE and (DATED.fullmatch(line.strip()) is not None or says_not_out(line))


def _is_comment(line: str) -> bool:
    stripped = line.strip()
    return stripped.startswith("<!--") and stripped.endswith("-->")
