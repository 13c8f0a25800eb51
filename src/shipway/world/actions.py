"""GitHub Actions as a reader of ours: an error annotation, outputs, and a step summary.

Everything is escaped or fenced, so that no text of a repository can become a workflow command or another output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shipway.world.environment import Environment


@dataclass(frozen=True)
class Actions:
    """The files and the log that a GitHub Actions job gives us; does nothing anywhere else."""

    environment: Environment

    def annotation(self, text: str) -> str | None:
        """Give the workflow command that shows an error on the run's page."""
        if not self.environment.is_github:
            return None
        escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        return f"::error title=Shipway::{escaped}"

    def set_outputs(self, outputs: Mapping[str, str]) -> None:
        """Set the step's outputs, each fenced by a word that nobody can guess."""
        if not self.environment.is_github:
            return
        from secrets import token_hex

        fence = token_hex(16)
        text = "".join(f"{name}<<{fence}\n{value}\n{fence}\n" for name, value in outputs.items())
        self._append("GITHUB_OUTPUT", text)

    def add_summary(self, markdown: str) -> None:
        """Add to the step's summary."""
        self._append("GITHUB_STEP_SUMMARY", markdown)

    def _append(self, variable: str, text: str) -> None:
        place = self.environment.find(variable)
        if self.environment.is_github and place:
            with Path(place).open("a", encoding="utf-8") as file:
                file.write(self.environment.redact(text))
