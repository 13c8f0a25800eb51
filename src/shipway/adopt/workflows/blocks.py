"""Kept blocks: the places in a workflow that belong to the repository, and survive an update.

A block begins with ``# shipway: keep NAME`` and ends with ``# shipway: end``, each on a line of its own.
"""

from __future__ import annotations

import re

BLOCK = re.compile(
    r"^(?P<indent> *)# shipway: keep (?P<name>[a-z-]+)\n(?P<text>.*?)^ *# shipway: end\n", re.DOTALL | re.MULTILINE
)
EDGE = re.compile(r"^ *# shipway: (keep\b|end\b)", re.MULTILINE)


def parse_blocks(workflow: str) -> dict[str, str]:
    """Read what a workflow keeps in its blocks; a block of a job is named after the job too: ``build/before-build``.

    Raises `ValueError` for a block that is not closed, or not opened.
    """
    found = {_place(workflow, match): match["text"] for match in BLOCK.finditer(workflow)}
    if len(EDGE.findall(workflow)) != 2 * len(found):
        raise ValueError('a block is not closed by "# shipway: end", or its name stands twice')
    return found


def fill_blocks(workflow: str, kept: dict[str, str]) -> str:
    """Put what was kept into the blocks of a new edition of the workflow.

    Raises `ValueError` where something was kept in a block that the new edition does not have.
    """
    lost = [name for name, text in kept.items() if text.strip() and name not in parse_blocks(workflow)]
    if lost:
        raise ValueError(f"the new edition has no block {', '.join(lost)}")

    def fill(match: re.Match[str]) -> str:
        head, end = f"{match['indent']}# shipway: keep {match['name']}\n", f"{match['indent']}# shipway: end\n"
        return f"{head}{kept.get(_place(workflow, match), match['text'])}{end}"

    return BLOCK.sub(fill, workflow)


def _place(workflow: str, match: re.Match[str]) -> str:
    """Name a block: with its job before it, unless it stands between jobs."""
    jobs = re.findall(r"^  ([A-Za-z0-9_-]+):$", workflow[: match.start()], re.MULTILINE)
    return f"{jobs[-1]}/{match['name']}" if jobs and len(match["indent"]) > 2 else match["name"]
