"""What a release will be: decided once, before anything is made, and never again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from packaging.version import Version

from shipway.release.request import Request

SCHEMA = 1


@dataclass(frozen=True)
class Plan:
    """One release: its words, numbers, names, notes and files.

    ``previous`` is the last release, ``current`` the version that stands in ``base``, the commit that it starts from;
    ``date`` is in UTC (ISO 8601) and dates commit, tag and distributions; ``files`` are the paths that the release
    commit changes; ``register`` is the commit that the register held when this was planned ("" for none);
    ``prepare`` are the sessions that may change more files of the release commit, ``after`` those that announce it;
    ``development`` is the version that main goes on with ("" for the released one);
    ``reasons`` say where each setting comes from, ``remarks`` how the version was chosen and what speaks against it.
    """

    distribution: str
    previous: str | None
    current: str
    version: str
    request: Request
    tag: str
    base: str
    branch: str
    release_branch: str
    flow: str
    forge: str
    date: str
    notes: str
    files: tuple[str, ...]
    gates: bool = True
    register: str = ""
    prepare: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    development: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    schema: int = SCHEMA

    @property
    def is_prerelease(self) -> bool:
        """Whether PEP 440 calls this version a pre-release."""
        return Version(self.version).is_prerelease

    @property
    def landing_branch(self) -> str:
        """The branch whose pull request brings the release to main."""
        return f"next/{self.development}" if self.development else self.release_branch

    def words(self) -> tuple[str, ...]:
        """Give what is typed after ``--`` to go on with this very plan."""
        return self.request.words() if self.gates else (*self.request.words(), "--no-gates")

    @property
    def entries(self) -> int:
        """How many entries the notes have."""
        return sum(line.startswith(("- ", "* ")) for line in self.notes.splitlines())

    @property
    def title(self) -> str:
        """The title of the release commit, pull request and tag."""
        return f"Release {self.distribution} {self.version}"

    @property
    def headline(self) -> str:
        """The release in one line, as the timeline begins."""
        level = " ".join(self.request.words())
        return (
            f"{self.distribution} {self.current} -> {self.version} ({level})   {self.flow}   "
            f"base {self.base[:7]} on {self.branch}"
        )

    def digest(self) -> str:
        """Give the SHA-256 of the plan: what was made from one plan is never used for another."""
        import hashlib  # slow to import, and only a plan that is kept has one

        return hashlib.sha256(render_plan(self).encode()).hexdigest()


def render_plan(plan: Plan) -> str:
    """Write a plan as JSON."""
    import json  # few commands keep a plan

    return json.dumps(asdict(plan), indent=2, sort_keys=True) + "\n"


def parse_plan(text: str) -> Plan:
    """Read a plan from JSON; raises `ValueError` for another schema or anything that is no plan."""
    import json

    fields: dict[str, Any] = json.loads(text)
    if not isinstance(fields, dict) or fields.get("schema") != SCHEMA:
        raise ValueError(f"not a plan of schema {SCHEMA}")
    try:
        made: dict[str, Any] = {"request": Request(**fields["request"])}
        made |= {name: tuple(fields.get(name, ())) for name in ("files", "prepare", "after", "remarks")}
        return Plan(**{**fields, **made})
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a plan: {error}") from None
