"""What the embedded forge knows: tokens, repositories, pull requests, releases, checks."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from shipway.rehearsal.forge.objects import BareRepository
from shipway.rehearsal.forge.switches import ForgeSwitches, JournalEntry
from shipway.world.clock import Clock


@dataclass(frozen=True)
class Token:
    """A credential and what it may do; ``login`` is who it acts as."""

    name: str
    value: str = field(repr=False)
    login: str = "github-actions[bot]"
    contents: str = "write"
    pull_requests: str = "write"
    issues: str = "write"
    actions: str = "read"
    workflows: bool = False
    maintainer: bool = False
    """May bypass branch and tag rules, and see and do everything."""

    @property
    def may_push(self) -> bool:
        """Whether the token may write contents."""
        return self.maintainer or self.contents == "write"

    @property
    def is_app(self) -> bool:
        """Whether an app holds the token, as a workflow's own: the forge then names no role of it."""
        return self.login.endswith("[bot]")

    @property
    def may_label(self) -> bool:
        """Whether the token may label: either permission is enough, as on GitHub."""
        return self.maintainer or "write" in {self.issues, self.pull_requests}


def standard_tokens() -> dict[str, Token]:
    """Give the tokens that every forge has from the start, with fresh secret values."""
    return {
        token.name: token
        for token in (
            Token("maintainer", new_secret(), login="maintainer", workflows=True, maintainer=True),
            Token("release", new_secret()),
            Token("pusher", new_secret(), pull_requests="none", issues="none"),
            Token("reader", new_secret(), login="reader", contents="read", pull_requests="none", issues="none"),
        )
    }


def new_secret() -> str:
    """Give a token's value that nobody can guess."""
    return f"forge_{secrets.token_hex(20)}"


@dataclass(frozen=True)
class RefRule:
    """What the repository's rules refuse to tokens that may not bypass them."""

    pattern: str
    refuses: frozenset[str]
    """Of ``create``, ``update``, ``force`` and ``delete``."""
    message: str = "GH013: Repository rule violations found"
    detail: str = ""


@dataclass
class Review:
    """A person's word on a pull request."""

    id: int
    login: str
    state: str
    body: str
    commit: str
    submitted: str


@dataclass(kw_only=True)
class Lagging:
    """Something that listings show late."""

    lag: int = 0

    def lags(self) -> bool:
        """Whether a listing does not show it yet; each listing brings that nearer."""
        if self.lag == 0:
            return False
        self.lag -= 1
        return True


@dataclass
class Pull(Lagging):
    """A pull request; while it is open, its head follows its branch."""

    id: int
    number: int
    title: str
    body: str
    login: str
    head_branch: str
    head_commit: str
    base_branch: str
    base_commit: str
    created: str
    created_head: str = ""
    draft: bool = False
    state: str = "open"
    closed: str | None = None
    merged: str | None = None
    merged_by: str | None = None
    merge_commit: str | None = None
    labels: list[str] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)


@dataclass
class Asset:
    """A file of a release."""

    id: int
    name: str
    label: str
    content_type: str
    content: bytes = field(repr=False)
    state: str
    login: str
    created: str
    storage: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)
    downloads: int = 0


@dataclass
class Release(Lagging):
    """A release, draft or published."""

    id: int
    tag: str
    target: str
    name: str | None
    body: str | None
    draft: bool
    prerelease: bool
    login: str
    created: str
    published: str | None = None
    immutable: bool = False
    latest: str = "true"
    assets: list[Asset] = field(default_factory=list)


@dataclass(frozen=True)
class CheckRun:
    """What a CI job said about a commit."""

    id: int
    commit: str
    name: str
    status: str
    conclusion: str | None
    created: str


@dataclass
class WorkflowRun:
    """A run of a CI workflow, which may be run again under the same number."""

    id: int
    commit: str
    branch: str
    status: str
    created: str


@dataclass
class Repository:
    """A repository: real git objects, and everything that the forge adds."""

    id: int
    owner: str
    name: str
    git: BareRepository
    default_branch: str
    created: str
    private: bool = False
    protected: list[str] = field(default_factory=list)
    rules: list[RefRule] = field(default_factory=list)
    merge_methods: set[str] = field(default_factory=lambda: {"merge", "squash", "rebase"})
    required_reviews: int = 0
    required_checks: list[str] = field(default_factory=list)
    """Checks that protected branches want before a merge; told to whoever asks."""
    environments: list[str] = field(default_factory=list)
    archived: bool = False
    delete_branch_on_merge: bool = False
    pulls: list[Pull] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    checks: list[CheckRun] = field(default_factory=list)
    runs: dict[int, WorkflowRun] = field(default_factory=dict)

    @property
    def full_name(self) -> str:
        """Owner and name, as GitHub writes them."""
        return f"{self.owner}/{self.name}"


@dataclass
class ForgeState:
    """All of it, behind one lock."""

    directory: Path
    switches: ForgeSwitches
    url: str = ""
    clock: Clock = field(default_factory=Clock)
    tokens: dict[str, Token] = field(default_factory=standard_tokens)
    repositories: dict[str, Repository] = field(default_factory=dict)
    journal: list[JournalEntry] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    ids: Iterator[int] = field(default_factory=lambda: count(1001))

    @property
    def api_url(self) -> str:
        """Where the REST interface starts."""
        return f"{self.url}/api/v3"

    def now(self) -> str:
        """Give the present moment as the API writes it."""
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def find_repository(self, full_name: str) -> Repository | None:
        """Find a repository; names are compared without regard to case, as on GitHub."""
        wanted = full_name.casefold()
        return next((r for r in self.repositories.values() if r.full_name.casefold() == wanted), None)

    def find_token(self, value: str) -> Token | None:
        """Find whose secret this is."""
        return next((t for t in self.tokens.values() if secrets.compare_digest(t.value, value)), None)
