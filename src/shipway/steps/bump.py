"""bump: the release commit, made in a throw-away clone of the base, never in the user's work tree."""

from __future__ import annotations

from datetime import datetime

from packaging.version import Version

from shipway.grammar import command_line
from shipway.project.changelog import find_changelog
from shipway.project.handover import Handover
from shipway.project.refresh import bring_to
from shipway.project.sessions import PASSED, Sessions, release_variables
from shipway.release.outcomes import BlockedError
from shipway.release.plan import Plan
from shipway.steps.contract import Doors
from shipway.world.git import Git


def make_release_commit(plan: Plan, handover: Handover, doors: Doors) -> str:
    """Make the commit that changes exactly the planned files and those of sessions tagged prepare, and give its id.

    Dated by the plan, so the same plan gives the same commit (unless it is signed).
    """
    with doors.git.checkout(plan.base, handover.scratch("bump")) as clone:
        _edit(clone, plan, doors)
        _require_planned(clone, plan)
        _prepare(clone, plan, handover, doors)
        tree = doors.git.take_tree(clone)
    if tree == doors.git.tree_of(plan.base):
        return plan.base
    return doors.git.commit_tree(tree, [plan.base], f"{plan.title}\n", plan.date)


def _edit(clone: Git, plan: Plan, doors: Doors) -> None:
    """Bring version, lock file, exported requirements and changelog to the new version."""
    version = Version(plan.version)
    bring_to(version, clone.root, plan.files, doors.processes)
    if not plan.is_prerelease:
        find_changelog(clone).write(version, datetime.fromisoformat(plan.date).date(), plan.notes)


def _prepare(clone: Git, plan: Plan, handover: Handover, doors: Doors) -> None:
    """Run the repository's sessions tagged prepare; whatever they change in the clone is part of the release commit."""
    if not plan.prepare:
        return
    variables = doors.environment.scrubbed(**release_variables(plan.version, plan.tag))
    sessions = Sessions(clone.root, handover, doors.processes)
    place = str(handover.scratch("prepare"))  # no environment is left in the clone, whose files are the commit's
    for cell in sessions.run(plan.prepare, "--envdir", place, variables=variables):
        if cell.result != PASSED:
            again = command_line("release", *plan.words())
            raise BlockedError(
                f"session {cell.name}, tagged prepare: {cell.result}",
                why=cell.said,
                remedy=f"python -m nox -s {cell.name}, mend it, then {again}",
            )


def _require_planned(clone: Git, plan: Plan) -> None:
    """Refuse a commit that would carry a change nobody was told of."""
    if surprises := sorted(set(clone.changed_paths()) - set(plan.files)):
        raise BlockedError(
            f"making the release changed {', '.join(surprises)}, which the plan does not name",
            why="the release commit holds what the plan showed, and nothing else",
            remedy="add these to .gitignore, or make the tool that writes them leave them alone",
        )
