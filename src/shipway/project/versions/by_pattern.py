"""A version that a build back-end finds in one file by a regular expression."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from shipway.project.files import Find
from shipway.project.versions.contract import require_inside
from shipway.project.versions.written import Place, WrittenVersion
from shipway.release.outcomes import ConfigurationError

DEFAULT_PATTERN = r'(?i)^(__version__|VERSION)(?: ?\: ?str)? *= *([\'"])v?(?P<version>.+?)\2'
"""What hatchling documents, and scikit-build-core with another name for the group."""


def compile_pattern(given: str, group: str | int, setting: str) -> re.Pattern[str]:
    """Compile a pattern; `ConfigurationError` for one that is none, or that has no group for the version."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a later Python may read otherwise
            pattern = re.compile(given, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        raise _wrong_pattern(setting, f"is no regular expression: {error}") from None
    known = group in pattern.groupindex if isinstance(group, str) else pattern.groups >= group
    if not known:
        raise _wrong_pattern(setting, f"has no group {f'that is named {group}' if isinstance(group, str) else group}")
    return pattern


@dataclass(frozen=True)
class Search:
    """How one back-end searches a file: the kind, its table in ``pyproject.toml``, the pattern and its group."""

    kind: str
    table: str
    pattern: re.Pattern[str]
    group: str | int

    def read(self, path: str, find: Find) -> WrittenVersion:
        """Give the version that stands in a file; `ConfigurationError` where the pattern finds none."""
        text = find(path)
        if text is None:
            what = f"{path} is not there, and {self.table} says that the version is in it"
            remedy = f'write path = "src/PACKAGE/__init__.py" under {self.table}, and __version__ = "1.2.3" there'
            raise ConfigurationError(what, remedy=remedy)
        place = next(places_of(path, text, self.pattern, self.group, f"{self.table} path"), None)
        if place is None:
            what = f"{path} has no version that {self.table} finds"
            why = f"nothing in it matches the pattern {self.pattern.pattern!r}"
            remedy = f'write __version__ = "1.2.3" into {path}, or set pattern'
            raise ConfigurationError(what, why=why, remedy=remedy)
        return WrittenVersion(self.kind, place.written, (place,))


def places_of(path: str, text: str, pattern: re.Pattern[str], group: str | int, label: str) -> Iterator[Place]:
    """Give every match, found as Python's readers of text do it, which see every line end as a line feed."""
    plain = re.sub("\r\n?", "\n", text) if "\r" in text else text
    for found in pattern.finditer(plain):
        if found[group] is not None:
            yield Place(path, text, _place_in(text, found.start(group)), _place_in(text, found.end(group)), label)


def path_of(table: dict[str, object], key: str, setting: str) -> str:
    """Give the file that a table names; `ConfigurationError` where it names none."""
    path = table.get(key)
    if not isinstance(path, str):
        remedy = f'write {key} = "src/PACKAGE/__init__.py" under {setting} in pyproject.toml, and __version__ there'
        raise ConfigurationError(f"{setting} in pyproject.toml has no {key}", remedy=remedy)
    return require_inside(path, f"{key} in {setting}")


def _wrong_pattern(setting: str, problem: str) -> ConfigurationError:
    remedy = """write pattern = '__version__ = "(?P<version>[^"]+)"', or leave it out"""
    return ConfigurationError(f"pattern in {setting} {problem}", remedy=remedy)


def _place_in(text: str, place: int) -> int:
    """Give the place in a text of one in the same text with line feeds alone."""
    if "\r\n" not in text:
        return place
    for number, ended in enumerate(re.finditer("\r\n", text)):
        if ended.start() - number >= place:
            return place + number
    return place + text.count("\r\n")
