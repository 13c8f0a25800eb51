"""Evidence: one document that says what was released, from what, by whom and how it went, for anyone to verify.

It is put together from facts that are handed in, and rendered so that the same facts give the same bytes. What could
not be known stands under ``unknown`` with the reason; a field that is null and not named there is known to be nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from shipway.release.candidate import Candidate
from shipway.release.distributions import Distribution
from shipway.release.documents import parse_exactly
from shipway.release.request import Request

SCHEMA: Literal["shipway-evidence/1"] = "shipway-evidence/1"
SUFFIX = ".evidence.json"
COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
DIGEST = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00")
PullRequestState = Literal["open", "merged", "closed"]
LINK = re.compile(r"https?://[!-~]+")
FILE_LINK = re.compile(r"file:/\S+", re.IGNORECASE)
PLACE = re.compile(r"""(?<![\w:/.~])(?:/|[A-Za-z]:[\\/])(?:[^\s/\\:;,'"()]+[/\\])+([^\s/\\:;,'"()]*)""")
"""A path from the top of a file system; no part of an address on the web, and no path inside the repository."""


@dataclass(frozen=True)
class ClaimFacts:
    """The register's word on who released; ``agrees`` says whether it claims these very bytes."""

    ref: str
    commit: str
    agrees: bool
    actor: str
    since: str
    run: str
    link: str


@dataclass(frozen=True)
class PullRequestFacts:
    """The pull request that brings the release commit to the branch, as it was when this was written."""

    number: int
    url: str
    state: PullRequestState


@dataclass(frozen=True)
class Gate:
    """One gate and how it passed, or that it was left out."""

    name: str
    result: str


@dataclass(frozen=True)
class Tool:
    """A program that took part, and its version where the build ran."""

    name: str
    version: str


@dataclass(frozen=True)
class BuildBackend:
    """What the release commit asks its distributions to be built with."""

    name: str
    requires: tuple[str, ...]


@dataclass(frozen=True)
class StepFacts:
    """One thing that a step found (``end``) or set out to do (``act``), at a moment (ISO 8601, UTC)."""

    time: str
    phase: str
    step: str
    what: Literal["act", "end"]
    state: str
    detail: str
    seconds: float


@dataclass(frozen=True)
class Previous:
    """The version to go back to if this one turns out to be bad, and the command that does so."""

    version: str
    pin: str


@dataclass(frozen=True)
class Unknown:
    """A fact that this document ought to have and has not, and why."""

    fact: str
    why: str


@dataclass(frozen=True)
class Evidence:
    """What was released. ``plan`` and ``notes`` are the digests of the two (see `notes_digest`)."""

    distribution: str
    version: str
    tag: str
    base: str
    commit: str
    tree: str
    branch: str
    flow: str
    request: Request
    plan: str
    date: str
    notes: str
    distributions: tuple[Distribution, ...]
    claim: ClaimFacts | None
    pull_request: PullRequestFacts | None
    gates: tuple[Gate, ...] | None
    checks: tuple[str, ...] | None
    tools: tuple[Tool, ...] | None
    backend: BuildBackend | None
    steps: tuple[StepFacts, ...]
    previous: Previous | None
    unknown: tuple[Unknown, ...]
    schema: Literal["shipway-evidence/1"] = SCHEMA


def render_evidence(evidence: Evidence) -> str:
    """Write evidence as JSON, in ASCII: the same facts give the same bytes everywhere."""
    return json.dumps(asdict(evidence), indent=2, sort_keys=True) + "\n"


def parse_evidence(text: str) -> Evidence:
    """Read evidence; raises `ValueError` for another schema and for whatever does not make sense."""
    evidence = parse_exactly(text, Evidence, "evidence")
    for problem in _problems(evidence):
        raise ValueError(problem)
    return evidence


def differences(evidence: Evidence, candidate: Candidate) -> list[str]:
    """Name what evidence says otherwise than a candidate: its subjects, not how it came about."""
    plan = candidate.plan
    pairs: dict[str, tuple[object, object]] = {
        "distribution": (canonicalize_name(evidence.distribution), canonicalize_name(plan.distribution)),
        "version": (evidence.version, plan.version),
        "tag": (evidence.tag, plan.tag),
        "commit": (evidence.commit, candidate.commit),
        "distributions": (set(evidence.distributions), set(candidate.distributions)),
    }
    return [name for name, (found, wanted) in pairs.items() if found != wanted]


def evidence_name(distribution: str, version: str) -> str:
    """Give the name of the evidence among the files of a forge release: as an sdist's, and so sorted beside it."""
    spelled = re.sub(r"[^0-9A-Za-z._+-]", "-", version)  # forges rename what has an epoch in its name
    return f"{canonicalize_name(distribution).replace('-', '_')}-{spelled}{SUFFIX}"


def pin_command(distribution: str, version: str) -> str:
    """Give the command that installs exactly this version; nothing in it can mean anything to a shell."""
    if not NAME.fullmatch(distribution):
        raise ValueError(f"{distribution!r} is no name of a distribution")
    return f"pip install '{canonicalize_name(distribution)}=={_version(version)}'"


def notes_digest(notes: str) -> str:
    """Give the SHA-256 of notes, whatever a forge or an editor made of their line ends and outer blank lines."""
    lines = [line.rstrip() for line in notes.splitlines()]
    return sha256("\n".join(lines).strip("\n").encode("utf-8", "surrogatepass")).hexdigest()


def without_places(text: str, root: str) -> str:
    """Give a text without the places of the machine it was said on: the work tree is ".", other folders are cut off."""
    text = text.replace(root, ".") if root.strip("/\\") else text
    return PLACE.sub(r".../\1", FILE_LINK.sub("file:...", text))


def claim_problems(claim: ClaimFacts) -> Iterator[str]:
    """Find what cannot be so in what the register says: anyone who may push can write it."""
    if not COMMIT.fullmatch(claim.commit):
        yield "claim.commit is no id of a git object"
    if not _is_moment(claim.since):
        yield "claim.since is no moment in UTC"
    if claim.link and not LINK.fullmatch(claim.link):
        yield f"{claim.link!r} is no address"


def _problems(evidence: Evidence) -> Iterator[str]:
    """Find what cannot be so, although every field has the right type."""
    yield from _misspelt(evidence)
    yield from _file_problems(evidence.distributions)
    if evidence.claim is not None:
        yield from claim_problems(evidence.claim)
    if evidence.pull_request is not None and not LINK.fullmatch(evidence.pull_request.url):
        yield f"{evidence.pull_request.url!r} is no address"
    if evidence.previous and evidence.previous.pin != pin_command(evidence.distribution, evidence.previous.version):
        yield "previous.pin is not the command that pins the previous version"
    told = {unknown.fact for unknown in evidence.unknown}
    for name in ("claim", "gates", "checks", "tools", "backend"):
        if getattr(evidence, name) is None and name not in told:
            yield f"{name} is null, and unknown does not say why"


def _misspelt(evidence: Evidence) -> Iterator[str]:
    if not NAME.fullmatch(evidence.distribution):
        yield f"{evidence.distribution!r} is no name of a distribution"
    if str(_version(evidence.version)) != evidence.version:
        yield f"version {evidence.version} is not spelt as PEP 440 wants it"
    for name in ("base", "commit", "tree"):
        if not COMMIT.fullmatch(getattr(evidence, name)):
            yield f"{name} is no id of a git object"
    for name in ("plan", "notes"):
        if not DIGEST.fullmatch(getattr(evidence, name)):
            yield f"{name} is no SHA-256"
    times = {"date": evidence.date} | {f"steps[{number}].time": step.time for number, step in enumerate(evidence.steps)}
    yield from (f"{name} is no moment in UTC" for name, time in times.items() if not _is_moment(time))


def _file_problems(files: Sequence[Distribution]) -> Iterator[str]:
    if not files:
        yield "distributions is empty: nothing was released"
    names = [file.name for file in files]
    yield from (f"{name} stands twice in distributions" for name in {n for n in names if names.count(n) > 1})
    yield from (f"{name!r} is no name of a distribution's file" for name in names if not FILE_NAME.fullmatch(name))
    yield from (f"{file.name} has a digest that is no SHA-256" for file in files if not DIGEST.fullmatch(file.digest))
    yield from (f"{file.name} has no size" for file in files if file.size <= 0)


def _version(text: str) -> Version:
    try:
        return Version(text)
    except InvalidVersion:
        raise ValueError(f"{text!r} is no version") from None


def _is_moment(text: str) -> bool:
    if not MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
