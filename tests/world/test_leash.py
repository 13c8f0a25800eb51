"""The leash: a parent that dies takes along all it started, and one that ends by itself leaves alone what lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from shipway.release.outcomes import ToolError
from shipway.world.environment import Environment
from shipway.world.process import Processes
from world.process_support import PROC, await_that, carriers, lives

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the leash needs Linux")

SOURCE = Path(__file__).parents[2] / "src"
SOON = 10.0
"""Seconds within which everything has to be gone; it takes a fraction of one."""

PARENT = """\
import sys
from pathlib import Path
from shipway.world.environment import Environment
from shipway.world.ourselves import own_environment
from shipway.world.process import Processes, leashed

environment = Environment()
with leashed(environment):
    env = {**environment.scrubbed(), **own_environment(environment)}
    Processes(environment).run([sys.executable, *sys.argv[2:]], cwd=Path(), env=env)
    if sys.argv[1] == "interrupted":
        raise KeyboardInterrupt
"""
"""Runs a child on a leash; a failing child is an error, and the first word can be another end."""

FAMILY = """\
import os, signal, subprocess, sys
from pathlib import Path

DEAF = "import signal; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGINT, signal.SIGTERM)]; signal.pause()"

def start(**how):
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    return subprocess.Popen([sys.executable, "-c", DEAF], **quiet, **how).pid

members = [start(), start(start_new_session=True), *([start(env={})] if sys.argv[1] == "stay" else [])]
Path("family.new").write_text(" ".join(map(str, [os.getpid(), *members])))
Path("family.new").rename("family")
signal.pause() if sys.argv[1] == "stay" else os._exit(int(sys.argv[1]))
"""
"""A child that starts others, one of them in a session of its own, and one whose environment is empty."""


@dataclass(frozen=True)
class Household:
    """A parent in a process of its own; everything below it has a word in its environment."""

    folder: Path
    parent: subprocess.Popen[str]
    word: str

    @property
    def family(self) -> list[int]:
        """The child and what it started, once they are there."""
        place = self.folder / "family"
        await_that(place.exists)
        return [int(word) for word in place.read_text().split()]

    @property
    def watchers(self) -> list[int]:
        """The programs that hold a leash."""
        return [process for process, words in carriers(self.word).items() if "leash.py" in words]

    def is_gone(self) -> bool:
        """Whether nothing is left of them."""
        return not carriers(self.word) and not any(map(lives, self.family))


@pytest.fixture
def word() -> Iterator[str]:
    """Give a word that marks every process of a test, and leave none of them behind."""
    word = f"household-{uuid4()}"
    yield word
    for process in carriers(word):
        os.kill(process, signal.SIGKILL)


@contextmanager
def household(folder: Path, word: str, *words: str) -> Iterator[Household]:
    """Start a parent with these words."""
    (folder / "parent.py").write_text(PARENT)
    (folder / "family.py").write_text(FAMILY)
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "HOUSEHOLD": word}
    argv = [sys.executable, "parent.py", *words]
    with subprocess.Popen(argv, cwd=folder, env=env, stderr=subprocess.PIPE, text=True) as parent:
        try:
            yield Household(folder, parent, word)
        finally:
            parent.kill()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGHUP])
def test_a_parent_that_dies_takes_all_it_started(tmp_path: Path, word: str, sent: signal.Signals) -> None:
    with household(tmp_path, word, "wait", "family.py", "stay") as home:
        assert all(map(lives, home.family))
        home.parent.send_signal(sent)
        await_that(home.is_gone, SOON)


@pytest.mark.parametrize(("code", "ended"), [("0", 0), ("3", 1)])
def test_what_a_child_left_running_lives_on_after_a_normal_end(
    tmp_path: Path, word: str, code: str, ended: int
) -> None:
    with household(tmp_path, word, "wait", "family.py", code) as home:
        assert home.parent.wait() == ended
        assert sorted(carriers(word)) == sorted(home.family[1:])  # and so no watcher


@pytest.mark.parametrize("between", [(), ("parent.py", "wait")])
def test_what_was_left_running_below_ends_with_an_interruption(
    tmp_path: Path, word: str, between: tuple[str, ...]
) -> None:
    with household(tmp_path, word, "interrupted", *between, "family.py", "0") as home:
        assert home.parent.wait() != 0
        assert home.is_gone()


def test_the_watcher_keeps_neither_streams_nor_folder_and_has_a_session_of_its_own(tmp_path: Path, word: str) -> None:
    with household(tmp_path, word, "wait", "family.py", "stay") as home:
        assert home.family
        (watcher,) = home.watchers
        place = PROC / str(watcher)
        files = {file.name: str(file.readlink()) for file in (place / "fd").iterdir()}
        assert files.pop("0").startswith("pipe:")
        assert files == {"1": os.devnull, "2": os.devnull}
        assert (place / "cwd").readlink() == Path("/")
        assert os.getsid(watcher) == watcher
        home.parent.kill()
        await_that(home.is_gone, SOON)


def test_an_outer_parent_that_dies_takes_the_inner_one_and_its_family(tmp_path: Path, word: str) -> None:
    with household(tmp_path, word, "wait", "parent.py", "wait", "family.py", "stay") as home:
        assert home.family
        assert len(home.watchers) == 2
        home.parent.kill()
        await_that(home.is_gone, SOON)


def test_an_inner_parent_that_dies_takes_its_family_and_the_outer_one_goes_on(tmp_path: Path, word: str) -> None:
    with household(tmp_path, word, "wait", "parent.py", "wait", "family.py", "stay") as home:
        assert home.family
        (inner,) = [process for process, words in carriers(word).items() if "parent.py wait family.py" in words][1:]
        os.kill(inner, signal.SIGKILL)
        _, printed = home.parent.communicate()
        assert "failed with exit code -9" in printed
        await_that(home.is_gone, SOON)


def test_a_child_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path, word: str) -> None:
    (tmp_path / "family.py").write_text(FAMILY)
    processes = Processes(Environment().extended(HOUSEHOLD=word))
    with pytest.raises(ToolError, match="did not end within 2 s"):
        processes.run([sys.executable, "family.py", "stay"], cwd=tmp_path, timeout=2)
    assert not carriers(word)


def test_a_child_that_its_caller_leaves_is_ended_with_all_it_started(tmp_path: Path, word: str) -> None:
    (tmp_path / "family.py").write_text(FAMILY)
    processes = Processes(Environment().extended(HOUSEHOLD=word))
    with processes.beside([sys.executable, "family.py", "stay"], cwd=tmp_path):
        await_that((tmp_path / "family").exists)
    assert not carriers(word)


GIT = "#!/bin/sh\n: > asked\nread answer < answer\n"
"""A git that says when it is asked, and never answers."""


@pytest.mark.parametrize(("command", "watchers"), [("version", 0), ("changelog", 0), ("plan", 0), ("release", 1)])
def test_only_a_command_that_may_take_long_is_leashed(tmp_path: Path, word: str, command: str, watchers: int) -> None:
    (tmp_path / "git").write_text(GIT)
    (tmp_path / "git").chmod(0o755)
    os.mkfifo(tmp_path / "answer")
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(SOURCE), "HOUSEHOLD": word}
    argv = [sys.executable, "-m", "shipway", command]
    with subprocess.Popen(argv, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL) as started:
        await_that((tmp_path / "asked").exists)
        assert len(Household(tmp_path, started, word).watchers) == watchers  # type: ignore[arg-type]
        started.terminate()
        assert started.wait() == 143
    assert not carriers(word)
