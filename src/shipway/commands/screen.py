"""What a command shows and leaves behind: the timeline, the journal, the outcome, and GitHub's own places."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shipway.timeline import Timeline
from shipway.world.actions import Actions
from shipway.world.clock import Clock
from shipway.world.environment import Environment

if TYPE_CHECKING:  # every command starts with a screen, and few leave anything but their lines
    from shipway.project.handover import Handover
    from shipway.release.journal import Entry
    from shipway.release.outcomes import ReleaseError

SCHEMA = 1


@dataclass
class Screen:
    """One command's voice. With ``json`` people's lines go to standard error and one document to standard output."""

    command: str
    environment: Environment
    clock: Clock = field(default_factory=Clock)
    json: bool = False
    handover: Handover | None = None
    plan: str = ""
    """The digest of the plan that the entries are about, once one is known."""
    facts: dict[str, Any] = field(default_factory=dict)
    steps: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.timeline = Timeline(sys.stderr if self.json else sys.stdout, self.environment)

    def tell(self, entry: Entry) -> None:
        """Show an entry, and keep it in the journal."""
        self.timeline.tell(entry)
        if entry.what == "end":
            self.steps.append(entry)
        if self.handover:
            from shipway.project.handover import JOURNAL
            from shipway.release.journal import render_entry

            line = render_entry(entry, self.clock.now().isoformat(), self.plan)
            self.handover.append(JOURNAL, self.environment.redact(line))

    def say(self, text: str = "", style: str = "") -> None:
        """Print a line for people."""
        self.timeline.say(text, style)

    def finish(self, error: ReleaseError | None) -> int:
        """Leave the outcome in every place that asks for it; give the exit code."""
        document = self._document(error)
        text = self._render(document) if self.handover or self.json else ""
        if self.handover:
            from shipway.project.handover import OUTCOME

            with suppress(OSError):  # a full disk: the screen and the exit code have to do
                self.handover.write(OUTCOME, text)
        if error:
            self._annotate(error)
            self.timeline.fail(error)
        if self.json:
            sys.stdout.write(text)
        self._tell_github(document)
        return error.code if error else 0

    def _render(self, document: dict[str, Any]) -> str:
        """Write the outcome for machines, with nothing in it that a CI log would obey."""
        import json

        return self.environment.redact(json.dumps(document, indent=2)).replace("##[", "#\\u0023[") + "\n"

    def _document(self, error: ReleaseError | None) -> dict[str, Any]:
        steps = [
            {"phase": e.phase, "step": e.step, "state": e.state, "detail": e.detail, "seconds": e.seconds}
            for e in self.steps
        ]
        trouble = {"what": error.what, "why": error.why, "next": error.remedy} if error else {}
        name, code = (error.name, error.code) if error else ("done", 0)
        head = {"schema": SCHEMA, "command": self.command, "outcome": name, "code": code}
        return {**head, **trouble, **self.facts, "steps": steps}

    def _annotate(self, error: ReleaseError) -> None:
        line = Actions(self.environment).annotation(self.timeline.clean(error.render()))
        if line:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    def _tell_github(self, document: dict[str, Any]) -> None:
        actions = Actions(self.environment)
        named = ("outcome", "version", "tag", "commit", "previous")
        told = {name: document.get(name) for name in named}
        actions.set_outputs({name: value for name, value in told.items() if isinstance(value, str) and value})
        if self.steps:
            actions.add_summary(render_summary(self.timeline.clean(self._title(document)), self.steps, self.timeline))

    def _title(self, document: dict[str, Any]) -> str:
        return f"{self.command} {document.get('version', '')}: {document['outcome']}".replace(" :", ":")


def render_summary(title: str, steps: list[Entry], timeline: Timeline) -> str:
    """Write the steps as a Markdown table in which no cell can become anything but text."""
    rows = [f"| {e.phase} | {e.step} | {e.state} | {as_cell(timeline.clean(e.detail))} |" for e in steps]
    return "\n".join([f"### {title}", "", "| phase | step | state | |", "| --- | --- | --- | --- |", *rows, "", ""])


def as_cell(text: str) -> str:
    """Give a text that stays inside one cell of a Markdown table."""
    for character in ("\\", "`", "|", "<", "[", "*", "_"):
        text = text.replace(character, "\\" + character if character != "<" else "&lt;")
    return " ".join(text.split())
