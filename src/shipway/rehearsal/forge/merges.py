"""Merging a pull request as GitHub's button does: merge commit, squash or rebase, really made by git."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shipway.rehearsal.forge.objects import BareRepository, Commit
from shipway.rehearsal.forge.state import Pull, Repository
from shipway.world.process import Completed

METHODS = ("merge", "squash", "rebase")
COMMITTER = {"GIT_COMMITTER_NAME": "GitHub", "GIT_COMMITTER_EMAIL": "noreply@localhost"}


class MergeConflictError(Exception):
    """Head and base do not go together by themselves."""


@dataclass(frozen=True)
class MergeOrder:
    """How somebody wants a pull request merged."""

    method: str
    login: str
    title: str | None = None
    message: str | None = None
    sha: str | None = None


def make_merge(repository: Repository, pull: Pull, order: MergeOrder) -> str:
    """Make the commit that main is to move to, and give it; nothing is moved yet."""
    git, base = repository.git, repository.git.branch(pull.base_branch)
    if base is None:
        raise MergeConflictError
    start = pull.head_commit if order.method == "rebase" else base
    with work_tree(git, start) as tree:
        worker = _Worker(git, tree, _identity(order.login))
        if order.method == "rebase":
            worker.try_git("rebase", "--quiet", "--force-rebase", base)
        elif order.method == "merge":
            worker.try_git(
                "merge", "--quiet", "--no-ff", "-m", _merge_message(repository, pull, order), pull.head_commit
            )
        else:
            worker.try_git("merge", "--quiet", "--squash", pull.head_commit)
            message, author = _squash_message(git, base, pull, order)
            worker.try_git("commit", "--quiet", "--allow-empty", "-m", message, *author)
        return git.run("rev-parse", "HEAD", cwd=tree).stdout.strip()


@dataclass(frozen=True)
class _Worker:
    git: BareRepository
    tree: Path
    identity: dict[str, str]

    def try_git(self, *words: str) -> Completed:
        """Run git in the work tree; its failure is a conflict."""
        done = self.git.run(*words, check=False, env=self.identity, cwd=self.tree)
        if done.code != 0:
            raise MergeConflictError(done.output)
        return done


@contextmanager
def work_tree(git: BareRepository, commit: str) -> Iterator[Path]:
    """Give a work tree of the bare repository that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="merge-", dir=git.home) as parent:
        tree = Path(parent) / "tree"
        git.run("worktree", "add", "--quiet", "--force", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            git.run("worktree", "remove", "--force", str(tree))


def _identity(login: str) -> dict[str, str]:
    email = f"{login}@users.noreply.localhost"
    return {"GIT_AUTHOR_NAME": login, "GIT_AUTHOR_EMAIL": email, "GIT_EDITOR": "true", **COMMITTER}


def _merge_message(repository: Repository, pull: Pull, order: MergeOrder) -> str:
    title = order.title or f"Merge pull request #{pull.number} from {repository.owner}/{pull.head_branch}"
    message = pull.title if order.message is None else order.message
    return f"{title}\n\n{message}".rstrip()


def _squash_message(git: BareRepository, base: str, pull: Pull, order: MergeOrder) -> tuple[str, list[str]]:
    """Give the message of a squash and, where one commit is squashed, the word that keeps its author."""
    commits = git.commits(pull.head_commit, f"^{base}", "--reverse")
    title, message = _squash_default(commits, pull)
    text = f"{order.title or title}\n\n{message if order.message is None else order.message}".rstrip()
    authors = {(commit.author["name"], commit.author["email"]) for commit in commits}
    author = [f"--author={name} <{email}>" for name, email in authors] if len(authors) == 1 else []
    return text, author


def _squash_default(commits: list[Commit], pull: Pull) -> tuple[str, str]:
    if len(commits) == 1:
        subject, _, body = commits[0].message.partition("\n")
        return f"{subject} (#{pull.number})", body.strip()
    return f"{pull.title} (#{pull.number})", "\n\n".join(f"* {commit.message}" for commit in commits)
