"""The commits of a span, read from git: as records while git still writes them, or a few of them whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shipway.changelog.commits import Commit
from shipway.changelog.frontier import DisorderError, cut_off
from shipway.changelog.history import FIELDS

if TYPE_CHECKING:
    from shipway.changelog.history import Batch
    from shipway.project.changelogs.contract import Span
    from shipway.world.git import Git

LOG = ("log", "-z", "--no-show-signature", "--no-color", "--no-notes", "--encoding=UTF-8")
"""Messages in UTF-8, whatever git is set to."""
EXACT = "--topo-order"
"""Each commit after those that build on it, whatever their dates: for that, git walks the range before it prints."""
ID = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
FORMAT = "--format=tformat:%H%x00%P%x00%aN%x00%B"


@contextmanager
def read_batches(git: Git, span: Span, paths: Sequence[str] = ()) -> Iterator[Iterator[Batch]]:
    """Read the commits of a span, newest first, as git gives them: id, parents, author and message of each."""
    with git.streaming(*LOG, EXACT, FORMAT, "--end-of-options", *_revisions(span), "--", *paths) as pieces:
        yield batches_of(pieces)


@contextmanager
def read_along(git: Git, span: Span) -> Iterator[Iterator[Batch]]:
    """Read the commits of a span while git still walks; `DisorderError` where that would not be exact."""
    since = span.since if span.since is None or ID.fullmatch(span.since) else git.find_commit(span.since)
    if since is None:
        raise DisorderError
    if since == span.until:
        yield iter(())  # where nothing is to come, git would walk all of history for it
        return
    with git.streaming(*LOG, FORMAT, "--end-of-options", span.until, since, "--") as pieces:
        yield cut_off(_leaving_early(batches_of(pieces), since.encode()), since.encode())


def read_commits(git: Git, span: Span, *filters: str) -> list[Commit]:
    """Read the commits of a span, newest first."""
    found: list[Commit] = []
    with git.streaming(*LOG, FORMAT, *filters, "--end-of-options", *_revisions(span), "--") as pieces:
        for _, fields in batches_of(pieces):
            for identity, parents, message in zip(fields[::FIELDS], fields[1::FIELDS], fields[3::FIELDS], strict=True):
                words = tuple(parents.decode().split())
                found.append(Commit(identity.decode(), words, message.decode("utf-8", "replace")))
    return found


def _leaving_early(batches: Iterator[Batch], since: bytes) -> Iterator[Batch]:
    """Give the commits, unless the start of the range comes first: then it is empty or odd, and git tells it faster."""
    for number, batch in enumerate(batches):
        if number == 0 and batch[1][:1] == [since]:
            raise DisorderError
        yield batch


def _revisions(span: Span) -> list[str]:
    return [span.until, *([f"^{span.since}"] if span.since else [])]


def batches_of(pieces: Iterable[bytes]) -> Iterator[Batch]:
    """Put commits together, wherever git's output was cut; no message holds the NUL that ends each field."""
    rest = b""
    for piece in pieces:
        text = rest + piece
        fields = text.split(b"\0")
        end = (len(fields) - 1) // FIELDS * FIELDS
        rest = b"\0".join(fields[end:])
        del fields[end:]
        yield text, fields
