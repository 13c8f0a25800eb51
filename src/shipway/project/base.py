"""The base of a release: the commit it starts from, and what makes a checkout fit to be one."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING

from shipway.release.outcomes import BlockedError
from shipway.world.git import Git

if TYPE_CHECKING:  # the short commands need none
    from shipway.project.configuration import Configuration

MOST_NAMED = 3


def require_base(git: Git, configuration: Configuration) -> tuple[str, dict[str, str]]:
    """Give HEAD and the remote's refs (branch and tags) where HEAD is fit to be released from.

    That is a clean, whole checkout of the branch for releases, as the remote has it; else `BlockedError`.
    """
    require_whole(git)
    base = require_branch(git, configuration)
    require_clean(git)
    refs = git.remote_refs(f"refs/heads/{configuration.branch}", "refs/tags/*")
    require_pushed(git, configuration, base, refs)
    return base, refs


def require_whole(git: Git) -> None:
    """Refuse a shallow clone, in which questions about history have wrong answers."""
    if git.is_shallow():
        why = "the last release and its tags cannot be seen from here; --deepen brings them first"
        remedy = shlex.join(["git", "fetch", "--unshallow", "--tags", git.remote])
        raise BlockedError("this clone is shallow", why=why, remedy=remedy)


def require_commit(git: Git) -> str:
    """Give HEAD's commit; `BlockedError` before the first one."""
    base = git.find_commit("HEAD")
    if base is None:
        raise BlockedError("this repository has no commit", remedy="git commit")
    return base


def require_branch(git: Git, configuration: Configuration) -> str:
    """Give HEAD's commit; refuses another branch than the one for releases."""
    base, branch, wanted = require_commit(git), git.find_branch(), configuration.branch
    if branch != wanted:
        found = f"the branch {branch}" if branch else "a detached HEAD"
        why = f"releases are made from {wanted} (branch in [tool.shipway])"
        raise BlockedError(f"this is {found}, not {wanted}", why=why, remedy=shlex.join(["git", "switch", wanted]))
    return base


def require_remote(git: Git, configuration: Configuration) -> str:
    """Give the remote's address; `BlockedError` where there is none."""
    del configuration
    return git.require_remote_url()


def require_clean(git: Git) -> None:
    """Refuse a work tree that is not what HEAD is."""
    if changed := git.changed_paths():
        named = ", ".join(changed[:MOST_NAMED]) + (" .." if len(changed) > MOST_NAMED else "")
        why = "a release is made of a commit, so it would not have them; files that are made belong into .gitignore"
        remedy = "commit and push them, or git stash --include-untracked"
        raise BlockedError(f"the work tree has changes: {named}", why=why, remedy=remedy)


def require_pushed(git: Git, configuration: Configuration, base: str, refs: Mapping[str, str]) -> None:
    """Refuse a base that is not what the remote's branch holds."""
    branch, remote = configuration.branch, configuration.remote
    tip = refs.get(f"refs/heads/{branch}")
    if tip == base:
        return
    push = shlex.join(["git", "push", remote, branch])
    if tip is None:
        raise BlockedError(f"{remote} has no branch {branch}", remedy=push)
    git.fetch(tip)
    if git.contains(base, tip):
        why = "others would not find the commit that the release is made of"
        raise BlockedError(f"{branch} is ahead of {remote}", why=why, remedy=push)
    why = f"the release would lack what {remote} has since {base[:9]}"
    if git.contains(tip, base):
        pull = shlex.join(["git", "pull", "--ff-only", remote, branch])
        raise BlockedError(f"{branch} is behind {remote}", why=why, remedy=pull)
    pull = shlex.join(["git", "pull", "--rebase", remote, branch])
    raise BlockedError(f"{branch} and {remote} have gone apart", why=why, remedy=f"{pull} && {push}")
