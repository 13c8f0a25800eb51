"""How tags spell a version: prefix and suffix, underscores, leading zeros, pre-releases as SemVer writes them.

A tag format holds ``{version}`` once, or ``{version:EXAMPLE}``: a version spelled as the repository spells its own,
such as ``{version:1_2_3}``, ``{version:2024.01.02}`` or ``{version:1.2.3-rc.1}``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from packaging.version import InvalidVersion, Version

PLACEHOLDER = "{version}"
"""The place of a version in a format, where it is spelled as PEP 440 does."""

PLACE = re.compile(r"\{version(?::([0-9A-Za-z._-]+))?\}")
LONGEST = 100
"""Characters of a tag that may be a version: longer ones are nobody's."""

EXAMPLE = re.compile(
    r"(?P<numbers>[0-9]+(?:[._-][0-9]+)*)(?:(?P<joint>[._-]?)(?P<word>alpha|beta|rc|a|b)(?P<dot>[._-]?)[0-9]+)?"
)
LONG = {"a": "alpha", "b": "beta"}
SPELLED = re.compile(r"[0-9][0-9A-Za-z.!+_-]*", re.ASCII)


@dataclass(frozen=True)
class Spelling:
    """How the numbers of a version are written, and its pre-releases."""

    separator: str = "."
    widths: tuple[int, ...] = ()
    joint: str = ""
    dot: str = ""
    long: bool = False

    def parse(self, text: str) -> Version | None:
        """Read a version that is spelled this way or nearly so; None for what is none."""
        if len(text) > LONGEST or not SPELLED.fullmatch(text):
            return None
        if self.separator != ".":
            text = _dotted(text, self.separator)
        try:
            return Version(text)
        except InvalidVersion:
            return None

    def render(self, version: Version) -> str:
        """Write a version this way."""
        text = str(version)
        if self == PLAIN:
            return text
        epoch = f"{version.epoch}!" if version.epoch else ""
        numbers = self.separator.join(self._number(place, number) for place, number in enumerate(version.release))
        rest = text[len(epoch) + len(".".join(map(str, version.release))) :]
        if version.pre is not None:
            kind, count = version.pre
            word = LONG.get(kind, kind) if self.long else kind
            rest = f"{self.joint}{word}{self.dot}{count}{rest[len(f'{kind}{count}') :]}"
        return epoch + numbers + rest

    def _number(self, place: int, number: int) -> str:
        return str(number).zfill(self.widths[place] if place < len(self.widths) else 0)


PLAIN = Spelling()


@dataclass(frozen=True)
class Form:
    """A tag format that has been read: what stands before and after the version, and how that is spelled."""

    before: str
    spelling: Spelling
    after: str

    def parse(self, tag: str) -> Version | None:
        """Read the version out of a tag; None where the tag is not of this format."""
        before, after = self.before, self.after
        if not (tag.startswith(before) and tag.endswith(after)) or len(tag) <= len(before) + len(after):
            return None
        return self.spelling.parse(tag[len(before) : len(tag) - len(after)])

    def render(self, version: Version) -> str:
        """Give the name of a version's tag."""
        return f"{self.before}{self.spelling.render(version)}{self.after}"


@lru_cache(maxsize=64)
def read_form(text: str) -> Form:
    """Read a tag format; without a place for the version, which no configuration has, it names one thing alone."""
    place = PLACE.search(text)
    if place is None:
        return Form(text, PLAIN, "")
    return Form(text[: place.start()], read_spelling(place[1] or "") or PLAIN, text[place.end() :])


def count_places(text: str) -> int:
    """Say how often a format has a place for the version, spelled so that it can be read."""
    return sum(not place[1] or read_spelling(place[1]) is not None for place in PLACE.finditer(text))


def read_spelling(example: str) -> Spelling | None:
    """Read how versions are spelled by an example of one; None for what is none."""
    matched = EXAMPLE.fullmatch(example)
    if matched is None:
        return None
    numbers = re.split("[._-]", matched["numbers"])
    separators = re.findall("[._-]", matched["numbers"])
    if len(set(separators)) > 1:
        return None
    return Spelling(
        separator=separators[0] if separators else ".",
        widths=tuple(len(number) if number != "0" and number.startswith("0") else 0 for number in numbers),
        joint=matched["joint"] or "",
        dot=matched["dot"] or "",
        long=_is_long(matched["word"], matched["joint"], matched["dot"]),
    )


def _is_long(word: str | None, joint: str | None, dot: str | None) -> bool:
    """Whether alpha and beta are written out: as they are in the example, or where its candidate is by SemVer."""
    return word in LONG.values() or (word, joint, dot) == ("rc", "-", ".")


def _dotted(text: str, separator: str) -> str:
    """Give a version's text with dots between its numbers."""
    epoch, mark, rest = text.rpartition("!")
    return epoch + mark + rest.replace(separator, ".")
