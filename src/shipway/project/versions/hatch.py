"""A version in a file that Hatch finds by a regular expression: ``[tool.hatch.version] path``.

Names and defaults are those that hatchling documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table
from shipway.project.versions.contract import EXAMPLE, VersionSource, parse_version, require_inside
from shipway.release.outcomes import ConfigurationError

TABLE = "[tool.hatch.version]"
BACKEND = "hatchling.build"
DEFAULT_PATTERN = r'(?i)^(__version__|VERSION)(?: ?\: ?str)? *= *([\'"])v?(?P<version>.+?)\2'
SET_PATH = f'write path = "src/PACKAGE/__init__.py" under {TABLE} in {PYPROJECT}, and {EXAMPLE} as __version__ there'


@dataclass(frozen=True)
class HatchVersion:
    """The first match of a pattern in one file."""

    path: str
    pattern: re.Pattern[str]
    text: str
    kind: str = "hatch"

    @property
    def place(self) -> str:
        """The file, and the setting that names it."""
        return f"{self.path}, {TABLE} path"

    @property
    def files(self) -> tuple[str, ...]:
        """The one file."""
        return (self.path,)

    def read(self) -> Version:
        """Read the version."""
        start, end = self._span()
        return parse_version(self.text[start:end], self.path)

    def rewrite(self, version: Version) -> Mapping[str, str]:
        """Change what the pattern matched, and nothing else."""
        start, end = self._span()
        return {self.path: f"{self.text[:start]}{version}{self.text[end:]}"}

    def build_variables(self, version: Version) -> Mapping[str, str]:
        """Give none: hatchling reads the file."""
        del version
        return {}

    def _span(self) -> tuple[int, int]:
        """Find the version as hatchling does, which sees every line end as a line feed."""
        found = self.pattern.search(re.sub("\r\n?", "\n", self.text))
        if found is None or found["version"] is None:
            what = f"{self.path} has no version that {TABLE} finds"
            why = f"nothing in it matches the pattern {self.pattern.pattern!r}"
            raise ConfigurationError(
                what, why=why, remedy=f'write __version__ = "1.2.3" into {self.path}, or set pattern'
            )
        return _place_in(self.text, found.start("version")), _place_in(self.text, found.end("version"))


def find_hatch(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find Hatch's own version source; `ConfigurationError` for one that nobody can raise."""
    table = find_table(pyproject, "tool", "hatch", "version")
    backend = (find_table(pyproject, "build-system") or {}).get("build-backend")
    if table is None and backend != BACKEND:
        return None
    if not table:
        raise ConfigurationError(f"the version is dynamic, and there is no {TABLE} in {PYPROJECT}", remedy=SET_PATH)
    source = table.get("source", "regex")
    if source != "regex":
        why = "a release has to write the next version, and this source makes it up when it is built"
        raise ConfigurationError(f"{TABLE} has source = {source!r}", why=why, remedy=f"take source out; {SET_PATH}")
    path = table.get("path")
    if not isinstance(path, str):
        raise ConfigurationError(f"{TABLE} in {PYPROJECT} has no path", remedy=SET_PATH)
    path = require_inside(path, f"path in {TABLE}")
    text = find(path)
    if text is None:
        raise ConfigurationError(f"{path} is not there, and {TABLE} says that the version is in it", remedy=SET_PATH)
    return HatchVersion(path, _pattern(table.get("pattern")), text)


def _pattern(given: object) -> re.Pattern[str]:
    """Compile the pattern; the default where none is given, or ``true``."""
    if given in (None, "", True):
        return re.compile(DEFAULT_PATTERN, re.MULTILINE)
    try:
        pattern = re.compile(str(given), re.MULTILINE)
    except re.error as error:
        raise _wrong_pattern(f"is no regular expression: {error}") from None
    if "version" not in pattern.groupindex:
        raise _wrong_pattern("has no group that is named version")
    return pattern


def _wrong_pattern(problem: str) -> ConfigurationError:
    remedy = """write pattern = '__version__ = "(?P<version>[^"]+)"', or leave it out"""
    return ConfigurationError(f"pattern in {TABLE} {problem}", remedy=remedy)


def _place_in(text: str, place: int) -> int:
    """Give the place in a text of one in the same text with line feeds alone."""
    for number, ended in enumerate(re.finditer("\r\n", text)):
        if ended.start() - number >= place:
            return place + number
    return place + text.count("\r\n")
