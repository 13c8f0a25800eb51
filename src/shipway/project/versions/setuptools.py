"""A version in a module or a file that setuptools reads: ``[tool.setuptools.dynamic] version``.

The module is parsed, never imported; it is looked for as setuptools documents it: by ``package-dir``, then in the
folders of ``packages.find``, in ``src`` and at the top.
"""

from __future__ import annotations

from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table
from shipway.project.versions.contract import VersionSource, require_inside
from shipway.project.versions.modules import is_attr, paths_of, read_attr, read_whole
from shipway.project.versions.written import WrittenVersion
from shipway.release.outcomes import ConfigurationError

TABLE = "[tool.setuptools.dynamic]"
SET_ATTR = f'set version = {{attr = "PACKAGE.MODULE.__version__"}} under {TABLE} in {PYPROJECT}'


def find_setuptools(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find what setuptools is told of the version; `ConfigurationError` for what cannot be written."""
    dynamic = find_table(pyproject, "tool", "setuptools", "dynamic")
    if dynamic is None or "version" not in dynamic:
        return None
    told = dynamic["version"]
    attr, file = (told.get("attr"), told.get("file")) if isinstance(told, dict) else (None, None)
    if isinstance(attr, str):
        return _find_attr(attr.strip(), pyproject, find)
    names = [file] if isinstance(file, str) else file
    if isinstance(names, list) and len(names) == 1 and isinstance(names[0], str):
        return _find_file(require_inside(names[0], f"version.file in {TABLE}"), find)
    raise ConfigurationError(f"version in {TABLE} names neither an attr nor one file", remedy=SET_ATTR)


def _find_file(path: str, find: Find) -> VersionSource:
    setting = f"{TABLE} file {path}"
    found = read_whole(path, find, setting)
    if found is None:
        what = f"{path} is not there, and {TABLE} says that it is the version"
        raise ConfigurationError(what, remedy=f"write the version into {path}, or {SET_ATTR}")
    return WrittenVersion("setuptools", found.told, found.places, setting)


def _find_attr(attr: str, pyproject: dict[str, Any], find: Find) -> VersionSource:
    if not is_attr(attr):
        raise ConfigurationError(f"attr in {TABLE} is {attr[:60]!r}, which is no name of an attribute", remedy=SET_ATTR)
    table = find_table(pyproject, "tool", "setuptools") or {}
    known, where = table.get("package-dir"), (find_table(table, "packages", "find") or {}).get("where")
    folders = (
        {str(key): value for key, value in known.items() if isinstance(value, str)}
        if known and isinstance(known, dict)
        else {}
    )
    found = [name for name in where if isinstance(name, str)] if isinstance(where, list) else []
    looked = list(paths_of(attr.rpartition(".")[0], folders, found, "package-dir in [tool.setuptools]"))
    return read_attr(attr, looked, find, SET_ATTR, f"{TABLE} attr {attr}")
