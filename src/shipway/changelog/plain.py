"""Text from strangers, made harmless for terminals and CI logs."""

from __future__ import annotations

import re

ESCAPES = (
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # control sequences (ECMA-48): colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?"  # strings: titles, links
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
LINE_ENDS = "\r\n|[\r\v\f\x85\u2028\u2029]"
CONTROLS = "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
SURROGATES = "[\ud800-\udfff]"
COMMAND = r"(?m)^([^\S\n]*):(?=:)"
OLD_COMMAND = r"##(?=\[)"


def plain(text: str) -> str:
    """Give a text without escapes and control characters, in which no line is a workflow command.

    GitHub's runner obeys lines that begin with ``::``, white space before it or not, and ``##[`` anywhere.
    """
    if _is_plain(text):
        return text
    text = re.sub(LINE_ENDS, "\n", re.sub(ESCAPES, "", text))
    text = re.sub(SURROGATES, "\ufffd", re.sub(CONTROLS, "", text))
    return re.sub(OLD_COMMAND, "## ", re.sub(COMMAND, r"\1: ", text))


def _is_plain(text: str) -> bool:
    """Whether nothing in a text can need a change, as in most: told fast, however long it is."""
    letters = text.replace("\n", "").replace("\t", "")
    return letters.isascii() and letters.isprintable() and "::" not in text and "##[" not in text
