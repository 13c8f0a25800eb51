"""The version in ``pyproject.toml``: reading it, and writing the next one without touching another byte.

Tables follow the pyproject.toml specification (PEP 621); only a static ``[project] version`` is supported.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import tomlkit
from packaging.version import InvalidVersion, Version
from tomlkit.exceptions import ParseError, TOMLKitError

from shipway.release.outcomes import ConfigurationError

PYPROJECT = "pyproject.toml"
EXAMPLE = 'version = "1.2.3"'
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
LONGEST_SHOWN = 60


def read_pyproject(root: Path) -> dict[str, Any]:
    """Read ``pyproject.toml`` as plain dictionaries."""
    try:
        text = (root / PYPROJECT).read_bytes().decode()
    except FileNotFoundError:
        why = "name, version and configuration of the project are read from it"
        raise ConfigurationError(
            f"there is no {PYPROJECT} here", why=why, remedy="run in the project's folder"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{PYPROJECT} is not UTF-8: byte {error.start}", remedy="save it as UTF-8") from None
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


def _message(error: ParseError) -> str:
    """Give the parser's words without its own place at the end."""
    return str(error).partition(" at line ")[0]


def read_version(root: Path) -> Version:
    """Read the static version of the project."""
    return version_of(read_pyproject(root))


def read_name(root: Path) -> str:
    """Read the project's name, as written."""
    name = _project_table(read_pyproject(root)).get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        what = f"[project] in {PYPROJECT} has no name that an index takes"
        why = "names are letters, digits, dots, dashes and underscores (PEP 508)"
        raise ConfigurationError(what, why=why, remedy=f'write name = "..." under [project] in {PYPROJECT}')
    return name


def version_of(pyproject: dict[str, Any]) -> Version:
    """Give the static version in a parsed ``pyproject.toml``; `ConfigurationError` where there is none."""
    project = _project_table(pyproject)
    dynamic = project.get("dynamic")
    if isinstance(dynamic, list) and "version" in dynamic:
        what = f"[project] in {PYPROJECT} says that its version is dynamic"
        why = "only a static version can be read and raised here, not one that the build makes up"
        raise ConfigurationError(what, why=why, remedy=f'take "version" out of dynamic, and write {EXAMPLE}')
    text = project.get("version")
    if text is None:
        raise ConfigurationError(f"[project] in {PYPROJECT} has no version", remedy=f"write {EXAMPLE}")
    if not isinstance(text, str):
        raise ConfigurationError(f"the version in {PYPROJECT} is not text", remedy=f"write {EXAMPLE}")
    try:
        return Version(text)
    except InvalidVersion:
        what = f"the version in {PYPROJECT} is {text[:LONGEST_SHOWN]!r}"
        why = "installers order versions by PEP 440, and this is none"
        raise ConfigurationError(what, why=why, remedy=f"write a version such as {EXAMPLE}") from None


def rewrite_version(text: str, version: Version) -> str:
    """Give the text of ``pyproject.toml`` with another version, every other character as it was.

    The literal is found by trying: of all that read like the old version, the right one is the one whose
    replacement changes ``[project] version`` and nothing else.
    """
    wanted = parse_toml(text, PYPROJECT)
    version_of(wanted)
    old = wanted["project"]["version"]
    wanted["project"]["version"] = str(version)
    for matched in re.finditer(f"(?P<quote>[\"']){re.escape(old)}(?P=quote)", text):
        edited = f"{text[: matched.start() + 1]}{version}{text[matched.end() - 1 :]}"
        if _reads_as(edited, wanted):
            return edited
    what = f"the version in {PYPROJECT} is written in a way that cannot be edited"
    raise ConfigurationError(what, why="it is spelled with escapes", remedy=f"write it plainly, as {EXAMPLE}")


def write_version(root: Path, version: Version) -> None:
    """Write the version into ``pyproject.toml``: bytes in, bytes out, so that line ends stay as they are."""
    path = root / PYPROJECT
    path.write_bytes(rewrite_version(path.read_bytes().decode(), version).encode())


def _reads_as(text: str, wanted: dict[str, Any]) -> bool:
    """Tell whether a text parses to exactly these values (by their spelling: not-a-number equals nothing)."""
    try:
        return repr(parse_toml(text, PYPROJECT)) == repr(wanted)
    except ConfigurationError:
        return False


def _project_table(pyproject: dict[str, Any]) -> dict[str, Any]:
    project = pyproject.get("project")
    if isinstance(project, dict):
        return project
    what = f"{PYPROJECT} has no [project] table"
    why = "name and version are read from it (PEP 621)"
    raise ConfigurationError(what, why=why, remedy=f"write a [project] table with a name and {EXAMPLE}")
