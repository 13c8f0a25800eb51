"""Which commits of a history tell users something, and why the others do not; read as they come, none is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shipway.changelog.commits import Change, Commit, parse_change
from shipway.changelog.convention import USUAL, Convention, Told, foreign_of, read_change, read_message, told_of_type
from shipway.changelog.reverts import REVERT, Reverts, find_revert, read_revert
from shipway.changelog.squashes import find_release_as

Record = tuple[bytes, bytes, bytes]
"""A commit as git tells it: its id, its parents' ids with spaces between, and its message."""
Batch = tuple[bytes, list[bytes]]
"""A few commits: a text in which all of them stand, and their fields, one after the other."""
FIELDS = 4
"""How many fields a commit has in a batch: its id, its parents' ids, its author's name, and its message."""

MARKS = (b"ease-a", b"ease-A", b"EASE-A", b"_COMMIT")
"""What is in a message that needs more than a glance: versions that are asked for, messages in a message."""
HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9_-]*)(?:\(([^()\r\n]+)\))?: +(?=\S)")
match = HEADER.match
ODD = re.compile(rb"Re(?:vert|apply) \"|[^A-Za-z#\"'`*\[]|[^\r\n]*[0-9]\.[0-9]|[^\n]*: ").match
"""How a message may begin that is no plain header and still something: with blanks, a version, or more than ASCII."""
SEVERAL = rb"\n[ \t*-]*(?:feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert)[(!:]"
"""What a message may hold several messages by."""
RELEASE = r"Release (?P<name>\S+) [0-9][0-9A-Za-z.!+_-]*(?: \(#[0-9]+\))?"
ANY_RELEASE = (
    r"(?i)(?:(?:chore|build|ci|bump)(?:\([\w./ -]+\))?: )?"
    r"(?:(?:prepare |bump |tag |new )?(?:release|version|bump)(?: version| to| of| v)*[: ]*)?"
    r"v?[0-9]+(?:\.[0-9]+)+[0-9A-Za-z.+-]*(?:(?: to | -> | \u2192 )v?[0-9][0-9A-Za-z.+-]*)?(?: \(#[0-9]+\))?\.?"
)
"""The subjects that other tools, and people, give to the commits of releases."""
MERGE = Told("merge", why="is a merge")
RELEASED = Told("release", why="is a release")


Item = tuple[int, bytes, bytes, tuple[Told, ...], "re.Match[bytes] | None"]


def judge_history(batches: Iterable[Batch], convention: Convention) -> Iterator[Item]:
    """Judge the commits of a range as they come, each after those that build on it.

    Given are place, id, message, what is told, and for a plain commit its header's match: scope and text stand there
    alone (`text_of`), so that all commits of a type share what is told. Reverts come last, when it is known what they
    took back.
    """
    reverts, plain, place = Reverts(), _Plain(convention), 0
    is_quick, several = convention.reader is None, re.compile(SEVERAL).search if convention.squash else None
    foreign = plain.foreign if not plain.foreign[0].section else None
    for text, fields in batches:
        marks = [mark for mark in MARKS if mark in text]
        messages = fields[3::FIELDS]
        for identity, parents, message, header in zip(
            fields[::FIELDS], fields[1::FIELDS], messages, map(match, messages), strict=True
        ):
            place += 1
            if (
                is_quick
                and b" " not in parents
                and b"BREAKING" not in message
                and not (reverts.reverts and reverts.awaits(identity, message))
                and not (marks and any(mark in message for mark in marks))
                and not (several and several(message))
            ):
                told = plain[header[1]] if header is not None else None
                if told is not None:
                    yield place, identity, message, told, header
                    continue
                if header is None and foreign is not None and ODD(message) is None:
                    yield place, identity, message, foreign, None
                    continue
            yield from _judge(reverts, convention, place, (identity, parents, message))
    for place, identity, message, by_ids in reverts.left():
        left = (Told("revert", why=f"reverts {by_ids}"),) if by_ids else _read_left(convention, message)
        yield place, identity, message, left, None


def noting_authors(batches: Iterable[Batch], authors: set[bytes]) -> Iterator[Batch]:
    """Hand commits on, and put the authors of those that are no merges into a set."""
    for text, fields in batches:
        pairs = zip(fields[2::FIELDS], fields[1::FIELDS], strict=True)
        authors.update(author for author, parents in pairs if b" " not in parents)
        yield text, fields


def text_of(message: bytes, header: re.Match[bytes]) -> str:
    """Give the description of a plain commit."""
    start = header.end()
    end = message.find(b"\n", start)
    return message[start : end if end >= 0 else len(message)].rstrip().decode("utf-8", "replace")


def _judge(reverts: Reverts, convention: Convention, place: int, record: Record) -> Iterator[Item]:
    """Judge a commit that needs more than a glance; a revert is kept until it is known what it takes back."""
    identity, parents, message = record
    if reverts.reverts and (by := reverts.take(identity, parents, message)):
        yield place, identity, message, (Told("reverted", why=f"is reverted by {by}"),), None
        return
    text = message.decode("utf-8", "replace")
    found = find_revert(text) if convention.cancels else None
    if found is not None:
        reverts.wait(place, identity, message, found)
    elif b" " in parents and not convention.merges and "BEGIN_COMMIT_OVERRIDE" not in text:
        yield place, identity, message, _merge(text), None
    else:
        yield place, identity, message, _read(convention, text), None


class _Plain(dict[bytes, "tuple[Told, ...] | None"]):
    """What plain commits tell, by the bytes of their type, read once for each type; None for those to look into."""

    def __init__(self, convention: Convention) -> None:
        super().__init__()
        self.convention = convention
        self.foreign = (foreign_of(convention, ""),)

    def __missing__(self, word: bytes) -> tuple[Told, ...] | None:
        spelled = word.decode()
        spelled = spelled.lower() if self.convention.any_case else spelled
        if spelled == REVERT and self.convention.cancels:
            self[word] = None
            return None
        kind = self.convention.kind_of(spelled)
        self[word] = self.foreign if kind is None else (told_of_type(self.convention, spelled, kind),)
        return self[word]


def is_release(commit: Commit, name: str) -> bool:
    """Whether this is the commit of a release by ourselves, or of one that was squashed."""
    return _is_own_release(commit.subject, name)


def follows_convention(commit: Commit) -> bool:
    """Whether a commit shows that its author knows Conventional Commits, rather than looking so by chance."""
    change = parse_change(commit.message)
    return change is not None and (change.type in USUAL or change.is_breaking)


def _merge(text: str) -> tuple[Told, ...]:
    version = find_release_as(text)
    return (MERGE._replace(version=version) if version else MERGE,)


def _read(convention: Convention, text: str) -> tuple[Told, ...]:
    told = read_message(convention, text)
    if told[0].kind == "foreign" and len(told) == 1 and not told[0].version:
        subject = text.strip("\ufeff \t\r\n").partition("\n")[0].strip()
        if re.fullmatch(RELEASE, subject) or re.fullmatch(ANY_RELEASE, subject):
            return (RELEASED,)
    return told


def _read_left(convention: Convention, message: bytes) -> tuple[Told, ...]:
    """Read a revert of something that is out already."""
    text = message.decode("utf-8", "replace")
    change: Change | None = read_revert(text)
    told = read_change(convention, change) if change is not None else None
    return (told or foreign_of(convention, text),)


def _is_own_release(subject: str, name: str) -> bool:
    found = re.fullmatch(RELEASE, subject)
    return found is not None and found["name"] == name
