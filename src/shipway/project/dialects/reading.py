"""Reading what other tools are configured by: whatever is not as it should be counts as not said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, parse_toml
from shipway.release.outcomes import ConfigurationError

LARGEST = 1_000_000
"""Characters of a configuration that is read."""
Options = Mapping[str, Any]


def read_text(find: Find, name: str) -> str:
    """Give a file's text; "" where there is none that can be read."""
    try:
        text = find(name) or ""
    except (ConfigurationError, OSError):
        return ""
    return text if len(text) <= LARGEST else ""


def is_there(find: Find, name: str) -> bool:
    """Whether there is a file, even one that nobody can read."""
    try:
        return find(name) is not None
    except (ConfigurationError, OSError):
        return True


def read_toml(find: Find, name: str) -> dict[str, Any]:
    """Give a TOML file; empty where there is none, or it is broken."""
    text = read_text(find, name)
    try:
        return parse_toml(text, name) if text else {}
    except ConfigurationError:
        return {}


def read_tool(find: Find, name: str) -> dict[str, Any] | None:
    """Give a tool's table of ``pyproject.toml``; None where it has none."""
    if name not in read_text(find, PYPROJECT):
        return None  # most have it not, and parsing takes its time
    return table(table(read_toml(find, PYPROJECT), "tool") or {}, name)


def read_json(find: Find, name: str) -> dict[str, Any]:
    """Give a JSON file's object; empty where there is none, or it is broken."""
    text = read_text(find, name)
    if not text:
        return {}
    import json

    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_ini(find: Find, name: str, section: str) -> dict[str, Any] | None:
    """Give a section of an INI file; None where it has none."""
    text = read_text(find, name)
    if f"[{section}]" not in text:
        return None
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return dict(parser[section]) if parser.has_section(section) else None


def table(options: Options, name: str) -> dict[str, Any] | None:
    """Give a table within a table; None where there is none."""
    found = options.get(name)
    return found if isinstance(found, dict) else None


def word(options: Options, name: str, default: str = "") -> str:
    """Give a text."""
    found = options.get(name)
    return found if isinstance(found, str) else default


def flag(options: Options, name: str, *, default: bool) -> bool:
    """Give a flag, which INI files write as a text."""
    found = options.get(name, default)
    if isinstance(found, str):
        return found.strip().lower() in ("true", "1", "yes", "on")
    return found if isinstance(found, bool) else default


def words(options: Options, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Give a list of texts, which INI files write as one text with commas."""
    found = options.get(name)
    if isinstance(found, str):
        return tuple(part.strip() for part in re.split(r"[,\n]", found) if part.strip())
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, (list, tuple)) else default


def compiled(pattern: object, flags: int = 0) -> re.Pattern[str] | None:
    """Compile a tool's pattern; None where it is none, or written for another engine."""
    if not isinstance(pattern, str):
        return None
    try:
        return re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError):
        return None
