"""The verdict: whether others see exactly one release, whole, and nothing is left over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from shipway.rehearsal.faults.scene import Scene
from shipway.rehearsal.forge.state import Release


@dataclass(frozen=True)
class Verdict:
    """What others see on a scene, held against what the release said that it did."""

    scene: Scene
    released: Mapping[str, Any]

    def problems(self) -> list[str]:
        """Say everything that is not as it should be."""
        return [*self._files(), *self._tag(), *self._landing(), *self._forge_release(), *self._register()]

    def summary(self) -> str:
        """Say in a line what there is."""
        count = len(self.released["distributions"])
        landed = f", pull request {self.released['pull_request']}" if self.released.get("pull_request") else ""
        where = f"tag {self._tag_name} at {self._commit[:9]}"
        return (
            f"exactly one release: {self._version}, {count} files with the digests that were claimed, {where}{landed}"
        )

    @property
    def _version(self) -> str:
        return str(self.released["version"])

    @property
    def _commit(self) -> str:
        return str(self.released["commit"])

    @property
    def _tag_name(self) -> str:
        return str(self.released["tag"])

    def _files(self) -> Iterator[str]:
        there = {f.name: f"sha256:{f.digest}" for f in self.scene.index.files if f.version == self._version}
        if there != self.released["distributions"]:
            yield f"the index holds {sorted(there.items())}"

    def _tag(self) -> Iterator[str]:
        git = self.scene.repository.git
        ours = {ref: kind for ref, (_, kind) in git.list_refs("refs/tags/").items() if ref.endswith(self._version)}
        ref = f"refs/tags/{self._tag_name}"
        if ours != {ref: "tag"}:
            yield f"the tags are {ours}"
        elif git.find_commit(ref) != self._commit:
            yield f"{ref} is at {git.find_commit(ref)}"

    def _landing(self) -> Iterator[str]:
        """Find the release in main, or on its way there by exactly one pull request."""
        repository = self.scene.repository
        tip = repository.git.branch(repository.default_branch) or ""
        pulls = [pull for pull in repository.pulls if pull.state == "open" or pull.merged]
        if self.released["flow"] == "direct" and not repository.git.is_ancestor(self._commit, tip):
            yield f"{repository.default_branch} lacks {self._commit}"
        if self.released["flow"] == "direct" or not self.scene.stage.uses_forge:
            return
        if [pull.head_commit for pull in pulls] != [self._commit] and not self._is_prerelease:
            yield f"the pull requests are {[(pull.number, pull.head_commit) for pull in pulls]}"

    def _forge_release(self) -> Iterator[str]:
        if not self.scene.stage.uses_forge:
            return
        found = self.scene.repository.releases
        if [(release.tag, release.draft) for release in found] != [(self._tag_name, False)]:
            yield f"the forge releases are {[(release.tag, release.draft) for release in found]}"
        elif missing := self.released["distributions"].items() - _assets(found[0]).items():
            yield f"the forge release lacks {sorted(missing)}"

    def _register(self) -> Iterator[str]:
        if self.scene.variables.get("SHIPWAY_REGISTER") == "false":
            return
        git = self.scene.repository.git
        for ref in git.list_refs("refs/shipway/"):
            phase = json.loads(git.run("cat-file", "blob", f"{ref}:claim.json").stdout)["phase"]
            if phase != "done":
                yield f"{ref} is {phase}"

    @property
    def _is_prerelease(self) -> bool:
        return self.scene.plan.is_prerelease


def _assets(release: Release) -> dict[str, str]:
    return {
        asset.name: f"sha256:{sha256(asset.content).hexdigest()}"
        for asset in release.assets
        if asset.state == "uploaded"
    }
