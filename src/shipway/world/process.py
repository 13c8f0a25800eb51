"""The process door: the only place that starts programs.

Argument lists, never a shell; children get an environment without secrets unless the caller names what they
need; what they print is redacted before a person or a listener sees it (what is parsed stays as it was). A child
never outlives the one who waits for it: given up, it is ended with all that it started, and so it is where we die.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import NamedTuple

from shipway.release.outcomes import ToolError
from shipway.world import leash
from shipway.world.environment import Environment
from shipway.world.redaction import MASK_COMMAND

TAIL_LINES = 15
TIME_LIMIT = 600.0
PIPE_SIZE = 2**20
"""How much a program may be ahead of us where its output is streamed; it is what Linux allows to everybody."""

Ladder = tuple[tuple[int, float], ...]
"""What a child is told to end it, and how many seconds it has each time; it is killed after the last."""

GIVEN_UP: Ladder = ((signal.SIGTERM, 1.0),) if os.name == "nt" else ((signal.SIGINT, 3.0), (signal.SIGTERM, 1.0))
"""Interrupted first: Python programs clean up then (build its environments, nox its sessions), on SIGTERM they die."""

INTERRUPTED: Ladder = GIVEN_UP if os.name == "nt" else ((0, 1.0), *GIVEN_UP)
"""Told nothing first: a terminal has sent Ctrl-C to the child too, and a second one would disturb its cleaning up."""

_numbers = count()


class Completed(NamedTuple):
    """A program that has ended: its words, exit code and output, as printed."""

    argv: tuple[str, ...]
    code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """Both streams, errors last."""
        return "\n".join(part for part in (self.stdout.strip(), self.stderr.strip()) if part)


@dataclass(frozen=True)
class Processes:
    """Starts programs and waits for them."""

    environment: Environment

    def run(  # noqa: PLR0913 - a process has that many sides
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
        check: bool = True,
        timeout: float | None = TIME_LIMIT,
        listen: Callable[[str], None] | None = None,
    ) -> Completed:
        """Run a program to its end.

        ``env`` replaces the scrubbed environment; ``listen`` gets each line as it comes (streams joined).
        Raises `ToolError` for a missing program, a time-out, and, with ``check``, any exit code but 0.
        """
        if listen is not None:
            done = self._stream(argv, cwd, env, listen)
        else:
            with self._open(argv, cwd, env, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE) as child:
                done = _collect(child, argv, timeout, stdin)
        return self._judge(done) if check else done

    @contextmanager
    def streaming(
        self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None
    ) -> Iterator[Iterator[bytes]]:
        """Run a program whose output is read while it is written, in pieces of any size, as bytes.

        It is ended where the caller leaves early; read to its end, any exit code but 0 is a `ToolError`.
        """
        with self._open(argv, cwd, env) as child:
            yield self._pieces(child, argv)
            if child.returncode is None:  # whoever reads has seen enough
                child.terminate()
                child.communicate()

    def _pieces(self, child: subprocess.Popen[str], argv: Sequence[str]) -> Iterator[bytes]:
        assert child.stdout is not None  # noqa: S101 - asked for with PIPE
        number = child.stdout.fileno()
        _widen(number)
        while piece := os.read(number, PIPE_SIZE):
            yield piece
        self._judge(_collect(child, argv, TIME_LIMIT))

    @contextmanager
    def beside(
        self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, check: bool = True
    ) -> Iterator[Callable[[], Completed]]:
        """Run a program while the caller does something else; what is given waits for its end, as `run` does.

        It is ended where the caller leaves without waiting, by an error of its own or a signal.
        """
        with self._open(argv, cwd, env) as child:

            def wait() -> Completed:
                done = _collect(child, argv, TIME_LIMIT)
                return self._judge(done) if check else done

            yield wait

    def attend(self, argv: Sequence[str], env: Mapping[str, str]) -> int:
        """Run a program on our own terminal and pass SIGTERM on; give its exit code, 128 + N for signal N."""
        with subprocess.Popen(argv, env=env) as child:
            before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            try:
                code = _wait(child)
            finally:
                signal.signal(signal.SIGTERM, before)
        return code if code >= 0 else 128 - code

    @contextmanager
    def _open(
        self,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str] | None,
        *,
        stdin: int = subprocess.DEVNULL,
        stderr: int = subprocess.PIPE,
    ) -> Iterator[subprocess.Popen[str]]:
        """Start a child for as long as the caller stays; left before its end, it is ended with all it started."""
        given = dict(env) if env is not None else self.environment.scrubbed()
        outer, mark = own_marks()
        mark = f"{mark}{next(_numbers)};"
        has_ended, ladder = False, GIVEN_UP
        try:
            with _start(argv, cwd, {**given, leash.MARK: outer + mark}, stdin, stderr) as child:
                try:
                    yield child
                except KeyboardInterrupt:
                    ladder = INTERRUPTED
                    raise
                finally:
                    has_ended = child.returncode is not None
                    if not has_ended:
                        _end(child, ladder)
        finally:
            if not has_ended:  # or nobody knows: a signal can come between a child's start and Popen's answer
                leash.end_marked(mark)

    def _stream(
        self, argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None, listen: Callable[[str], None]
    ) -> Completed:
        lines: list[str] = []
        with self._open(argv, cwd, env, stderr=subprocess.STDOUT) as child:
            assert child.stdout is not None  # noqa: S101 - asked for with PIPE
            for raw in child.stdout:
                line = self.environment.redact(raw.rstrip("\n"))
                lines.append(line)
                listen(line)
            code = child.wait()
        return Completed(tuple(argv), code, "\n".join(lines), "")

    def _judge(self, done: Completed) -> Completed:
        """Raise `ToolError` for any exit code but 0."""
        if done.code != 0:
            self.environment.learn(*MASK_COMMAND.findall(done.output))  # so uv names the token that it was given
            why = self.environment.redact(tail(done.output))
            raise ToolError(f"{describe(done.argv)} failed with exit code {done.code}", why=why)
        return done


def _start(argv: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: int, stderr: int) -> subprocess.Popen[str]:
    """Start a child; `ToolError` where there is no such program."""
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(
            argv, cwd=cwd, env=env, stdin=stdin, stdout=pipe, stderr=stderr, encoding="utf-8", errors="replace"
        )
    except (FileNotFoundError, PermissionError):
        from shutil import which  # slow to import, and nearly always the program is there

        if which(argv[0], path=env.get("PATH")) is not None:
            raise
        raise ToolError(f"{argv[0]} is not on PATH", why=f"it is needed to run {describe(argv)}") from None


@lru_cache
def own_marks() -> tuple[str, str]:
    """Give the marks that we carry ourselves, and how the mark of each of our children begins."""
    return Environment().find(leash.MARK) or "", f"{os.urandom(8).hex()}."


@contextmanager
def leashed(environment: Environment) -> Iterator[None]:
    """Have our children die with us, however we die in the caller's block; a signal's exception ends them too."""
    if sys.platform != "linux":
        yield
        return
    mark = own_marks()[1]
    variables = {name: value for name, value in environment.scrubbed().items() if name != leash.MARK}
    # In a session of its own, so that no signal to us ends it; without our streams, so that it keeps no reader waiting.
    with subprocess.Popen(
        [sys.executable, "-I", "-S", leash.__file__, mark],
        cwd="/",
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as watcher:
        try:
            yield
        except Exception:
            raise  # an outcome like any other: what was left running may stay
        except BaseException:
            leash.end_marked(mark)
            raise
        finally:
            watcher.communicate(leash.DONE)


def _collect(
    child: subprocess.Popen[str], argv: Sequence[str], timeout: float | None, stdin: str | None = None
) -> Completed:
    """Wait for a child's end and give what it printed; `ToolError` where that takes too long."""
    try:
        out, err = child.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{describe(argv)} did not end within {error.timeout:.0f} s") from None
    return Completed(tuple(argv), child.returncode, out, err)


def _widen(pipe: int) -> None:
    """Let a program be further ahead of its reader, where the system knows how and allows it."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_SIZE)


def _end(child: subprocess.Popen[str], ladder: Ladder) -> None:
    """End a child that was given up: asked, then told, then killed."""
    try:
        for number, seconds in ladder:
            child.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                child.wait(seconds)
                break
    finally:
        child.kill()
        child.wait()


def _wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child; on Ctrl-C it got the signal too, and says how it ended."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def describe(argv: Sequence[str]) -> str:
    """Give a program and its first words, as an error names it."""
    words = [Path(argv[0]).name, *argv[1:]]
    return " ".join(word for word in words[:4] if "\n" not in word)


def tail(output: str) -> str:
    """Give the last lines of an output: where programs say what went wrong."""
    return "\n".join(output.splitlines()[-TAIL_LINES:])
