"""The tags of a clone: their names, commits and days, in one call of git, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from shipway.release.tagnames import Seen
from shipway.world.git_local import LocalGit

TAGS = "refs/tags/"
PEELED = "^{}"
FIELDS = ("%(objecttype)", "%(objectname)", "%(committerdate:unix)")
FORMAT = " ".join(["%(refname)", *FIELDS, *(field.replace("(", "(*", 1) for field in FIELDS)])
"""What is asked of each tag, and of what an annotated one leads to."""


@dataclass(frozen=True)
class Tag(Seen):
    """One tag, with the commit that it leads to."""

    commit: str = ""


class Head(NamedTuple):
    """A commit that somebody stands at: its id, and when it was made."""

    commit: str
    date: int


def read_head(git: LocalGit, name: str = "HEAD") -> Head | None:
    """Read which commit a name means, and its date; None where there is no such commit."""
    found = git.run("log", "-1", "--no-show-signature", "--format=%H %ct", name, "--", check=False)
    if found.code != 0:
        return None
    commit, date = found.stdout.split()
    return Head(commit, int(date))


def read_tags(git: LocalGit) -> list[Tag]:
    """Read the tags of this clone that lead to a commit."""
    listed = git.run("for-each-ref", f"--format={FORMAT}", TAGS, check=False)
    found = (_parse(line) for line in listed.stdout.splitlines())
    return [tag for tag in found if tag is not None]


def tags_of(refs: Mapping[str, str], known: Iterable[Tag]) -> list[Tag]:
    """Give the tags among a remote's refs; their days are those that this clone knows."""
    dates = {tag.commit: tag.date for tag in known}
    found = []
    for ref, held in refs.items():
        if ref.startswith(TAGS) and not ref.endswith(PEELED):
            commit = refs.get(f"{ref}{PEELED}", held)
            found.append(Tag(ref.removeprefix(TAGS), dates.get(commit, 0), commit))
    return found


def _parse(line: str) -> Tag | None:
    """Read one line; None for a tag of a tree or a file, which is no release."""
    ref, kind, commit, date, *peeled = line.split(" ")
    if kind == "tag" and len(peeled) == len(FIELDS):
        kind, commit, date = peeled
    if kind not in ("commit", "tag"):
        return None
    return Tag(ref.removeprefix(TAGS), int(date) if date.isdecimal() else 0, commit)
