"""A version that Hatch reads from a file: ``[tool.hatch.version]``.

Names and defaults are those that hatchling and its plug-ins document: a regular expression in one file, the code of a
module where it is a plain text, and ``package.json`` (hatch-nodejs-version).
"""

from __future__ import annotations

from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table
from shipway.project.versions.by_pattern import DEFAULT_PATTERN, Search, compile_pattern, path_of
from shipway.project.versions.contract import EXAMPLE, VersionSource, require_inside
from shipway.project.versions.json_text import json_place
from shipway.project.versions.written import WrittenVersion
from shipway.release.outcomes import ConfigurationError

TABLE = "[tool.hatch.version]"
BACKEND = "hatchling."
PATTERNS = ("regex", "regex_commit")
SET_PATH = f'write path = "src/PACKAGE/__init__.py" under {TABLE} in {PYPROJECT}, and {EXAMPLE} as __version__ there'


def find_hatch(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find Hatch's own version source; `ConfigurationError` for one that nobody can raise."""
    table = find_table(pyproject, "tool", "hatch", "version")
    backend = (find_table(pyproject, "build-system") or {}).get("build-backend")
    is_hatch = isinstance(backend, str) and backend.startswith(BACKEND)  # Hatchling builds itself by another of its own
    if not is_hatch and (table is None or isinstance(backend, str)):
        return None
    if not table:
        raise ConfigurationError(f"the version is dynamic, and there is no {TABLE} in {PYPROJECT}", remedy=SET_PATH)
    source = table.get("source", "regex")
    if source == "code":
        return _find_code(table, find)
    if source == "nodejs":
        return _find_node(table, find)
    if source == "incremental":
        return None  # the package's own _version.py has it, where likely modules are looked for
    if source not in PATTERNS:
        why = "a release has to write the next version, and this source makes it up when it is built"
        raise ConfigurationError(f"{TABLE} has source = {source!r}", why=why, remedy=f"take source out; {SET_PATH}")
    given = table.get("pattern")
    text = DEFAULT_PATTERN if given in (None, "", True) else str(given)
    search = Search("hatch", TABLE, compile_pattern(text, "version", TABLE), "version")
    return search.read(path_of(table, "path", TABLE), find)


def _find_code(table: dict[str, Any], find: Find) -> VersionSource:
    """Find the plain text that a module's code gives; what is computed cannot be written."""
    from shipway.project.versions.python_version import Reader

    path = path_of(table, "path", TABLE)
    name = table.get("expression") or "__version__"
    found = Reader(find).read(path, str(name)) if str(name).isidentifier() else None
    if found is None:
        why = f"{path} computes it, or does not assign it one plain text, and a release has to write the next one"
        raise ConfigurationError(f"{TABLE} has source = 'code'", why=why, remedy=f"take source out; {SET_PATH}")
    return WrittenVersion("hatch", found.told, found.places, f"{TABLE} path")


def _find_node(table: dict[str, Any], find: Find) -> VersionSource:
    path = require_inside(str(table.get("path", "package.json")), f"path in {TABLE}")
    place = json_place(path, find(path), ("version",))
    return WrittenVersion("hatch", place.written, (place,), f"{TABLE} source nodejs")
