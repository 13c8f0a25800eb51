"""A release that is killed, terminated or interrupted where it may take long: nothing runs on, a rerun finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from uuid import uuid4

import pytest

from end_to_end.support import BACKEND, GIT, SOURCE, World, make_project, open_world
from shipway.rehearsal.watch import HangUpError, Visit, heed_nothing
from world.process_support import PATIENCE, await_that, carriers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the leash needs Linux")

SOON = 10.0
"""Seconds within which everything has to be gone after SIGKILL; it takes a fraction of one."""

HANG = """\
import os, signal, subprocess, sys
from pathlib import Path

DEAF = "import signal; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGINT, signal.SIGTERM)]; signal.pause()"

def hang(place):
    if os.environ.get("HANG") == place:
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        subprocess.Popen([sys.executable, "-c", DEAF], start_new_session=True, **quiet)
        Path(os.environ["READY"]).touch()
        signal.pause()

if __name__ == "__main__":
    hang(sys.argv[1])
"""
"""Hangs where it is told to, after starting somebody who hears no signal and has left the session."""

NOXFILE = """\
import sys
import nox

@nox.session(tags=["gate"], venv_backend="none")
def lint(session):
    session.run(sys.executable, "_build/hang.py", "gates", external=True)
"""

FILES = {
    "noxfile.py": NOXFILE,
    "_build/hang.py": HANG,
    "_build/tiny.py": BACKEND.replace("    name,", '    import hang; hang.hang("build")\n    name,', 1),
}

CHILDREN = {
    "gates": "_build/hang.py gates",
    "build": "-m build",
    "POST *git-receive-pack": "git push",
    "POST /legacy/": "-m twine upload",
    "GET /files/*": "uv pip install",
    "GET *releases*": "-m shipway release",
}
"""Where a release hangs, by its own will or in a request, and a process that one finds there."""

NAMES = {143: "terminated", 130: "interrupted"}


class Hanging:
    """Both servers, which leave the clients of one kind of request waiting until they are told to hang up."""

    def __init__(self, world: World, ready: Path) -> None:
        self._ready, self._route, self._after = ready, "", False
        self._told = threading.Event()
        world.stage.index.switches.watch = world.stage.forge.switches.watch = self._watch

    def begin(self, route: str, *, after: bool = False) -> None:
        """Have requests of this kind wait from now on, before their effect or after it."""
        self._route, self._after = route, after
        self._told.clear()

    def end(self) -> None:
        """Hang up, and have no request wait any more."""
        self._route = ""
        self._told.set()
        self._ready.unlink()

    def _watch(self, visit: Visit) -> Callable[[], None]:
        if not fnmatch(f"{visit.method} {visit.path}", self._route):
            return heed_nothing
        if not self._after:
            self._wait()
        return self._wait

    def _wait(self) -> None:
        self._ready.touch()
        self._told.wait(PATIENCE)
        raise HangUpError


@dataclass(frozen=True)
class Started:
    """A command that hangs somewhere, and a word that every process of it has in its environment."""

    command: subprocess.Popen[bytes]
    word: str

    def end(self, sent: signal.Signals) -> None:
        """Send a signal; hold how the command ends, and that nothing of it runs on."""
        self.command.send_signal(sent)
        if sent == signal.SIGINT:
            self.command.terminate()  # as nox does a moment after Ctrl-C: the first signal counts
        code = self.command.wait(PATIENCE)
        if sent == signal.SIGKILL:
            assert code == -sent
            await_that(lambda: not carriers(self.word), SOON)
        assert not carriers(self.word)
        assert code in (-sent, 128 + sent)


@contextmanager
def hanging(folder: Path, variables: Mapping[str, str], *words: str, place: str = "") -> Iterator[Started]:
    """Start a command that comes to hang, by itself in a place that is given; its temporary files get a folder."""
    ready, word = folder.parent / "ready", f"hanging-{uuid4()}"
    scratch = folder.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    printed = folder.parent / "printed"
    with (
        printed.open("w") as output,
        subprocess.Popen(
            ["env", "--default-signal=INT", sys.executable, "-m", "shipway", *words],
            cwd=folder,
            env={**variables, "WORD": word, "HANG": place, "READY": str(ready), "TMPDIR": str(scratch)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as command,
    ):
        try:
            await_that(lambda: ready.exists() or command.poll() is not None)
            assert command.poll() is None, printed.read_text()
            yield Started(command, word)
        finally:
            command.kill()


@pytest.mark.parametrize(
    "place", [pytest.param(place, marks=() if place == "gates" else (pytest.mark.long,)) for place in CHILDREN]
)
def test_a_release_that_hangs_can_be_ended_in_any_way_and_a_rerun_finishes_it(tmp_path: Path, place: str) -> None:
    words = ("release", "minor", "--yes", *(() if place == "gates" else ("--no-gates",)))
    with open_world(make_project(tmp_path / "acme", FILES)) as world:
        servers = Hanging(world, world.clone.parent / "ready")
        for sent in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
            servers.begin(place)
            with hanging(world.clone, world.variables, *words, place=place) as release:
                assert any(CHILDREN[place] in line for line in carriers(release.word).values())
                release.end(sent)
            servers.end()
            if sent != signal.SIGKILL:
                assert (world.outcome["code"], world.outcome["outcome"]) == (128 + sent, NAMES[128 + sent])
        done = world.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        seen = world.snapshot()
        assert [len(seen[kind]) for kind in ("files", "pulls", "releases")] == [2, 1, 1]  # type: ignore[arg-type]


def test_a_signal_is_no_error_that_the_world_can_forgive(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", FILES)) as world:
        servers = Hanging(world, world.clone.parent / "ready")
        servers.begin("POST *git-receive-pack", after=True)
        words = ("release", "minor", "--yes", "--no-gates")
        with hanging(world.clone, world.variables, *words) as release:
            release.end(signal.SIGTERM)
        servers.end()
        assert world.outcome["code"] == 143
        assert not world.snapshot()["files"]
        world.release("minor")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_ended_leaves_no_temporary_files(tmp_path: Path, sent: signal.Signals) -> None:
    project = make_project(tmp_path / "acme", FILES)
    with hanging(project, {**os.environ, "PYTHONPATH": str(SOURCE)}, "build", place="build") as build:
        build.end(sent)
    assert not list((tmp_path / "scratch").iterdir())


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_rehearsal_that_is_ended_takes_the_rehearsed_release_along(tmp_path: Path, sent: signal.Signals) -> None:
    project = make_project(tmp_path / "acme", FILES)
    variables = {**os.environ, **GIT, "PYTHONPATH": str(SOURCE)}
    with hanging(project, variables, "rehearse", "minor", place="build") as rehearsal:
        lines = carriers(rehearsal.word).values()
        assert any("shipway --front nox release" in line for line in lines)
        assert sum("leash.py" in line for line in lines) == 2
        rehearsal.end(sent)
    assert sent == signal.SIGKILL or not list((tmp_path / "scratch").iterdir())
