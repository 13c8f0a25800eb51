"""towncrier's configuration, its fragments, and the command lines that render them.

Names and defaults are those that towncrier documents; rendering itself is left to the program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packaging.version import Version

from shipway.project.pyproject import PYPROJECT, parse_toml, read_pyproject
from shipway.release.outcomes import ConfigurationError
from shipway.world.ourselves import own_module

OWN_FILE = "towncrier.toml"
FRAGMENTS = "newsfragments"
DEFAULT_TYPES = {
    "feature": "Features",
    "bugfix": "Bugfixes",
    "doc": "Improved Documentation",
    "removal": "Deprecations and Removals",
    "misc": "Misc",
}
HIDDEN = "misc"
"""The one of them whose texts are not told, only their issues."""
PACKAGED_TEMPLATE = re.compile(r"[-\w.]+:[-\w.]+$")


@dataclass(frozen=True)
class FragmentType:
    """A kind of fragment: the word in its file name, the heading that it comes under, and whether its text is told."""

    word: str
    heading: str
    shows: bool = True


@dataclass(frozen=True)
class Towncrier:
    """What towncrier is configured to do in one repository."""

    source: str
    root: Path
    folders: tuple[Path, ...]
    types: tuple[FragmentType, ...]
    changelog: str
    project: str
    single_file: bool = True
    ignore: tuple[str, ...] | None = None
    template: str | None = None
    orphan_prefix: str = "+"
    issue_pattern: str = ""
    add_extension: bool = True
    end_with_newline: bool = True
    links_issues: bool = False
    options: tuple[str, ...] = ()
    """What the program is told besides, so that it neither imports the package nor looks elsewhere."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words that make a file a fragment."""
        return tuple(kind.word for kind in self.types)

    @property
    def extension(self) -> str:
        """What towncrier puts at the end of a new fragment's name."""
        suffix = Path(self.changelog).suffix
        return suffix if self.add_extension and suffix.lower() in {".md", ".rst"} else ""

    def changelog_path(self, version: Version, day: date) -> Path:
        """Give the file that a version's section goes into."""
        if self.single_file:
            return self.root / self.changelog
        try:
            name = self.changelog.format(name=self.project, version=version, project_date=day.isoformat())
        except (LookupError, ValueError, AttributeError):
            raise _wrong("filename", "is no pattern of {name}, {version} and {project_date}", self.source) from None
        return _inside(self.root, name, "filename", self.source)


def find_towncrier(root: Path) -> Towncrier | None:
    """Find towncrier's configuration; None where the project does not use towncrier."""
    pyproject = read_pyproject(root)
    own = root / OWN_FILE
    if own.is_file():
        table = _table(parse_toml(own.read_bytes().decode(errors="replace"), OWN_FILE)) or {}
        return _configured(root, table, pyproject, OWN_FILE)
    found = _table(pyproject)
    return None if found is None else _configured(root, found, pyproject, PYPROJECT)


def draft_command(version: Version, day: date, options: Sequence[str] = ()) -> list[str]:
    """Give the command, to be run in the project's folder, that prints the notes and writes nothing."""
    return _command("--draft", version, day, options)


def build_command(version: Version, day: date, options: Sequence[str] = ()) -> list[str]:
    """Give the command, to be run in the project's folder, that writes the changelog and spends fragments."""
    return _command("--yes", version, day, options)


def _command(mode: str, version: Version, day: date, options: Sequence[str]) -> list[str]:
    return own_module("towncrier", "build", mode, "--version", str(version), "--date", day.isoformat(), *options)


def _table(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    tool = document.get("tool")
    found = tool.get("towncrier") if isinstance(tool, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _configured(root: Path, table: Mapping[str, Any], pyproject: Mapping[str, Any], source: str) -> Towncrier:
    project = pyproject.get("project")
    fallback = str(project.get("name", "")) if isinstance(project, Mapping) else ""
    package, options = _package(root, table, fallback, source)
    template = _text(table, "template", source) or "towncrier:default"
    changelog = _text(table, "filename", source) or "NEWS.rst"
    _inside(root, changelog, "filename", source)
    return Towncrier(
        source=source,
        root=root,
        folders=_folders(root, table, package, source),
        types=_types(table, source),
        changelog=changelog,
        project=_text(table, "name", source) or package or fallback,
        single_file=table.get("single_file") is not False,
        ignore=_ignore(table, source),
        template=None if PACKAGED_TEMPLATE.match(template) else Path(template).name,
        orphan_prefix=_text(table, "orphan_prefix", source) if "orphan_prefix" in table else "+",
        issue_pattern=_pattern(table, source),
        add_extension=table.get("create_add_extension") is not False,
        end_with_newline=table.get("create_eof_newline") is not False,
        links_issues="://" in _text(table, "issue_format", source),
        options=options,
    )


def _package(root: Path, table: Mapping[str, Any], fallback: str, source: str) -> tuple[str, tuple[str, ...]]:
    """Give the package, and what the program has to be told.

    Without a name towncrier would import the package to learn one. Without a folder and a package it takes the
    project's name for a package, and before version 23.11 it took the folder ``newsfragments``: where only that one is
    there, its configuration is named, so that it does so again.
    """
    package, name = _text(table, "package", source), _text(table, "name", source)
    if package:
        return package, () if name else ("--name", package.title())
    below = _text(table, "package_dir", source) or "."
    if "directory" in table or not fallback or (root / below / fallback / FRAGMENTS).is_dir():
        return fallback, ()
    if not (root / below / FRAGMENTS).is_dir():
        return fallback, ()
    return "", ("--config", source, *(() if name else ("--name", fallback)))


def _folders(root: Path, table: Mapping[str, Any], package: str, source: str) -> tuple[Path, ...]:
    """Give the folders that hold fragments, the default section's first."""
    directory = table.get("directory")
    base = _text(table, "directory", source) if directory is not None else package
    if directory is None:
        base = f"{_text(table, 'package_dir', source) or '.'}/{base}"
    below = "" if directory is not None else FRAGMENTS
    sections = table.get("section", [{"path": ""}])
    if not isinstance(sections, list) or not all(isinstance(item, Mapping) for item in sections):
        raise _wrong("section", "is a list of tables", source)
    paths = sorted((_text(section, "path", source) for section in sections), key=bool)
    return tuple(_inside(root, "/".join(filter(None, (base, path, below))), "directory", source) for path in paths)


def _types(table: Mapping[str, Any], source: str) -> tuple[FragmentType, ...]:
    """Give the kinds of fragments: the table form, the list form, or towncrier's own five."""
    tables, listed = table.get("fragment"), table.get("type")
    if isinstance(tables, Mapping) and tables:
        return tuple(
            FragmentType(word, _text(options, "name", source) or word.capitalize(), _shows(options))
            for word, options in sorted(tables.items())
            if isinstance(options, Mapping)
        )
    if not listed:
        return tuple(FragmentType(word, heading, word != HIDDEN) for word, heading in DEFAULT_TYPES.items())
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) and "name" in item for item in listed):
        raise _wrong("type", "is a list of tables with a name each", source)
    names = [(_text(item, "name", source), item) for item in listed]
    return tuple(
        FragmentType(_text(item, "directory", source) or name.lower(), name, _shows(item)) for name, item in names
    )


def _shows(options: Mapping[str, Any]) -> bool:
    return options.get("showcontent") is not False


def _ignore(table: Mapping[str, Any], source: str) -> tuple[str, ...] | None:
    ignore = table.get("ignore")
    if ignore is None:
        return None
    if not isinstance(ignore, list) or not all(isinstance(item, str) for item in ignore):
        raise _wrong("ignore", "is a list of file names", source)
    return tuple(ignore)


def _pattern(table: Mapping[str, Any], source: str) -> str:
    pattern = _text(table, "issue_pattern", source)
    try:
        re.compile(pattern)
    except re.error as error:
        raise _wrong("issue_pattern", f"is no regular expression: {error}", source) from None
    return pattern


def _text(table: Mapping[str, Any], key: str, source: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _wrong(key, "is text", source)
    return value


def _inside(root: Path, name: str, key: str, source: str) -> Path:
    """Give a path below the root; a release commits nothing from elsewhere."""
    path = root / name
    try:
        inside = path.resolve().is_relative_to(root.resolve())
    except (ValueError, OSError, RuntimeError):
        raise _wrong(key, "is no path", source) from None
    if not inside:
        raise _wrong(key, "leads out of the project's folder", source)
    return path


def _wrong(key: str, problem: str, source: str) -> ConfigurationError:
    what = f"towncrier's {key} in {source} {problem}"
    return ConfigurationError(what, remedy=f"mend [tool.towncrier] in {source}")
