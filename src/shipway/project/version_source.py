"""The version of the project: which kind of source it has, and writing the next version into a tree."""

from __future__ import annotations

from pathlib import Path

from packaging.version import Version

from shipway.project.files import Find, in_folder, write_file
from shipway.project.pyproject import PYPROJECT, parse_pyproject
from shipway.project.versions.contract import EXAMPLE, VersionSource
from shipway.project.versions.hatch import find_hatch
from shipway.project.versions.setuptools import find_setuptools
from shipway.project.versions.static import find_static
from shipway.project.versions.tags import find_tagged
from shipway.release.outcomes import ConfigurationError

KINDS = (find_static, find_setuptools, find_tagged, find_hatch)
"""How each kind is found, the most certain first: an attribute that setuptools is given wins over its plug-ins."""


def find_version_source(find: Find) -> VersionSource:
    """Find where the version comes from, by what ``find`` reads; `ConfigurationError` where nothing says it."""
    pyproject = parse_pyproject(find)
    for look in KINDS:
        source = look(pyproject, find)
        if source is not None:
            return source
    what = f"[project] in {PYPROJECT} says that its version is dynamic"
    why = "and it says nothing that is known here of where the version comes from"
    remedy = (
        f'take "version" out of dynamic, and write {EXAMPLE}; or set one that docs/versions-and-changelogs.md names'
    )
    raise ConfigurationError(what, why=why, remedy=remedy)


def write_version(root: Path, version: Version) -> None:
    """Write the version into the files of a tree: bytes in, bytes out, so that line ends stay as they are."""
    for name, text in find_version_source(in_folder(root)).rewrite(version).items():
        write_file(root, name, text)
