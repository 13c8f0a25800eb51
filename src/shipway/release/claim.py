"""A claim: the right to settle one candidate, as the register holds it for everyone to read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from shipway.release.candidate import Candidate
from shipway.release.distributions import Distribution
from shipway.release.plan import Plan

SCHEMA = 1
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.!+-]*")

Phase = Literal["claimed", "publishing", "done"]
"""``claimed``: nothing is on the index, it can be abandoned; ``publishing``: something may be; ``done``: all is."""


@dataclass(frozen=True)
class Owner:
    """Who holds a claim: a process, by its nonce; a person; since when (ISO 8601, UTC); in which CI run, if any.

    ``run`` is the run's id as the forge knows it and ``link`` where people see it; both are empty on a laptop.
    """

    nonce: str
    actor: str
    since: str
    run: str = ""
    link: str = ""

    @property
    def who(self) -> str:
        """Name the person, and the run where people can look."""
        return f"{self.actor} ({self.link})" if self.link else self.actor

    def __str__(self) -> str:
        return f"{self.who} since {self.since}"


@dataclass(frozen=True)
class Claim:
    """What is released, how far it has come, and who does it."""

    plan: Plan
    commit: str
    distributions: tuple[Distribution, ...]
    phase: Phase
    owner: Owner
    schema: int = SCHEMA

    @property
    def candidate(self) -> Candidate:
        """What the claim gives the right to settle, and nothing else."""
        return Candidate(self.plan, self.commit, self.distributions)

    @property
    def is_done(self) -> bool:
        """Whether nothing remains to be settled."""
        return self.phase == "done"

    def moved_to(self, phase: Phase) -> Claim:
        """Give the same claim in another phase."""
        return replace(self, phase=phase)

    def handed_to(self, owner: Owner) -> Claim:
        """Give the same claim in other hands."""
        return replace(self, owner=owner)


def render_claim(claim: Claim) -> str:
    """Write a claim as JSON; its plan is a file of its own."""
    facts = asdict(claim) | {"plan": claim.plan.digest(), "version": claim.plan.version, "tag": claim.plan.tag}
    return json.dumps(facts, indent=2, sort_keys=True) + "\n"


def parse_claim(text: str, plan: Plan) -> Claim:
    """Read a claim and the plan beside it; raises `ValueError` for another schema or what does not fit together."""
    fields: Mapping[str, Any] = json.loads(text)
    if not isinstance(fields, dict) or fields.get("schema") != SCHEMA:
        raise ValueError(f"not a claim of schema {SCHEMA}")
    if fields.get("plan") != plan.digest():
        raise ValueError("the claim names another plan than the one beside it")
    if fields.get("phase") not in get_args(Phase):
        raise ValueError(f"the claim has no phase {fields.get('phase')!r}")
    try:
        files = tuple(Distribution(**file) for file in fields["distributions"])
        owner = {name: str(value) for name, value in fields["owner"].items()}
        claim = Claim(plan, str(fields["commit"]), files, fields["phase"], Owner(**owner))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a claim: {error}") from None
    _require_names(claim)
    return claim


def _require_names(claim: Claim) -> None:
    """Refuse what git or the file system could take for something else than a commit and plain files."""
    if COMMIT.fullmatch(claim.commit) is None:
        raise ValueError(f"the claim names no commit: {claim.commit!r}")
    if not claim.distributions:
        raise ValueError("the claim names no distribution")
    for file in claim.distributions:
        if FILE_NAME.fullmatch(file.name) is None:
            raise ValueError(f"{file.name!r} is not a file name of a distribution")
