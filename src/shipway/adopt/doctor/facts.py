"""What the checks look at: plain values, read once (`reading`) and handed in, so that a check needs no world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias, TypeVar

from packaging.version import Version

from shipway.adopt.doctor.workflow_files import Workflow
from shipway.project.configuration import Configuration
from shipway.project.fragments import Listing
from shipway.project.line import Line
from shipway.project.lockfiles import Refused
from shipway.release.claim import Claim
from shipway.release.outcomes import ReleaseError
from shipway.release.plan import Plan
from shipway.release.version import render_tag
from shipway.world.forge_settings import Access, ActionsSettings, Branch, Protection, Rule, TagRuleset
from shipway.world.index import IndexProject

T = TypeVar("T")
Lock = Literal["none", "in step", "stale"]
TAGS = "refs/tags/"


@dataclass(frozen=True)
class Unasked:
    """The place of an answer that could not be had, and why."""

    error: ReleaseError


Answer: TypeAlias = T | Unasked


def ask(read: Callable[[], T]) -> Answer[T]:
    """Ask the world; what goes wrong takes the place of the answer."""
    try:
        return read()
    except ReleaseError as error:
        return Unasked(error)


def given(answer: Answer[T]) -> T:
    """Give an answer that was had; raises what came instead of it, which is never "nothing there"."""
    if isinstance(answer, Unasked):
        raise answer.error
    return answer


@dataclass(frozen=True)
class GitFacts:
    """The repository here and its remote; problems are the refusals that a release would meet, None is none."""

    fetch_url: str
    push_url: str
    refs: Answer[Mapping[str, str]]
    """Branch, tags (peeled ones as ``ref^{}``) and registers on the remote."""
    shallow: ReleaseError | None
    branch: ReleaseError | None
    changes: ReleaseError | None
    pushed: ReleaseError | None
    knows_us: bool
    signs: bool
    register: str
    """The register's ref; "" where the repository does without."""
    claim: Answer[Claim | None]
    is_ours: bool
    """Whether the claim was made from here, so that the same release goes on by itself."""


@dataclass(frozen=True)
class ForgeFacts:
    """The repository on its forge, as our token sees it."""

    has_token: bool
    is_apps_token: bool
    access: Answer[Access]
    refusal_to_open: Answer[ReleaseError | None]
    main: Answer[Branch | None]
    protection: Answer[Protection | None]
    main_rules: Answer[tuple[Rule, ...]]
    release_rules: Answer[tuple[Rule, ...]]
    tag_rulesets: Answer[tuple[TagRuleset, ...]]
    actions: Answer[ActionsSettings]
    immutable: Answer[bool]
    environments: Mapping[str, Answer[bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class IndexFacts:
    """The project on the index, and the addresses that its newest distribution names as its own."""

    project: Answer[IndexProject | None]
    links: Answer[tuple[str, ...]] = ()


@dataclass(frozen=True)
class ProjectFacts:
    """What the repository says about itself, and what a release of it would come to."""

    name: Answer[str]
    version: Answer[Version]
    line: Answer[Line]
    """The versions that were released on this line."""
    fragments: Answer[Listing | None]
    lock: Lock | ReleaseError
    refused_exports: tuple[Refused, ...]
    plan: Plan | ReleaseError
    gates: tuple[str, ...] | ReleaseError


@dataclass(frozen=True)
class MachineFacts:
    """Clock, programs and interpreters of this machine."""

    skews: Mapping[str, Answer[float]]
    """By how many seconds our clock is ahead of a server's."""
    tools: Mapping[str, str]
    pythons: Mapping[str, bool]
    """Whether each version of the matrix runs here."""
    in_run: bool
    """Whether GitHub Actions runs us."""


@dataclass(frozen=True)
class Facts:
    """Everything; ``forge`` is None where the remote is plain git."""

    configuration: Configuration
    git: GitFacts
    forge: ForgeFacts | None
    index: IndexFacts
    project: ProjectFacts
    workflows: tuple[Workflow, ...]
    machine: MachineFacts

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The remote's tags; raises where it could not be asked."""
        refs = given(self.git.refs)
        return tuple(ref.removeprefix(TAGS) for ref in refs if ref.startswith(TAGS) and not ref.endswith("^{}"))

    @property
    def next_version(self) -> Version:
        """The version that names the branch and tag of the next release, or one like it."""
        plan = self.project.plan
        return Version(plan.version) if isinstance(plan, Plan) else given(self.project.version)

    @property
    def release_branch(self) -> str:
        """The branch that would carry the next release commit."""
        return render_tag(self.next_version, self.configuration.release_branch)

    @property
    def tag(self) -> str:
        """The tag of the next release."""
        return render_tag(self.next_version, self.configuration.tag_format)

    @property
    def is_publish_first(self) -> bool:
        """Whether releases land by a pull request."""
        return self.configuration.flow == "publish-first"
