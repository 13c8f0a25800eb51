"""Commit messages that hold several messages: squashed commits, nested ones, and blocks that override the rest."""

from __future__ import annotations

import re
from typing import Literal

Squash = Literal["", "lines", "paragraphs"]
"""Whether one commit's message may hold several: no, also on lines of lists, or as paragraphs of their own."""

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
    pieces = re.split(PARAGRAPH if squash == "paragraphs" else LINE, message)
    return [piece for piece in pieces if piece.strip()]


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
