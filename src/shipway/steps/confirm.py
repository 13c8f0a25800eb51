"""confirm: install the new version from the index as a stranger would.

The requirement names the candidate's digests, so the installer itself refuses other bytes (PEP 508, pip's
hash-checking mode).
"""

from __future__ import annotations

from typing import ClassVar

from shipway.release.states import Action, Done, State, Todo
from shipway.steps.contract import Settlement
from shipway.world.installer import Installer


class Confirm:
    """The version installs from the index, with the digests that were built."""

    name: ClassVar[str] = "confirm"
    phase: ClassVar[str] = "publish"
    patience: float = 120

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._handover = settlement.handover
        self._index = settlement.doors.index
        self._installer = Installer(settlement.doors.processes)
        self._redact = settlement.doors.environment.redact
        self.patience = settlement.configuration.confirm_timeout

    def observe(self) -> State:
        """Try to install; an index that does not list the version yet is waited for."""
        version = f"{self._plan.distribution} {self._plan.version}"
        project = self._index.find_project(self._plan.distribution)
        if project is None or not project.files_of(self._plan.version):
            return Todo((Action("wait until the index lists", version),))
        trouble = self._install()
        if trouble is not None:
            return Todo((Action("install", f"{version} from the index ({trouble})"),))
        return Done(f"{version} installs from the index, digest agrees")

    def act(self, todo: Todo) -> None:
        """Nothing to do but to look again: only the index can catch up."""

    def _install(self) -> str | None:
        """Install into an environment that is thrown away; give the installer's last words if it refuses."""
        hashes = " ".join(f"--hash=sha256:{file.digest}" for file in self._candidate.distributions)
        wanted = f"{self._plan.distribution}=={self._plan.version} {hashes}\n"
        requirement = self._handover.write("tmp/confirm.txt", wanted)
        place = self._handover.scratch("confirm")
        python = self._installer.make_environment(place)
        words = ["--no-deps", "--require-hashes", "-r", str(requirement)]
        done = self._installer.install_as_stranger(python, words, self._index.simple_url)
        return None if done.code == 0 else " ".join(self._redact(done.output).split())[-200:]
