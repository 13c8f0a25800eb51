"""Versions that come from git tags: setuptools-scm, and hatch-vcs, which asks setuptools-scm.

Nothing is written down. What their own look at the tags would say is never trusted: the build is told the version,
by the variable that the back-end reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from shipway.project.files import Find
from shipway.project.pyproject import find_table, name_of
from shipway.project.versions.contract import VersionSource

VARIABLE = "SETUPTOOLS_SCM_PRETEND_VERSION"
SCM = "setuptools-scm"


@dataclass(frozen=True)
class TaggedVersion:
    """A version that only a tag tells."""

    kind: str
    setting: str
    variable: str
    files: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Git's tags, and the setting that says so."""
        return f"git tags, {self.setting}"

    def read(self) -> None:
        """Tell nothing: what is written nowhere cannot be read."""
        return

    def rewrite(self, version: Version) -> Mapping[str, str]:
        """Change no file."""
        del version
        return {}

    def build_variables(self, version: Version) -> Mapping[str, str]:
        """Tell the back-end the version."""
        return {self.variable: str(version)}


def find_tagged(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find a back-end that takes the version from git tags."""
    del find
    hatch = find_table(pyproject, "tool", "hatch", "version")
    if hatch is not None and hatch.get("source") == "vcs":
        return TaggedVersion(
            "hatch-vcs", "[tool.hatch.version] source vcs", VARIABLE
        )  # it tells setuptools-scm no name
    tables = ("setuptools_scm", "setuptools-scm")
    setting = next((f"[tool.{name}]" for name in tables if find_table(pyproject, "tool", name) is not None), None)
    if setting is None and _is_required(pyproject):
        setting = f"{SCM} in build-system.requires"
    if setting is None:
        return None
    name = re.sub("[^A-Z0-9]", "_", canonicalize_name(name_of(pyproject)).upper())
    return TaggedVersion(SCM, setting, f"{VARIABLE}_FOR_{name}")


def _is_required(pyproject: dict[str, Any]) -> bool:
    requires = (find_table(pyproject, "build-system") or {}).get("requires")
    return any(_names_scm(item) for item in requires) if isinstance(requires, list) else False


def _names_scm(requirement: object) -> bool:
    try:
        return canonicalize_name(Requirement(str(requirement)).name) == SCM
    except InvalidRequirement:
        return False
