"""Telling the commits of a range apart from older ones while git still walks: so both work at the same time.

Asked for a range, git walks all of it before it prints the first commit. Asked for a history it prints as it walks,
newest first, and we find where the range ends: whatever the start of the range can reach is handed on from child to
parent. Where the history is one straight line that is all. Where it is not, a parent with a younger date than its child
can come first; as git itself does, we look a little further than the end of the range, and where such a one is met, git
is asked for the range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shipway.changelog.history import FIELDS, Batch

ENOUGH = 10
"""So much of an id is kept, to know a commit that has gone by; taking one for another costs time, and nothing else."""


MARGIN = 64
"""How many commits beyond the range are looked at for one that came too early."""


class DisorderError(Exception):
    """A parent came before its child, so the range cannot be told apart as it comes."""


def cut_off(batches: Iterable[Batch], since: bytes) -> Iterator[Batch]:
    """Give the commits that ``since`` cannot reach; the history must be that of the range's end and of ``since``."""
    frontier = _Frontier(since)
    for number, (text, fields) in enumerate(batches, start=1):
        kept = frontier.pass_by(fields)
        yield text, kept
        if frontier.is_closed:
            return
        if number & (number - 1) == 0:
            frontier.check()
    if frontier.pending:
        raise DisorderError


class _Frontier:
    """The parents that have not come yet, each with whether the start of the range can reach it."""

    def __init__(self, since: bytes) -> None:
        self.pending = {since: True}
        self.open = 1
        """How many of them belong to the range, as far as is known; the first is its end, whatever its id."""
        self.seen: list[bytes] = []
        self.expected: bytes | None = None
        self.is_straight = True
        self.margin = MARGIN

    @property
    def is_closed(self) -> bool:
        """Whether nothing of the range can come any more."""
        return self.open == 0 and (self.margin == 0 or (self.is_straight and self.expected in self.pending))

    def check(self) -> None:
        """Raise where a parent that is waited for has gone by already."""
        if any(not old and self._has_passed(parent) for parent, old in self.pending.items()):
            raise DisorderError

    def pass_by(self, fields: list[bytes]) -> list[bytes]:
        """Give the commits that belong to the range, with their messages."""
        pending, identities, dropped = self.pending, fields[::FIELDS], []
        last = len(identities)
        for place, (identity, parents) in enumerate(zip(identities, fields[1::FIELDS], strict=True)):
            old = pending.pop(identity, False)
            if old:
                dropped.append(place)
            else:
                self.open -= 1
            if parents in pending or old or b" " in parents:
                self._hand_on(parents, identities[:place], old=old)
            elif parents:
                pending[parents] = False
                self.open += 1
            if identity != self.expected:
                self.is_straight = self.is_straight and self.expected is None
            self.expected = parents
            if self.open == 0:
                if self.is_closed:
                    last = place + 1
                    break
                self.margin -= 1
        self.seen.append(b"".join([identity[:ENOUGH] for identity in identities[:last]]))
        if last < len(identities):
            del fields[FIELDS * last :]
        for place in reversed(dropped):
            del fields[FIELDS * place : FIELDS * (place + 1)]
        return fields

    def _hand_on(self, parents: bytes, before: list[bytes], *, old: bool) -> None:
        """Tell the parents of a commit that it has come."""
        for parent in parents.split():
            known = self.pending.get(parent)
            if known is None:
                if old and (parent in before or self._has_passed(parent)):
                    raise DisorderError
                self.open += not old
                self.pending[parent] = old
            elif old and not known:
                self.open -= 1
                self.pending[parent] = True

    def _has_passed(self, identity: bytes) -> bool:
        short = identity[:ENOUGH]
        return any(short in text for text in self.seen)
