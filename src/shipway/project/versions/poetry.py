"""The version under ``[tool.poetry]``."""

from __future__ import annotations

from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table
from shipway.project.versions.contract import EXAMPLE, VersionSource
from shipway.project.versions.toml_text import toml_place
from shipway.project.versions.written import WrittenVersion
from shipway.release.outcomes import ConfigurationError


def find_poetry(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find the version that Poetry reads; `ConfigurationError` where its table has none."""
    table = find_table(pyproject, "tool", "poetry")
    if table is None or ("version" not in table and not _is_needed(pyproject)):
        return None
    told = table.get("version")
    if not isinstance(told, str):
        what = f"[tool.poetry] in {PYPROJECT} has no version that is text"
        raise ConfigurationError(what, remedy=f"write {EXAMPLE} under [tool.poetry]")
    place = toml_place(PYPROJECT, find(PYPROJECT) or "", pyproject, "tool", "poetry", "version")
    return WrittenVersion("poetry", told, (place,))


def _is_needed(pyproject: dict[str, Any]) -> bool:
    """Whether Poetry builds the project, and its own table tells the name."""
    backend = (find_table(pyproject, "build-system") or {}).get("build-backend")
    told = "name" in (find_table(pyproject, "tool", "poetry") or {})
    return isinstance(backend, str) and backend.startswith("poetry") and told
