"""Signals to a front, and its death, reach the command that it runs; its exit code says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from uuid import uuid4

import pytest

from fronts.fronts_support import PROGRAMS, Repository, environment
from world.process_support import await_that, carriers

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


PYPROJECT = """\
[build-system]
requires = []
build-backend = "endless"
backend-path = ["."]

[project]
name = "acme-widgets"
version = "1.2.4"
requires-python = ">=3.10"
"""
BACKEND = """\
import signal
from pathlib import Path

def build_sdist(directory, config_settings=None):
    (Path(__file__).parents[3] / "ready").touch()
    signal.pause()
"""
"""Builds for ever, in the clone of the commit that Shipway makes below the repository."""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system tells nobody of a parent's death")
@pytest.mark.parametrize("front", ["nox", "inv"])
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_front_that_ends_takes_a_long_command_and_its_children(
    repository: Repository, front: str, sent: signal.Signals
) -> None:
    repository.write("pyproject.toml", PYPROJECT)
    repository.write("endless.py", BACKEND)
    repository.noxfile('skip={"tests"}')
    repository.tasks()
    repository.commit()
    word = f"front-{uuid4()}"
    argv = [str(PROGRAMS / front), *(["-s"] if front == "nox" else []), "build"]
    with subprocess.Popen(
        argv,
        cwd=repository.root,
        env={**environment(), "WORD": word},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as started:
        await_that((repository.root / "ready").exists)
        started.send_signal(sent)
        started.communicate()  # to the end of the stream, which the command has too
        assert started.returncode == (-sent if sent == signal.SIGKILL else 143)
    outcome = json.loads((repository.root / ".release" / "outcome.json").read_text())
    assert (outcome["code"], outcome["outcome"]) == (143, "terminated")
    assert not carriers(word)
