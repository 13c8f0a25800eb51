"""Fragments of several categories each, as scriv has them, collected into one section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from shipway.changelog.headings import comment_lines, split_lines

MARKDOWN = re.compile(r"(?P<marks>#+) +(?P<title>.*?)(?: +#+)?\s*")
ANCHOR = re.compile(r"<a id=(['\"])[-.\w]+\1></a>|\.\. _[-.\w]+:")
RULE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}")

Collected = Mapping[str, Sequence[str]]
"""The paragraphs of each category; those of "" stand under none."""


def parse_fragment(text: str, *, rst: bool, marker: str = "") -> dict[str, list[str]]:
    """Read a fragment: the paragraphs below each heading, headings being all that are as deep as the first."""
    lines = split_lines(text.removeprefix("\ufeff").rstrip())
    begun = next((number for number, line in enumerate(lines, 1) if marker and marker in line), 0)
    lines = lines[begun:]
    hidden = comment_lines(lines)
    sections: dict[str, list[str]] = {}
    title, first, paragraph = "", "", list[str]()

    def close() -> None:
        if paragraph:
            sections.setdefault(title, []).append("\n".join(paragraph))
            paragraph.clear()

    skip = -1
    for number, line in enumerate(map(str.rstrip, lines)):
        heading = None if number <= skip else _heading(lines, number, first, rst=rst)
        if number <= skip or number in hidden or ANCHOR.fullmatch(line.strip()):
            continue
        if heading is not None:
            close()
            title, first, skip = heading
            sections.setdefault(title, [])
        elif line:
            paragraph.append(line)
        else:
            close()
    close()
    return {name: paragraphs for name, paragraphs in sections.items() if paragraphs}


def collect(fragments: Iterable[Collected], categories: Sequence[str]) -> dict[str, list[str]]:
    """Put fragments together: what has no category first, the known categories in their order, then the others."""
    found: dict[str, list[str]] = {}
    for fragment in fragments:
        for name, paragraphs in fragment.items():
            found.setdefault(name, []).extend(paragraphs)
    order = ["", *categories]
    return {name: found[name] for name in [*(n for n in order if n in found), *(n for n in found if n not in order)]}


def render_collected(collected: Collected, *, rst: bool, rule: str, level: int, compact: bool) -> str:
    """Render categories as the section of a version; ``rule`` underlines them, ``level`` is how deep they are."""
    parts = []
    for name, paragraphs in collected.items():
        heading = "" if not name else f"{name}\n{rule * len(name)}\n\n" if rst else f"{'#' * level} {name}\n\n"
        parts.append(heading + ("\n" if compact else "\n\n").join(paragraphs))
    return "\n\n".join(parts)


def _heading(lines: Sequence[str], number: int, first: str, *, rst: bool) -> tuple[str, str, int] | None:
    """Read a heading: its title, what marks it, and the last line that it takes; None for a deeper one or none."""
    line = lines[number].rstrip()
    if not rst:
        found = MARKDOWN.fullmatch(line)
        fits = found is not None and (not first or found["marks"] == first)
        return (found["title"], found["marks"], number) if found is not None and fits else None
    below = lines[number + 1].rstrip() if number + 1 < len(lines) else ""
    ruled = RULE.fullmatch(below)
    if ruled is None or not line or RULE.fullmatch(line) or (first and ruled[1] != first):
        return None
    return line.strip(), ruled[1], number + 1
