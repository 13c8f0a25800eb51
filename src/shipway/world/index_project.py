"""What an index has for one project: its status and its files."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version


@dataclass(frozen=True)
class IndexFile:
    """One file on an index; ``digest`` is SHA-256 in hex, empty where the index gives none."""

    name: str
    url: str
    digest: str
    size: int | None
    yanked: bool
    provenance: str | None


@dataclass(frozen=True)
class IndexProject:
    """One project on an index, its status (PEP 792) and every file it has."""

    name: str
    status: str
    files: tuple[IndexFile, ...]

    def files_of(self, version: Version | str) -> tuple[IndexFile, ...]:
        """Give the distributions of one version; files whose names follow no standard belong to none."""
        wanted = (canonicalize_name(self.name), Version(str(version)))
        return tuple(file for file in self.files if find_identity(file.name) == wanted)

    def find_before(self, version: Version) -> Version | None:
        """Give the highest version below this one that people can go back to: final, and nobody has yanked it."""
        found = {find_identity(file.name): file.yanked for file in sorted(self.files, key=lambda file: file.yanked)}
        name = canonicalize_name(self.name)
        good = [known[1] for known, yanked in found.items() if known and known[0] == name and not yanked]
        return max((known for known in good if known < version and not known.is_prerelease), default=None)


def find_identity(filename: str) -> tuple[str, Version] | None:
    """Read project and version out of a distribution's file name; None where it follows no standard."""
    try:
        if filename.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(filename)
        else:
            name, version = parse_sdist_filename(filename)
    except (InvalidSdistFilename, InvalidWheelFilename):
        return None
    return name, version
