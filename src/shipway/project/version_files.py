"""Further files that spell the version: those of ``version-files``, and those that other release tools are told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from packaging.version import InvalidVersion, Version

from shipway.project.files import Find
from shipway.project.pyproject import find_table, parse_toml
from shipway.project.versions.by_pattern import compile_pattern, places_of
from shipway.project.versions.contract import VersionSource, require_inside
from shipway.project.versions.json_text import json_place
from shipway.project.versions.python_text import parse_python
from shipway.project.versions.spelling import SEMVER_TEXT, SHORTENED, TEXT, spell, spell_semver
from shipway.project.versions.tags import TaggedVersion
from shipway.project.versions.toml_text import toml_place
from shipway.project.versions.written import Place, WrittenVersion
from shipway.release.outcomes import ConfigurationError

KEY = "version-files"
SETTING = f"{KEY} in [tool.shipway]"
VERSION = r"[0-9]+(?:\.[0-9]+)*(?:[-._]?(?:alpha|beta|rc|post|dev|a|b|c)[-._]?[0-9]*)*(?:\+[0-9A-Za-z.]+)?"
CITATION = re.compile(rf"^version[ \t]*:[ \t]*[\"']?v?(?P<version>{VERSION})[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
LINE = re.compile(r"[^\n]+")
MOST_PLACES = 200
"""Places of one file; more are no file of a version."""


@dataclass(frozen=True)
class Named:
    """A file that somebody says spells the version: how to find it there, and who says so."""

    path: str
    by: str
    keys: tuple[str, ...] = ()
    pattern: str = ""
    """A regular expression with a group that is named version."""
    lines: str = ""
    """A regular expression for the lines that count."""
    block: tuple[str, ...] = ()
    """What begins and what ends a block whose lines count too."""
    required: bool = False
    note: bool = False
    """Whether a tool notes there for itself what it released last."""


def with_further(source: VersionSource, pyproject: dict[str, Any], find: Find) -> VersionSource:
    """Give the source with all further files that spell its version."""
    from shipway.project.version_tools import named_by_tools

    own = tuple(_own(pyproject))
    if isinstance(source, TaggedVersion):
        return replace(source, places=tuple(place for place, _ in _places(own, None, "", (), find)))
    if not isinstance(source, WrittenVersion):
        return source
    try:
        current = Version(source.told)
    except InvalidVersion:
        return source  # which says so itself when it is read
    named = (*own, *named_by_tools(pyproject, find))
    further = list(_places(named, current, source.told, source.places, find))
    stale = tuple(place for place, note in further if note and not place.agrees(current))
    places = tuple(place for place, _ in further if place not in stale)
    return replace(source, places=(*source.places, *places), stale=stale)


def _own(pyproject: dict[str, Any]) -> Iterator[Named]:
    """Give the files of ``version-files``: a path, or a path and a regular expression after a colon."""
    given = (find_table(pyproject, "tool", "shipway") or {}).get(KEY, [])
    for item in given if isinstance(given, list) else ():
        if isinstance(item, str):
            path, _, pattern = item.partition(":")
            yield Named(require_inside(path.strip(), SETTING), SETTING, pattern=pattern.strip(), required=True)


def _places(
    named: tuple[Named, ...], current: Version | None, told: str, taken: tuple[Place, ...], find: Find
) -> Iterator[tuple[Place, bool]]:
    """Give the places of all files, each once, and whether it is a tool's own note."""
    held = [(place.path, place.start, place.end) for place in taken]
    for entry in named:
        try:
            found = list(_places_of(entry, current, told, find))
        except ConfigurationError:
            if entry.required:
                raise
            continue  # theirs, and broken: their own tool says so
        if not found and entry.required:
            shown = f"nothing in it matches {entry.pattern}" if entry.pattern else f"it does not hold {told or 'one'}"
            what = f"{entry.path} has no version, and {entry.by} names it"
            remedy = f'give a pattern, as "{entry.path}:version = (?P<version>.+)", or take it out of {KEY}'
            raise ConfigurationError(what, why=shown, remedy=remedy)
        for place in found[:MOST_PLACES]:
            if not any(path == place.path and start < place.end and place.start < end for path, start, end in held):
                held.append((place.path, place.start, place.end))
                yield place, entry.note


def _places_of(entry: Named, current: Version | None, told: str, find: Find) -> Iterator[Place]:
    text = find(entry.path)
    if text is None:
        if entry.required:
            what = f"{entry.path} is not there, and {entry.by} names it"
            raise ConfigurationError(what, remedy=f"add it, or take it out of {KEY}")
        return
    label = entry.path.rpartition("/")[2] if entry.required and not entry.pattern else entry.by
    if entry.keys:
        yield from _by_keys(entry, text, label)
    elif entry.pattern:
        found = places_of(entry.path, text, compile_pattern(entry.pattern, "version", entry.by), "version", label)
        yield from _judged([_formed(place) for place in found], current)
    elif entry.lines:
        yield from _by_lines(entry, text, current, label)
    else:
        yield from _known(entry.path, text, current) or _literally(entry.path, text, current, told, label)


def _by_keys(entry: Named, text: str, label: str) -> Iterator[Place]:
    """Give the text under some keys; nothing where another tool names keys that are not there."""
    if entry.path.endswith(".json"):
        yield replace(json_place(entry.path, text, entry.keys), label=label)
        return
    document = parse_toml(text, entry.path)
    told = (find_table(document, *entry.keys[:-1]) or {}).get(entry.keys[-1])
    if isinstance(told, str) and re.fullmatch(f"v?{VERSION}", told, re.IGNORECASE):
        form = SEMVER_TEXT if entry.path.endswith("Cargo.toml") else TEXT
        yield replace(toml_place(entry.path, text, document, *entry.keys, form=form), label=label)


def _by_lines(entry: Named, text: str, current: Version | None, label: str) -> Iterator[Place]:
    """Give the versions of the lines that a pattern finds."""
    lines = compile_pattern(entry.lines, 0, entry.by)
    version = re.compile(rf"(?<![0-9A-Za-z.])(?P<version>{VERSION})(?![0-9A-Za-z])")
    found = [
        Place(entry.path, text, *one.span("version"), label)
        for line in _lines_of(text, lines, entry.block)  # and no other: a lock file holds thousands of versions
        for one in version.finditer(text, *line.span())
    ]
    yield from _judged([_formed(place) for place in found], current)


def _lines_of(text: str, lines: re.Pattern[str], block: tuple[str, ...]) -> Iterator[re.Match[str]]:
    """Give the lines that a pattern finds, and those between what begins a block and what ends it."""
    is_within = False
    for line in LINE.finditer(text):
        is_within = block[0] in line[0] or (is_within and block[1] not in line[0]) if block else False
        if is_within or lines.search(line[0]):
            yield line


def _judged(found: list[Place], current: Version | None) -> list[Place]:
    """Give the places at the current version; else the one that there is, which disagrees."""
    agreeing = [place for place in found if current is not None and place.agrees(current)]
    return agreeing or (found if len(found) == 1 or current is None else [])


def _known(path: str, text: str, current: Version | None) -> list[Place]:
    """Give the places of a file that is known by its name."""
    name = path.rpartition("/")[2].lower()
    if name == "citation.cff":
        return list(places_of(path, text, CITATION, "version", "version"))[:1]
    if name in ("package.json", "codemeta.json"):
        return [json_place(path, text, ("version",))]
    if name == "cargo.toml":
        return list(_by_keys(Named(path, path, keys=("package", "version"), required=True), text, "[package] version"))
    if name == "conf.py":
        return [_formed(place, current) for place in _assigned(path, text, ("release", "version"))]
    return []


def _assigned(path: str, text: str, names: tuple[str, ...]) -> Iterator[Place]:
    """Give the plain texts that a module assigns to these names."""
    module = parse_python(path, text)
    for name in names:
        values = module.assigned.get(name, [])
        value = values[0] if len(values) == 1 else None
        span = module.literal(value) if value is not None else None
        if span is None and module.tree is None:
            span = next((place for _, place in module.lines(name)), None)
        if span is not None and text[slice(*span)]:
            yield Place(path, text, *span, name)


def _literally(path: str, text: str, current: Version | None, told: str, label: str) -> list[Place]:
    """Give every place at which the current version stands, in one of its spellings."""
    if current is None:
        return []
    spellings = {told, str(current)}
    if not (current.is_postrelease or current.epoch or current.local):
        spellings |= {spell_semver(current, "0.0.0"), spell(current, "0.0.0-rc1")}
    either = "|".join(re.escape(found) for found in sorted(spellings, key=len, reverse=True) if found)
    pattern = re.compile(rf"(?<![0-9A-Za-z.])v?(?P<version>{either})(?![0-9A-Za-z]|\.[0-9])")
    return [_formed(place) for place in places_of(path, text, pattern, "version", label)]


def _formed(place: Place, current: Version | None = None) -> Place:
    """Give a place its way of writing: SemVer in JSON, the first parts where only they stand."""
    if place.path.endswith(".json"):
        return replace(place, form=SEMVER_TEXT)
    parts = place.written.split(".")
    if current is not None and len(parts) < len(current.release) and all(part.isdecimal() for part in parts):
        return replace(place, form=SHORTENED)
    return place
