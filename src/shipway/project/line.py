"""The line of release that a commit belongs to: which tagged versions are its own, and which are another branch's."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version

from shipway.release.version import parse_tag
from shipway.world.git import Git

TAGS = "refs/tags/"


def read_line(git: Git, refs: Mapping[str, str], base: str, current: Version, tag_format: str) -> tuple[Version, ...]:
    """Give the versions that were released on the line of ``base``, lowest first.

    ``refs`` are the remote's. A version above ``current`` belongs to the line if it was released from a commit in the
    history of ``base``: so 2.0 on main is none of 1.x, and a release whose pull request is not merged is main's.
    """
    found = {}
    for ref, held in refs.items():
        version = parse_tag(ref.removeprefix(TAGS), tag_format) if ref.startswith(TAGS) else None
        if version is not None:
            found[version] = refs.get(f"{ref}^{{}}", held)
    return tuple(sorted(v for v, commit in found.items() if v <= current or _was_released_from(git, commit, base)))


def _was_released_from(git: Git, commit: str, base: str) -> bool:
    """Whether a release commit, or what it was made of, is in a history."""
    git.fetch(commit)
    return git.contains(base, git.find_commit(f"{commit}^") or commit)
