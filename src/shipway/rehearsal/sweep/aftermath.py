"""The aftermath: what there is when a release is over, read from refs, objects and servers themselves.

The claim is read as JSON: nothing of the product is asked whether it did well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from packaging.version import Version

from shipway.changelog.headings import announced_version, find_headings, split_lines
from shipway.project.handover import Handover
from shipway.rehearsal.forge.objects import BareRepository
from shipway.rehearsal.forge.state import Pull
from shipway.rehearsal.sweep.events import REGISTER
from shipway.rehearsal.sweep.trial import Machine, Trial
from shipway.release.outcomes import ConflictError

TAGS = "refs/tags/"
BRANCHES = "refs/heads/"


@dataclass(frozen=True)
class Expected:
    """What a clean run came to: every other run of the same request has to come to the same."""

    version: str
    tag: str
    lands: bool
    pulls: int
    assets: frozenset[str]
    sections: Mapping[str, int]
    left: frozenset[str]


@dataclass(frozen=True)
class Aftermath:
    """A trial whose release is over, and the machine that finished it."""

    trial: Trial
    machine: Machine

    @property
    def bare(self) -> BareRepository:
        """The repository on the forge."""
        return self.trial.bare

    @property
    def pulls(self) -> list[Pull]:
        """The pull requests."""
        return self.trial.repository.pulls

    @cached_property
    def refs(self) -> Mapping[str, tuple[str, str]]:
        """Every ref of the forge, with its object and type."""
        return self.bare.list_refs()

    @cached_property
    def register(self) -> str:
        """The register's one ref."""
        found = [ref for ref in self.refs if ref.startswith(REGISTER)]
        if len(found) != 1:
            raise ConflictError(f"the register has {len(found)} refs")
        return found[0]

    @cached_property
    def claim(self) -> Mapping[str, Any]:
        """The claim, as it is written there."""
        return self._read("claim.json")

    @cached_property
    def base(self) -> str:
        """The commit that the release was made from."""
        return str(self._read("plan.json")["base"])

    @property
    def version(self) -> Version:
        """The version that the claim names."""
        return Version(str(self.claim["version"]))

    @property
    def goes_on(self) -> bool:
        """Whether main goes on with a development version, by a commit above the release commit."""
        return bool(self._read("plan.json").get("development"))

    @property
    def goes_on_with(self) -> Version:
        """The version that main says afterwards: the next development version, or the claim's."""
        return Version(str(self._read("plan.json")["development"])) if self.goes_on else self.version

    def parent_of(self, commit: str) -> str:
        """Give the first parent of a commit."""
        return self.bare.read("rev-parse", f"{commit}^1")

    @property
    def commit(self) -> str:
        """The release commit."""
        return str(self.claim["commit"])

    @property
    def tag(self) -> str:
        """The tag that the claim names."""
        return str(self.claim["tag"])

    @property
    def digests(self) -> dict[str, str]:
        """The claim's distributions."""
        return {str(file["name"]): str(file["digest"]) for file in self.claim["distributions"]}

    @property
    def branch(self) -> str:
        """The branch that releases are made from."""
        return self.trial.subject.configuration.branch

    @cached_property
    def tip(self) -> str:
        """What that branch holds now."""
        return self.bare.read("rev-parse", f"{BRANCHES}{self.branch}")

    def has_landed(self, expected: Expected) -> bool:
        """Whether the branch is to have the release by now: its pull request is merged, or the flow pushed it."""
        return expected.lands and all(pull.merged is not None for pull in self.pulls)

    def find_text(self, commit: str, path: str) -> str | None:
        """Give a file's text at a commit."""
        found = self.bare.run("cat-file", "blob", f"{commit}:{path}", check=False)
        return found.stdout if found.code == 0 else None

    def changed_paths(self, kinds: str = "AMD") -> list[str]:
        """Give the paths that the release commit added, modified or deleted (the letters of git-diff)."""
        words = ("diff-tree", "-r", "-z", "--no-commit-id", "--no-renames", "--name-only", f"--diff-filter={kinds}")
        names = self.bare.run(*words, self.commit).stdout
        return [name for name in names.split("\0") if name]

    def count_sections(self, commit: str) -> dict[str, int]:
        """Count the sections of this version in each file that the release changed, as a commit has them."""
        texts = {path: self.find_text(commit, path) or "" for path in self.changed_paths("AM")}
        counted = {path: _sections(text, self.version) for path, text in texts.items()}
        return {path: number for path, number in counted.items() if number}

    def _read(self, name: str) -> Mapping[str, Any]:
        found = json.loads(self.bare.read("cat-file", "blob", f"{self.register}:{name}"))
        if not isinstance(found, dict):
            raise ConflictError(f"the register's {name} is no JSON object")
        return found


def expect(found: Aftermath) -> Expected:
    """Take what a clean run came to as the measure of every other."""
    return Expected(
        version=str(found.version),
        tag=found.tag,
        lands=bool(found.pulls) or found.bare.is_ancestor(found.commit, found.tip),
        pulls=len(found.pulls),
        assets=frozenset(asset.name for release in found.trial.repository.releases for asset in release.assets),
        sections=found.count_sections(found.commit),
        left=files_left(found.machine),
    )


def is_done(trial: Trial) -> bool:
    """Whether the register says that all is done."""
    found = Aftermath(trial, trial.first)
    return any(ref.startswith(REGISTER) for ref in found.refs) and found.claim["phase"] == "done"


def files_left(machine: Machine) -> frozenset[str]:
    """Name every file in a clone's ``.release/``."""
    folder = Handover(machine.clone).directory
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def snapshot(trial: Trial) -> dict[str, object]:
    """Give all that others can see, to tell whether anything changed."""
    repository = trial.repository
    pulls = [(p.number, p.state, p.head_commit, p.title, p.body, sorted(p.labels)) for p in repository.pulls]
    releases = [
        (r.id, r.tag, r.draft, r.body, r.latest, sorted((a.id, a.name, a.state) for a in r.assets))
        for r in repository.releases
    ]
    files = {file.name: file.digest for file in trial.stage.index.files}
    return {"refs": trial.bare.list_refs(), "files": files, "pull requests": pulls, "forge releases": releases}


def _sections(text: str, version: Version) -> int:
    """Count the headings that announce a version."""
    announced = (announced_version(heading.title) for heading in find_headings(split_lines(text)))
    return sum(found is not None and found.version == version for found in announced)
