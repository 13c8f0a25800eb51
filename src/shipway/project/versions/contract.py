"""What every kind of version source is, and the words in which each tells what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath
from typing import Protocol

from packaging.version import InvalidVersion, Version

from shipway.project.pyproject import PYPROJECT
from shipway.release.outcomes import ConfigurationError

EXAMPLE = 'version = "1.2.3"'
LONGEST_SHOWN = 60


class VersionSource(Protocol):
    """Where the version comes from; a kind that is found has been understood as far as its configuration goes."""

    @property
    def kind(self) -> str:
        """The word by which people know it."""

    @property
    def place(self) -> str:
        """Where people look for the version."""

    @property
    def files(self) -> tuple[str, ...]:
        """The paths that another version changes; none where nothing is written down."""

    def read(self) -> Version | None:
        """Read the version as it is written; None where only git tags tell it."""

    def rewrite(self, version: Version) -> Mapping[str, str]:
        """Give the new text of every file that another version changes, every other character as it was."""

    def build_variables(self, version: Version) -> Mapping[str, str]:
        """Give the variables by which the build back-end learns the version."""

    def build_tag(self, version: Version) -> str:
        """Give the tag that the build back-end has to find at the commit; "" where it needs none."""


def parse_version(text: str, place: str) -> Version:
    """Read a version that stands in ``place``."""
    try:
        return Version(text)
    except InvalidVersion:
        what = f"the version in {place} is {text[:LONGEST_SHOWN]!r}"
        why = "installers order versions by PEP 440, and this is none"
        raise ConfigurationError(what, why=why, remedy=f"write a version such as {EXAMPLE}") from None


def require_inside(path: str, setting: str) -> str:
    """Give a path of the project in one spelling; `ConfigurationError` for one that leads out of it, or is none."""
    parts = PurePosixPath(path).parts
    if not parts or ".." in parts or PureWindowsPath(path).anchor or "\0" in path or not path.isprintable():
        what = f"{setting} is {path[:LONGEST_SHOWN]!r}, which is no path inside the project"
        raise ConfigurationError(what, remedy=f"set {setting} to a file of the project in {PYPROJECT}")
    return str(PurePosixPath(path))
