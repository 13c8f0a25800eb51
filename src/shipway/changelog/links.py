"""The links of a changelog's titles: those at its end and those in a title, moved on from one version to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence

from packaging.version import Version

from shipway.changelog.headings import VERSION, announced_version
from shipway.changelog.marks import names_next

DEFINED = re.compile(
    r"(?P<open>\[|\.\. _`?)(?P<label>[^\]`:]{1,80})(?P<close>\]:|`?:)(?P<space>[ \t]+)(?P<address>\S+)[ \t]*"
)
COMPARED = re.compile(
    r"(?P<before>.*/compare/(?:.*/compare/)?|.*\bbranches/compare/)(?P<old>.+?)(?P<dots>\.{2,3}|%0D)(?P<new>[^#?]+)(?P<after>.*)"
)


def move_address(address: str, old: str, new: str) -> str:
    """Give the address of a version's changes, after the form of the version's before; "" where that is of no use."""
    compared = COMPARED.fullmatch(address)
    if compared is not None:
        tag = compared["new"]
        if old not in tag:
            return ""
        return f"{compared['before']}{tag}{compared['dots']}{tag.replace(old, new)}{compared['after']}"
    return address.replace(old, new) if old in address else ""


def split_next(address: str, new: str) -> tuple[str, str] | None:
    """Give the addresses of a version's changes and of those after it, from that of all changes up to now.

    None where that compares nothing with a version.
    """
    compared = COMPARED.fullmatch(address)
    old = compared["old"] if compared else ""
    places = [found for found in VERSION.finditer(old) if "." in found[1]]
    if compared is None or not places:
        return None
    tag = f"{old[: places[-1].start(1)]}{new}"
    before, dots = compared["before"], compared["dots"]
    return f"{before}{old}{dots}{tag}{compared['after']}", f"{before}{tag}{dots}{compared['new']}{compared['after']}"


def move_definitions(lines: Sequence[str], version: Version, name: str, end: str) -> list[str]:
    """Give the lines (with their ends) of a changelog in which the links below know a version more.

    ``name`` is how its title spells it.
    """
    for number, line in enumerate(lines):
        found = DEFINED.fullmatch(line.rstrip("\r\n"))
        if found is None:
            continue
        if names_next(found["label"]):
            split = split_next(found["address"], name)
            if split is None or _is_defined(lines, version):
                return list(lines)
            mine, later = split
            ours = _defined(found, _label(lines, name), mine)
            return [
                *lines[:number],
                _defined(found, found["label"], later) + end,
                ours + (_end_of(line)),
                *lines[number + 1 :],
            ]
        announced = announced_version(found["label"])
        if announced is not None:
            return _before(lines, number, found, announced.version, version, name, end)
    return list(lines)


def _before(  # noqa: PLR0913, PLR0917 - one place, and what goes there
    lines: Sequence[str], number: int, found: re.Match[str], old: Version, version: Version, name: str, end: str
) -> list[str]:
    """Put a version's link before that of the version before; nothing where it does not tell how it would look."""
    spelled = next((one[1] for one in VERSION.finditer(found["label"])), str(old))
    address = move_address(found["address"], spelled, name)
    if not address or version <= old:
        return list(lines)
    return [*lines[:number], _defined(found, found["label"].replace(spelled, name), address) + end, *lines[number:]]


def _label(lines: Sequence[str], name: str) -> str:
    """Spell a version's label as the other labels are."""
    for line in lines:
        found = DEFINED.fullmatch(line.rstrip("\r\n"))
        if found is not None and announced_version(found["label"]) is not None:
            return f"{found['label'][0]}{name}" if found["label"][0] in "vV" else name
    return name


def _is_defined(lines: Sequence[str], version: Version) -> bool:
    labels = (found["label"] for line in lines if (found := DEFINED.fullmatch(line.rstrip("\r\n"))))
    return any((known := announced_version(label)) is not None and known.version == version for label in labels)


def _defined(found: re.Match[str], label: str, address: str) -> str:
    return f"{found['open']}{label}{found['close']}{found['space']}{address}"


def _end_of(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
