"""The changelog of the project: which kind it keeps, as configured or as its repository shows."""

from __future__ import annotations

from shipway.changelog.history import follows_convention, is_release
from shipway.project.changelogs.contract import Changelog, Span
from shipway.project.changelogs.conventional import CommitChangelog, read_commits
from shipway.project.changelogs.fragments import FragmentChangelog
from shipway.project.configuration import read_setting
from shipway.project.pyproject import PYPROJECT, find_table, read_name, read_pyproject
from shipway.project.towncrier import find_towncrier
from shipway.release.outcomes import ConfigurationError
from shipway.world.git import Git

TABLES = ("semantic_release", "commitizen")
FILES = ("cliff.toml", ".release-please-manifest.json", "release-please-config.json")
"""What other programs that read Conventional Commits are configured by."""
LOOKED_AT = 30
ADD_TOWNCRIER = f'add [tool.towncrier] with directory = "changelog.d" to {PYPROJECT}'
SET_CONVENTIONAL = 'changelog = "conventional" in [tool.shipway]'


def find_changelog(git: Git) -> Changelog | None:
    """Find the kind of changelog of the work tree that git stands in, by HEAD's history; None where nothing tells."""
    wanted = read_setting(git.root, git.processes.environment, "changelog")
    towncrier = find_towncrier(git.root) if wanted != "conventional" else None
    if towncrier is not None:
        return FragmentChangelog(towncrier, git.processes)
    if wanted == "towncrier":
        return None
    if wanted == "conventional":
        return CommitChangelog(git, "changelog says so")
    why = _why_conventional(git)
    return CommitChangelog(git, f"detected: {why}") if why else None


def require_changelog(git: Git) -> Changelog:
    """Find the kind of changelog, or say how to have one."""
    found = find_changelog(git)
    if found is None:
        why = "the notes of a release are made from towncrier's fragments, or from commits by Conventional Commits"
        remedy = f"{ADD_TOWNCRIER}; or set {SET_CONVENTIONAL}"
        raise ConfigurationError("towncrier is not configured", why=why, remedy=remedy)
    return found


def _why_conventional(git: Git) -> str:
    """Say what shows that the project writes Conventional Commits; "" where nothing does."""
    pyproject = read_pyproject(git.root)
    table = next((name for name in TABLES if find_table(pyproject, "tool", name) is not None), None)
    if table is not None:
        return f"[tool.{table}] in {PYPROJECT}"
    file = next((name for name in FILES if (git.root / name).is_file()), None)
    return file or _why_by_commits(git)


def _why_by_commits(git: Git) -> str:
    if git.find_commit("HEAD") is None:
        return ""
    name, filters = read_name(git.root), ("--first-parent", "--no-merges", f"--max-count={LOOKED_AT}")
    commits = [one for one in read_commits(git, Span(None, "HEAD"), *filters) if not is_release(one, name)]
    fitting = sum(map(follows_convention, commits))
    return f"{fitting} of the last {len(commits)} commits" if fitting * 2 >= len(commits) > 0 else ""
