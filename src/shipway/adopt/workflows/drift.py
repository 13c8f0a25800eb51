"""Drift: a repository's workflows and pins held against the templates of the running edition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shipway.adopt.pins import compile_pins, names_of, select_publish_pins
from shipway.adopt.presence import Presence
from shipway.adopt.proposal import Proposal, read_present
from shipway.adopt.workflows.render import TEMPLATES, Settings, render
from shipway.project.configuration import Configuration
from shipway.release.outcomes import BlockedError
from shipway.world.process import Processes

MARK = "# Written by Shipway"


@dataclass(frozen=True)
class Workflows:
    """The workflows of one repository, and what keeps their actions fresh: as they are and as they would be."""

    root: Path
    configuration: Configuration
    presence: Presence
    processes: Processes

    def propose(self) -> list[Proposal]:
        """Give every workflow and file of pins; a workflow that somebody else wrote is left out."""
        return [*self._pins(), *(self._workflow(name) for name in TEMPLATES if name not in self.foreign())]

    def foreign(self) -> list[str]:
        """Name the workflows of the same file names that were not written from the templates."""
        return [name for name in TEMPLATES if (text := self._present(name)) is not None and not text.startswith(MARK)]

    def written(self) -> list[str]:
        """Name the workflows that are there and were written from the templates."""
        return [name for name in TEMPLATES if (self._present(name) or "").startswith(MARK)]

    @property
    def settings(self) -> Settings:
        """What the templates are filled with here."""
        folder = "requirements" if (self.root / "requirements" / "shipway.txt").is_file() else ".github/requirements"
        return Settings(
            branch=self.configuration.branch,
            environment=self.configuration.environment,
            pins=f"{folder}/shipway.txt",
            publish_pins=f"{folder}/publish.txt",
            folder=self.presence.folder,
        )

    def _workflow(self, name: str) -> Proposal:
        place, present = TEMPLATES[name], self._present(name)
        try:
            return Proposal(place, present, render(name, self.settings, present or ""))
        except ValueError as error:
            why = "what a repository keeps in a block is never thrown away"
            raise BlockedError(f"{place}: {error}", why=why, remedy=f"mend the blocks of {place}") from None

    def _present(self, name: str) -> str | None:
        return read_present(self.root, TEMPLATES[name])

    def _pins(self) -> list[Proposal]:
        """Pin anew where pins are missing, or are those of another edition."""
        place, thin_place = self.settings.pins, self.settings.publish_pins
        present, thin_present = read_present(self.root, place), read_present(self.root, thin_place)
        pins, thin = present, thin_present
        if pins is None or not self._are_enough(pins):
            pins, thin = compile_pins(self.presence.needs, self.root, self.processes), None
        if thin is None:
            thin = select_publish_pins(pins, self.configuration.publisher, self.root, self.processes)
        return [Proposal(place, present, pins, is_long=True), Proposal(thin_place, thin_present, thin, is_long=True)]

    def _are_enough(self, pins: str) -> bool:
        """Whether pins are of this edition: of its very version, or where it has none there, of all that it needs."""
        from packaging.requirements import Requirement
        from packaging.utils import canonicalize_name

        exact = [need for need in self.presence.needs if need.startswith("shipway==")]
        if exact:
            return any(line.split(" ")[0] == exact[0] for line in pins.splitlines())
        return {canonicalize_name(Requirement(need).name) for need in self.presence.needs} <= names_of(pins)
