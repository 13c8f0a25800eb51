"""Rendering the workflows of one repository from the templates of this edition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from shipway.adopt.workflows.actions import ACTIONS
from shipway.adopt.workflows.blocks import fill_blocks, parse_blocks

NAMES = ("ci.yml", "release.yml")
"""The workflows."""
TEMPLATES = {**{name: f".github/workflows/{name}" for name in NAMES}, "dependabot.yml": ".github/dependabot.yml"}
"""Every template, and where its file belongs."""
SLOT = re.compile(r"<<([a-z-]+)>>")
JOB = re.compile(r"^  ([A-Za-z0-9_-]+):$", re.MULTILINE)


@dataclass(frozen=True)
class Settings:
    """What differs from repository to repository: its branch, and where Shipway and its pins are.

    ``folder`` holds the package `shipway`, seen from the repository's top; empty where it is installed.
    """

    branch: str = "main"
    environment: str = "release"
    pins: str = ".github/shipway.txt"
    publish_pins: str = ".github/shipway-publish.txt"
    folder: str = ""

    def slots(self) -> Mapping[str, str]:
        """Give what the templates' slots are filled with."""
        path = f"env PYTHONPATH={self.folder} " if self.folder else ""
        tool_files = [f"'*/{self.publish_pins}'", *([f"'*/{self.folder}/shipway/*'"] if self.folder else [])]
        return {
            **ACTIONS,
            "branch": self.branch,
            "environment": self.environment,
            "nox": f"uvx --with-requirements {self.pins} nox",
            "shipway": f"{path}uv run --no-project --with-requirements {self.pins} python -m shipway",
            "publish-shipway": f"{path}.venv/bin/python -m shipway",
            "publish-pins": self.publish_pins,
            "tool-files": " ".join(tool_files),
        }


def render(name: str, settings: Settings, present: str = "") -> str:
    """Write one workflow: the template of this edition, with what the present file keeps in its blocks.

    Raises `ValueError` where the present file's blocks are broken, or would be lost.
    """
    template = (files(__package__) / "templates" / name).read_text("utf-8")
    slots = {**settings.slots(), "ci-jobs": "<<ci-jobs>>"}
    text = fill_blocks(SLOT.sub(lambda slot: slots[slot[1]], template), parse_blocks(present))
    return text.replace("<<ci-jobs>>", ", ".join(_jobs_before_the_last(text)))


def _jobs_before_the_last(workflow: str) -> list[str]:
    """Name the jobs that the last one waits for: all others, the repository's own too."""
    return JOB.findall(workflow.partition("\njobs:\n")[2])[:-1]
