"""bump: the release commit, made in a throw-away clone of the base, never in the user's work tree."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from packaging.version import Version

from shipway.project.handover import Handover
from shipway.project.lockfiles import LOCK, Export, find_exports
from shipway.project.towncrier import build_command
from shipway.project.version_source import PYPROJECT, read_version, write_version
from shipway.release.outcomes import BlockedError, ToolError
from shipway.release.plan import Plan
from shipway.steps.contract import Doors
from shipway.world.git import Git
from shipway.world.installer import find_uv


def make_release_commit(plan: Plan, handover: Handover, doors: Doors) -> str:
    """Make the commit that changes exactly the planned files, and give its id.

    Dated by the plan, so the same plan gives the same commit (unless it is signed).
    """
    with doors.git.checkout(plan.base, handover.scratch("bump")) as clone:
        _edit(clone.root, plan, doors)
        _require_planned(clone, plan)
        tree = doors.git.take_tree(clone)
    if tree == doors.git.tree_of(plan.base):
        return plan.base
    return doors.git.commit_tree(tree, [plan.base], f"{plan.title}\n", plan.date)


def _edit(tree: Path, plan: Plan, doors: Doors) -> None:
    """Bring version, lock file, changelog and exported requirements to the new version, in this order."""
    version = Version(plan.version)
    if PYPROJECT in plan.files and read_version(tree) != version:
        write_version(tree, version)
    if LOCK in plan.files:
        doors.processes.run([_require_uv(LOCK), "lock", "--quiet"], cwd=tree)
    if not plan.is_prerelease:
        day = datetime.fromisoformat(plan.date).date()
        doors.processes.run(build_command(version, day), cwd=tree)
    for export in find_exports(tree):
        if export.path.relative_to(tree).as_posix() in plan.files:
            _export(export, doors)


def _export(export: Export, doors: Doors) -> None:
    done = doors.processes.run([_require_uv(export.path.name), *export.argv[1:]], cwd=export.folder)
    if export.captured:
        export.path.write_text(done.stdout, encoding="utf-8", newline="\n")


def _require_uv(file: str) -> str:
    uv = find_uv()
    if uv is None:
        raise ToolError(f"{file} needs uv, which is not installed", remedy="python -m pip install uv")
    return uv


def _require_planned(clone: Git, plan: Plan) -> None:
    """Refuse a commit that would carry a change nobody was told of."""
    if surprises := sorted(set(clone.changed_paths()) - set(plan.files)):
        raise BlockedError(
            f"making the release changed {', '.join(surprises)}, which the plan does not name",
            why="the release commit holds what the plan showed, and nothing else",
            remedy="add these to .gitignore, or make the tool that writes them leave them alone",
        )
