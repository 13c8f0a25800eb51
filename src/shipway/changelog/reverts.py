"""Reverts: what each takes back, told apart while a history is read from its newest commit on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from shipway.changelog.commits import Change, parse_change

REVERT = "revert"
REAPPLY = "Reapply"
BEGINNINGS = ("revert", "reapply")
QUOTED = r'(?P<verb>Revert|Reapply) "(?P<subject>.*)"(?: \(#[0-9]+\))?'
"""The subjects that git itself gives to reverts."""
REVERTED = r"(?m)^This reverts commit ([0-9a-f]{7,64})"
REFERS = "refs"
ID = r"\b[0-9a-f]{7,64}\b"
SHORT = 7
TAKEN, KEPT = 1, 2
"""Whether a commit came in by a merge that was reverted, and whether it was there without it."""


class Revert(NamedTuple):
    """What a commit takes back: commits by their ids, or else the newest one with a subject before it."""

    ids: tuple[str, ...]
    subject: str


class _Waiting(NamedTuple):
    """A revert whose commits may still come, and those that came."""

    place: int
    id: bytes
    message: bytes
    found: list[str]


class Reverts:
    """The reverts of a range so far, as far as what they take back has not come yet."""

    def __init__(self) -> None:
        self.reverts: list[_Waiting] = []
        self.by_id: dict[bytes, list[tuple[bytes, _Waiting]]] = {}
        self.by_subject: dict[bytes, _Waiting] = {}
        self.flags: dict[bytes, int] = {}
        self.merged: dict[bytes, str] = {}

    def awaits(self, identity: bytes, message: bytes) -> bool:
        """Whether a commit with one parent needs more than a glance."""
        return (
            identity[:SHORT] in self.by_id
            or identity in self.flags
            or (bool(self.by_subject) and subject_of(message) in self.by_subject)
        )

    def wait(self, place: int, identity: bytes, message: bytes, revert: Revert) -> None:
        """Note a revert."""
        waiting = _Waiting(place, identity, message, [])
        self.reverts.append(waiting)
        for full in revert.ids:
            self.by_id.setdefault(full[:SHORT].encode(), []).append((full.encode(), waiting))
        if not revert.ids:
            self.by_subject.setdefault(revert.subject.encode(), waiting)

    def take(self, identity: bytes, parents: bytes, message: bytes) -> str:
        """Say which revert takes a commit back, by its short id; "" for none."""
        flags, merged_by = self._pass_on(identity, parents)
        by = self._take_one(identity, message)
        if by and b" " in parents:
            first, *others = parents.split(b" ")
            self.flags[first] = self.flags.get(first, 0) | KEPT
            for other in others:
                self.flags[other] = self.flags.get(other, 0) | TAKEN
                self.merged[other] = by
        if by:
            return by
        return merged_by if flags == TAKEN else ""

    def left(self) -> Iterator[tuple[int, bytes, bytes, str]]:
        """Give the reverts, each with the short ids of what it took back ("" for what is out already)."""
        for one in self.reverts:
            yield one.place, one.id, one.message, ", ".join(sorted(one.found))

    def _take_one(self, identity: bytes, message: bytes) -> str:
        waiting = next((one for full, one in self.by_id.get(identity[:SHORT], ()) if identity.startswith(full)), None)
        if waiting is None and self.by_subject:
            waiting = self.by_subject.pop(subject_of(message), None)
        if waiting is None:
            return ""
        waiting.found.append(identity[:SHORT].decode())
        return waiting.id[:SHORT].decode()

    def _pass_on(self, identity: bytes, parents: bytes) -> tuple[int, str]:
        """Give a commit's flags, and hand them to its parents; nothing is kept of it afterwards."""
        flags, by = self.flags.pop(identity, 0), self.merged.pop(identity, "")
        for parent in parents.split(b" ") if flags else ():
            self.flags[parent] = self.flags.get(parent, 0) | flags
            if by and flags & TAKEN:
                self.merged[parent] = by
        return flags, by


def find_revert(message: str) -> Revert | None:
    """Find what a message takes back; None where it is no revert."""
    subject = message.strip("\ufeff \t\r\n").partition("\n")[0].strip()
    if not subject.lower().startswith(BEGINNINGS):
        return None
    quoted, change = re.fullmatch(QUOTED, subject), parse_change(message)
    if quoted is None and (change is None or change.type != REVERT):
        return None
    ids = re.findall(REVERTED, message)
    if not ids and change is not None:
        ids = [
            id_ for footer in change.footers if footer.token.lower() == REFERS for id_ in re.findall(ID, footer.value)
        ]
    taken = quoted["subject"] if quoted else change.description if change else ""
    return Revert(tuple(ids), f'Revert "{taken}"' if quoted and quoted["verb"] == REAPPLY else taken)


def read_revert(message: str) -> Change | None:
    """Read a revert of something that is out already as a change; None where users noticed nothing of that.

    One more brings it back, so it is told as it was.
    """
    subject = message.strip("\ufeff \t\r\n").partition("\n")[0].strip()
    quoted = re.fullmatch(QUOTED, subject)
    if quoted is None:
        change = parse_change(message)
        inner = parse_change(change.description) if change is not None else None
        return change if inner is None else _taking_back(inner)
    inner = parse_change(quoted["subject"])
    if inner is None:
        return None
    return inner if quoted["verb"] == REAPPLY else _taking_back(inner)


def _taking_back(inner: Change) -> Change:
    """Give the change that takes one back: of its type where users notice nothing of it."""
    shown = inner.is_breaking or inner.type in ("feat", "fix", "perf", REVERT)
    return Change(REVERT if shown else inner.type, inner.scope, f"Reverted: {inner.description}")


def subject_of(message: bytes) -> bytes:
    """Give the first line of a message."""
    return message.partition(b"\n")[0].strip()
