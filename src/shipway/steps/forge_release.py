"""forge-release: a draft at the release commit, its assets, and only then published."""

from __future__ import annotations

from typing import ClassVar

from packaging.version import Version

from shipway.release.distributions import Distribution
from shipway.release.states import Action, Blocked, Conflict, Done, Skipped, State, Todo
from shipway.release.version import last_release
from shipway.steps.contract import Settlement
from shipway.world.forge import ForgeRelease


class PublishForgeRelease:
    """The forge shows a published release for the tag, with every distribution as an asset."""

    name: ClassVar[str] = "forge-release"
    phase: ClassVar[str] = "mark"
    patience: ClassVar[float] = 60

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._dist = settlement.dist
        self._tag_format = settlement.configuration.tag_format
        self._git = settlement.doors.git
        self._forge = settlement.doors.forge

    def observe(self) -> State:
        """Find the release of our tag, draft or published, and hold its assets against the candidate."""
        if self._forge is None:
            return Skipped("there is no forge to publish a release on")
        found = self._find()
        if found is None:
            uploads = [Action("upload", file.name) for file in self._candidate.distributions]
            return Todo((Action("draft", self._plan.tag), *uploads, Action("publish", self._plan.tag)))
        missing = [file for file in self._candidate.distributions if not _holds(found, file)]
        for file in missing:
            if (wrong := _other_bytes(found, file)) is not None:
                return Conflict(
                    f"asset {file.name} with {wrong[:12]}", file.digest[:12], f"delete that asset of {found.url}"
                )
        uploads = [Action("upload", file.name) for file in missing]
        if found.draft:
            return Todo((*uploads, Action("publish", self._plan.tag)))
        if uploads:
            return Todo(tuple(uploads))
        return self._judge(found)

    def act(self, todo: Todo) -> None:
        """Draft, upload, publish: whichever of these is missing."""
        assert self._forge is not None  # noqa: S101 - observe skips without a forge
        verbs = {action.verb for action in todo.actions}
        release = self._draft() if "draft" in verbs else self._find()
        assert release is not None  # noqa: S101 - observe found it a moment ago
        names = {action.subject for action in todo.actions if action.verb == "upload"}
        for asset in release.assets:
            if asset.name in names:
                self._forge.delete_asset(asset.id)
        for file in self._candidate.distributions:
            if file.name in names:
                self._forge.upload_asset(release.id, self._dist / file.name)
        if "publish" in verbs:
            self._forge.publish_release(release.id, latest=self._is_latest())

    def _draft(self) -> ForgeRelease:
        assert self._forge is not None  # noqa: S101 - observe skips without a forge
        plan = self._plan
        return self._forge.create_draft(
            tag=plan.tag,
            target=self._candidate.commit,
            name=f"{plan.distribution} {plan.version}",
            body=plan.notes,
            prerelease=plan.is_prerelease,
        )

    def _find(self) -> ForgeRelease | None:
        """Give the release of our tag: the published one before a draft, the oldest draft before its double."""
        assert self._forge is not None  # noqa: S101 - observe skips without a forge
        found = self._forge.find_releases(self._plan.tag)
        return min(found, key=lambda release: (release.draft, release.id), default=None)

    def _judge(self, found: ForgeRelease) -> State:
        if found.prerelease != self._plan.is_prerelease:
            problem = f"{found.url} has the wrong pre-release flag"
            return Blocked(problem, "set it on the release's page, then run the same command again")
        return Done(f"{found.url} with {len(self._candidate.distributions)} assets")

    def _is_latest(self) -> bool:
        """Whether no final release is higher: a patch of an old line is not the latest."""
        if self._plan.is_prerelease:
            return False
        tags = [ref.removeprefix("refs/tags/") for ref in self._git.remote_refs("refs/tags/*")]
        highest = last_release(tags, self._tag_format)
        return highest is None or highest <= Version(self._plan.version)


def _holds(release: ForgeRelease, file: Distribution) -> bool:
    """Whether the file is there and whole; forges before asset digests are believed by size."""
    there = [asset for asset in release.assets if asset.name == file.name and asset.state == "uploaded"]
    return any(file.digest == asset.digest or (not asset.digest and file.size == asset.size) for asset in there)


def _other_bytes(release: ForgeRelease, file: Distribution) -> str | None:
    """Give the digest of a complete asset of this name that holds other bytes."""
    for asset in release.assets:
        if asset.name == file.name and asset.state == "uploaded" and asset.digest not in (None, file.digest):
            return asset.digest
    return None
