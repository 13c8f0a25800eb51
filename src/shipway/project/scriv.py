"""scriv's configuration, and its fragments: files of entries, each below a heading for its category."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from shipway.project.pyproject import PYPROJECT, find_table, parse_toml
from shipway.release.outcomes import ConfigurationError

FILES = ("setup.cfg", "tox.ini")
SECTIONS = ("scriv", "tool.scriv", "tool:scriv")
CATEGORIES = ("Removed", "Added", "Changed", "Deprecated", "Fixed", "Security")
FOLDER = "changelog.d"
OLD_NAMES = {"output_file": "changelog", "insert_marker": "start_marker"}
FRAGMENT = re.compile(r"[0-9]{8}_[0-9]{6}(?:_.*)?\.(?:md|rst)")
"""How scriv itself names a fragment."""
SECTION = re.compile(r"^\[(?:scriv|tool\.scriv|tool:scriv)\]", re.MULTILINE)


@dataclass(frozen=True)
class Scriv:
    """What scriv is configured to do in one repository; ``source`` is what says so."""

    source: str
    root: Path
    folder: str = FOLDER
    changelog: str = "CHANGELOG.rst"
    format: str = "rst"
    categories: tuple[str, ...] = CATEGORIES
    start_marker: str = "scriv-insert-here"
    rst_header_chars: str = "=-"
    md_header_level: int = 1
    md_html_anchors: bool = True
    compact: bool = False
    skip: str = "README.*"

    def fragments(self) -> list[Path]:
        """Give the files that scriv would collect, in its order."""
        folder = self.root / self.folder
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(
            path
            for path in found
            if path.suffix in {".rst", ".md"} and path.is_file() and not fnmatch(path.name, self.skip)
        )


def find_scriv(root: Path) -> Scriv | None:
    """Find scriv's configuration, or fragments that are named as it names them; None for neither."""
    source, settings = _read_settings(root)
    own = Path(str(settings.get("fragment_directory", FOLDER))) / "scriv.ini"
    if (root / own).is_file():
        settings |= _read_ini(root / own, own.as_posix())
        source = source or own.as_posix()
    if not source:
        source = _why_by_names(root / FOLDER)
    return _configured(source, root, settings) if source else None


def default_scriv(root: Path, why: str) -> Scriv:
    """Give scriv as it is where nothing is configured."""
    return _configured(why, root, {})


def _read_settings(root: Path) -> tuple[str, dict[str, Any]]:
    source, settings = "", dict[str, Any]()
    for name in FILES:
        if found := _read_ini(root / name, name):
            source, settings = source or name, settings | found
    pyproject = root / PYPROJECT
    if pyproject.is_file() and "scriv" in (text := pyproject.read_bytes().decode(errors="replace")):
        table = find_table(parse_toml(text, PYPROJECT), "tool", "scriv")
        if table is not None:
            source, settings = source or f"[tool.scriv] in {PYPROJECT}", settings | table
    return source, settings


def _read_ini(path: Path, name: str) -> dict[str, Any]:
    """Read scriv's section of a file; what is broken there is scriv's only where it has one."""
    try:
        text = path.read_bytes().decode(errors="replace")
    except OSError:
        return {}
    if SECTION.search(text) is None:
        return {}
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        what = f"{name} is broken: {str(error).splitlines()[0]}"
        raise ConfigurationError(what, why="it holds scriv's settings", remedy=f"mend {name}") from None
    section = next((section for section in SECTIONS if parser.has_section(section)), None)
    return {"_": "", **parser[section]} if section else {}


def _why_by_names(folder: Path) -> str:
    if not folder.is_dir():
        return ""
    found = next((path.name for path in sorted(folder.iterdir()) if FRAGMENT.fullmatch(path.name)), "")
    return f"{FOLDER}/{found}" if found else ""


def _configured(source: str, root: Path, settings: Mapping[str, Any]) -> Scriv:
    given = {OLD_NAMES.get(name, name): value for name, value in settings.items()}
    folder = str(given.get("fragment_directory", FOLDER))
    changelog = str(given.get("changelog", "CHANGELOG.${config:format}"))
    told = Path(changelog).suffix[1:] if "${" not in changelog and "changelog" in given else ""
    form = str(given.get("format") or told or _format_of(root, folder))
    path = re.sub(r"\$\{config:format\}|\{\{\s*config\.format\s*\}\}", form, changelog)
    for name in (folder, path):
        if not (root / name).resolve().is_relative_to(root.resolve()):
            raise ConfigurationError(f"scriv's {name} leads out of the project's folder", remedy=f"mend {source}")
    chars, level = str(given.get("rst_header_chars", "=-")), str(given.get("md_header_level", "1"))
    return Scriv(
        source,
        root,
        folder,
        path,
        form,
        categories=_list(given.get("categories", CATEGORIES)),
        start_marker=str(given.get("start_marker", "scriv-insert-here")),
        rst_header_chars=chars if len(chars) == 2 else "=-",
        md_header_level=int(level) if level in "123456" and level else 1,
        md_html_anchors=_truth(given.get("md_html_anchors", True)),
        compact=_truth(given.get("compact_fragments", False)),
        skip=str(given.get("skip_fragments", "README.*")),
    )


def _format_of(root: Path, folder: str) -> str:
    """Give scriv's default, unless the only fragments or the only file that are there say otherwise."""
    path = root / folder
    suffixes = {one.suffix for one in path.iterdir()} if path.is_dir() else set()
    fragments = suffixes & {".md", ".rst"}
    return "md" if fragments == {".md"} and (root / "CHANGELOG.md").is_file() else "rst"


def _list(value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(str(one) for one in value)
    return tuple(one.strip() for one in re.split(r"[,\n]", str(value)) if one.strip())


def _truth(value: object) -> bool:
    return str(value).lower() in {"1", "true", "yes", "on"}
