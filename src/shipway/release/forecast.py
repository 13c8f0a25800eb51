"""What a clone tells of its next release, in one document: the answer of ``plan --json``.

``forecast.schema.json`` beside this file describes it (JSON Schema 2020-12). Whatever could not be told is null, and a
block says why: with its outcome, and with what to do.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from shipway.release.outcomes import ReleaseError

SCHEMA = 1


@dataclass(frozen=True)
class Distribution:
    """One distribution of the repository: its name, and its folder ("." for the top one)."""

    name: str
    path: str


@dataclass(frozen=True)
class Previous:
    """The last release: its version, its tag, and the commit that the tag leads to."""

    version: str
    tag: str
    commit: str


@dataclass(frozen=True)
class Source:
    """Where the version comes from: ``version`` is what the files say, null where only git tags tell it."""

    kind: str
    place: str
    files: tuple[str, ...]
    version: str | None


@dataclass(frozen=True)
class Kept:
    """How the changelog is kept: ``file`` is the one that a release writes, null where there is none."""

    system: str
    file: str | None
    why: str


@dataclass(frozen=True)
class Range:
    """The commits that the release tells of: after ``since`` (null: from the first one), up to ``until``."""

    since: str | None
    until: str | None


@dataclass(frozen=True)
class Reason:
    """One thing that the bump was chosen by, or that did not count: ``level`` is "" for those."""

    what: str
    level: str
    why: str


@dataclass(frozen=True)
class Block:
    """What would stop a release here: the outcome that it would end with, and what to do about it."""

    outcome: str
    code: int
    what: str
    why: str
    remedy: str

    @classmethod
    def of(cls, error: ReleaseError) -> Block:
        """Give an outcome as a block."""
        return cls(error.name, error.code, error.what, error.why, error.remedy)


@dataclass
class Forecast:
    """The next release as far as a clone tells it."""

    distribution: str | None = None
    packages: tuple[Distribution, ...] = ()
    current: str | None = None
    previous: Previous | None = None
    version: str | None = None
    tag: str | None = None
    bump: str | None = None
    scheme: str | None = None
    today: str = ""
    reasons: list[Reason] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    version_source: Source | None = None
    changelog: Kept | None = None
    range: Range | None = None
    notes: str = ""
    warnings: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def block(self, error: ReleaseError) -> None:
        """Note what would stop a release; once, however many parts meet it."""
        found = Block.of(error)
        if found not in self.blocks:
            self.blocks.append(found)


def as_document(forecast: Forecast) -> dict[str, Any]:
    """Give a forecast as a JSON object."""
    return {"schema": SCHEMA, **asdict(forecast)}
