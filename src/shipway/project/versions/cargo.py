"""A version that maturin reads: the crate's in ``Cargo.toml``, or its workspace's; ``Cargo.lock`` follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, normpath
from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import find_table, parse_toml
from shipway.project.versions.contract import EXAMPLE, VersionSource, require_inside
from shipway.project.versions.spelling import SEMVER_TEXT
from shipway.project.versions.toml_text import toml_place
from shipway.project.versions.written import Place, WrittenVersion
from shipway.release.outcomes import ConfigurationError

CARGO = "Cargo.toml"
LOCK = "Cargo.lock"
ENTRY = re.compile(
    r'^\[\[package\]\][ \t]*\r?\nname = "(?P<name>[^"\r\n]+)"[ \t]*\r?\nversion = "(?P<version>[^"\r\n]+)"[ \t]*\r?\n'
    r"(?!source)",
    re.MULTILINE,
)
"""A crate of the workspace itself: those from elsewhere have a source."""


def find_cargo(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find the crate's version where maturin is the back-end; `ConfigurationError` where there is none."""
    if (find_table(pyproject, "build-system") or {}).get("build-backend") != "maturin":
        return None
    given = (find_table(pyproject, "tool", "maturin") or {}).get("manifest-path", CARGO)
    path = require_inside(str(given), "manifest-path in [tool.maturin]")
    return WrittenVersion("maturin", *read_crate(path, find))


def read_crate(path: str, find: Find) -> tuple[str, tuple[Place, ...]]:
    """Give the version of a crate, and where it stands; `ConfigurationError` where it has none."""
    text = find(path)
    if text is None:
        raise ConfigurationError(f"{path} is not there, and maturin reads the version in it", remedy=f"add {path}")
    document = parse_toml(text, path)
    package = find_table(document, "package") or {}
    told, name = package.get("version"), package.get("name")
    if isinstance(told, str):
        place = toml_place(path, text, document, "package", "version", form=SEMVER_TEXT)
        return told, (place, *_locked(path, find, told, name if isinstance(name, str) else ""))
    for above in _above(path):
        held = find(above)
        root = parse_toml(held, above) if held is not None else {}
        told = (find_table(root, "workspace", "package") or {}).get("version")
        if held is not None and isinstance(told, str):
            place = toml_place(above, held, root, "workspace", "package", "version", form=SEMVER_TEXT)
            return told, (place, *_locked(above, find, told, ""))
    what = f"{path} has no version of its package, nor has a workspace above it"
    raise ConfigurationError(what, remedy=f"write {EXAMPLE} under [package] in {path}")


def _above(path: str) -> Iterator[str]:
    """Give the manifests that may have the workspace: the same one, then those above."""
    folder = dirname(path)
    yield path
    while folder:
        folder = dirname(folder)
        yield normpath(f"{folder}/{CARGO}" if folder else CARGO)


def _locked(path: str, find: Find, told: str, name: str) -> Iterator[Place]:
    """Give the entries of the lock file: the crate's, or with no name those of the workspace at this version."""
    for above in _above(path):
        lock = f"{dirname(above)}/{LOCK}" if dirname(above) else LOCK
        text = find(lock)
        if text is not None:
            for found in ENTRY.finditer(text):
                if found["version"] == told and (not name or found["name"] == name):
                    label = f"version of {found['name']}"
                    yield Place(lock, text, *found.span("version"), label, SEMVER_TEXT)
            return
