"""The line of release that a commit belongs to: which tagged versions are its own, and which are another branch's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packaging.version import Version

from shipway.project.configuration import read_setting
from shipway.project.files import in_folder
from shipway.project.version_source import find_version_source
from shipway.release.version import parse_tag
from shipway.world.git import Git

TAGS = "refs/tags/"
PEELED = "^{}"
NOTHING_YET = Version("0.0.0")
"""What a project is at before its first tag, where only tags tell."""


@dataclass(frozen=True)
class Line:
    """One line of release: the commits of its tagged versions, and the version that it has come to."""

    releases: Mapping[Version, str]
    current: Version

    @property
    def versions(self) -> tuple[Version, ...]:
        """The versions that were released, lowest first."""
        return tuple(sorted(self.releases))

    def last_before(self, version: Version, *, final: bool = False) -> Version | None:
        """Give the last release before a version; with ``final`` pre-releases do not count."""
        before = (found for found in self.releases if found < version and not (final and found.is_prerelease))
        return max(before, default=None)

    def commit_of(self, version: Version | None) -> str | None:
        """Give the commit that a version is tagged at; None for no version."""
        return None if version is None else self.releases[version]


def read_line(git: Git, refs: Mapping[str, str], base: str, written: Version | None, tag_format: str) -> Line:
    """Give the line of ``base``; ``refs`` are the remote's, ``written`` the version in the files (None: in tags alone).

    A version above the one that is written belongs to the line if it was released from a commit in the history of
    ``base``: so 2.0 on main is none of 1.x, and a release whose pull request is not merged is main's. Where no file
    has a version, the highest such final release is where the line has come to.
    """
    held = {}
    for ref, found in refs.items():
        version = parse_tag(ref.removeprefix(TAGS), tag_format) if ref.startswith(TAGS) else None
        if version is not None:
            held[version] = refs.get(f"{ref}{PEELED}", found)
    releases, current = {}, written
    for version in sorted(held, reverse=True):
        if (current is not None and version <= current) or _was_released_from(git, held[version], base):
            releases[version] = held[version]
            if current is None and not version.is_prerelease:
                current = version
    return Line(releases, NOTHING_YET if current is None else current)


def read_current(git: Git) -> Version:
    """Give the version that the work tree is at; nobody outside of this clone is asked."""
    return find_version_source(in_folder(git.root)).read() or read_own_line(git).current


def read_own_line(git: Git) -> Line:
    """Give the line of HEAD by the tags of this clone."""
    written = find_version_source(in_folder(git.root)).read()
    tag_format = str(read_setting(git.root, git.processes.environment, "tag-format"))
    head = git.find_commit("HEAD")
    return read_line(git, own_tags(git) if head else {}, head or "", written, tag_format)


def own_tags(git: Git) -> dict[str, str]:
    """Give the tags of this clone as a remote lists them: with the commit that an annotated one leads to."""
    listed = git.read("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", TAGS)
    refs: dict[str, str] = {}
    for ref, held, peeled in (line.split(" ") for line in listed.splitlines()):
        refs |= {ref: held, f"{ref}{PEELED}": peeled} if peeled else {ref: held}
    return refs


def _was_released_from(git: Git, commit: str, base: str) -> bool:
    """Whether a release commit, or what it was made of, is in a history."""
    git.fetch(commit)
    return git.contains(base, git.find_commit(f"{commit}^") or commit)
