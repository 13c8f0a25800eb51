"""The release as a child process: what it printed, how it ended, and what it said about itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from shipway.grammar import command_line
from shipway.project.handover import OUTCOME
from shipway.rehearsal.faults.scene import Scene
from shipway.release.outcomes import ReleaseError
from shipway.world.environment import Environment
from shipway.world.ourselves import own_argv, own_module
from shipway.world.process import Processes

MACHINE = "shipway.rehearsal.faults.machine"
NAMES = tuple(f"{kind.name}: " for kind in ReleaseError.__subclasses__())
NEXT = "  next: "


@dataclass(frozen=True)
class Run:
    """One run of a command: its exit code, its lines, and the document that it left, if it could."""

    code: int
    lines: tuple[str, ...]
    facts: dict[str, Any]

    @property
    def what(self) -> str:
        """The first line of its outcome, without the outcome's name; empty where it ended well."""
        line = next((line for line in self.lines if line.startswith(NAMES)), "")
        return line.partition(": ")[2]

    @property
    def remedy(self) -> str:
        """What it says to do next."""
        line = next((line for line in reversed(self.lines) if line.startswith(NEXT)), "")
        return line.removeprefix(NEXT)


def run_release(scene: Scene) -> Run:
    """Run ``release`` with the scene's words."""
    return run_command(scene, "release", *scene.words, "--yes")


def run_command(scene: Scene, command: str, *words: str) -> Run:
    """Run a command of ours in the scene's clone, on its machine and with its variables."""
    scene.typed.append(command_line(command, *words, front=scene.front))
    (scene.handover.directory / OUTCOME).unlink(missing_ok=True)
    lines: list[str] = []

    def listen(line: str) -> None:
        lines.append(line)
        scene.say(line)

    processes = Processes(Environment(scene.variables))
    ended = processes.run(
        _argv(scene, command, *words), cwd=scene.stage.clone, env=scene.variables, check=False, listen=listen
    )
    return Run(ended.code, tuple(lines), json.loads(scene.handover.find(OUTCOME) or "{}"))


def _argv(scene: Scene, command: str, *words: str) -> list[str]:
    if not scene.machine:
        return own_argv(scene.front, command, *words)
    return own_module(MACHINE, *scene.machine, "--", "--front", scene.front, command, *words)
