"""How a version is spelled in one place, and the next one in the same spelling.

A place keeps its way of writing: ``v1.2.3``, ``1.2.0-rc.1`` (SemVer), ``2024.05.1`` (padded with zeros), ``1.2`` where
only the first parts stand, ``(1, 2, 3, "final", 0)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from packaging.version import InvalidVersion, Version

from shipway.release.outcomes import ConfigurationError

HEAD = re.compile(r"(?P<v>[vV]?)(?:[0-9]+!)?(?P<release>[0-9]+(?:\.[0-9]+)*)(?P<rest>.*)", re.DOTALL)
SEMVER = re.compile(r"-(?P<word>alpha|beta|a|b|rc|c|pre|preview|dev)(?P<between>\.?)(?=[0-9]|$)", re.IGNORECASE)
ELEMENT = re.compile(r"""(?P<number>[0-9]+)|(?P<quote>["'])(?P<word>[A-Za-z0-9.]*)(?P=quote)""")
PARTS = 3
"""What SemVer has."""
LONG = {"a": "alpha", "b": "beta", "rc": "rc", "dev": "dev"}
SHORT = {"a": "a", "b": "b", "rc": "rc", "dev": "dev"}


@dataclass(frozen=True)
class Form:
    """A way of writing: gives the text for a version where ``like`` stands now."""

    render: Callable[[Version, str], str]


def equals(text: str, version: Version) -> bool:
    """Whether a text is this version, in whatever spelling."""
    try:
        return Version(text) == version
    except InvalidVersion:
        return False


def spell(version: Version, like: str) -> str:
    """Spell a version as another one is spelled; PEP 440's own spelling where ``like`` shows none of its own."""
    if equals(like, version):
        return like
    found = HEAD.fullmatch(like)
    if found is None:
        return str(version)
    text = _padded(version, found["release"])
    semver = SEMVER.match(found["rest"])
    if semver and _fits_semver(version):
        words = SHORT if semver["word"].lower() in SHORT else LONG
        text = _semver(version, found["release"], words, semver["between"])
    return f"{found['v']}{text}"


def spell_semver(version: Version, like: str) -> str:
    """Spell a version by SemVer; `ConfigurationError` for one that SemVer has no spelling for."""
    if equals(like, version):
        return like
    if not _fits_semver(version):
        what = f"SemVer has no spelling for {version}"
        why = f"a file whose version is {like[:60]!r} is read by tools that want one"
        raise ConfigurationError(what, why=why, remedy="choose a version without epoch, post and local part")
    found = HEAD.fullmatch(like)
    semver = SEMVER.match(found["rest"]) if found else None
    words = SHORT if semver and semver["word"].lower() in SHORT.keys() - LONG.values() else LONG
    return f"{found['v'] if found else ''}{_semver(version, '', words, semver['between'] if semver else '.')}"


def spell_short(version: Version, like: str) -> str:
    """Spell as many parts as stand there: the ``1.2`` of 1.2.3."""
    parts = [*version.release, *[0] * len(like.split("."))][: len(like.split("."))]
    text = ".".join(map(str, parts))
    return like if equals(like, Version(text)) else text


def spell_numbers(version: Version, like: str, candidate: str = "rc") -> str:
    """Spell a tuple such as ``(1, 2, 3)`` or ``(1, 2, 3, "rc", 1)``: its elements in place, all around them kept.

    ``candidate`` is the word for a release candidate, which Python itself writes out.
    """
    elements = list(ELEMENT.finditer(like))
    numbers = next((place for place, element in enumerate(elements) if element["word"] is not None), len(elements))
    release = [*version.release, *[0] * numbers][:numbers]
    wanted = [str(number) for number in release]
    if numbers < len(elements):
        word, serial = _level(version, elements[numbers]["word"])
        word = candidate if word == "rc" else word
        quote = elements[numbers]["quote"]
        wanted += [f"{quote}{word}{quote}", str(serial)][: len(elements) - numbers]
    for element, text in zip(reversed(elements[: len(wanted)]), reversed(wanted), strict=True):
        like = f"{like[: element.start()]}{text}{like[element.end() :]}"
    return like


def spell_all_numbers(version: Version, like: str) -> str:
    """Spell a tuple that is the whole version: as many numbers as the version has parts."""
    if version.is_prerelease or version.is_postrelease or version.epoch or version.local:
        what = f"{version} cannot be written as a tuple of numbers"
        raise ConfigurationError(what, why=f"{like[:60]} is joined to the text", remedy='write __version__ = "1.2.3"')
    elements = list(ELEMENT.finditer(like))
    between = like[elements[0].end() : elements[1].start()] if len(elements) > 1 else ", "
    middle = between.join(map(str, version.release))
    return f"{like[: elements[0].start()]}{middle}{like[elements[-1].end() :]}"


TEXT = Form(spell)
SEMVER_TEXT = Form(spell_semver)
SHORTENED = Form(spell_short)
NUMBERS = Form(spell_numbers)
NUMBERS_OUT = Form(partial(spell_numbers, candidate="candidate"))
ALL_NUMBERS = Form(spell_all_numbers)


def _padded(version: Version, like: str) -> str:
    """Spell a version by PEP 440, with a zero before the parts that have one now."""
    text, widths = str(version), [len(part) if part.startswith("0") else 0 for part in like.split(".")]
    if not any(width > 1 for width in widths):
        return text
    plain = ".".join(map(str, version.release))
    padded = ".".join(
        str(part).zfill(widths[place] if place < len(widths) else 0) for place, part in enumerate(version.release)
    )
    return text.replace(plain, padded, 1)


def _fits_semver(version: Version) -> bool:
    return not (version.epoch or version.local or version.is_postrelease or len(version.release) > PARTS)


def _semver(version: Version, like: str, words: dict[str, str], between: str) -> str:
    """Spell ``1.2.0-rc.1``; with as many parts as ``like`` where that has some."""
    parts = max(len(version.release), len(like.split(".")) if like else 3)
    text = ".".join(map(str, [*version.release, *[0] * (parts - len(version.release))]))
    tail = [f"{words[version.pre[0]]}{between}{version.pre[1]}"] if version.pre else []
    tail += [f"dev{between}{version.dev}"] if version.dev is not None else []
    return f"{text}-{'.'.join(tail)}" if tail else text


def _level(version: Version, like: str) -> tuple[str, int]:
    """Give the level and its number as tuples such as Django's have them."""
    if version.pre:
        letter, serial = version.pre
        return ({"a": "a", "b": "b"} if like in ("a", "b") else LONG).get(letter, letter), serial
    if version.dev is not None:
        return "alpha" if like in ("alpha", "beta", "final") else "dev", version.dev
    return "" if like == "" else "final", version.post or 0
