"""``pyproject.toml``: reading it, and the project's name in it (PEP 621)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from shipway.project.files import Find, in_folder
from shipway.release.outcomes import ConfigurationError

PYPROJECT = "pyproject.toml"
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


def read_pyproject(root: Path) -> dict[str, Any]:
    """Read ``pyproject.toml`` of a folder as plain dictionaries."""
    return parse_pyproject(in_folder(root))


def parse_pyproject(find: Find) -> dict[str, Any]:
    """Read ``pyproject.toml`` as plain dictionaries."""
    text = find(PYPROJECT)
    if text is None:
        why = "name, version and configuration of the project are read from it"
        raise ConfigurationError(f"there is no {PYPROJECT} here", why=why, remedy="run in the project's folder")
    return parse_toml(text, PYPROJECT)


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Parse TOML into plain dictionaries (a byte order mark may stand first); errors call it ``file``."""
    try:
        return tomlkit.parse(text.removeprefix("\ufeff")).unwrap()
    except ParseError as error:
        what = f"{file} is broken: {_message(error)} (line {error.line}, column {error.col})"
        raise ConfigurationError(what, remedy=f"mend line {error.line} of {file}") from None
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file} is broken: {error}", remedy=f"mend {file}") from None


def read_name(root: Path) -> str:
    """Read the project's name, as written."""
    return name_of(read_pyproject(root))


def name_of(pyproject: dict[str, Any]) -> str:
    """Give the project's name in a parsed ``pyproject.toml``, as written."""
    name = project_table(pyproject).get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        what = f"[project] in {PYPROJECT} has no name that an index takes"
        why = "names are letters, digits, dots, dashes and underscores (PEP 508)"
        raise ConfigurationError(what, why=why, remedy=f'write name = "..." under [project] in {PYPROJECT}')
    return name


def project_table(pyproject: dict[str, Any]) -> dict[str, Any]:
    """Give the ``[project]`` table; `ConfigurationError` where there is none."""
    project = pyproject.get("project")
    if isinstance(project, dict):
        return project
    what = f"{PYPROJECT} has no [project] table"
    why = "name and version are read from it (PEP 621)"
    raise ConfigurationError(what, why=why, remedy='write a [project] table with a name and version = "1.2.3"')


def find_table(document: dict[str, Any], *names: str) -> dict[str, Any] | None:
    """Give a table within tables; None where any of them is missing or no table."""
    found: object = document
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _message(error: ParseError) -> str:
    """Give the parser's words without its own place at the end."""
    return str(error).partition(" at line ")[0]
