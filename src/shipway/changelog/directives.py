"""Sections as Sphinx's ``changelog`` directive has them: a block of options and changes for each version."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import dedent, indent

from packaging.version import Version

from shipway.changelog.headings import split_lines
from shipway.changelog.marks import MONTHS, render_day
from shipway.release.version import find_version

BLOCK = re.compile(r"\.\. changelog::[ \t]*")
OPTION = re.compile(r"[ \t]+:(?P<name>\w+):[ \t]*(?P<value>.*?)[ \t]*")
INSET = "    "


@dataclass(frozen=True)
class Block:
    """One version's block: the lines that it takes, from where on it holds changes, and its options.

    ``folder`` is where changes wait for it, beside the file; "" where all of them stand in the block.
    """

    start: int
    body: int
    end: int
    version: Version | None
    released: str
    folder: str

    @property
    def is_out(self) -> bool:
        """Whether it says when it came out."""
        return any(letter.isdigit() for letter in self.released)


def read_blocks(text: str) -> list[Block]:
    """Give the blocks, from the top down."""
    lines = split_lines(text)
    starts = [number for number, line in enumerate(lines) if BLOCK.fullmatch(line)]
    return [_block(lines, start) for start in starts]


def find_waiting(text: str) -> Block | None:
    """Find the block of the version that is not out yet: the first that has one and no day."""
    return next((block for block in read_blocks(text) if block.version is not None and not block.is_out), None)


def block_notes(text: str, block: Block, waiting: Sequence[str]) -> str:
    """Give the changes of a block, and those that wait for it, without the inset."""
    own = dedent("\n".join(split_lines(text)[block.body : block.end])).strip("\n")
    return "\n\n".join(part for part in (own, *(one.strip("\n") for one in waiting)) if part.strip())


def finish_block(text: str, block: Block, version: Version, day: date, notes: str) -> str:
    """Give the text with a block as that of a version that came out on a day; all else as it was."""
    lines = split_lines(text)
    like = next((one.released for one in read_blocks(text) if one.is_out), "")
    told = render_day(like, day) if like else f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
    fresh = [".. changelog::", f"{INSET}:version: {version}", f"{INSET}:released: {told}", ""]
    after = ["", *lines[block.end :]] if block.end < len(lines) else [""]
    end = "\r\n" if "\r\n" in text else "\n"
    return end.join([*lines[: block.start], *fresh, *split_lines(indent(notes, INSET)), *after])


def _block(lines: Sequence[str], start: int) -> Block:
    options, body = dict[str, str](), start + 1
    while body < len(lines) and (found := OPTION.fullmatch(lines[body])) is not None:
        options[found["name"]] = found["value"]
        body += 1
    end = next((n for n in range(body, len(lines)) if lines[n].strip() and not lines[n][0].isspace()), len(lines))
    version, folder = find_version(options.get("version", "")), options.get("include_notes_from", "")
    return Block(start, body, end, version, options.get("released", ""), folder)
