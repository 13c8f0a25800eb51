"""A version that scikit-build-core finds by a regular expression: ``[tool.scikit-build.metadata.version]``."""

from __future__ import annotations

from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import find_table
from shipway.project.versions.by_pattern import DEFAULT_PATTERN, Search, compile_pattern, path_of
from shipway.project.versions.contract import VersionSource
from shipway.release.outcomes import ConfigurationError

TABLE = "[tool.scikit-build.metadata.version]"
REGEX = "scikit_build_core.metadata.regex"
REMEDY = f'set provider = "{REGEX}" and input under {TABLE}, or write version = "1.2.3" under [project]'


def find_scikit_build(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find the version of a regular expression; `ConfigurationError` for a provider that nobody can raise."""
    table = _find_provider(pyproject)
    if table is None:
        return None
    if table.get("provider") != REGEX:
        what = f"{TABLE} has provider = {str(table.get('provider'))[:60]!r}"
        raise ConfigurationError(what, why="a release has to write the next version", remedy=REMEDY)
    if table.get("result", "{value}") != "{value}" or table.get("remove"):
        what = f"{TABLE} makes the version of several parts (result, remove)"
        raise ConfigurationError(what, why="a release has to write the next version into one", remedy=REMEDY)
    given = table.get("regex")
    text = given if isinstance(given, str) else DEFAULT_PATTERN.replace("<version>", "<value>")
    pattern = compile_pattern(text, "value", TABLE)
    return Search("scikit-build", TABLE, pattern, "value").read(path_of(table, "input", TABLE), find)


def _find_provider(pyproject: dict[str, Any]) -> dict[str, Any] | None:
    """Give the table of the version's provider, in the old place or among ``[[tool.dynamic-metadata]]``."""
    table = find_table(pyproject, "tool", "scikit-build", "metadata", "version")
    listed = (find_table(pyproject, "tool") or {}).get("dynamic-metadata")
    for entry in listed if table is None and isinstance(listed, list) else ():
        if isinstance(entry, dict) and entry.get("field") == "version":
            return entry
    return table
