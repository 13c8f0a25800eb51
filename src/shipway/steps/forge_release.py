"""forge-release: a draft at the release commit, its assets, and only then published.

Listings of a forge lag, people publish and delete drafts, and an answer can be lost. So a draft that we made is known
by its id as well, doubles are cleared up once they show, and nothing that anybody can see is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import ClassVar

from packaging.version import Version

from shipway.grammar import command_line
from shipway.project.handover import EVIDENCE
from shipway.release.distributions import Distribution
from shipway.release.evidence import differences, evidence_name, parse_evidence
from shipway.release.outcomes import BlockedError, ConflictError, UnavailableError
from shipway.release.states import Action, Blocked, Conflict, Done, Skipped, State, Todo
from shipway.steps.contract import Settlement
from shipway.world.forge import Asset, Forge, ForgeRelease

DRAFT, UPLOAD, PUBLISH, DELETE = "draft", "upload", "publish", "delete draft"
LISTING_SECONDS = 20.0
"""How long a draft may be missing from the listing after the answer that told its id was lost."""
PAUSE = 1.0
LARGEST_EVIDENCE = 10_000_000
NOTE = "forge-release"
"""The report that names the draft which we asked for; with id 0 where nobody knows whether there is one."""
NONE = -1
"""Instead of an id: it was refused, so there is none."""


class PublishForgeRelease:
    """The forge shows a published release for the tag, with every distribution and the evidence as assets."""

    name: ClassVar[str] = "forge-release"
    phase: ClassVar[str] = "mark"
    patience: ClassVar[float] = 60

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._dist = settlement.dist
        self._handover = settlement.handover
        self._tag_rule = settlement.configuration.tag_rule
        self._git = settlement.doors.git
        self._clock = settlement.doors.clock
        self._forge = settlement.doors.forge
        self._evidence = evidence_name(self._plan.distribution, self._plan.version)
        self._read: dict[Asset, bool] = {}

    @property
    def _door(self) -> Forge:
        assert self._forge is not None  # noqa: S101 - observe skips without a forge
        return self._forge

    # --- looking ----------------------------------------------------------------------------------

    def observe(self) -> State:
        """Find the releases of our tag, draft or published, and hold the assets of the best against the candidate."""
        if self._forge is None:
            return Skipped("there is no forge to publish a release on")
        names = [file.name for file in self._candidate.distributions] + [self._evidence]
        ours = self._find_ours()
        if not ours:
            uploads = [Action(UPLOAD, name) for name in names]
            return Todo((Action(DRAFT, self._plan.tag), *uploads, Action(PUBLISH, self._plan.tag)))
        found, *others = ours
        missing = self._missing(found)
        if trouble := self._judge_bytes(found, missing):
            return trouble
        actions = [Action(DELETE, str(double.id)) for double in others if self._is_double(double)]
        actions += [Action(UPLOAD, name) for name in missing if not found.is_final]
        actions += [Action(PUBLISH, self._plan.tag)] if found.draft else []
        return Todo(tuple(actions)) if actions else self._judge(found, missing)

    def _find_ours(self) -> list[ForgeRelease]:
        """Give our releases, the one to keep first: published, else with most of the assets, else the oldest."""
        listed = {release.id: release for release in self._door.find_releases(self._plan.tag)}
        noted = self._noted
        known = self._door.read_release(noted) if noted > 0 and noted not in listed else None
        if known is not None and known.tag == self._plan.tag:
            listed[known.id] = known
        ours = [release for release in listed.values() if self._is_ours(release)]
        return sorted(ours, key=lambda release: (release.draft, len(self._missing(release)), release.id))

    def _is_ours(self, release: ForgeRelease) -> bool:
        """Tell our draft from one that a person keeps for the same tag: by commit, by id, or by our bytes in it."""
        at = (release.target == self._candidate.commit, release.id == self._noted)
        return not release.draft or any(at) or any(_holds(release, file) for file in self._candidate.distributions)

    def _is_double(self, release: ForgeRelease) -> bool:
        return release.draft and release.target == self._candidate.commit

    def _missing(self, release: ForgeRelease) -> list[str]:
        """Name what the release lacks, or has only in part."""
        missing = [file.name for file in self._candidate.distributions if not _holds(release, file)]
        return missing if self._has_evidence(release) else [*missing, self._evidence]

    def _has_evidence(self, release: ForgeRelease) -> bool:
        """Whether evidence of this candidate is there; not byte for byte: two runs tell two courses of events."""
        asset = release.find_asset(self._evidence)
        if asset is None or asset.state != "uploaded":
            return False
        if asset.digest and asset.digest == sha256((self._handover.find(EVIDENCE) or "").encode()).hexdigest():
            return True
        if asset not in self._read:
            self._read[asset] = asset.size <= LARGEST_EVIDENCE and self._speaks_of_us(asset)
        return self._read[asset]

    def _speaks_of_us(self, asset: Asset) -> bool:
        try:
            found = parse_evidence((self._door.read_asset(asset.id) or b"").decode())
        except ValueError:
            return False
        return not differences(found, self._candidate)

    def _judge_bytes(self, found: ForgeRelease, missing: list[str]) -> State | None:
        remedy = f"delete that asset of {found.url}, then run again"
        if found.is_final:
            remedy = "nothing in it can be replaced: release the next version"
        for file in self._candidate.distributions:
            if file.name in missing and (wrong := _other_bytes(found, file)) is not None:
                return Conflict(f"asset {file.name} with {wrong[:12]}", file.digest[:12], remedy)
        asset = found.find_asset(self._evidence)
        if self._evidence in missing and not found.draft and asset is not None and asset.state == "uploaded":
            return Conflict(f"asset {asset.name} about another release", self._candidate.commit[:9], remedy)
        return None

    def _judge(self, found: ForgeRelease, missing: list[str]) -> State:
        if missing:
            why = "a person published it before that was in it, and nothing can be added to it any more"
            return Skipped(f"{found.url} is without {', '.join(missing)}: {why}")
        if found.prerelease != self._plan.is_prerelease:
            problem = f"{found.url} has the wrong pre-release flag"
            return Blocked(problem, "set it on the release's page, then run the same command again")
        return Done(f"{found.url} with {len(self._candidate.distributions) + 1} assets")

    # --- acting -----------------------------------------------------------------------------------

    def act(self, todo: Todo) -> None:
        """Draft, upload, publish, clear up doubles: whichever of these is missing.

        Doubles last: beside a published release of the tag, no other run can publish one while it is deleted.
        """
        verbs = {action.verb for action in todo.actions}
        release = next(iter(self._find_ours()), None) or self._draft()
        for name in self._missing(release):
            self._upload(release, name)
        if PUBLISH in verbs:
            self._publish(release.id)
        for action in todo.actions:
            if action.verb == DELETE:
                self._door.delete_release(int(action.subject))

    def _draft(self) -> ForgeRelease:
        """Make a draft; where an answer was lost, now or in an earlier run, the listing is waited for instead."""
        if self._handover.find_report(NOTE, self._plan) and not self._noted and (found := self._await_listing()):
            return self._note(found)
        self._handover.keep_report(NOTE, self._plan, {"id": 0})
        try:
            return self._note(self._create())
        except BlockedError:
            self._handover.keep_report(NOTE, self._plan, {"id": NONE})
            raise
        except UnavailableError:
            found = self._await_listing()
            if found is None:
                raise
            return self._note(found)

    def _create(self) -> ForgeRelease:
        plan = self._plan
        return self._door.create_draft(
            tag=plan.tag,
            target=self._candidate.commit,
            name=f"{plan.distribution} {plan.version}",
            body=plan.notes,
            prerelease=plan.is_prerelease,
        )

    @property
    def _noted(self) -> int:
        """The id of the draft that we made; 0 where it was never told."""
        return int((self._handover.find_report(NOTE, self._plan) or {}).get("id", 0))

    def _note(self, made: ForgeRelease) -> ForgeRelease:
        self._handover.keep_report(NOTE, self._plan, {"id": made.id})
        return made

    def _await_listing(self) -> ForgeRelease | None:
        """Look for a draft that may have been made, for as long as listings are allowed to lag."""
        deadline = self._clock.monotonic() + LISTING_SECONDS
        while not (found := self._find_ours()) and self._clock.monotonic() < deadline:
            self._clock.sleep(PAUSE)
        return next(iter(found), None)

    def _upload(self, release: ForgeRelease, name: str) -> None:
        """Upload one file, in the place of what broke off, and of evidence that is about something else."""
        for asset in self._in_the_way(release, name):
            self._door.delete_asset(asset.id)
        if name != self._evidence:
            self._door.upload_asset(release.id, self._dist / name)
            return
        path = self._handover.directory / EVIDENCE
        if not path.is_file():
            remedy = command_line("release", *self._plan.words(), "--only", "evidence")
            raise BlockedError(
                "there is no evidence to attach", why="a forge release without it cannot be verified", remedy=remedy
            )
        self._door.upload_asset(release.id, path, name)

    def _in_the_way(self, release: ForgeRelease, name: str) -> Iterator[Asset]:
        for asset in release.assets:
            if asset.name == name and (asset.state != "uploaded" or (release.draft and name == self._evidence)):
                yield asset

    def _publish(self, release_id: int) -> None:
        """Show the draft to everybody: only what is still a draft, and only beside our tag."""
        fresh = self._door.read_release(release_id)
        if fresh is None:
            raise BlockedError(
                f"the draft of {self._plan.tag} was deleted by somebody", remedy="run the same command again"
            )
        if not fresh.draft:
            return
        self._require_tag()
        self._door.publish_release(release_id, latest=self._is_latest())

    def _require_tag(self) -> None:
        """Make sure of the tag: the forge would make a missing one, lightweight and unsigned."""
        ref, commit, tag = self._candidate.tag_ref, self._candidate.commit, self._plan.tag
        peeled = f"{ref}^{{}}"
        refs = self._git.remote_refs(ref, peeled)
        found = refs.get(peeled, refs.get(ref))
        if found is None:
            why = "the forge would make one of its own, which nobody signed"
            raise BlockedError(f"the tag {tag} is not on the remote", why=why, remedy="run the same command again")
        if found != commit:
            why = "a forge release for another commit would lie"
            remedy = "run the same command again: the step tag says what to do"
            raise ConflictError(f"{tag} is at {found[:9]}, not {commit[:9]}", why=why, remedy=remedy)

    def _is_latest(self) -> bool:
        """Whether no final release is higher: a patch of an old line is not the latest."""
        if self._plan.is_prerelease:
            return False
        tags = [ref.removeprefix("refs/tags/") for ref in self._git.remote_refs("refs/tags/*")]
        highest = self._tag_rule.find_last(tags)
        return highest is None or highest <= Version(self._plan.version)


def _holds(release: ForgeRelease, file: Distribution) -> bool:
    """Whether the file is there and whole; forges before asset digests are believed by name and size."""
    whole = [asset for asset in release.assets if asset.state == "uploaded"]
    same = [asset for asset in whole if (asset.name, asset.size) == (file.name, file.size) and not asset.digest]
    return bool(same) or any(asset.digest == file.digest for asset in whole)


def _other_bytes(release: ForgeRelease, file: Distribution) -> str | None:
    """Give the digest of a complete asset of this name that holds other bytes."""
    for asset in release.assets:
        if asset.name == file.name and asset.state == "uploaded" and asset.digest not in (None, file.digest):
            return asset.digest
    return None
