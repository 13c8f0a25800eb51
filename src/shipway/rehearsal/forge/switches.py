"""The forge's nastiness as switches: what a real one does on a bad day, or by its owner's settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from shipway.rehearsal.watch import Watch, watch_nothing


@dataclass
class Fault:
    """Something that goes wrong with the next requests whose ``METHOD /path`` fits a pattern.

    The path is the address without host, query and ``/api/v3``. With a status the request is answered so;
    without one, and without a mere delay, the server hangs up. ``after`` says that the effect happens first.
    """

    route: str = "*"
    status: int | None = None
    count: int = 1
    after: bool = False
    delay: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "Server Error"
    call: Callable[[], None] | None = None
    """Called when the fault strikes: how a test kills a client, or moves the world, at that moment."""

    @property
    def breaks(self) -> bool:
        """Whether the request fails, rather than being slow or watched."""
        return self.status is not None or (self.delay == 0.0 and self.call is None)


def secondary_rate_limit(count: int = 1, *, retry_after: int = 1, route: str = "*") -> Fault:
    """Give the fault by which GitHub slows down a client that does too much at once."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return Fault(route, 403, count, headers={"Retry-After": str(retry_after)}, message=message)


def lost_answer(route: str, count: int = 1) -> Fault:
    """Give the fault in which the effect happens and the client never hears of it."""
    return Fault(route, count=count, after=True)


@dataclass
class ForgeSwitches:
    """Every switch, off at first; they may be turned while the forge runs."""

    lag: int = 0
    """A new pull request or release is missing from this many listings that should show it."""
    immutable_releases: bool = False
    refuse_labels: bool = False
    refuse_pull_requests: bool = False
    """The repository's setting by which Actions may not open pull requests."""
    starter_assets: int = 0
    """The next uploads end in 502 and leave an empty asset in state ``starter``."""
    refused_refs: list[str] = field(default_factory=list)
    """Globs of full ref names that nobody may create, update or delete."""
    hidden_refs: list[str] = field(default_factory=list)
    """Prefixes of refs that readers do not see, although they are there."""
    signed_commits: bool = False
    """The rule by which branches take signed commits only; whose signature it is, nobody looks at."""
    faults: list[Fault] = field(default_factory=list)
    watch: Watch = watch_nothing
    """Told of every request."""

    def take_fault(self, method: str, path: str) -> Fault | None:
        """Give the first fault that fits this request, and count it."""
        for fault in self.faults:
            if fault.count > 0 and fnmatchcase(f"{method} {path}", fault.route):
                fault.count -= 1
                return fault
        return None


@dataclass(frozen=True)
class JournalEntry:
    """One request that the forge answered; status 0 where it hung up."""

    method: str
    path: str
    status: int
