"""Copying one edition of the package to where another one, or nothing, stands."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shipway.adopt.presence import third_party_needs
from shipway.adopt.vendoring.integrity import PACKAGE, other_copy
from shipway.adopt.vendoring.manifest import (
    CACHE,
    MANIFEST,
    Manifest,
    compare,
    read_digests,
    read_manifest,
    render_manifest,
)
from shipway.release.outcomes import BlockedError


@dataclass(frozen=True)
class Edition:
    """A package that can be copied: where it stands, and its manifest."""

    package: Path
    manifest: Manifest


def read_edition() -> Edition:
    """Give the running copy as an edition; raises `BlockedError` where it is a vendored one that was edited."""
    from shipway import __version__

    digests = read_digests(PACKAGE)
    try:
        manifest = read_manifest(PACKAGE)
    except ValueError:
        manifest = Manifest("", (), {})
    if manifest is None:
        own = {name: digest for name, digest in digests.items() if not is_hidden(name)}
        return Edition(PACKAGE, Manifest(__version__, third_party_needs(), own))
    if compare(digests, manifest.files).are_any:
        raise BlockedError(
            "the copy of Shipway that runs is not as its own manifest says",
            why="its edits would be copied along as if they were the edition",
            remedy=other_copy("latest"),
        )
    return Edition(PACKAGE, manifest)


def is_hidden(name: str) -> bool:
    """Whether a file is one that tools leave in a source tree."""
    return any(part.startswith(".") for part in name.split("/"))


@dataclass(frozen=True)
class Copying:
    """What makes a folder hold an edition; ``lost`` names what is in no edition that we know of."""

    package: Path
    edition: Edition
    writes: tuple[str, ...]
    removals: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.writes or self.removals) or self._manifest_differs()

    def carry_out(self) -> None:
        """Do it; the manifest comes last, so that a run that died is seen, and run again."""
        for name in self.removals:
            (self.package / name).unlink()
        for folder in _left_empty(self.package, self.edition.manifest.files):
            shutil.rmtree(folder)
        for name in self.writes:
            path = self.package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # a link would lead the bytes elsewhere
            path.write_bytes((self.edition.package / name).read_bytes())
        (self.package / MANIFEST).unlink(missing_ok=True)
        (self.package / MANIFEST).write_bytes(render_manifest(self.edition.manifest).encode())

    def _manifest_differs(self) -> bool:
        path = self.package / MANIFEST
        wanted = render_manifest(self.edition.manifest).encode()
        return path.is_symlink() or not path.is_file() or path.read_bytes() != wanted


def plan_copying(package: Path, edition: Edition, known: Mapping[str, str]) -> Copying:
    """Plan it for a folder whose manifest lists the files ``known``."""
    found, wanted = read_digests(package), edition.manifest.files
    writes = tuple(name for name in sorted(wanted) if found.get(name) != wanted[name])
    removals = tuple(name for name in sorted(found) if name not in wanted)
    lost = tuple(name for name in (*writes, *removals) if name in found and found[name] != known.get(name))
    return Copying(package, edition, writes, removals, lost)


def _left_empty(package: Path, files: Mapping[str, str]) -> Iterator[Path]:
    """Give the folders that no file of the edition is in, a folder before the ones that were in it."""
    wanted = {package / parent for name in files for parent in Path(name).parents}
    for folder in sorted(path for path in package.rglob("*") if path.is_dir() and not path.is_symlink()):
        if folder not in wanted and not (folder.name == CACHE and folder.parent in wanted) and folder.exists():
            yield folder
