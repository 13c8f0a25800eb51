"""How Shipway is there: installed, as a folder of the repository, or as the repository's own source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from shipway.adopt.vendoring.manifest import MANIFEST, read_manifest
from shipway.adopt.vendoring.place import DEFAULT, find_folders
from shipway.grammar import command_line
from shipway.project.pyproject import PYPROJECT, find_table, read_pyproject
from shipway.release.outcomes import BlockedError
from shipway.world.environment import HOME


@dataclass(frozen=True)
class Presence:
    """What a noxfile and the workflows need to say about Shipway.

    ``needs`` are requirements (PEP 508), Shipway's own among them where it is installed; ``folder`` is where the
    package stands, seen from the repository's top, and empty where it is installed.
    """

    needs: tuple[str, ...]
    folder: str = ""


def find_presence(root: Path) -> Presence:
    """Find out how Shipway is there for the repository; raises `BlockedError` for a copy from nowhere.

    A copy that the repository holds counts whichever copy runs: its sessions come from there.
    """
    folder = HOME.relative_to(root.resolve()).as_posix() if HOME.is_relative_to(root.resolve()) else ""
    if folder and (HOME / "shipway" / MANIFEST).is_file():
        return Presence(_needs_in(root, folder), folder)
    source = _needs_of_source()
    if folder and source is not None:
        return Presence(source, folder)
    folders = find_folders(root)
    if len(folders) == 1:
        return Presence(_needs_in(root, folders[0]), folders[0])
    try:
        return Presence((f"shipway=={version('shipway')}",))
    except PackageNotFoundError:
        raise BlockedError(
            f"this copy of Shipway, in {HOME.name}, belongs neither to an environment nor to this repository",
            why="noxfile and workflows have to say where it comes from",
            remedy="python -m pip install shipway",
        ) from None


def third_party_needs() -> tuple[str, ...]:
    """Name what the running copy needs of others (PEP 508), without its extras, where it has no manifest."""
    found = _needs_of_source()
    if found is None:
        found = tuple(need for need in requires("shipway") or () if not re.search(r"\bextra\s*==", need))
    spelled = (str(Requirement(need)).replace('"', "'") for need in found)
    return tuple(sorted(spelled))  # each back-end spells and orders them in a way of its own


def script_needs(needs: Sequence[str]) -> tuple[str, ...]:
    """Give what a noxfile's script block names: nox too, which has to stand there itself."""
    has_nox = any(re.match(r"nox(?![A-Za-z0-9._-])", need) for need in needs)
    return tuple(needs) if has_nox else ("nox", *needs)


def _needs_in(root: Path, folder: str) -> tuple[str, ...]:
    """Read what a vendored copy needs from its manifest."""
    words = ["--discard", *([] if folder == DEFAULT else ["--into", folder])]
    package, update = root / folder / "shipway", command_line("vendor", "--update", *words, front="module")
    remedy = update.replace("python -m shipway", "uvx shipway@latest")
    try:
        manifest = read_manifest(package)
    except ValueError as error:
        raise BlockedError(f"{folder}/shipway/{MANIFEST} {error}", remedy=remedy) from None
    if manifest is None:
        raise BlockedError(f"there is no {folder}/shipway/{MANIFEST}", remedy=remedy)
    return manifest.needs


def _needs_of_source() -> tuple[str, ...] | None:
    """Read what we need from our own ``pyproject.toml``; None where we do not run from our source."""
    if HOME.name != "src" or not (HOME.parent / PYPROJECT).is_file():
        return None
    project = find_table(read_pyproject(HOME.parent), "project") or {}
    return tuple(project["dependencies"]) if project.get("name") == "shipway" else None
