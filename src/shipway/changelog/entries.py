"""Notes from commits: sections as Keep a Changelog has them, with an entry a commit, in which nothing is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shipway.changelog.commits import Change, parse_change
from shipway.changelog.history import REVERT, Judged
from shipway.changelog.plain import plain

BREAKING = "Breaking changes"
HEADINGS = {"feat": "Added", "perf": "Changed", REVERT: "Changed", "fix": "Fixed"}
ORDER = (BREAKING, "Added", "Changed", "Fixed")
CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
BEGINS_BLOCK = re.compile(
    r"(?=#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|(?:[-*_]\s*){3,}$|~~~|```|=+$|\[[^\]]*\]:|[0-9]{1,9}[.)](?:\s|$))"
)
NUMBER = re.compile(r"[0-9]+(?=[.)])")
MARKS = re.compile(r"[\\`*_\[\]]")


def render_notes(judged: Sequence[Judged], level: int = 3) -> str:
    """Render what counts, newest first as it came; ``level`` is how deep the headings are."""
    sections: dict[str, list[str]] = {}
    for one in judged:
        if one.change is not None and not one.why:
            for section, text in _told(one.change):
                scope = f"**{_escaped(one.change.scope)}:** " if one.change.scope else ""
                entry = _harmless(text) if scope else as_entry(text)
                sections.setdefault(section, []).append(f"- {scope}{entry} ({one.commit.id[:7]})")
    rendered = ["\n".join([f"{'#' * level} {name}", "", *sections[name]]) for name in ORDER if name in sections]
    return "\n\n".join(rendered)


def as_entry(text: str) -> str:
    """Give a text from a stranger on one line of Markdown that begins no block and holds no HTML."""
    line = _harmless(text)
    if BEGINS_BLOCK.match(line) is None:
        return line
    number = NUMBER.match(line)
    return f"{number[0]}\\{line[number.end() :]}" if number else f"\\{line}"


def _told(change: Change) -> Iterator[tuple[str, str]]:
    """Give the sections that a change stands in, and what it says there."""
    for text in change.breaking:
        yield BREAKING, text.strip("\n").partition("\n\n")[0]
    if change.marked and not change.breaking:
        yield BREAKING, change.description
        return
    if change.type in HEADINGS:
        yield HEADINGS[change.type], _reverted(change) if change.type == REVERT else change.description


def _reverted(change: Change) -> str:
    inner = parse_change(change.description)
    return f"Reverted: {inner.description if inner else change.description}"


def _harmless(text: str) -> str:
    """Give a text on one line, without controls, in which ``<`` opens nothing; code stays as it is."""
    line = " ".join(plain(text).split())
    if "\\" in line or "<!--" in line:
        return line.replace("<", "&lt;")  # who knows what is code here
    kept, end = [], 0
    for code in CODE.finditer(line):
        kept += [line[end : code.start()].replace("<", "&lt;"), code[0]]
        end = code.end()
    return "".join([*kept, line[end:].replace("<", "&lt;")])


def _escaped(text: str) -> str:
    return MARKS.sub(r"\\\g<0>", " ".join(plain(text).split())).replace("<", "&lt;")
