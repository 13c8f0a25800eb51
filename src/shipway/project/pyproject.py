"""``pyproject.toml``: reading it, and the project's name in it (PEP 621)."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from shipway.project.files import Find, in_folder
from shipway.release.outcomes import ConfigurationError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYPROJECT = "pyproject.toml"
OLDER = ("setup.py", "setup.cfg")
"""What tells name and version of projects that have nothing of them in ``pyproject.toml``."""
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")
END = "(at end of document)"
"""Where the parser says that the fault is: at the end of its words."""


def read_pyproject(root: Path) -> dict[str, Any]:
    """Read ``pyproject.toml`` of a folder as plain dictionaries."""
    return parse_pyproject(in_folder(root))


def parse_pyproject(find: Find) -> dict[str, Any]:
    """Read ``pyproject.toml`` as plain dictionaries; empty where setup.py or setup.cfg stands instead of it."""
    text = find(PYPROJECT)
    if text is not None:
        return parse_toml(text, PYPROJECT)
    if all(find(name) is None for name in OLDER):
        why = "name, version and configuration of the project are read from it, or from setup.cfg and setup.py"
        raise ConfigurationError(f"there is no {PYPROJECT} here", why=why, remedy="run in the project's folder")
    return {}


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Parse TOML into plain dictionaries (a byte order mark may stand first); errors call it ``file``."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        message, line = _place(str(error), text)
        remedy = f"mend line {line} of {file}" if line else f"mend {file}"
        raise ConfigurationError(f"{file} is broken: {message}", remedy=remedy) from None


def _place(message: str, text: str) -> tuple[str, int]:
    """Give the parser's words with line and column in our spelling, and the line; 0 where they name none."""
    place = PLACE.search(message)
    if place is not None:
        line, column = int(place[1]), int(place[2])
    elif message.endswith(END):
        lines = text.splitlines() or [""]
        line, column = len(lines), len(lines[-1]) + 1
    else:
        return message, 0
    return f"{message.rpartition(' (at ')[0]} (line {line}, column {column})", line


def read_name(root: Path) -> str:
    """Read the project's name, as written."""
    return find_name(in_folder(root))


def find_name(find: Find) -> str:
    """Find the project's name, as written: in ``pyproject.toml``, or where older and other build back-ends have it."""
    pyproject = parse_pyproject(find)
    if isinstance(find_table(pyproject, "project"), dict):
        return name_of(pyproject)
    from shipway.project.versions.names import name_elsewhere

    name = name_elsewhere(pyproject, find)
    if name is None and any(find(older) is not None for older in OLDER):
        what = f"neither {PYPROJECT} nor setup.cfg nor setup.py tells the project's name as a plain text"
        raise ConfigurationError(what, remedy='write name="..." into setup() of setup.py')
    return name_of(pyproject) if name is None else _require_name(name, "the project")


def name_of(pyproject: dict[str, Any]) -> str:
    """Give the project's name in a parsed ``pyproject.toml``, as written."""
    return _require_name(project_table(pyproject).get("name"), f"[project] in {PYPROJECT}")


def _require_name(name: object, place: str) -> str:
    """Give a name that an index takes; `ConfigurationError` for anything else."""
    if isinstance(name, str) and NAME.fullmatch(name):
        return name
    why = "names are letters, digits, dots, dashes and underscores (PEP 508)"
    remedy = f'write name = "..." under [project] in {PYPROJECT}'
    raise ConfigurationError(f"{place} has no name that an index takes", why=why, remedy=remedy)


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
