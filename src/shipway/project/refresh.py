"""The version in the files of a tree, with the lock file and the exported requirements that follow from it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from packaging.version import Version

from shipway.project.files import in_folder
from shipway.project.lockfiles import LOCK, Export, find_exports
from shipway.project.version_source import find_version_source, write_version
from shipway.release.outcomes import ToolError
from shipway.world.installer import find_uv
from shipway.world.process import Processes


def bring_to(version: Version, tree: Path, paths: Collection[str], processes: Processes) -> None:
    """Write a version into a tree, then lock and export again; only files that ``paths`` names are touched."""
    source = find_version_source(in_folder(tree))
    if {*source.files} & {*paths} and source.read() != version:
        write_version(tree, version)
    if LOCK in paths:
        processes.run([_require_uv(LOCK), "lock", "--quiet"], cwd=tree)
    for export in find_exports(tree):
        if export.path.relative_to(tree).as_posix() in paths:
            _export(export, processes)


def _export(export: Export, processes: Processes) -> None:
    done = processes.run([_require_uv(export.path.name), *export.argv[1:]], cwd=export.folder)
    if export.captured:
        export.path.write_text(done.stdout, encoding="utf-8", newline="\n")


def _require_uv(file: str) -> str:
    uv = find_uv()
    if uv is None:
        raise ToolError(f"{file} needs uv, which is not installed", remedy="python -m pip install uv")
    return uv
