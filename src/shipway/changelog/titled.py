"""What people and programs call the sections of each type of commit."""

from __future__ import annotations

import re

WORDS = {
    "feat": ("feature", "features", "feat", "new", "new features", "added", "enhancements"),
    "fix": ("fix", "fixes", "fixed", "bug fix", "bug fixes", "bugfix", "bugfixes"),
    "perf": ("performance", "performance improvements", "perf"),
    "revert": ("reverts", "revert", "regression"),
    "docs": ("documentation", "docs", "documentation improvements"),
    "deps": ("dependencies", "deps"),
    "refactor": ("refactoring", "refactor", "refactors", "refactorings", "code refactoring"),
    "test": ("testing", "test", "tests"),
    "chore": ("chores", "chore", "miscellaneous chores", "maintenance"),
    "ci": ("continuous integration", "ci"),
    "build": ("build system", "build systems", "build"),
    "style": ("code style", "style", "styles", "styling"),
    "breaking": ("breaking changes", "breaking change", "breaking"),
    "unknown": ("unknown",),
}
"""By type: its titles in small letters, without signs."""
TYPE_OF = {word: kind for kind, words in WORDS.items() for word in words}


def plain_title(title: str) -> str:
    """Give a title's words in small letters, without signs and numbers."""
    return " ".join(re.findall("[a-z]+", title.lower()))
