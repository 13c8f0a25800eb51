"""The manifest of a vendored package: its version, what it needs of others, and the digest of every file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "vendored.json"
"""Its file, in the package itself; it lists every other file of the package, and never itself."""
SCHEMA = 1
CACHE = "__pycache__"
DIGEST = re.compile(r"[0-9a-f]{64}")
NO_FILE = ""
"""Stands for the digest of what is no file, such as a link: nothing that a manifest says is equal to it."""


@dataclass(frozen=True)
class Manifest:
    """One edition of the package: ``needs`` are requirements (PEP 508), ``files`` names to SHA-256 digests."""

    version: str
    needs: tuple[str, ...]
    files: Mapping[str, str]


@dataclass(frozen=True)
class Differences:
    """How files differ from what they should be."""

    edited: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """The files by how they differ, in words."""
        return {"edited": self.edited, "missing": self.missing, "added": self.added}

    @property
    def are_any(self) -> bool:
        """Whether there is a difference."""
        return any(self.kinds.values())

    @property
    def hold_work(self) -> bool:
        """Whether somebody's own work may be in what differs."""
        return bool(self.edited or self.added)


def render_manifest(manifest: Manifest) -> str:
    """Write a manifest as JSON, the same text for the same edition."""
    files = dict(sorted(manifest.files.items()))
    document = {"schema": SCHEMA, "version": manifest.version, "needs": list(manifest.needs), "files": files}
    return json.dumps(document, indent=2) + "\n"


def read_manifest(package: Path) -> Manifest | None:
    """Read the manifest in a package; None where there is none, `ValueError` where it cannot be understood."""
    try:
        text = (package / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return parse_manifest(text)


def parse_manifest(text: str) -> Manifest:
    """Understand a manifest; raises `ValueError` that says what is wrong with it."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ValueError(f"is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise ValueError("holds no table")  # noqa: TRY004 - what is in a file has a value, no type
    if document.get("schema") != SCHEMA:
        raise ValueError(f"has schema {document.get('schema')!r}, and this edition knows {SCHEMA}")
    return Manifest(_version(document.get("version")), _needs(document.get("needs")), _files(document.get("files")))


def read_digests(package: Path) -> dict[str, str]:
    """Give every file of a package with its digest, but for the manifest and what Python keeps beside them."""
    found: dict[str, str] = {}
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        if CACHE in parts or parts == (MANIFEST,):
            continue
        if path.is_file() and not path.is_symlink():
            found["/".join(parts)] = hashlib.sha256(path.read_bytes()).hexdigest()
        elif path.is_symlink() or not path.is_dir():
            found["/".join(parts)] = NO_FILE
    return found


def compare(found: Mapping[str, str], wanted: Mapping[str, str]) -> Differences:
    """Hold the files that are there against those that should be."""
    return Differences(
        edited=tuple(sorted(name for name in wanted if name in found and found[name] != wanted[name])),
        missing=tuple(sorted(set(wanted) - set(found))),
        added=tuple(sorted(set(found) - set(wanted))),
    )


def _version(found: Any) -> str:  # noqa: ANN401 - whatever the JSON holds
    from packaging.version import InvalidVersion, Version

    try:
        Version(found)
    except (InvalidVersion, TypeError):
        raise ValueError(f"has {found!r} for a version") from None
    return str(found)


def _needs(found: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    from packaging.requirements import InvalidRequirement, Requirement

    if not isinstance(found, list):
        raise ValueError("does not list what the package needs")  # noqa: TRY004 - as above
    for need in found:
        try:
            Requirement(need)
        except (InvalidRequirement, TypeError):
            raise ValueError(f"has {need!r} for a requirement") from None
    return tuple(found)


def _files(found: Any) -> Mapping[str, str]:  # noqa: ANN401 - as above
    if not isinstance(found, dict) or not found:
        raise ValueError("lists no files")
    for name, digest in found.items():
        if not (isinstance(digest, str) and DIGEST.fullmatch(digest)):
            raise ValueError(f"has no digest for {name!r}")
    return found
