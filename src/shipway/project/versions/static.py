"""The static ``[project] version`` in ``pyproject.toml`` (PEP 621)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, parse_toml, project_table
from shipway.project.versions.contract import EXAMPLE, VersionSource, parse_version
from shipway.release.outcomes import ConfigurationError


@dataclass(frozen=True)
class StaticVersion:
    """A version that is written under ``[project]``."""

    text: str
    kind: str = "static"
    place: str = f"{PYPROJECT}, [project] version"
    files: tuple[str, ...] = (PYPROJECT,)

    def read(self) -> Version:
        """Read the version."""
        return version_of(parse_toml(self.text, PYPROJECT))

    def rewrite(self, version: Version) -> Mapping[str, str]:
        """Change the literal and nothing else."""
        return {PYPROJECT: rewrite_version(self.text, version)}

    def build_variables(self, version: Version) -> Mapping[str, str]:
        """Give none: the back-end reads the file."""
        del version
        return {}


def find_static(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find a version that is not dynamic."""
    dynamic = project_table(pyproject).get("dynamic")
    if isinstance(dynamic, list) and "version" in dynamic:
        return None
    version_of(pyproject)
    return StaticVersion(find(PYPROJECT) or "")


def version_of(pyproject: dict[str, Any]) -> Version:
    """Give the static version in a parsed ``pyproject.toml``; `ConfigurationError` where there is none."""
    text = project_table(pyproject).get("version")
    if text is None:
        raise ConfigurationError(f"[project] in {PYPROJECT} has no version", remedy=f"write {EXAMPLE}")
    if not isinstance(text, str):
        raise ConfigurationError(f"the version in {PYPROJECT} is not text", remedy=f"write {EXAMPLE}")
    return parse_version(text, PYPROJECT)


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


def _reads_as(text: str, wanted: dict[str, Any]) -> bool:
    """Tell whether a text parses to exactly these values (by their spelling: not-a-number equals nothing)."""
    try:
        return repr(parse_toml(text, PYPROJECT)) == repr(wanted)
    except ConfigurationError:
        return False
