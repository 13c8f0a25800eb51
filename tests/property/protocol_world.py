"""The protocol's model: what others can see, and the laws that hold at every moment.

Everything is a value: a commit of the register is the claim in it and what was there before. Each method is one
request as a server handles it: all of it or nothing. A law that is broken is an `AssertionError`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeVar

VERSIONS = {"minor": "1.3.0", "patch": "1.2.5"}
FILES = ("sdist", "wheel")
ASSETS = (*FILES, "evidence")
PHASES = ("claimed", "publishing", "done")
Main = tuple[str, ...]
"""The first-parent history of main."""
Branches = Mapping[str, tuple[str | None, str | None]]
"""For release branches, by version: what they have to hold, and what they shall hold."""


@dataclass(frozen=True)
class Plan:
    """What a run decided to release: at which base, while the register held what."""

    request: str
    base: Main
    register: Tip | None
    number: int

    @property
    def version(self) -> str:
        """The version that the request leads to."""
        return VERSIONS[self.request]


@dataclass(frozen=True)
class Candidate:
    """A plan and bytes: every build of one commit gives others."""

    plan: Plan
    build: int

    @property
    def commit(self) -> str:
        """The release commit: one plan, one commit."""
        return f"release {self.plan.number}"


@dataclass(frozen=True)
class Claim:
    """What the register says: whose, how far, which bytes."""

    candidate: Candidate
    phase: str
    nonce: str


@dataclass(frozen=True)
class Tip:
    """A commit of the register; the same contents are the same commit."""

    claim: Claim
    before: Tip | None


@dataclass
class Pull:
    """A pull request of a release branch; ``lag`` listings do not show it yet."""

    commit: str
    version: str
    state: str = "open"
    labelled: bool = False
    lag: int = 0


@dataclass
class Release:
    """A forge release; an asset's value is the build that it is of."""

    id: int
    version: str
    draft: bool = True
    assets: dict[str, int] = field(default_factory=dict)
    lag: int = 0


class RefusedError(Exception):
    """A server says no; ``code`` is what a command would end with."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Listed = TypeVar("Listed", Pull, Release)


@dataclass
class World:
    """Register, branches, tags and main on the remote; files on the index; what the forge has."""

    register: Tip | None = None
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    main: Main = ("start",)
    files: dict[tuple[str, str], int] = field(default_factory=dict)
    pulls: list[Pull] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    lag: int = 0
    published: set[int] = field(default_factory=set)
    """The builds for which the register has ever said ``publishing``."""
    holder: int = 0
    """The run that last found the claim its own: whoever had it before begins nothing any more."""
    taken_back: bool = False
    """Whether a forge release was deleted that everybody could see."""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # --- git --------------------------------------------------------------------------------------

    def swap(self, old: Tip | None, new: Tip | None, also: Branches, *, leased: bool = True) -> None:
        """Move the register, and branches with it, all or nothing; whoever asks for it reads it back."""
        if leased and (self.register != old or any(self.branches.get(n) != was for n, (was, _) in also.items())):
            return
        self._require_lawful(self.register, new)
        self.register = new
        for name, (_, after) in also.items():
            self._set_branch(name, after)
        if new is not None and new.claim.phase == "publishing":
            self.published.add(new.claim.candidate.build)

    @staticmethod
    def _require_lawful(old: Tip | None, new: Tip | None) -> None:
        """Hold a move of the register against its phases: one claim at a time, and what may be out is kept."""
        if old is None:
            assert new is None or new.claim.phase == "claimed", "a claim that was not claimed first"
        elif old.claim.phase == "done":
            assert new == old or (new is not None and new.before == old), "what was done is forgotten"
        elif new != old.before:
            assert new is not None, "a claim was dropped"
            assert new.claim.candidate == old.claim.candidate, "a claim was replaced by another"
            assert PHASES.index(new.claim.phase) >= PHASES.index(old.claim.phase), "a phase went back"
        else:
            assert old.claim.phase == "claimed", f"abandoned from {old.claim.phase}"

    def require_holder(self, run: int) -> None:
        """Hold whoever is about to act against the run that has the claim."""
        assert self.holder == run, "a run acts on a claim that another one has taken over"

    def create_branch(self, candidate: Candidate) -> None:
        """Put a release branch there, if there is none."""
        self.branches.setdefault(candidate.plan.version, candidate.commit)

    def delete_branch(self, version: str, commit: str) -> None:
        """Delete a release branch as long as it holds a commit."""
        if self.branches.get(version) == commit:
            self._set_branch(version, None)

    def _set_branch(self, version: str, commit: str | None) -> None:
        if commit is not None:
            self.branches[version] = commit
            return
        self.branches.pop(version, None)
        for pull in self.pulls:
            if pull.version == version and pull.state == "open":
                pull.state = "closed"

    def push_tag(self, candidate: Candidate) -> None:
        """Create a tag, if there is none of that name."""
        version = candidate.plan.version
        if version not in self.tags:
            assert self.whole_set(candidate), f"{version} is tagged, and its files are not all on the index"
            self.tags[version] = candidate.commit

    def push_main(self, old: Main, commit: str) -> bool:
        """Move main on to hold a commit, as long as nobody else has moved it."""
        if self.main != old:
            return False
        self.main = (*old, commit)
        return True

    # --- the index --------------------------------------------------------------------------------

    def listed(self, version: str) -> dict[str, int]:
        """Give the files of a version with the builds that they are of."""
        return {name: build for (of, name), build in self.files.items() if of == version}

    def whole_set(self, candidate: Candidate) -> bool:
        """Whether every file of a candidate is on the index, and no other."""
        return self.listed(candidate.plan.version) == dict.fromkeys(FILES, candidate.build)

    def upload(self, version: str, name: str, build: int) -> None:
        """Take a file in; the same again changes nothing, another one of the same name is refused."""
        if self.files.get((version, name), build) != build:
            raise RefusedError("tool failed")
        assert build in self.published, "a file is on the index, and the register never said that it might be"
        self.files[version, name] = build
        assert {of for of, _ in self.files} == {version}, "two versions are on the index"
        assert set(self.files.values()) == {build}, "the set on the index is of two builds"

    # --- the forge --------------------------------------------------------------------------------

    def list_pulls(self, version: str) -> list[Pull]:
        """List the pull requests of a release branch."""
        return _show([pull for pull in self.pulls if pull.version == version])

    def open_pull(self, candidate: Candidate) -> Pull:
        """Open a pull request, if the branch is there with something new, and nobody has one open."""
        version = candidate.plan.version
        commit = self.branches.get(version)
        if commit is None or commit in self.main:
            raise RefusedError("blocked")
        if any(pull.version == version and pull.state == "open" for pull in self.pulls):
            raise RefusedError("conflict")
        self.pulls.append(Pull(commit, version, lag=self.lag))
        return self.pulls[-1]

    def merge(self, *, squash: bool, tidy: bool) -> None:
        """Have a person merge the pull request, and maybe the forge delete its branch."""
        for pull in self.pulls:
            if pull.state == "open":
                pull.state = "merged"
                self.main = (*self.main, f"squashed {pull.commit}" if squash else pull.commit)
                if tidy:
                    self._set_branch(pull.version, None)

    def move_main(self) -> None:
        """Have somebody else push a change to main."""
        self.main = (*self.main, f"change {next(self.numbers)}")

    def has_landed(self, commit: str) -> bool:
        """Whether main has the content of a release commit."""
        return commit in self.main or f"squashed {commit}" in self.main

    def list_releases(self, version: str) -> list[Release]:
        """List the forge releases of a tag, drafts too, as they are now."""
        shown = _show(self.releases)
        return [replace(release, assets=dict(release.assets)) for release in shown if release.version == version]

    def find_release(self, number: int) -> Release | None:
        """Give one forge release by its id, as it is now."""
        found = next((release for release in self.releases if release.id == number), None)
        return replace(found, assets=dict(found.assets)) if found else None

    def _require_release(self, number: int) -> Release:
        found = [release for release in self.releases if release.id == number]
        if not found:
            raise RefusedError("blocked")
        return found[0]

    def create_draft(self, version: str) -> Release:
        """Make a draft."""
        self.releases.append(Release(next(self.numbers), version, lag=self.lag))
        return replace(self.releases[-1], assets={})

    def upload_asset(self, number: int, name: str, build: int) -> None:
        """Take an asset in; a second one of a name is refused."""
        release = self._require_release(number)
        if name in release.assets:
            raise RefusedError("conflict")
        release.assets[name] = build

    def publish_release(self, number: int) -> None:
        """Show a draft to everybody; a second release of one tag is refused."""
        release = self._require_release(number)
        if any(other.version == release.version and not other.draft for other in self.releases if other != release):
            raise RefusedError("conflict")
        assert release.version in self.tags, "a forge release without its tag"
        release.draft = False

    def delete_release(self, number: int) -> None:
        """Delete a draft, or what has been one a moment ago; what is gone is fine."""
        self.taken_back |= any(not release.draft for release in self.releases if release.id == number)
        self.releases = [release for release in self.releases if release.id != number]

    def pass_time(self) -> None:
        """Let every listing catch up."""
        self.lag = 0
        for pull in self.pulls:
            pull.lag = 0
        for release in self.releases:
            release.lag = 0


def has_release(head: Main) -> bool:
    """Whether a checkout has a release in its history, however it was merged."""
    return any("release" in commit for commit in head)


def _show(found: list[Listed]) -> list[Listed]:
    """Give what a listing shows; each listing brings the rest nearer."""
    shown = [item for item in found if item.lag == 0]
    for item in found:
        item.lag = max(0, item.lag - 1)
    return shown
