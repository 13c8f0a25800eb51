"""Traces of a program in a changelog: sections that were made from commits tell it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shipway.changelog.headings import find_headings, split_lines
from shipway.changelog.outline import Section

HASH = re.compile(r"/commits?/[0-9a-f]{7,40}\b|[(\[`](?=[0-9a-f]*[0-9])[0-9a-f]{7,10}[)\]`]")
ENTRY = re.compile(r"\s*[-*+] +\S")
TITLES = frozenset(
    (
        "feat",
        "fix",
        "perf",
        "refactor",
        "features",
        "bug fixes",
        "bug fix",
        "performance improvements",
        "performance",
        "code refactoring",
        "refactoring",
        "reverts",
        "revert",
        "miscellaneous chores",
        "miscellaneous tasks",
        "documentation",
        "continuous integration",
        "build system",
        "build systems",
        "styling",
        "styles",
        "code style",
        "testing",
        "tests",
        "chores",
        "chore",
        "breaking changes",
        "breaking change",
        "dependencies",
        "unknown",
    )
)
"""The headings that such programs write, without signs and in small letters."""
LATEST = 3


def is_made_from_commits(sections: Sequence[Section]) -> bool:
    """Tell whether the newest sections read as a program makes them: with commits, or under the types of commits."""
    latest = [section.text for section in sections if section.version is not None and not section.is_empty][:LATEST]
    lines = [line for text in latest for line in split_lines(text)]
    entries = [line for line in lines if ENTRY.match(line)]
    if entries and sum(HASH.search(line) is not None for line in entries) * 2 >= len(entries):
        return True
    titles = {re.sub(r"[^a-z ]+", "", heading.title.lower()).strip() for heading in find_headings(lines)}
    return bool(titles) and titles <= TITLES
