"""Where we stand: in a repository, or in CI in a clone of the one that the run belongs to, in which nothing can run.

A job that publishes has no checkout, so that no code of the project is near its credentials. What it needs of the
repository is history, refs and configuration; only files that hold configuration are put in place.
"""

from __future__ import annotations

from pathlib import Path

from shipway.project.pyproject import PYPROJECT
from shipway.release.outcomes import BlockedError
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

CONFIGURATION_FILES = (PYPROJECT, "towncrier.toml", "setup.cfg")
NEEDED = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_REF_NAME")
TOKENS = ("GITHUB_TOKEN", "GH_TOKEN")
"""The variables that may hold the forge's token."""


def find_root(folder: Path, processes: Processes) -> Path:
    """Give the top folder of the repository around a folder."""
    found = Git(folder, processes).run("rev-parse", "--show-toplevel", check=False)
    if found.code != 0:
        raise _no_work_tree(folder, found.stderr.strip())
    return Path(found.stdout.rstrip("\n"))


def _no_work_tree(folder: Path, said: str) -> BlockedError:
    """Say why git gives no work tree: there is none, it has no files, or another user owns it."""
    if "dubious ownership" in said:
        why, *_, remedy = said.splitlines()  # git ends with the very command
        return BlockedError(f"git does not trust {folder}: another user owns it", why=why, remedy=remedy.strip())
    if "work tree" in said:
        what, remedy = f"{folder} is a repository without files", "git worktree add ../work HEAD && cd ../work"
        return BlockedError(what, why="version and changelog are read from the files of a work tree", remedy=remedy)
    what, remedy = f"{folder} is not in a git repository", "run it in the repository"
    return BlockedError(what, why="a release is made of a commit", remedy=remedy)


def find_or_clone(folder: Path, environment: Environment) -> Path:
    """Give the folder, or a clone of the CI run's repository at its commit where the folder is in no repository."""
    processes = Processes(environment)
    if not _is_for_a_run(environment) or _is_in_a_repository(folder, processes):
        return folder
    from shipway.project.handover import Handover

    server, repository, commit, branch = (environment.find(name) or "" for name in NEEDED)
    root, url = Handover(folder).scratch("repository"), f"{server}/{repository}"
    root.mkdir(parents=True, exist_ok=True)
    git = Git(root, processes, "origin", f"{server}/", environment.find(*TOKENS) or "")
    git.run("init", "--quiet", "--template=", f"--initial-branch={branch}")
    git.run("config", "remote.origin.url", url)
    git.fetch_history()
    _settle(git, commit, branch)
    return root


def _is_for_a_run(environment: Environment) -> bool:
    return environment.is_github and all(environment.find(name) for name in NEEDED)


def _is_in_a_repository(folder: Path, processes: Processes) -> bool:
    return Git(folder, processes).run("rev-parse", "--show-toplevel", check=False).code == 0


def _settle(git: Git, commit: str, branch: str) -> None:
    """Stand at the run's commit, with the files that hold configuration and no others."""
    if git.find_commit(commit) is None:
        raise BlockedError(
            f"the remote's branches and tags do not hold {commit[:9]}",
            why="it is the commit that this run was started for",
            remedy="start the workflow again",
        )
    git.run("sparse-checkout", "set", "--no-cone", *(f"/{name}" for name in CONFIGURATION_FILES))
    git.run("checkout", "--quiet", "-B", branch, commit)
