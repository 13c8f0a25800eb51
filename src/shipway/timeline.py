"""The timeline: what people see while a release runs.

On a terminal the running line moves, by rich; elsewhere every line is written once, when it is known. Texts from
outside are printed as plain text, never as markup or control characters.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from shipway.changelog.plain import plain
from shipway.world.environment import Environment

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from shipway.release.journal import Entry
    from shipway.release.outcomes import ReleaseError

Part = tuple[str, str]
"""A piece of a line, and its style on a terminal."""

STYLES = {"done": "green", "skipped": "dim", "todo": "yellow"}
TROUBLE = "bold red"
SETTLING = ("publish", "land", "mark")
CONFIRM = "confirm"
"""The one step that does not act but looks harder, so it has nothing that it could find done."""
PHASE_WIDTH = 9
STEP_WIDTH = 14


class Timeline:
    """Prints entries as calm lines: phase, step, what it found, seconds."""

    def __init__(self, stream: TextIO, environment: Environment) -> None:
        self._stream = stream
        self._environment = environment
        self._console = _open_console(stream) if stream.isatty() or environment.find("FORCE_COLOR") else None
        self._running: Status | None = None
        self._phase = ""
        self._acted: set[str] = set()

    def __enter__(self) -> Timeline:
        if self._console and self._console.is_terminal:
            self._running = self._console.status("")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running:
            self._running.stop()

    def tell(self, entry: Entry) -> None:
        """Show an entry: as the moving line while it runs, as a line of its own when it ends."""
        if entry.what == "act":
            self._acted.add(entry.step)
        if entry.what != "end":
            self._move(entry)
            return
        if self._running:
            self._running.stop()
        self._print(*self._line(entry))
        self._phase = entry.phase

    def say(self, text: str, style: str = "") -> None:
        """Print a line that belongs to no step."""
        self._print((self.clean(text), style))

    def fail(self, error: ReleaseError) -> None:
        """Print an outcome that is not success: what, why, next."""
        first, *rest = error.render().split("\n", 1)
        self.say(first, TROUBLE)
        for text in rest:
            self.say(text)

    def clean(self, text: str) -> str:
        """Give a text without secrets and without anything that a terminal or a CI log would obey."""
        return self._environment.redact(plain(text))  # in this order: what hid inside a secret is gone

    def _move(self, entry: Entry) -> None:
        if self._running:
            from rich.text import Text

            words = self.clean(f"{entry.step} {entry.detail}").strip()
            self._running.update(Text(words, no_wrap=True, overflow="ellipsis"))
            self._running.start()

    def _print(self, *parts: Part) -> None:
        if self._console is None:
            self._write("".join(text for text, _ in parts) + "\n")
            return
        from rich.text import Text

        self._console.print(Text.assemble(*parts), soft_wrap=True)

    def _write(self, text: str) -> None:
        """Write for a reader who may have gone, as ``head`` does: a release goes on without one."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), self._stream.fileno())

    def _line(self, entry: Entry) -> list[Part]:
        phase = "" if entry.phase == self._phase else entry.phase
        line = [(f"{phase:{PHASE_WIDTH}} ", ""), (f"{entry.step:{STEP_WIDTH}} ", STYLES.get(entry.state, TROUBLE))]
        line.append((self.clean(self._prefix(entry) + entry.detail), ""))
        if entry.seconds >= 0.1:
            line.append((f"   {entry.seconds:.1f} s", "dim"))
        return line

    def _prefix(self, entry: Entry) -> str:
        """Say how a step came to its end without acting: it was skipped, or found its work done."""
        if entry.state == "skipped":
            return "skipped: "
        is_found = entry.state == "done" and entry.phase in SETTLING and entry.step not in (*self._acted, CONFIRM)
        return "found: " if is_found else ""


def _open_console(stream: TextIO) -> Console:
    """Give rich's console; it is imported here alone, because no start without a terminal needs it."""
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)
