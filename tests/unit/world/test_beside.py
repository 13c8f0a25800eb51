"""A program beside the caller's own work: waited for, judged as any other, and ended when the caller gives up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from shipway.release.outcomes import ToolError
from shipway.world.environment import Environment
from shipway.world.process import Processes

PROCESSES = Processes(Environment())
FOR_EVER = "import signal; signal.pause()"


def test_a_program_beside_gives_what_it_printed(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "print('x' * 100_000)"]
    with PROCESSES.beside(argv, cwd=tmp_path) as ended:
        done = ended()
    assert (done.code, len(done.stdout)) == (0, 100_001)


def test_a_program_beside_that_fails_is_an_error_unless_the_caller_reads_its_code(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "raise SystemExit('no such widget')"]
    with pytest.raises(ToolError, match="exit code 1") as caught, PROCESSES.beside(argv, cwd=tmp_path) as ended:
        ended()
    assert caught.value.why == "no such widget"
    with PROCESSES.beside(argv, cwd=tmp_path, check=False) as ended:
        assert ended().code == 1


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_a_program_beside_ends_with_a_caller_that_gives_up(tmp_path: Path, kind: type[BaseException]) -> None:
    argv = [sys.executable, "-c", FOR_EVER]
    with pytest.raises(kind), PROCESSES.beside(argv, cwd=tmp_path):
        raise kind


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(ToolError, match="no-such-program is not on PATH"),
        PROCESSES.beside(["no-such-program"], cwd=tmp_path),
    ):
        pass
