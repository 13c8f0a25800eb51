"""A list in which versions and entries are items, as the Sphinx extension ``releases`` has them, the newest first.

An item begins with a role: ``:release:`1.3.0 <2026-11-22>```, ``:bug:`42```, ``:feature:`-``` or ``:support:`7```. A
version that mends gets bugs, and what is ``backported``; any other gets features, support, bugs that are ``major``, and
the bugs that no version had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from shipway.changelog.headings import split_lines
from shipway.release.version import find_version

ROLE = re.compile(r"(?P<bullet>[-*])[ \t]+:(?P<role>release|bug|feature|support):`(?P<told>[^`]*)`")
RELEASE = "release"
MAJOR, BACKPORTED = re.compile(r"\bmajor\b"), re.compile(r"\bbackported\b")


@dataclass(frozen=True)
class Item:
    """One item: its role and what the role holds, and the lines that it takes."""

    role: str
    told: str
    start: int
    end: int
    bullet: str = "-"

    @property
    def version(self) -> Version | None:
        """The version that it says is out."""
        return find_version(self.told.split(" ")[0]) if self.role == RELEASE else None

    @property
    def mends(self) -> bool:
        """Whether it goes into versions that only mend."""
        return MAJOR.search(self.told) is None if self.role == "bug" else BACKPORTED.search(self.told) is not None


def read_items(text: str) -> list[Item]:
    """Give the items, from the top down."""
    return list(_items(split_lines(text)))


def find_entries(items: Sequence[Item], version: Version | None = None) -> list[Item]:
    """Give the entries that wait for a version, or for whatever comes next."""
    out = [one for one in items if one.version is not None and (version is None or one.version < version)]
    newest = max((one.version for one in out if one.version), default=None)
    begun = [one for one in out if newest and one.version and one.version.release[:2] == newest.release[:2]]
    fixes_end = next((one.start for one in begun if one.version == newest), None)
    others_end = begun[-1].start if begun else None
    mending = version is not None and len(version.release) > 2 and version.release[2] > 0
    found = []
    for item in items:
        end = fixes_end if item.mends else others_end
        if item.role != RELEASE and (end is None or item.start < end) and (item.mends or not mending):
            found.append(item)
    return found


def level_of_entries(entries: Sequence[Item]) -> str:
    """Give the level that entries ask for: "minor" where one does more than mend; "" for none."""
    return "" if not entries else "patch" if all(one.mends for one in entries) else "minor"


def render_items(text: str, entries: Sequence[Item]) -> str:
    """Give entries as they stand in the text."""
    lines = split_lines(text)
    return "\n".join("\n".join(lines[one.start : one.end]).rstrip() for one in entries)


def insert_release(text: str, items: Sequence[Item], version: Version, day: date) -> str:
    """Give the text with the item of a version that comes out, above all others."""
    lines, end = split_lines(text), "\r\n" if "\r\n" in text else "\n"
    if not items or any(one.version == version for one in items):
        return text
    first = items[0]
    line = f"{first.bullet} :release:`{version} <{day}>`"
    return end.join([*lines[: first.start], line, *lines[first.start :]])


def _items(lines: Sequence[str]) -> Iterator[Item]:
    """Give the items; one ends where something else stands at the margin."""
    for start, line in enumerate(lines):
        found = ROLE.match(line)
        if found is None:
            continue
        after = range(start + 1, len(lines))
        end = next((n for n in after if lines[n].strip() and not lines[n][0].isspace()), len(lines))
        yield Item(found["role"], found["told"], start, end, found["bullet"])
