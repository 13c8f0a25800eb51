"""Words of the embedded index: files, refusals, journal entries, and the switches that make it nasty."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from shipway.rehearsal.watch import Watch, watch_nothing


@dataclass(frozen=True)
class Publisher:
    """A trusted publisher: the workflow that may upload to one project without a stored token."""

    project: str
    repository: str
    workflow: str
    environment: str = ""


@dataclass(frozen=True)
class Permit:
    """What a token allows: every project, or the named ones; ``publisher`` where a trusted one asks."""

    projects: frozenset[str] | None = None
    publisher: Publisher | None = None


@dataclass(frozen=True)
class StoredFile:
    """One distribution on the index."""

    name: str
    project: str
    version: str
    kind: str
    digest: str
    size: int
    uploaded: datetime
    path: Path
    requires_python: str = ""
    summary: str = ""
    attestations: tuple[Mapping[str, Any], ...] = ()
    publisher: Publisher | None = None
    yanked: str | bool = False


@dataclass(frozen=True)
class ProjectPage:
    """What a project's simple page shows right now."""

    name: str
    status: str
    files: tuple[StoredFile, ...]


@dataclass(frozen=True)
class JournalEntry:
    """One request: method, path (never its query, headers or body) and status, 0 where we hung up."""

    method: str
    path: str
    status: int
    route: str


class RefusedError(Exception):
    """The index says no: a status and the reason that clients print."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass
class Failure:
    """Makes requests of a route fail: ``skip`` go through first, then ``times`` fail.

    ``status`` None hangs up without an answer; ``after`` lets the request have its effect first.
    """

    route: str
    status: int | None = 503
    times: int = 1
    skip: int = 0
    after: bool = False
    retry_after: int | None = None


@dataclass
class IndexSwitches:
    """How nasty the index is; every field can be changed while it runs."""

    lag: int | None = 0
    """Requests of a project's page that do not show a new file yet; None: not before `reveal`."""
    lag_seconds: float = 0.0
    """How long a project's page does not show a new file, however often it is asked for."""
    failures: list[Failure] = field(default_factory=list)
    """Requests that are to fail; see `Failure`."""
    html_only: bool = False
    """Simple pages in HTML (PEP 503) whatever the client asks for."""
    statuses: dict[str, str] = field(default_factory=dict)
    """Project (normalised) to "archived", "deprecated" or "quarantined" (PEP 792); all others are active."""
    max_age: int = 0
    """Seconds for which clients may keep a simple page."""
    attestations_by_token: bool = False
    """Accept attestations without trusted publishing behind them, which the big index refuses."""
    watch: Watch = watch_nothing
    """Told of every request."""
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def take_failure(self, route: str) -> Failure | None:
        """Give the failure that hits this request, and count it."""
        with self._guard:
            failure = next((f for f in self.failures if f.route == route and f.times > 0), None)
            if failure is None:
                return None
            if failure.skip > 0:
                failure.skip -= 1
                return None
            failure.times -= 1
            return failure
