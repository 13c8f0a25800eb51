"""Making a section that people have written that of a version that is out: title, day, links; all else as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from packaging.version import Version

from shipway.changelog.headings import LINE_END, VERSION, announced_version, find_headings, split_lines
from shipway.changelog.hints import part_hints
from shipway.changelog.links import DEFINED, move_definitions, split_next
from shipway.changelog.marks import ADDRESSED, ADMONITION, DATED, UNDATED, begins_pending, is_pending, render_day
from shipway.changelog.outline import Section, outline
from shipway.changelog.sections import is_empty
from shipway.changelog.titles import finish_title, render_heading, render_title

LINKED = re.compile(r"\]\((?P<address>[^()\s]*)\)")


def find_written(sections: Sequence[Section], version: Version) -> Section | None:
    """Find the section that is a version's own: one that announces it, else the entries that no version has yet.

    What announces another version and says that it is not out is taken too: then people changed their minds.
    """
    own = (one for one in sections if one.version is not None and _is_for(one.version, version, marked=one.marked))
    found = next(own, None)
    if found is not None:
        return found
    waiting = find_waiting(sections)
    if waiting is None or (waiting.version is not None and not waiting.marked):
        return None
    return waiting


def find_waiting(sections: Sequence[Section]) -> Section | None:
    """Find what the next version tells: entries above all versions, else the section that stands first of these."""
    above = next((one for one in sections if one.version is None and not one.is_empty), None)
    return above or next((one for one in sections if one.version is not None), None)


def promote(changelog: str, section: Section, version: Version, day: date) -> str:
    """Give the changelog with a section as that of a version that comes out on a day.

    What stood above all versions stands there again, and is empty but for what tells people how to write there.
    """
    if not section.marked and section.version == version:
        return changelog
    lines = _with_ends(changelog)
    end = "\r\n" if "\r\n" in changelog else "\n"
    like = next((one for one in outline(changelog) if one.version is not None and not one.marked), None)
    own = section.heading
    title = _title(section, like, version, day)
    heading = [f"{line}{end}" for line in render_heading(split_lines(changelog), own, title)]
    body = _body(lines, section, like, day, end)
    fresh: list[str] = []
    if section.version is None:
        kept, body = part_hints(lines[own.end : section.end], end)[0], part_hints(body, end)[1]
        fresh = [*_fresh(lines[own.start : own.end], _name_in(title, version)), *kept, end]
    text = [*lines[: own.start], *fresh, *heading, *body, *lines[section.end :]]
    linked = "[" in title or "_" in title
    return "".join(move_definitions(text, version, _name_in(title, version), end) if linked else text)


def _is_for(announced: Version, version: Version, *, marked: bool) -> bool:
    """Tell whether a section is a version's; one that is not out yet also gathers what its pre-releases tell."""
    if announced == version:
        return True
    return (
        marked
        and announced.release == version.release
        and announced.epoch == version.epoch
        and not announced.is_postrelease
    )


def _title(section: Section, like: Section | None, version: Version, day: date) -> str:
    old = section.heading.title
    if section.version is None:
        if like is None:
            return _first_title(section, version, day)
        return _linked(render_title(like.heading, version, day), old, version)
    announced = announced_version(old)
    says_so = announced is not None and (is_pending(announced.rest) or begins_pending(old))
    if like is not None and announced is not None and (says_so or section.version.is_devrelease):
        return render_title(like.heading, version, day)
    return finish_title(old, version, day)


def _first_title(section: Section, version: Version, day: date) -> str:
    """Give the title of a changelog's first version, by that of what is not released."""
    old, is_rst = section.heading.title, section.heading.style != "#"
    if old.startswith("["):
        return _linked(f"[{version}] - {day}", old, version)
    return f"{version} ({day})" if is_rst else f"{version} - {day}"


def _linked(title: str, unreleased: str, version: Version) -> str:
    """Give a title the link to its changes that what was not released had, moved on."""
    found = LINKED.search(unreleased)
    split = split_next(found["address"], _name_in(title, version)) if found else None
    if split is None:
        return title
    if "](" in title:
        return LINKED.sub(lambda _: f"]({split[0]})", title, count=1)
    return title.replace("]", f"]({split[0]})", 1)


def _fresh(heading: Sequence[str], name: str) -> list[str]:
    """Give the heading of what is not released once more, its link moved on."""
    lines: list[str] = []
    grown = 0
    for line in heading:
        found = LINKED.search(line) or ADDRESSED.search(line)
        split = split_next(found["address"], name) if found else None
        moved = line.replace(found["address"], split[1]) if found and split else f"{line[:1] * grown}{line}"
        grown = max(0, len(moved) - len(line)) if found else 0
        lines.append(moved)
    return lines


def _body(lines: Sequence[str], section: Section, like: Section | None, day: date, end: str) -> list[str]:
    """Give what stands below the title: dated as other versions are, and without headings that hold no entry."""
    body = list(lines[section.heading.end : section.end])
    place = 0 if section.note is None else section.note - section.heading.end
    if section.note is not None and ADMONITION.fullmatch(body[place].strip()):
        del body[place : place + 1 + (body[place + 1 : place + 2] == [end])]
    elif section.note is not None and section.marked:
        body[place] = _note(body[place], _note_of(lines, like), day)
    elif section.note is None and (other := _note_of(lines, like)) is not None:
        body = [end, DATED.sub(lambda found: _redated(found, day), other) + end, *(body or [end])]
    return _without_empty(body) if section.version is None else body


def _note_of(lines: Sequence[str], like: Section | None) -> str | None:
    """Give the line below another version's title that says when it came out."""
    if like is None or like.note is None:
        return None
    line = lines[like.note].rstrip("\r\n")
    return line if DATED.fullmatch(line.strip()) else None


def _note(line: str, other: str | None, day: date) -> str:
    """Give a line that said that the version is not out with the day, in the form of another version's."""
    text = line.rstrip("\r\n")
    if other is not None:
        return DATED.sub(lambda found: _redated(found, day), other) + line[len(text) :]
    found = UNDATED.fullmatch(text.strip())
    if found is None:
        return line
    bare = found["mark"].lower() == found[0].strip("*_()[] ").lower() and "released" in found["mark"].lower()
    return text.replace(found["mark"], f"Released {day}" if bare else str(day), 1) + line[len(text) :]


def _redated(found: re.Match[str], day: date) -> str:
    return found[0].replace(found["date"], render_day(found["date"], day))


def _without_empty(body: Sequence[str]) -> list[str]:
    """Leave out headings below which nothing stands, where others hold entries."""
    plain = [line.rstrip("\r\n") for line in body]
    headings = find_headings(plain)
    dropped: set[int] = set()
    for place, heading in enumerate(headings):
        after = next((other.start for other in headings[place + 1 :] if other.level <= heading.level), len(body))
        links = {number for number in range(heading.end, after) if DEFINED.fullmatch(plain[number])}
        if is_empty("\n".join(plain[number] for number in range(heading.end, after) if number not in links)):
            dropped |= set(range(heading.start, after)) - links
    return [line for number, line in enumerate(body) if number not in dropped]


def _name_in(title: str, version: Version) -> str:
    """Give a version as a title spells it, without a letter before it."""
    for found in VERSION.finditer(title):
        announced = announced_version(found[1].rstrip(".-_"))
        if announced is not None and announced.version == version:
            return found[1].rstrip(".-_")
    return str(version)


def _with_ends(text: str) -> list[str]:
    """Split a text into lines that keep their ends; there are as many as `split_lines` gives."""
    places = [0, *(found.end() for found in LINE_END.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(places)]
