"""Commit messages that hold several messages: squashed commits, nested ones, and blocks that override the rest."""

from __future__ import annotations

import re
from typing import Literal

Squash = Literal["", "lines", "paragraphs"]
"""Whether one commit's message may hold several: no, also on lines of lists, or as paragraphs and footers."""

# Patterns are compiled when they are needed, which most histories never do.
TYPES = "feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert"
OVERRIDE = r"(?s)BEGIN_COMMIT_OVERRIDE(.*?)(?:END_COMMIT_OVERRIDE|\Z)"
NESTED = r"(?s)BEGIN_NESTED_COMMIT(.*?)(?:END_NESTED_COMMIT|\Z)"
PARAGRAPH = rf"\r?\n\r?\n(?=(?:{TYPES})(?:\([^)\r\n]*\))?!?: )"
LINE = (
    rf"(?:(?:\A|\r?\n[ \t]*\r?\n)[ \t]*(?:[*-][ \t]+)?|\r?\n[ \t]*[*-][ \t]+)"
    rf"(?=(?:{TYPES})(?:\([^)\r\n]*\))?!?: \S+ \S)"
)
"""A conventional header that begins a paragraph or a list's item; of one word it would be a footer, as fix: #12."""
FOOTER = r"(?:BREAKING[ -]CHANGE|[A-Za-z][\w-]*(?:\([^()\r\n]*\))?!?)(?:: *| #)\S.*"
CHANGE = rf"(?:{TYPES}|deps)(?:\([^()\r\n]*\))?!?: *\S.*"
"""A footer, and one that is the header of a change."""
HEADERS = r"\r?\n(?=[A-Za-z][A-Za-z0-9_-]*(?:\([^()\r\n]+\))?!?: )"
RELEASE_AS = r"(?im)^release-as:[ \t]*v?([0-9]\S*)[ \t]*\r?$"


def split_message(message: str, squash: Squash = "") -> list[str]:
    """Give the messages that a commit's message holds; usually that is the one."""
    override = re.search(OVERRIDE, message) if "_OVERRIDE" in message else None
    if override and override[1].strip():
        return _split_override(override[1].strip())
    nested = [found.strip() for found in re.findall(NESTED, message)] if squash else []
    rest = re.sub(NESTED, "", message) if nested else message
    return [*_split_squashed(rest, squash), *nested]


def find_release_as(message: str) -> str:
    """Give the version that a message asks for; "" for none."""
    found = re.search(RELEASE_AS, message)
    return found[1] if found else ""


def _split_squashed(message: str, squash: Squash) -> list[str]:
    if not squash:
        return [message]
    if squash == "lines":
        return [piece for piece in re.split(LINE, message) if piece.strip()]
    return [part for piece in re.split(PARAGRAPH, message) if piece.strip() for part in _split_footers(piece)]


def _split_footers(message: str) -> list[str]:
    """Give a message and, each by itself, the footers at its end that are headers of changes."""
    lines = message.split("\n")
    start = len(lines)
    while start > 1 and _is_of_footers(lines[start - 1]):
        start -= 1
    pieces, rest = [], lines[:start]
    for line in lines[start:]:
        if re.fullmatch(CHANGE, line.rstrip()):
            pieces.append(line)
        else:
            rest.append(line)
    return ["\n".join(rest), *pieces]


def _is_of_footers(line: str) -> bool:
    """Whether a line is a footer, goes on with one, or is empty."""
    return not line.strip() or line[0] in " \t" or re.fullmatch(FOOTER, line.rstrip()) is not None


def _split_override(text: str) -> list[str]:
    """Split where a line begins a message of its own; a footer's line stays with the message before."""
    pieces: list[str] = []
    for piece in re.split(HEADERS, text):
        word = re.match(r"[A-Za-z-]+", piece)
        is_footer = pieces and word is not None and (word[0][0].isupper() or "-" in word[0])
        if is_footer:
            pieces[-1] += f"\n\n{piece}"
        else:
            pieces.append(piece)
    return pieces
