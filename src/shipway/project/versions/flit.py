"""A version that Flit reads: the ``__version__`` of the module that it packs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table
from shipway.project.versions.contract import VersionSource, require_inside
from shipway.project.versions.python_version import Reader
from shipway.project.versions.written import WrittenVersion
from shipway.release.outcomes import ConfigurationError

BACKENDS = ("flit_core.buildapi", "flit.buildapi", "flit_core.build_thyself")
LATER = ("version.py", "_version.py", "__version__.py")
"""Where flit_core looks in a package whose ``__init__.py`` has no version, in this order."""


def find_flit(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find the module's version; `ConfigurationError` where it has none that can be written."""
    old = find_table(pyproject, "tool", "flit", "metadata")
    backend = (find_table(pyproject, "build-system") or {}).get("build-backend")
    if backend not in BACKENDS and not (old and backend is None):
        return None
    name = _module(pyproject, old)
    if name is None:
        what = "Flit does not know which module the version is in"
        raise ConfigurationError(what, remedy=f'write name = "PACKAGE" under [tool.flit.module] in {PYPROJECT}')
    looked = [require_inside(path, "the module's name") for path in _paths(name)]
    reader = Reader(find)
    for path in looked:
        found = reader.read(path, "__version__")
        if found is not None:
            return WrittenVersion("flit", found.told, found.places, "__version__ of Flit's module")
    what = f"the module {name} does not assign __version__ one plain text"
    remedy = f'write __version__ = "1.2.3" into {next((p for p in looked if find(p) is not None), looked[0])}'
    raise ConfigurationError(what, why=f"looked in {', '.join(looked)}", remedy=remedy)


def _module(pyproject: dict[str, Any], old: dict[str, Any] | None) -> str | None:
    """Give the module's name, as Flit finds it."""
    named = (find_table(pyproject, "tool", "flit", "module") or {}).get("name") or (old or {}).get("module")
    if isinstance(named, str) and named:
        return named
    name = (find_table(pyproject, "project") or {}).get("name")
    return name.replace("-", "_") if isinstance(name, str) and name else None


def _paths(name: str) -> Iterator[str]:
    stem = name.replace(".", "/")
    for folder in ("", "src/"):
        yield f"{folder}{stem}/__init__.py"
        yield from (f"{folder}{stem}/{file}" for file in LATER)
    yield from (f"{folder}{stem}.py" for folder in ("", "src/"))
