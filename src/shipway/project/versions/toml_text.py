"""A text in a TOML file, found to the character by its keys, so that it can be changed and nothing else."""

from __future__ import annotations

import re
from typing import Any

from shipway.project.pyproject import parse_toml
from shipway.project.versions.contract import EXAMPLE
from shipway.project.versions.spelling import TEXT, Form
from shipway.project.versions.written import Place
from shipway.release.outcomes import ConfigurationError

MANY_LINES = re.compile("\"\"\"|'''")
HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
DOT = r"[ \t]*\.[ \t]*"
MOST_TRIED = 40
CHANGED = "0!0"


def toml_place(path: str, text: str, document: dict[str, Any], *keys: str, form: Form = TEXT) -> Place:
    """Give the place of a text that stands under these keys of a parsed file."""
    value: Any = document
    for key in keys:
        value = value[key]
    span = _plainly(text, keys, value) or _by_trying(path, text, keys, value)
    label = f"[{'.'.join(keys[:-1])}] {keys[-1]}" if keys[:-1] else keys[-1]
    return Place(path, text, *span, label, form)


def _plainly(text: str, keys: tuple[str, ...], value: str) -> tuple[int, int] | None:
    """Find the value as nearly everyone writes it: one header, one line for the key, no texts of many lines."""
    if MANY_LINES.search(text):
        return None
    start = 0
    if keys[:-1]:
        dotted = DOT.join(map(re.escape, keys[:-1]))
        found = list(re.finditer(rf"^\ufeff?[ \t]*\[[ \t]*{dotted}[ \t]*\][ \t]*(?:#.*)?\r?$", text, re.MULTILINE))
        if len(found) != 1:
            return None
        start = found[0].end()
    following = HEADER.search(text, start)
    end = following.start() if following else len(text)
    line = rf"^\ufeff?[ \t]*{re.escape(keys[-1])}[ \t]*=[ \t]*(?P<quote>[\"'])(?P<value>.*?)(?P=quote)"
    lines = list(re.compile(line, re.MULTILINE).finditer(text, start, end))
    if len(lines) == 1 and lines[0]["value"] == value:
        return lines[0].span("value")
    return None


def _by_trying(path: str, text: str, keys: tuple[str, ...], value: str) -> tuple[int, int]:
    """Find the value however it is written.

    Of all that read like it, the right one is the one whose replacement changes the value and nothing else.
    """
    wanted = parse_toml(text, path)
    table = wanted
    for key in keys[:-1]:
        table = table[key]
    table[keys[-1]] = CHANGED
    tried = list(re.finditer(f"(?P<quote>[\"']){re.escape(value)}(?P=quote)", text))
    tried.sort(key=lambda found: not re.search(rf"{re.escape(keys[-1])}[\"']?[ \t]*=[ \t]*\Z", text[: found.start()]))
    for found in tried[:MOST_TRIED]:
        start, end = found.start() + 1, found.end() - 1
        if _reads_as(path, f"{text[:start]}{CHANGED}{text[end:]}", wanted):
            return start, end
    what = f"the {keys[-1]} in {path} is written in a way that cannot be edited"
    raise ConfigurationError(what, why="it is spelled with escapes", remedy=f"write it plainly, as {EXAMPLE}")


def _reads_as(path: str, text: str, wanted: dict[str, Any]) -> bool:
    """Tell whether a text parses to exactly these values (by their spelling: not-a-number equals nothing)."""
    try:
        return repr(parse_toml(text, path)) == repr(wanted)
    except ConfigurationError:
        return False
