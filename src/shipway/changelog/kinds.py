"""The level of a change by the word for its kind: a fragment's type, or the heading that an entry stands under."""

from __future__ import annotations

import re

MAJOR = re.compile(
    r"break|\bbc\b|incompat|backward|\bremov|\bmajor(?! (?:new )?(?:feature|improve|enhance|bug))|drop", re.IGNORECASE
)
MINOR = re.compile(
    r"\bfeat|\bnew\b|\badd(?:ed|ition|s)?|\bminor|\bchange|deprecat|enhanc|improve?ment|support", re.IGNORECASE
)
PATCH = re.compile(
    r"\bbug|\bfix|\bpatch|\bdoc|\bmisc|\bsecurity|\binternal|packag|contrib|\btrivial|\bdev|\btest|\bchore|\bbuild|perf",
    re.IGNORECASE,
)


def level_of(word: str, heading: str = "") -> str:
    """Give the level of a kind: by its word, else by its heading, and a patch where neither tells."""
    for text in (word, heading):
        if MAJOR.search(text):
            return "major"
        if PATCH.search(text):
            return "patch"
        if MINOR.search(text):
            return "minor"
    return "patch"


def level_of_heading(heading: str) -> str:
    """Give the level of what stands under a heading; "" where the heading says nothing of it."""
    known = any(pattern.search(heading) for pattern in (MAJOR, PATCH, MINOR))
    return level_of(heading) if known else ""
