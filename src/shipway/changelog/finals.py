"""The sections of a version's candidates: of their own for good, or taken over by the final version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from packaging.version import Version

from shipway.changelog.headings import split_lines
from shipway.changelog.marks import DATE
from shipway.changelog.outline import Section, outline
from shipway.changelog.titles import render_heading

OPEN = "unreleased"
CANDIDATE = re.compile(r"(?<=[0-9])[-.]?(?:rc|alpha|beta|pre|a|b|c)[-.]?[0-9]+", re.IGNORECASE)


def keeps_candidates(versions: Iterable[Version], final: Version) -> bool:
    """Whether a version's candidates are told of beside it."""
    return any(one.is_prerelease and one.base_version == final.base_version for one in versions)


def taken_over(changelog: str) -> str:
    """Give a changelog with the candidates on top as one section: that of their version, which is not out yet."""
    sections = [one for one in outline(changelog) if one.version is not None]
    tops = list(takewhile(lambda one: _is_like(one, sections[0]), sections))
    if not tops:
        return changelog
    lines = split_lines(changelog)
    dropped = {number for one in tops[1:] for number in range(one.heading.start, _end(one, lines))}
    own = tops[0].heading
    kept = [line for number, line in enumerate(lines) if number >= own.end and number not in dropped]
    text = [*lines[: own.start], *render_heading(lines, own, _title(own.title)), *kept]
    return ("\r\n" if "\r\n" in changelog else "\n").join(text)


def _is_like(section: Section, top: Section) -> bool:
    version, first = section.version, top.version
    if version is None or first is None or not version.is_prerelease:
        return False
    return version.base_version == first.base_version


def _end(section: Section, lines: Sequence[str]) -> int:
    """Give where a section's text begins: below its title, and the empty line that follows it."""
    end = section.heading.end
    return end + (end < len(lines) and not lines[end].strip())


def _title(title: str) -> str:
    """Give the title of a candidate as that of its version, with a word in place of the day."""
    found = re.search(DATE, title)
    pending = title.replace(found[0], OPEN) if found else f"{title} ({OPEN})"
    return CANDIDATE.sub("", pending, count=1)
