"""Commit messages by Conventional Commits 1.0.0: type, scope, description, body and footers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

HEADER = re.compile(r"(?P<type>[A-Za-z][A-Za-z0-9_-]*)(?:\((?P<scope>[^()]+)\))?(?P<mark>!)?: +(?P<text>\S.*)")
LINE_END = re.compile(r"\r\n|\n|\r")
BREAKING = ("BREAKING CHANGE", "BREAKING-CHANGE")
BREAKING_HEADER = r"(?P<type>BREAKING[ -]CHANGE)(?:\((?P<scope>[^()]+)\))?(?P<mark>!?): +(?P<text>\S.*)"
"""Not by the specification, which has it in footers alone: a breaking change that is the whole message is none less."""
FOOTER = re.compile(r"(?P<token>BREAKING CHANGE(?=:)|[A-Za-z][A-Za-z0-9-]*)(?:: +| (?=#))(?P<value>\S.*)")
EMPTY_BREAKING = re.compile(r"(?P<token>BREAKING[ -]CHANGE):[ \t]*(?P<value>)")
"""A breaking change whose text begins on the next line: to lose one would be worse than to be strict."""


class Commit(NamedTuple):
    """A commit as git tells it: its id, its parents' ids, and its whole message."""

    id: str
    parents: tuple[str, ...]
    message: str

    @property
    def subject(self) -> str:
        """The first line of the message that is not empty."""
        return next((line.strip() for line in LINE_END.split(self.message) if line.strip()), "")


class Footer(NamedTuple):
    """A footer: its token, and its value with the lines that go on with it."""

    token: str
    value: str


class Change(NamedTuple):
    """What a message says by Conventional Commits; ``type`` is in small letters, ``scope`` "" for none."""

    type: str
    scope: str
    description: str
    marked: bool = False
    body: str = ""
    footers: tuple[Footer, ...] = ()

    @property
    def breaking(self) -> tuple[str, ...]:
        """The texts of the footers that tell of a breaking change."""
        return tuple(footer.value for footer in self.footers if footer.token in BREAKING)

    @property
    def is_breaking(self) -> bool:
        """Whether it breaks something, by the mark in the header or by a footer."""
        return self.marked or bool(self.breaking)


def parse_change(message: str, *, any_case: bool = True) -> Change | None:
    """Read a message; None for one that is not by the convention. ``any_case`` gives the type in small letters."""
    lines = [line.rstrip() for line in LINE_END.split(message.strip("\ufeff \t\r\n"))]
    header = HEADER.fullmatch(lines[0]) or re.fullmatch(BREAKING_HEADER, lines[0])
    if header is None:
        return None
    start = _footers_start(lines)
    return Change(
        type=header["type"].lower() if any_case else header["type"],
        scope=(header["scope"] or "").strip(),
        description=header["text"].strip(),
        marked=header["mark"] is not None,
        body="\n".join(lines[1:start]).strip("\n"),
        footers=_parse_footers(lines[start:]),
    )


def _footers_start(lines: Sequence[str]) -> int:
    """Give the line that the footers begin with: after a blank one, or wherever a breaking change is told."""
    for number, line in enumerate(lines[1:], start=1):
        footer = _footer_at(line)
        if footer and (footer["token"] in BREAKING or not lines[number - 1]):
            return number
    return len(lines)


def _parse_footers(lines: Sequence[str]) -> tuple[Footer, ...]:
    """Read the footers; lines that begin no footer go on with the one before."""
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        footer = _footer_at(line)
        if footer:
            found.append((footer["token"], [footer["value"]]))
        else:
            found[-1][1].append(line)
    return tuple(Footer(token, "\n".join(values).strip("\n")) for token, values in found)


def _footer_at(line: str) -> re.Match[str] | None:
    return FOOTER.fullmatch(line) or EMPTY_BREAKING.fullmatch(line)
