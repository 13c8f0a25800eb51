"""The scene of a fault: a stage, the child that releases there, and moments at which something happens."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from hashlib import sha256
from pathlib import Path

from shipway.project.handover import Handover
from shipway.rehearsal.forge.server import EmbeddedForge
from shipway.rehearsal.forge.state import Repository
from shipway.rehearsal.index.server import EmbeddedIndex
from shipway.rehearsal.stage import Stage
from shipway.rehearsal.watch import HangUpError, Visit, heed_nothing
from shipway.release.plan import Plan
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

PUSH = "POST */git-receive-pack"
UPLOAD = "POST /legacy/"
OPEN_PULL_REQUEST = "POST */pulls"
MAKE_DRAFT = "POST */releases"
PUBLISH_RELEASE = "PATCH */releases/*"

Deed = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Moment:
    """Something that happens once, at the first request that fits: before its effect, or after it."""

    route: str
    deed: Deed
    after: bool
    ref: bytes
    """What the beginning of a push has to name."""

    def fits(self, visit: Visit) -> bool:
        """Whether this is the request."""
        return fnmatchcase(f"{visit.method} {visit.path}", self.route) and self.ref in visit.head


@dataclass
class Scene:
    """One stage on which one thing goes wrong; ``words`` and ``variables`` are those of the releasing child.

    ``typed`` collects what people type besides, as they would.
    """

    stage: Stage
    environment: Environment
    words: tuple[str, ...]
    say: Callable[[str], None]
    front: str = "nox"
    variables: dict[str, str] = field(init=False)
    machine: list[str] = field(default_factory=list)
    """Options of `shipway.rehearsal.faults.machine`, where the child's machine is not well."""
    gone: set[str] = field(default_factory=set)
    """Which servers hang up on everybody: ``forge``, which is git too, and ``index``."""
    typed: list[str] = field(default_factory=list)
    _moments: list[Moment] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.variables = self.stage.variables(self.environment)
        self.forge.switches.watch = partial(self._watch, "forge")
        self.index.switches.watch = partial(self._watch, "index")

    # --- who and what is there --------------------------------------------------------------------

    @property
    def index(self) -> EmbeddedIndex:
        """The index."""
        return self.stage.index

    @property
    def forge(self) -> EmbeddedForge:
        """The forge."""
        return self.stage.forge

    @property
    def repository(self) -> Repository:
        """The repository on the forge."""
        return self.forge.repository(self.stage.repository)

    @property
    def handover(self) -> Handover:
        """What the release keeps in its clone."""
        return Handover(self.stage.clone)

    @property
    def plan(self) -> Plan:
        """The plan of the release, once it is made."""
        plan = self.handover.find_plan()
        assert plan is not None  # noqa: S101 - nobody asks before the claim
        return plan

    @property
    def files(self) -> list[Path]:
        """The distributions that were built, if any: the sdist, then the wheels."""
        return sorted(self.handover.dist.glob("*"), key=lambda path: path.suffix == ".whl")

    def public(self) -> frozenset[str]:
        """Name what others can see of the release: ``claim``, ``files``, ``pull``, ``tag``, ``release``."""
        plan, refs = self.handover.find_plan(), self.repository.git.list_refs()
        ours = {sha256(path.read_bytes()).hexdigest() for path in self.files}
        seen = {
            "claim": plan is not None and f"refs/heads/{plan.release_branch}" in refs,
            "files": any(file.digest in ours for file in self.index.files),
            "pull": bool(self.repository.pulls),
            "tag": plan is not None and f"refs/tags/{plan.tag}" in refs,
            "release": bool(self.repository.releases),
        }
        return frozenset(name for name, is_seen in seen.items() if is_seen)

    # --- what the child's person does -------------------------------------------------------------

    def git(self, *words: str) -> None:
        """Have a person type a git command in the clone."""
        self.typed.append(shlex.join(["git", *words]))
        Git(self.stage.clone, Processes(Environment(self.variables))).run(*words)

    def use_token(self, name: str = "") -> None:
        """Have the child use a token of the forge, for git too; by default its usual one, as it is now."""
        fresh = self.stage.variables(self.environment, name)
        self.variables |= {key: value for key, value in fresh.items() if key.startswith(("GITHUB_", "GIT_CONFIG_"))}

    # --- what happens -----------------------------------------------------------------------------

    def when(self, route: str, deed: Deed, *, after: bool = False, ref: str = "") -> None:
        """Have something happen at the first request of a route (``METHOD /path``, a glob)."""
        self._moments.append(Moment(route, deed, after, ref.encode()))

    def lose(self, *servers: str) -> Deed:
        """Give the deed by which servers go away, in the middle of the request at which it happens."""

        def go() -> None:
            self.gone |= set(servers)
            raise HangUpError

        return go

    def come_back(self) -> None:
        """Have every server be there again."""
        self.gone.clear()

    @property
    def has_happened(self) -> bool:
        """Whether nothing is left that was to happen at a moment."""
        return not self._moments

    def _watch(self, server: str, visit: Visit) -> Deed:
        if server in self.gone:
            raise HangUpError
        moment = self._take(visit)
        if moment is None:
            return heed_nothing
        if moment.after:
            return moment.deed
        moment.deed()
        return heed_nothing

    def _take(self, visit: Visit) -> Moment | None:
        with self._guard:
            found = next((moment for moment in self._moments if moment.fits(visit)), None)
            if found is not None:
                self._moments.remove(found)
            return found
