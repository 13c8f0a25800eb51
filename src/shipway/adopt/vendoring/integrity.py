"""Integrity: whether a vendored package is as its manifest says, asked also by one too broken for anything else."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from shipway.adopt.vendoring.manifest import MANIFEST, Differences, Manifest, compare, read_digests, read_manifest
from shipway.adopt.vendoring.place import Place
from shipway.release.outcomes import BlockedError
from shipway.world.environment import HOME

PACKAGE = HOME / "shipway"
"""The package that runs."""
WHY = "a copy that was edited is no edition any more, and an update would undo the edits"


def named(place: Place, differences: Differences) -> Iterator[str]:
    """Give a line for each file that differs."""
    for kind, names in differences.kinds.items():
        yield from (f"{kind}: {place.name}/{name}" for name in names)


def refusal(place: Place, manifest: Manifest, differences: Differences, remedy: str) -> BlockedError:
    """Give the outcome for a copy that differs; what differs is named beside it."""
    counts = ", ".join(f"{len(names)} {kind}" for kind, names in differences.kinds.items() if names)
    return BlockedError(f"{place.name} is not as Shipway {manifest.version} is: {counts}", why=WHY, remedy=remedy)


def update_line(place: Place, version: str, differences: Differences) -> str:
    """Give the command by which a copy that runs itself is mended: another copy has to do it."""
    return other_copy(version, *update_words(differences), *place.words)


def update_words(differences: Differences) -> tuple[str, ...]:
    """Give the options that mend these differences."""
    return ("--update", "--discard") if differences.hold_work else ("--update",)


def other_copy(version: str, *words: str) -> str:
    """Give a command of another copy, installed for that moment."""
    return shlex.join(["uvx", f"shipway@{version}", "vendor", *words])


def find_damage(root: Path) -> tuple[list[str], BlockedError] | None:
    """Look whether the copy that runs is a vendored one that was edited: then whatever it did is no bug of ours."""
    place = Place(root, HOME.relative_to(root).as_posix() if HOME.is_relative_to(root) else HOME.as_posix())
    try:
        manifest = read_manifest(PACKAGE)
    except ValueError as error:
        remedy = other_copy("latest", "--update", "--discard", *place.words)
        return [], BlockedError(f"{place.name}/{MANIFEST} {error}", why=WHY, remedy=remedy)
    if manifest is None:
        return None
    differences = compare(read_digests(PACKAGE), manifest.files)
    if not differences.are_any:
        return None
    remedy = update_line(place, manifest.version, differences)
    return list(named(place, differences)), refusal(place, manifest, differences, remedy)
