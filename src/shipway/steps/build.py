"""build: the sdist, and the wheel from it, once, from the tree of one commit alone."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from shutil import rmtree

from packaging.version import Version

from shipway.project.files import in_folder
from shipway.project.handover import Handover
from shipway.project.version_source import find_version_source
from shipway.release.distributions import Distribution
from shipway.release.outcomes import ToolError
from shipway.steps.contract import Doors
from shipway.world.installer import find_uv
from shipway.world.ourselves import own_module


def build_distributions(
    commit: str, version: Version | None, into: Path, handover: Handover, doors: Doors
) -> tuple[Distribution, ...]:
    """Build a commit in a tree of its own; ``into`` appears whole, with nothing but the distributions.

    A back-end that would look for the version in git tags is told it, or finds the tag in the tree that it builds;
    None leaves it to the back-end.
    SOURCE_DATE_EPOCH is the commit's time (the Reproducible Builds specification).
    """
    fresh = handover.scratch("dist")
    with doors.git.checkout(commit, handover.scratch("build")) as tree:
        variables = {"SOURCE_DATE_EPOCH": str(doors.git.date_of(commit)), "NO_COLOR": "1"}
        if version is not None:
            source = find_version_source(in_folder(tree.root))
            variables |= source.build_variables(version)
            if tag := source.build_tag(version):
                tree.run("tag", "--force", tag)
        child = doors.environment.scrubbed(**variables)
        installer = "uv" if find_uv() else "pip"
        argv = own_module("build", "--installer", installer, "--outdir", str(fresh), str(tree.root))
        doors.processes.run(argv, cwd=tree.root, env=child, timeout=None)
    made = read_distributions(fresh)
    rmtree(into, ignore_errors=True)
    fresh.replace(into)
    return made


def read_distributions(folder: Path) -> tuple[Distribution, ...]:
    """Give the sdist and wheels of a folder with their digests, sdist first; `ToolError` unless both are there."""
    sdists, wheels = sorted(folder.glob("*.tar.gz")), sorted(folder.glob("*.whl"))
    if len(sdists) != 1 or not wheels:
        found = ", ".join(path.name for path in [*sdists, *wheels]) or "nothing"
        raise ToolError(f"the build gave {found}", why="a release has one sdist and at least one wheel")
    return tuple(_describe(path) for path in [*sdists, *wheels])


def _describe(path: Path) -> Distribution:
    data = path.read_bytes()
    digest = sha256(data).hexdigest()
    return Distribution(path.name, digest, len(data), "wheel" if path.suffix == ".whl" else "sdist")
