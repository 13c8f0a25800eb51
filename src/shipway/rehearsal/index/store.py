"""What is on the embedded index: files, burnt names, lag; every change and look under one lock."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from shipway.rehearsal.index.form import Form
from shipway.rehearsal.index.model import IndexSwitches, Permit, ProjectPage, RefusedError, StoredFile
from shipway.rehearsal.index.names import normalise, parse_file_name
from shipway.rehearsal.index.rules import require_attestations, require_metadata, require_permit, require_sound
from shipway.world.clock import Clock

CLOSED = ("archived", "quarantined")


class IndexStore:
    """The state of an index. ``lock`` may be held to look at several things at one moment."""

    def __init__(self, directory: Path, switches: IndexSwitches, clock: Clock) -> None:
        self.lock = threading.RLock()
        self._directory = directory
        self._switches = switches
        self._clock = clock
        self._files: dict[str, StoredFile] = {}
        self._burnt: set[str] = set()
        self._hidden: dict[str, int | None] = {}
        self._late: dict[str, float] = {}

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file that is on the index, shown already or not, in the order of upload."""
        with self.lock:
            return tuple(self._files.values())

    @property
    def burnt(self) -> frozenset[str]:
        """File names that can never be used again."""
        with self.lock:
            return frozenset(self._burnt)

    def status(self, project: str) -> str:
        """Give a project's status (PEP 792)."""
        return self._switches.statuses.get(project, "active")

    def upload(self, form: Form, permit: Permit) -> None:
        """Take a file in, or raise `RefusedError`; the very same file again changes nothing."""
        content = require_sound(form)
        project = normalise(form.text("name"))
        require_permit(permit, project)
        if self.status(project) in CLOSED:
            raise RefusedError(403, f"Project {project!r} is {self.status(project)}: it takes no uploads.")
        with self.lock:
            if self._is_known(form.file_name, content):
                return
            require_metadata(form, content)
            attestations = require_attestations(form, content, permit, self._switches.attestations_by_token)
            self._require_single_sdist(form)
            self._put(form, content, attestations, permit)

    def add_foreign(self, name: str, content: bytes) -> StoredFile:
        """Put a file there as somebody else's upload, past every rule but that of its name."""
        parsed = parse_file_name(name)
        if parsed is None:
            raise ValueError(f"{name} is no distribution's file name")
        if name in self._files or name in self._burnt:
            raise ValueError(f"{name} has been used already")
        fields = {"name": (parsed.project,), "version": (parsed.version,)}
        with self.lock:
            return self._put(Form(fields, name, content), content, (), Permit())

    def yank(self, name: str, reason: str = "") -> None:
        """Mark a file as yanked (PEP 592)."""
        with self.lock:
            self._files[name] = replace(self._files[name], yanked=reason or True)

    def unyank(self, name: str) -> None:
        """Take the mark of being yanked away again."""
        with self.lock:
            self._files[name] = replace(self._files[name], yanked=False)

    def delete(self, name: str) -> None:
        """Take a file away; its name is burnt."""
        with self.lock:
            self._files.pop(name).path.unlink()
            self._hidden.pop(name, None)
            self._burnt.add(name)

    def reveal(self) -> None:
        """End the lag: every file shows from now on."""
        with self.lock:
            self._hidden.clear()
            self._late.clear()

    def projects(self) -> tuple[str, ...]:
        """Name the projects of which anything shows."""
        with self.lock:
            return tuple(sorted({file.project for file in self._files.values() if self._shows(file)}))

    def page(self, project: str) -> ProjectPage | None:
        """Give what one more request of a project's page sees; None when there is no such project yet."""
        with self.lock:
            mine = [file for file in self._files.values() if file.project == project]
            for name in [file.name for file in mine if file.name in self._hidden]:
                self._count_down(name)
            shown = tuple(file for file in mine if self._shows(file))
            status = self.status(project)
            if not shown and not self._was_there(project):
                return None
            return ProjectPage(project, status, () if status == "quarantined" else shown)

    def find(self, name: str) -> StoredFile | None:
        """Give one file."""
        with self.lock:
            return self._files.get(name)

    def _shows(self, file: StoredFile) -> bool:
        return file.name not in self._hidden and self._late.get(file.name, 0.0) <= self._clock.monotonic()

    def _count_down(self, name: str) -> None:
        left = self._hidden[name]
        if left is None:
            return
        if left <= 0:
            del self._hidden[name]
        else:
            self._hidden[name] = left - 1

    def _was_there(self, project: str) -> bool:
        named = (parse_file_name(name) for name in self._burnt)
        return project in self._switches.statuses or any(n is not None and n.project == project for n in named)

    def _is_known(self, name: str, content: bytes) -> bool:
        digest = hashlib.sha256(content).hexdigest()
        known = self._files.get(name)
        if known is not None and known.digest == digest:
            return True
        if known is not None or any(file.digest == digest for file in self._files.values()):
            blake2 = hashlib.blake2b(content, digest_size=32).hexdigest()
            raise RefusedError(400, f"File already exists ({name!r}, with blake2_256 hash {blake2!r}).")
        if name in self._burnt:
            raise RefusedError(400, "This filename has already been used, use a different version.")
        return False

    def _require_single_sdist(self, form: Form) -> None:
        new = parse_file_name(form.file_name)
        for name in self._files:
            if new is not None and new.kind == "sdist" and parse_file_name(name) == new:
                raise RefusedError(400, "Only one sdist may be uploaded per release.")

    def _put(
        self, form: Form, content: bytes, attestations: tuple[Mapping[str, Any], ...], permit: Permit
    ) -> StoredFile:
        name = form.file_name
        path = self._directory / name
        self._directory.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._files[name] = StoredFile(
            name=name,
            project=normalise(form.text("name")),
            version=form.text("version"),
            kind="bdist_wheel" if name.endswith(".whl") else "sdist",
            digest=hashlib.sha256(content).hexdigest(),
            size=len(content),
            uploaded=self._clock.now(),
            path=path,
            requires_python=form.text("requires_python"),
            summary=form.text("summary"),
            attestations=attestations,
            publisher=permit.publisher,
        )
        if self._switches.lag != 0:
            self._hidden[name] = self._switches.lag
        if self._switches.lag_seconds:
            self._late[name] = self._clock.monotonic() + self._switches.lag_seconds
        return self._files[name]
