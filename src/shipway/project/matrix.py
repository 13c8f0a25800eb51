"""The Python versions of the matrix: one answer for the sessions, the gates and the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

DEFAULT = ("3.10", "3.11", "3.12")
CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.[0-9]{1,2})")
LINE = re.compile(r"(?:cpython[@-])?((?:pypy)?3\.[0-9]{1,2}t?)(?:[.-].*)?")
FILES = (".python-versions", ".python-version")
"""uv's list of versions, and the one or several lines of pyenv and uv."""
NEWEST_MINOR = 30

Found = tuple[tuple[str, ...], str]
"""Versions, lowest first, and what names them."""


def find_pythons(root: Path, pyproject: Mapping[str, Any]) -> Found | None:
    """Find the versions that a repository names itself; None where it says nothing about them.

    By its classifiers, else by ``.python-versions`` or ``.python-version``, else the default ones that
    ``requires-python`` admits. (``[tool.shipway] python`` comes before all of these: it is configuration.)
    """
    project = pyproject.get("project")
    table = project if isinstance(project, Mapping) else {}
    return _by_classifiers(table) or _by_files(root) or _by_requirement(table)


def read_pythons(root: Path, pyproject: Mapping[str, Any], variable: str | None = None) -> tuple[str, ...]:
    """Give the versions of the matrix for a listing, which goes on where the configuration is broken.

    ``variable`` is what ``SHIPWAY_PYTHON`` holds. (What is wrong with it is said by whoever reads all of it.)
    """
    tool = pyproject.get("tool")
    table = tool.get("shipway") if isinstance(tool, Mapping) else None
    written = variable.split(",") if variable else table.get("python") if isinstance(table, Mapping) else None
    if isinstance(written, list) and written:
        return tuple(str(item).strip() for item in written)
    found = find_pythons(root, pyproject)
    return found[0] if found else DEFAULT


def _by_classifiers(project: Mapping[str, Any]) -> Found | None:
    given = project.get("classifiers")
    lines = [line for line in given if isinstance(line, str)] if isinstance(given, list) else []
    versions = _ordered(found[1] for line in lines if (found := CLASSIFIER.fullmatch(line.strip())))
    return (versions, "the classifiers") if versions else None


def _by_files(root: Path) -> Found | None:
    for name in FILES:
        try:
            lines = (root / name).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            continue
        if versions := _ordered(found[1] for line in lines if (found := LINE.fullmatch(line))):
            return versions, name
    return None


def _by_requirement(project: Mapping[str, Any]) -> Found | None:
    """Keep of the default versions those that the project admits; of none the first one that it does."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        admitted = SpecifierSet(str(project.get("requires-python") or ""))
    except InvalidSpecifier:
        return None
    if not admitted:
        return None
    versions = tuple(version for version in DEFAULT if _admits(admitted, version))
    if not versions:
        later = (f"3.{minor}" for minor in range(NEWEST_MINOR))
        versions = tuple(version for version in later if _admits(admitted, version))[:1]
    return (versions, "requires-python") if versions else None


def _admits(admitted: SpecifierSet, version: str) -> bool:
    """Whether some release of a version is admitted: ``>=3.10.2`` admits 3.10, by its last patch."""
    return admitted.contains(version) or admitted.contains(f"{version}.99")


def _ordered(versions: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(versions), key=_key))


def _key(version: str) -> tuple[bool, int, str]:
    """Order CPython before PyPy, and 3.9 before 3.10."""
    number = version.removeprefix("pypy").removeprefix("3.")
    return version.startswith("pypy"), int(number.rstrip("t")), version
