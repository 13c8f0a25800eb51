"""The process door: the only place that starts programs.

Argument lists, never a shell; children get an environment without secrets unless the caller names what they
need; what they print is redacted before a person or a listener sees it (what is parsed stays as it was).
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shipway.release.outcomes import ToolError
from shipway.world.environment import Environment
from shipway.world.redaction import MASK_COMMAND

TAIL_LINES = 15
TIME_LIMIT = 600.0


@dataclass(frozen=True)
class Completed:
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
        child = self._require_program(argv, env)
        try:
            if listen is not None:
                done = self._stream(argv, cwd, child, listen)
            else:
                done = self._capture(argv, cwd, child, stdin, timeout)
        except subprocess.TimeoutExpired as error:
            raise _too_long(argv, error) from None
        return self._judge(done) if check else done

    @contextmanager
    def beside(
        self, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None, check: bool = True
    ) -> Iterator[Callable[[], Completed]]:
        """Run a program while the caller does something else; what is given waits for its end, as `run` does.

        It is ended where the caller leaves without waiting, by an error of its own or a signal.
        """
        child = self._require_program(argv, env)
        with subprocess.Popen(
            argv,
            cwd=cwd,
            env=child,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as started:

            def wait() -> Completed:
                try:
                    out, err = started.communicate(timeout=TIME_LIMIT)
                except subprocess.TimeoutExpired as error:
                    raise _too_long(argv, error) from None
                done = Completed(tuple(argv), started.returncode, out, err)
                return self._judge(done) if check else done

            try:
                yield wait
            finally:
                if started.poll() is None:
                    started.kill()

    def _require_program(self, argv: Sequence[str], env: Mapping[str, str] | None) -> dict[str, str]:
        """Give a child's environment, once its program is known to be there."""
        child = dict(env) if env is not None else self.environment.scrubbed()
        if shutil.which(argv[0], path=child.get("PATH")) is None:
            raise ToolError(f"{argv[0]} is not on PATH", why=f"it is needed to run {describe(argv)}")
        return child

    def _judge(self, done: Completed) -> Completed:
        """Raise `ToolError` for any exit code but 0."""
        if done.code != 0:
            self.environment.learn(*MASK_COMMAND.findall(done.output))  # so uv names the token that it was given
            why = self.environment.redact(tail(done.output))
            raise ToolError(f"{describe(done.argv)} failed with exit code {done.code}", why=why)
        return done

    def attend(self, argv: Sequence[str], env: Mapping[str, str]) -> int:
        """Run a program on our own terminal and pass SIGTERM on; give its exit code, 128 + N for signal N."""
        with subprocess.Popen(argv, env=env) as child:
            before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            try:
                code = _wait(child)
            finally:
                signal.signal(signal.SIGTERM, before)
        return code if code >= 0 else 128 - code

    def _capture(
        self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: str | None, timeout: float | None
    ) -> Completed:
        ended = subprocess.run(
            argv,
            cwd=cwd,
            env=env,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
        return Completed(tuple(argv), ended.returncode, ended.stdout, ended.stderr)

    def _stream(
        self, argv: Sequence[str], cwd: Path, env: Mapping[str, str], listen: Callable[[str], None]
    ) -> Completed:
        lines: list[str] = []
        with subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as child:
            assert child.stdout is not None  # noqa: S101 - asked for with PIPE
            for raw in child.stdout:
                line = self.environment.redact(raw.rstrip("\n"))
                lines.append(line)
                listen(line)
        return Completed(tuple(argv), child.returncode, "\n".join(lines), "")


def _too_long(argv: Sequence[str], error: subprocess.TimeoutExpired) -> ToolError:
    return ToolError(f"{describe(argv)} did not end within {error.timeout:.0f} s")


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
