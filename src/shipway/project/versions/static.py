"""The static ``[project] version`` in ``pyproject.toml`` (PEP 621)."""

from __future__ import annotations

from typing import Any

from packaging.version import Version

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table, parse_toml, project_table
from shipway.project.versions.contract import EXAMPLE, VersionSource, parse_version
from shipway.project.versions.toml_text import toml_place
from shipway.project.versions.written import WrittenVersion, rewrite_places
from shipway.release.outcomes import ConfigurationError


def find_static(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find a version that is not dynamic."""
    project = find_table(pyproject, "project")
    if project is None:
        return None
    dynamic = project.get("dynamic")
    if isinstance(dynamic, list) and "version" in dynamic:
        return None
    if "version" not in project and _is_elsewhere(pyproject):
        return None
    version_of(pyproject)
    place = toml_place(PYPROJECT, find(PYPROJECT) or "", pyproject, "project", "version")
    return WrittenVersion("static", project["version"], (place,))


def version_of(pyproject: dict[str, Any]) -> Version:
    """Give the static version in a parsed ``pyproject.toml``; `ConfigurationError` where there is none."""
    text = project_table(pyproject).get("version")
    if text is None:
        raise ConfigurationError(f"[project] in {PYPROJECT} has no version", remedy=f"write {EXAMPLE}")
    if not isinstance(text, str):
        raise ConfigurationError(f"the version in {PYPROJECT} is not text", remedy=f"write {EXAMPLE}")
    return parse_version(text, PYPROJECT)


def rewrite_version(text: str, version: Version) -> str:
    """Give the text of ``pyproject.toml`` with another version, every other character as it was."""
    document = parse_toml(text, PYPROJECT)
    version_of(document)
    return rewrite_places((toml_place(PYPROJECT, text, document, "project", "version"),), version)[PYPROJECT]


def _is_elsewhere(pyproject: dict[str, Any]) -> bool:
    """Whether a back-end is used that takes a version which ``[project]`` does not even call dynamic."""
    backend = (find_table(pyproject, "build-system") or {}).get("build-backend")
    poetry = find_table(pyproject, "tool", "poetry") or {}
    return backend == "maturin" or "version" in poetry
