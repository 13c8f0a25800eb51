"""Signals to nox reach the command that a session runs, and its exit code says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from fronts.fronts_support import Repository, environment

NOXFILE = """\
import sys
import nox
from shipway.fronts.child import run_program

@nox.session(venv_backend="none")
def long(session):
    run_program(session, [sys.executable, "command.py"], {})
"""
COMMAND = """\
import signal, sys
from pathlib import Path

def end(number, frame):
    Path("ended").write_text(signal.Signals(number).name)
    sys.exit(128 + number)

signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
Path("ready").write_text("")
signal.pause()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_command_before_nox(repository: Repository, sent: signal.Signals, code: int) -> None:
    repository.write("noxfile.py", NOXFILE)
    repository.write("command.py", COMMAND)
    os.mkfifo(repository.root / "ready")
    with subprocess.Popen(
        [sys.executable, "-m", "nox"],
        cwd=repository.root,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as nox:
        (repository.root / "ready").read_text()  # a pipe: returns when the command is up
        if sent == signal.SIGINT:
            os.killpg(nox.pid, sent)  # a terminal sends it to the whole group
        else:
            nox.send_signal(sent)
        assert nox.wait(timeout=30) == code
    assert (repository.root / "ended").read_text() == sent.name
