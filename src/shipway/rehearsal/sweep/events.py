"""Boundary events of a release: each git write, each changing HTTP request, each file put in place; and their names.

A name has to be the same in every run, so what changes from run to run (process ids, object ids) is left out of it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

Kind = Literal["git", "http", "file"]
"""A local git that writes, a request that changes something on a server, a file renamed into its place."""
When = Literal["before", "after"]
WHENS: tuple[When, ...] = get_args(When)

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
READING_REQUESTS = ("/git-upload-pack", "/releases/generate-notes")
"""Requests with a changing method that change nothing."""

# fmt: off
READING = frozenset({
    "cat-file", "check-ref-format", "config", "describe", "diff", "diff-tree", "for-each-ref", "log",
    "ls-files", "ls-remote", "ls-tree", "merge-base", "name-rev", "remote", "rev-list", "rev-parse",
    "show", "show-ref", "status", "symbolic-ref", "var", "version", "--version",
})
# fmt: on
"""What Shipway asks git without changing anything; every other subcommand counts as a write."""
WITH_VALUE = frozenset({"-c", "-C", "--git-dir", "--work-tree", "--namespace", "--exec-path"})

CHANCE = re.compile(r"[0-9a-f]{7,}|\d{3,}")
UPDATE = re.compile(r"[0-9a-f]*:(refs/\S+)")
REPOSITORY = re.compile(r"^(?:/api/uploads)?/repos/[^/]+/[^/]+|^/[^/]+/[^/]+?\.git(?=/)")
REGISTER = "refs/shipway/"


@dataclass(frozen=True)
class Event:
    """One boundary event: what it is, the how manyth of its name in a run, and the step that it belongs to."""

    kind: Kind
    name: str
    nth: int = 1
    step: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.name} #{self.nth}"


@dataclass(frozen=True)
class Point:
    """Where a release is killed: before an event took effect, or after it."""

    event: Event
    when: When

    def __str__(self) -> str:
        return f"{self.when} {self.event}"


class Numbering:
    """Gives each event of a run its number among those of the same name."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[Kind, str]] = Counter()

    def number(self, kind: Kind, name: str, step: str = "") -> Event:
        """Give the event that just came."""
        self._seen[kind, name] += 1
        return Event(kind, name, self._seen[kind, name], step)


# --- names ----------------------------------------------------------------------------------------


def name_of_program(argv: Sequence[str], folder: str) -> str | None:
    """Name a program that is about to start, if it is a git that writes; ``folder`` is where it runs."""
    words = _subcommand(argv) if Path(argv[0]).name == "git" else []
    if not words or words[0] in READING:
        return None
    refs = [match[1] for word in words[1:] if (match := UPDATE.fullmatch(word))]
    where = f" in {CHANCE.sub('N', folder)}" if folder != "." else ""
    return " ".join(["git", words[0], *refs]) + where


def is_build(argv: Sequence[str]) -> bool:
    """Whether a program that is about to start builds distributions."""
    return ("-m", "build") in pairwise(argv) or (
        Path(argv[0]).name in ("uv", "hatch", "flit", "pdm") and "build" in argv[1:2]
    )


def name_of_request(method: str, path: str, head: bytes) -> str | None:
    """Name a request, if it changes something; a push is named by the refs that it asks for."""
    if method not in CHANGING or path.endswith(READING_REQUESTS):
        return None
    plain = CHANCE.sub("N", REPOSITORY.sub("", path))
    if not plain.endswith("/git-receive-pack"):
        return f"{method} {plain}"
    return f"{method} /git-receive-pack: {', '.join(_updates(head)) or 'nothing'}"


def name_of_file(target: str, root: Path) -> str | None:
    """Name a file that is about to be put in place, if that is in the work tree."""
    place = Path(os.path.normpath(root / target))
    if not place.is_relative_to(root):
        return None
    relative = place.relative_to(root)
    hidden = {".git", "__pycache__"} & {*relative.parts}
    return None if hidden else CHANCE.sub("N", relative.as_posix())


def _subcommand(argv: Sequence[str]) -> list[str]:
    """Give git's subcommand and its words, past git's own options."""
    words = list(argv[1:])
    while words and words[0].startswith("-") and words[0] not in READING:
        del words[: 2 if words[0] in WITH_VALUE else 1]
    return words


def _updates(head: bytes) -> Iterator[str]:
    """Read the commands of a push (gitprotocol-pack): packets of ``old new ref``, up to an empty one."""
    while (size := int(head[:4] or b"0", 16)) > 4:
        old, new, ref = head[4:size].partition(b"\0")[0].split(maxsplit=2)
        verb = "create" if not old.strip(b"0") else "move" if new.strip(b"0") else "delete"
        yield f"{verb} {ref.decode(errors='replace').strip()}"
        head = head[size:]
