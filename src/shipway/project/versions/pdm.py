"""A version that PDM reads from a file: ``[tool.pdm.version]``, and the older spellings of that table."""

from __future__ import annotations

from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table
from shipway.project.versions.by_pattern import Search, compile_pattern, path_of
from shipway.project.versions.contract import EXAMPLE, VersionSource
from shipway.release.outcomes import ConfigurationError

TABLE = "[tool.pdm.version]"
PATTERN = r"^(?:__version__|VERSION)\s*=\s*[\"'](.+?)[\"']\s*(?:#.*)?$"
"""What pdm-backend searches for."""


def find_pdm(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find PDM's own version source; `ConfigurationError` for one that nobody can raise."""
    table = find_table(pyproject, "tool", "pdm", "version")
    if table is None or find_table(pyproject, "project") is None:
        return None
    if isinstance(table.get("from"), str):
        table = {**table, "path": table["from"]}
    if table.get("source", "file") != "file":
        why = "a release has to write the next version, and this source makes it up when it is built"
        remedy = f'set source = "file" and path under {TABLE} in {PYPROJECT}, and {EXAMPLE} as __version__ there'
        raise ConfigurationError(f"{TABLE} has source = {str(table['source'])[:60]!r}", why=why, remedy=remedy)
    given = table.get("pattern")
    pattern = compile_pattern(given if isinstance(given, str) else PATTERN, 1, TABLE)
    return Search("pdm", TABLE, pattern, 1).read(path_of(table, "path", TABLE), find)
