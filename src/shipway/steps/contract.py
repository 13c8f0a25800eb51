"""What every step of the settlement is, and what it gets handed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from shipway.project.configuration import Configuration
from shipway.project.handover import Handover
from shipway.project.hold import Hold
from shipway.release.candidate import Candidate
from shipway.release.plan import Plan
from shipway.release.states import State, Todo
from shipway.world.clock import Clock
from shipway.world.environment import Environment
from shipway.world.forge import Forge
from shipway.world.git import Git
from shipway.world.index import Index
from shipway.world.process import Processes
from shipway.world.uploader import Uploader


@dataclass(frozen=True)
class Doors:
    """The ways to the world that steps are handed; ``forge`` is None where the remote is plain git."""

    environment: Environment
    clock: Clock
    processes: Processes
    git: Git
    index: Index
    uploader: Uploader
    forge: Forge | None


@dataclass(frozen=True)
class Settlement:
    """One candidate about to be settled: with which settings, through which doors, from which folder of bytes.

    ``hold`` is this run's way to the register; None where the repository does without one.
    """

    candidate: Candidate
    configuration: Configuration
    handover: Handover
    doors: Doors
    dist: Path
    hold: Hold | None = None

    @property
    def plan(self) -> Plan:
        """The candidate's plan."""
        return self.candidate.plan


class Step(Protocol):
    """One thing that others can see: looks at the world, and changes what it found missing."""

    name: ClassVar[str]
    phase: ClassVar[str]

    @property
    def patience(self) -> float:
        """Seconds that a lagging server may take to show what was done."""

    def __init__(self, settlement: Settlement) -> None: ...

    def observe(self) -> State:
        """Look at the world; changes nothing."""

    def act(self, todo: Todo) -> None:
        """Do what was found missing; harmless to repeat on the same candidate."""
