"""Real doors that stop before each access to what others can see, so that a schedule says who goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import Any

from property.protocol_model import LOOK_SECONDS
from shipway.commands.workplace import Workplace
from shipway.release.outcomes import ReleaseError
from shipway.world.clock import Clock
from shipway.world.forge import Asset, ForgeRelease, PullRequest
from shipway.world.git import Git
from shipway.world.github import GitHub
from shipway.world.http_exchange import Response
from shipway.world.index import Index
from shipway.world.index_project import IndexProject
from shipway.world.process import Completed
from shipway.world.uploader import Uploader

SECONDS = 120.0
"""After so long without an access a run hangs, and its test fails."""

Stop = Callable[[str], None]


class KilledError(BaseException):
    """A run is killed: nothing of it may catch this."""


@dataclass
class Process:
    """A command in a thread of its own, which goes on from access to access, as it is told to."""

    body: Callable[[Stop], str]
    is_killed: bool = False
    end: str | None = None
    _told: SimpleQueue[str | None] = field(default_factory=SimpleQueue)
    _turns: Semaphore = field(default_factory=lambda: Semaphore(0))
    _thread: Thread | None = None
    _fault: BaseException | None = None

    def advance(self) -> str | None:
        """Let it make its access, and give the next one that it comes to; None when it has ended."""
        if self._thread is None:
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()
        else:
            self._turns.release()
        access = self._told.get(timeout=SECONDS)
        if access is None:
            self._thread.join()
        if self._fault is not None:
            raise self._fault
        return access

    def kill(self) -> None:
        """Let it die before the access that it has come to."""
        self.is_killed = True
        if self.end is None:
            self.advance()

    def _stop(self, access: str) -> None:
        self._told.put(access)
        self._turns.acquire()
        if self.is_killed:
            raise KilledError

    def _run(self) -> None:
        try:
            self.end = self.body(self._stop)
        except ReleaseError as error:
            self.end = error.name
        except KilledError:
            self.end = "killed"
        except BaseException as error:  # noqa: BLE001 - the test is to see it, not this thread
            self._fault = error
        self._told.put(None)


class HurriedClock(Clock):
    """A clock that goes on by what was slept, and by no less than a look may take."""

    def __init__(self) -> None:
        self._slept = 0.0

    def monotonic(self) -> float:
        """Give the seconds that were slept so far."""
        return self._slept

    def sleep(self, seconds: float) -> None:
        """Wait, at once."""
        self._slept += max(seconds, LOOK_SECONDS)


@dataclass(frozen=True)
class SteppedGit(Git):
    """Git, stopping before it asks the remote and before it pushes."""

    stop: Stop = field(kw_only=True)

    def remote_refs(self, *patterns: str) -> dict[str, str]:
        """Ask for refs: the register's, or others."""
        self.stop("register" if patterns[0].startswith("refs/shipway/") else "refs")
        return super().remote_refs(*patterns)

    def push(self, updates: Mapping[str, str], leases: Mapping[str, str]) -> Completed:
        """Push."""
        self.stop("push")
        return super().push(updates, leases)


class SteppedIndex(Index):
    """The index, stopping before it is asked."""

    stop: Stop

    def find_project(self, name: str) -> IndexProject | None:
        """Ask for a project."""
        self.stop("index")
        return super().find_project(name)


@dataclass(frozen=True)
class SteppedUploader(Uploader):
    """The uploader, stopping before each file."""

    stop: Stop = field(kw_only=True)

    def upload(self, files: Sequence[Path], *, attestations: bool = False) -> None:
        """Upload file by file, as the program itself does."""
        for file in files:
            self.stop("upload")
            super().upload([file], attestations=attestations)


class SteppedForge(GitHub):
    """The forge, stopping before each question and before each change."""

    stop: Stop

    def find_pull_requests(self, head_branch: str) -> tuple[PullRequest, ...]:
        """List pull requests."""
        self.stop("pulls")
        return super().find_pull_requests(head_branch)

    def open_pull_request(self, *, title: str, body: str, head: str, base: str) -> PullRequest:
        """Open a pull request."""
        self.stop("open")
        return super().open_pull_request(title=title, body=body, head=head, base=base)

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        """Label a pull request."""
        self.stop("label")
        super().add_labels(number, labels)

    def find_releases(self, tag: str) -> tuple[ForgeRelease, ...]:
        """List forge releases."""
        self.stop("releases")
        return super().find_releases(tag)

    def read_release(self, release_id: int) -> ForgeRelease | None:
        """Read one forge release."""
        self.stop("release")
        return super().read_release(release_id)

    def create_draft(self, *, tag: str, target: str, name: str, body: str, prerelease: bool) -> ForgeRelease:
        """Make a draft, and stop once more before anybody is told its id."""
        self.stop("draft")
        made = super().create_draft(tag=tag, target=target, name=name, body=body, prerelease=prerelease)
        self.stop("drafted")
        return made

    def upload_asset(self, release_id: int, path: Path, name: str = "") -> Asset:
        """Upload an asset."""
        self.stop("asset")
        return super().upload_asset(release_id, path, name)

    def publish_release(self, release_id: int, *, latest: bool) -> ForgeRelease:
        """Publish a draft."""
        self.stop("publish")
        return super().publish_release(release_id, latest=latest)

    def _change(self, method: str, path: str, wanted: object, doing: str, *, gone: bool = False) -> Response:
        """Change something; a draft is looked at before it is deleted, so there is a moment between."""
        if doing == "delete a draft":
            self.stop("delete")
        return super()._change(method, path, wanted, doing, gone=gone)


def with_stops(place: Workplace, stop: Stop) -> Workplace:
    """Give a workplace whose doors stop before each access."""
    doors = place.doors
    assert isinstance(doors.forge, GitHub)
    index = SteppedIndex(doors.index.http, doors.index.simple_url)
    forge = SteppedForge(doors.forge.http, doors.forge.api_url, doors.forge.repository)
    index.stop = forge.stop = stop
    git, uploader = SteppedGit(**_fields(doors.git), stop=stop), SteppedUploader(**_fields(doors.uploader), stop=stop)
    stepped = replace(doors, clock=HurriedClock(), git=git, uploader=uploader, index=index, forge=forge)
    return replace(place, doors=stepped)


def _fields(door: Git | Uploader) -> dict[str, Any]:
    return {item.name: getattr(door, item.name) for item in fields(door)}
