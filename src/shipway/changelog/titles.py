"""A version's title, in the form of another one's: its words, its date, its link and the line below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from packaging.version import InvalidVersion, Version

from shipway.changelog.headings import VERSION, Heading, announced_version
from shipway.changelog.links import move_address
from shipway.changelog.marks import ADDRESSED, BLANK, DATE, STRONG, WEAK, render_day

TARGET = re.compile(r"\((?P<address>[^()]*)\)|\[[^\[\]]*\]")
CLOSING = re.compile(r"[\]*_`]*")
ENDING = re.compile(r"(?:[)\]*_`]|</[a-z]+>)*(?: *\{[^{}]*\}$)?")
DEVELOPMENT = re.compile(r"[-._]?dev[0-9]*", re.IGNORECASE)


def render_title(like: Heading | None, version: Version, day: date) -> str:
    """Give a version's title, in the form of another version's; a link in that one is moved on or left out."""
    if like is None:
        return f"[{version}] - {day}"
    title = _readdressed(like.title, version, day) if ADDRESSED.search(like.title) else _alike(like.title, version, day)
    announced = announced_version(title)
    return title if announced is not None and announced.version == version else f"{version} ({day})"


def finish_title(title: str, version: Version, day: date) -> str:
    """Give the title of a version that was not out with the day on which it comes out."""
    title = re.sub(rf"^(?:{STRONG})[ \t]+(?=\S)", "", title, flags=re.IGNORECASE)
    finished = re.sub(rf"(?<![A-Za-z0-9])(?:{BLANK}|{STRONG})(?![A-Za-z0-9])", str(day), title, flags=re.IGNORECASE)
    finished = re.sub(rf"(?<=\()(?:{WEAK})(?=\))", str(day), finished, flags=re.IGNORECASE)
    finished = re.sub(rf"({day})(?:[,; ]+{day})+", r"\1", finished)
    found = next((one for one in VERSION.finditer(finished) if _parsed(_spelled(one)) is not None), None)
    announced = announced_version(finished)
    if announced is not None and announced.version == version:
        return finished
    if found is None or announced is None:
        return f"{version} ({day})"
    return f"{finished[: found.start(1)]}{version}{finished[found.start(1) + len(_spelled(found)) :]}"


def render_heading(lines: Sequence[str], like: Heading, title: str) -> list[str]:
    """Give the lines of a heading with another title, in the form of one that stands in these lines."""
    if like.style == "#":
        hashes = lines[like.start].removeprefix("\ufeff")[: like.level]
        return [f"{hashes} {title}"]
    if not like.style:
        return [title]
    above = len(like.style) > 1
    old, rule = lines[like.start + above], lines[like.end - 1].rstrip()
    inset = len(old) - len(old.lstrip()) if above else 0
    surplus = len(rule) - len(old.strip())
    width = len(title) + surplus if surplus in (0, 2 * inset) else max(len(rule), len(title) + 2 * inset)
    line = like.style[0] * max(width, 3)
    return [*([line] if above else []), " " * inset + title, line]


def spell_like(other: str, version: Version) -> str:
    """Spell a version with the leading zeros of another one: 25.04 after 24.10 has none, after 24.04 it has."""
    text = str(version)
    numbers = other.split(".")
    if not any(len(part) > 1 and part.startswith("0") and part.isdigit() for part in numbers):
        return text
    parts = text.split(".")
    wide = {place for place, part in enumerate(numbers) if len(part) == 2 and part.startswith("0")}
    return ".".join(part.zfill(2) if place in wide else part for place, part in enumerate(parts))


def _readdressed(title: str, version: Version, day: date) -> str:
    """Give a title that is a link in reStructuredText with another version and its address; without one no link."""
    found, bare = ADDRESSED.search(title), ADDRESSED.sub("", title)
    alike, announced = _alike(bare, version, day), announced_version(bare)
    old = next(
        (_spelled(one) for one in VERSION.finditer(bare) if announced and _parsed(_spelled(one)) == announced.version),
        "",
    )
    moved = move_address(found["address"], old, spell_like(old, version)) if found and old else ""
    return re.sub("`([^`]*)`(__?)", rf"`\1 <{moved}>`\2" if moved else r"\1", alike, count=1)


def _alike(title: str, version: Version, day: date) -> str:
    """Replace version and date in a title, and let go of what follows them."""
    announced = announced_version(title)
    for found in VERSION.finditer(title):
        spelled = _spelled(found)
        if announced is None or _parsed(spelled) != announced.version:
            continue
        before, after = title[: found.start(1)], title[found.start(1) + len(spelled) :]
        name = spell_like(spelled, version)
        closing, target, rest = _after(after, spelled, name)
        dated = re.search(DATE, rest)
        if dated is None:
            return f"{before}{name}{closing}{target}"
        ending = ENDING.match(rest, dated.end())
        closed = ending[0].replace(spelled, name) if ending else ""
        ends = f"{rest[: dated.start()]}{render_day(dated[0], day)}{closed}"
        return f"{before}{name}{closing}{target}{ends}"
    return ""


def _after(after: str, spelled: str, name: str) -> tuple[str, str, str]:
    """Split what follows a version into the marks that close it, the link's target (moved on), and the rest."""
    closed = CLOSING.match(after)
    closing = closed[0] if closed else ""
    rest = after[len(closing) :]
    target = TARGET.match(rest) if "]" in closing else None
    if target is None:
        return closing, "", rest
    moved = move_address(target["address"] or "", spelled, name)
    more = CLOSING.match(rest, target.end())
    end = more.end() if more else target.end()
    return closing, (f"({moved})" if moved else "") + rest[target.end() : end], rest[end:]


def _spelled(found: re.Match[str]) -> str:
    return found[1].rstrip(".-_")


def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
