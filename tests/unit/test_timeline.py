"""The timeline: plain lines where nobody watches, rich's where somebody does; never anything a terminal obeys."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shipway.release.journal import Entry
from shipway.timeline import Timeline
from shipway.world.environment import Environment

SOURCE = Path(__file__).parents[2] / "src"
ENTRY = Entry("publish", "claim", "end", "done", "release/1.3.0 holds \x1b[31mit", 0.3)


def told(**variables: str) -> str:
    stream = io.StringIO()
    timeline = Timeline(stream, Environment({"TERM": "xterm", **variables}))
    with timeline:
        timeline.tell(Entry("publish", "claim", "begin"))
        timeline.tell(ENTRY)
        timeline.say("[bold]words[/bold]")
    return stream.getvalue()


def test_elsewhere_each_line_is_written_once_and_plainly() -> None:
    assert told() == "publish   claim          found: release/1.3.0 holds it   0.3 s\n[bold]words[/bold]\n"


def test_colours_can_be_asked_for_and_words_stay_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = told(FORCE_COLOR="1")
    assert "\x1b[32mclaim          \x1b[0mfound: release/1.3.0 holds it" in lines
    assert "[bold]words[/bold]" in lines


def test_without_a_terminal_rich_is_not_even_imported() -> None:
    code = "import shipway.commands.dispatch, shipway.commands.screen, sys; print('rich' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
