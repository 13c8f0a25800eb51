"""Entries that are kept as data, each with a type and a category: read from JSON, and rendered as a list."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

MAJOR, MINOR = ("breaking", "breaking-change", "major"), ("feature", "minor")
KEYS = ("category", "description", "type")
"""In the order in which a version's own file has them."""


@dataclass(frozen=True, order=True)
class TypedEntry:
    """One entry; in order they stand by type and category."""

    type: str
    category: str
    description: str

    @property
    def level(self) -> str:
        """Give the level of its type: a feature is a minor change, an enhancement or a change of an API is none."""
        word = self.type.lower()
        return "major" if word in MAJOR else "minor" if word in MINOR else "patch"

    @property
    def line(self) -> str:
        """Give it as it stands in the changelog."""
        return f"* {self.type}:{self.category}: {self.description}".replace("\n", "\n  ")


def parse_entry(text: str) -> TypedEntry | None:
    """Read an entry; None where one of its three parts is missing."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    parts = {key: told.get(key) for key in KEYS} if isinstance(told, dict) else {}
    known = {key: value.strip() for key, value in parts.items() if isinstance(value, str) and value.strip()}
    return TypedEntry(**known) if len(known) == len(KEYS) else None


def render_entries(entries: Iterable[TypedEntry]) -> str:
    """Render a version's entries."""
    return "\n".join(entry.line for entry in sorted(entries))


def dump_entries(entries: Iterable[TypedEntry]) -> str:
    """Give a version's entries as the file that keeps them after its release."""
    return json.dumps([{key: getattr(one, key) for key in KEYS} for one in sorted(entries)], indent=2)
