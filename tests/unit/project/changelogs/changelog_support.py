"""Repositories with changelogs, small and real."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from packaging.version import Version

from end_to_end.support import git
from shipway.project.changelogs.contract import Changelog, Drafted, Span
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

PYPROJECT = '[project]\nname = "acme"\nversion = "1.2.4"\n'
DAY, NEXT = date(2026, 11, 22), Version("1.3.0")


def repository(root: Path, files: dict[str, str], *messages: str, toml: str = "") -> Git:
    """Make a repository with these files, tagged v1.2.4 at its first commit, and a commit for each further message."""
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, {"pyproject.toml": PYPROJECT + toml, **files}, (messages or ("Start",))[0])
    git(root, "tag", "v1.2.4")
    for message in messages[1:]:
        git(root, "commit", "--quiet", "--allow-empty", "--message", message)
    return Git(root, Processes(Environment()))


def commit(root: Path, files: dict[str, str], message: str = "Go on") -> None:
    """Write files and commit them."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", message)


def drafted(changelog: Changelog, version: Version = NEXT, since: str | None = "v1.2.4") -> Drafted:
    """Draft the notes of a version."""
    with changelog.drafting(Span(since, "HEAD"), version, DAY) as drafting:
        return drafting()
