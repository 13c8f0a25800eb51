"""What a history was found to hold: how many commits of each kind, and the first of each level by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from shipway.changelog.convention import LEVELS, Told
from shipway.changelog.history import Item
from shipway.changelog.reverts import SHORT, subject_of

MOST = 200
"""How many commits of a level are kept by name."""
LONGEST = 60
Named = tuple[bytes, bytes, Told]


class Tally:
    """Counts what a history tells, while it is read; of each level a few commits are kept, and the rest is a number."""

    def __init__(self) -> None:
        self.total: dict[str, int] = {}
        self.named: dict[str, list[Named]] = {level: [] for level in LEVELS}
        self.strangers: list[Named] = []
        self.version = ""
        """The version that the newest commit asks for which asks for one."""

    def take(self, items: Iterable[Item], show: Callable[[Item], None] | None = None) -> Tally:
        """Count all of a history; ``show`` gets what notes tell of."""
        shared: dict[int, tuple[Told, ...]] = {}
        numbers: dict[int, int] = {}
        for item in items:
            told = item[3]
            key = id(told)
            if key in shared and item[4] is not None:
                numbers[key] += 1
                if show is not None and told[0].section:
                    show(item)
                continue
            self._note(item)
            if show is not None:
                show(item)
            kind = told[0]
            if item[4] is not None and len(self.named[kind.level]) == MOST:
                shared[key], numbers[key] = told, 0  # all of its type share it, and none is kept by name any more
        for key, told in shared.items():
            self.total[told[0].kind] += numbers[key]
        return self

    def _note(self, item: Item) -> None:
        _, identity, message, told, _ = item
        for one in told:
            self.total[one.kind] = self.total.get(one.kind, 0) + 1
            named = [self.named[one.level], *([self.strangers] if one.kind == "foreign" else [])]
            for first in named:
                if len(first) < MOST:
                    first.append((identity, message, one))
            if one.version and not self.version:
                self.version = one.version

    @property
    def level(self) -> str:
        """The highest level; "" where nothing counts."""
        return next((level for level in reversed(LEVELS) if level and self.named[level]), "")

    @property
    def looked_at(self) -> int:
        """How many things were told that are no merges and no releases."""
        return sum(number for kind, number in self.total.items() if kind not in ("merge", "release"))

    @property
    def summary(self) -> str:
        """Say how many there are of each kind."""
        return ", ".join(f"{number} {kind}" for kind, number in sorted(self.total.items(), key=lambda one: -one[1]))

    @property
    def foreign(self) -> list[tuple[str, str]]:
        """The first that are not by the convention, and why they are not."""
        return [(shown(*one[:2]), one[2].why) for one in self.strangers if not one[2].level and not one[2].section]

    @property
    def uncounted(self) -> Iterator[tuple[str, str]]:
        """The first that do not count, and why."""
        yield from ((shown(*one[:2]), one[2].why) for one in self.named[""])

    def counted(self) -> list[tuple[str, str, str]]:
        """Give what decided first: the highest level first, then the newest; its name, its level, and why."""
        ranked = [one for level in reversed(LEVELS) for one in self.named[level]]
        return [(_named(*one), one[2].level, one[2].why) for one in ranked[:MOST]]


def shown(identity: bytes, message: bytes) -> str:
    """Give a commit as an error shows it."""
    return f"{identity[:SHORT].decode()} {_subject(message)[:LONGEST]!r}"


def _named(identity: bytes, message: bytes, told: Told) -> str:
    """Give a commit, or the part of one that tells a thing, as reasons show it."""
    scope = f"({told.scope})" if told.scope else ""
    text = f"{told.kind}{scope}: {told.text}" if told.text and told.kind != "breaking" else _subject(message)
    return f"{text[: 2 * LONGEST]} ({identity[:SHORT].decode()})"


def _subject(message: bytes) -> str:
    """Give the first line of a message without what a terminal would obey."""
    subject = subject_of(message).decode("utf-8", "replace")
    if subject.isascii() and subject.isprintable() and "::" not in subject and "##[" not in subject:
        return subject
    from shipway.changelog.plain import plain

    return " ".join(plain(subject).split())
