"""publish: bring every distribution to the index, after a look at the whole set.

Before the first byte each file is compared with what the index lists; one file with another digest, or one that is
not ours, is a conflict for the whole set: wheel and sdist of a version never come from two builds.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from shipway.release.distributions import Distribution
from shipway.release.outcomes import BlockedError
from shipway.release.states import Action, Blocked, Conflict, Done, State, Todo, Unknown
from shipway.steps.contract import Settlement
from shipway.world.index import IndexFile, IndexProject
from shipway.world.index_refusals import used_up


class Publish:
    """The index lists every file of the candidate, with the candidate's digests."""

    name: ClassVar[str] = "publish"
    phase: ClassVar[str] = "publish"
    patience: ClassVar[float] = 60

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._configuration = settlement.configuration
        self._dist = settlement.dist
        self._place = settlement.dist.relative_to(settlement.handover.root).as_posix()
        self._uploader = settlement.doors.uploader
        self._index = settlement.doors.index
        self._hold = settlement.hold

    def observe(self) -> State:
        """Compare the whole set with the index."""
        project = self._index.find_project(self._plan.distribution)
        listed = project.files_of(self._plan.version) if project else ()
        trouble = self._judge_project(project) or self._judge_files(listed)
        if trouble:
            return trouble
        missing = sorted({file.name for file in self._candidate.distributions} - {file.name for file in listed})
        if missing and self._configuration.publisher == "external":
            if self._may_be_abandoned:
                return Todo((Action("open for another uploader"),))
            problem = f"another uploader has to publish {', '.join(missing)} first"
            return Blocked(problem, f"upload the files in {self._place}/, then run the same command again")
        if missing:
            return Todo(tuple(Action("upload", name) for name in missing))
        return Done(f"{len(listed)} files on the index, digests agree")

    def act(self, todo: Todo) -> None:
        """Upload what the index lacks, and nothing but the candidate's bytes; from here on nobody can abandon it."""
        if self._hold is not None and self._may_be_abandoned:
            self._hold.advance("publishing")
        if self._configuration.publisher == "external":
            return
        names = {action.subject for action in todo.actions}
        ours = [file for file in self._candidate.distributions if file.name in names]
        files = [self._require_bytes(file) for file in ours]
        self._uploader.upload(files, attestations=self._configuration.attestations)

    @property
    def _may_be_abandoned(self) -> bool:
        return self._hold is not None and self._hold.claim is not None and self._hold.claim.phase == "claimed"

    def _judge_project(self, project: IndexProject | None) -> State | None:
        if project is None or project.status in ("active", "deprecated"):
            return None
        problem = f"the index has {project.name} {project.status}"
        return Blocked(
            problem, f"ask the index's support to lift it: uploads to a project that is {project.status} fail"
        )

    def _judge_files(self, listed: tuple[IndexFile, ...]) -> State | None:
        ours = {file.name: file.digest for file in self._candidate.distributions}
        if nameless := [file.name for file in listed if not file.digest]:
            return Unknown(f"the index gives no SHA-256 for {nameless[0]}")
        for file in listed:
            if file.name in ours and file.digest != ours[file.name]:
                found, wanted = f"{file.name} with {file.digest[:12]}", ours[file.name][:12]
                return Conflict(found, wanted, used_up(self._plan.version))
            if file.name not in ours:
                return Conflict(
                    f"{file.name}, which is of another build", ", ".join(sorted(ours)), used_up(self._plan.version)
                )
        if yanked := [file.name for file in listed if file.yanked]:
            return Blocked(
                f"{yanked[0]} was yanked by a person", "unyank it on the index's page, or release the next one"
            )
        if self._configuration.attestations and (bare := [file.name for file in listed if not file.provenance]):
            return Blocked(f"{bare[0]} is on the index without its attestation", used_up(self._plan.version))
        return None

    def _require_bytes(self, file: Distribution) -> Path:
        place = self._dist / file.name
        if not place.is_file() or sha256(place.read_bytes()).hexdigest() != file.digest:
            raise BlockedError(
                f"{place.name} in .release/dist is not what was built",
                why="only the bytes that were checked may be uploaded",
                remedy="restore the file; or, where nothing is published yet, remove .release and release again",
            )
        return place
