"""Histories for tests: from messages, as git would hand them over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from shipway.changelog.commits import Commit
from shipway.changelog.convention import OWN, Convention
from shipway.changelog.history import Batch, Item, judge_history


def identity(number: int) -> str:
    return hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()


def history(*messages: str) -> list[Commit]:
    """Give a straight history, newest first, from messages that are oldest first; ``{N}`` is the id of the Nth."""
    ids = [identity(number) for number in range(len(messages))]
    made = [
        Commit(ids[place], (ids[place - 1],) if place else (), message.format(*ids))
        for place, message in enumerate(messages)
    ]
    return made[::-1]


def batches(commits: Iterable[Commit]) -> list[Batch]:
    """Give commits as git writes them."""
    fields = [
        field.encode("utf-8", "replace")
        for one in commits
        for field in (one.id, " ".join(one.parents), "A Person", one.message.replace("\0", ""))
    ]
    return [(b"\0".join(fields), fields)]


def judge(commits: Sequence[Commit], convention: Convention = OWN) -> list[Item]:
    """Judge commits, and give them in the order that they had."""
    return sorted(judge_history(batches(commits), convention), key=lambda item: item[0])


def counted(*messages: str, convention: Convention = OWN) -> list[int]:
    """Give the places of the messages, oldest first, that notes tell of."""
    items = judge(history(*messages), convention)
    return sorted(len(messages) - item[0] for item in items if any(told.is_shown for told in item[3]))
