"""Text from strangers, made harmless for terminals and CI logs."""

from __future__ import annotations

import re

ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # control sequences (ECMA-48): colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?"  # strings: titles, links
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
SURROGATES = re.compile("[\ud800-\udfff]")
COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
OLD_COMMAND = re.compile(r"##(?=\[)")


def plain(text: str) -> str:
    """Give a text without escapes and control characters, in which no line is a workflow command.

    GitHub's runner obeys lines that begin with ``::``, white space before it or not, and ``##[`` anywhere.
    """
    text = LINE_ENDS.sub("\n", ESCAPES.sub("", text))
    text = SURROGATES.sub("\ufffd", CONTROLS.sub("", text))
    return OLD_COMMAND.sub("## ", COMMAND.sub(r"\1: ", text))
