"""Where a vendored package stands in a repository."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from shipway.adopt.vendoring.manifest import MANIFEST
from shipway.release.outcomes import BlockedError, UsageError

DEFAULT = "scripts"
FOLDER = re.compile(r"(?!\.\.?(?:/|$)|\.git(?:/|$))[\w.+][\w.+-]*(?:/(?!\.\.?(?:/|$))[\w.+][\w.+-]*)*")
"""Folder names that can stand in a workflow's line as they are; neither the top itself, nor anything outside."""
PATTERNS = (f"*/shipway/{MANIFEST}", f"[!.]*/*/shipway/{MANIFEST}", f"[!.]*/*/*/shipway/{MANIFEST}")
"""Where a copy is looked for: in any folder at the top, and in folders therein that are not hidden."""


@dataclass(frozen=True)
class Place:
    """The folder of a vendored package, seen from the repository's top: the one that goes on ``sys.path``."""

    root: Path
    folder: str

    @property
    def package(self) -> Path:
        """The package itself."""
        return self.root / self.folder / "shipway"

    @property
    def name(self) -> str:
        """The package as people call it."""
        return f"{self.folder}/shipway"

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a command that mean this place: none for the usual one."""
        return () if self.folder == DEFAULT else ("--into", self.folder)


def find_folders(root: Path) -> list[str]:
    """Find the folders of a repository that hold a vendored package."""
    found = [path for pattern in PATTERNS for path in root.glob(pattern)]
    return sorted(path.parents[1].relative_to(root).as_posix() for path in found)


def find_place(root: Path, into: str | None) -> Place:
    """Give the place that is meant: the one that is asked for, else the one there is, else the usual one."""
    folders = find_folders(root)
    if into is None:
        if len(folders) > 1:
            raise BlockedError(
                f"there are several copies of Shipway: {', '.join(folders)}",
                why="a repository runs one of them",
                remedy=f"git rm -r {folders[-1]}/shipway",
            )
        return _inside(Place(root, folders[0] if folders else DEFAULT))
    folder = into.removeprefix("./").rstrip("/")
    if not FOLDER.fullmatch(folder):
        why = "a folder inside the repository, of letters, digits and . _ + -, since workflows name it"
        raise UsageError(f"no folder for a vendored package: {into!r}", why=why, remedy="--into scripts")
    if folders and folder not in folders:
        why = "a repository runs one copy"
        remedy = f"git mv {folders[0]}/shipway {folder}/shipway"
        raise BlockedError(f"Shipway is vendored in {folders[0]} already", why=why, remedy=remedy)
    return _inside(Place(root, folder))


def _inside(place: Place) -> Place:
    """Refuse a place that a link leads away from."""
    if place.package.resolve() != place.root.resolve() / place.folder / "shipway":
        remedy = f"replace the link by a folder: {place.name}"
        raise BlockedError(f"{place.name} leads elsewhere", why="files would be written there", remedy=remedy)
    return place
