"""The three ways in, each with nothing else installed: they list the same sessions, however the noxfile is started."""

from __future__ import annotations

import re

import pytest

from fronts.fronts_support import Repository
from fronts.ways_support import Way, Wheel, needs, open_way, uv, wheel
from shipway.adopt.noxfile import render_noxfile
from shipway.grammar import CODE_SESSIONS, COMMANDS

__all__ = ["wheel"]  # a fixture

SESSIONS = {command.name for command in (*CODE_SESSIONS, *COMMANDS) if command.default_session} - {"docs"}


@pytest.fixture
def adopted(repository: Repository, wheel: Wheel) -> Repository:
    """Make a repository whose noxfile is as ``init`` writes it where Shipway is installed."""
    repository.write("noxfile.py", render_noxfile(("nox", f"shipway=={wheel.version}")))
    return repository


def listed(output: str) -> list[str]:
    """Give the lines of ``nox -l`` that show sessions."""
    return re.findall(r"^[*-] .+$", output, re.MULTILINE)


def require_the_same_sessions(way: Way) -> None:
    """Have the noxfile listed in each way in which it can be started."""
    by_nox = way.program("nox", "-l")
    shown = listed(by_nox.stdout)
    assert {line.split()[1] for line in shown} >= SESSIONS, by_nox.output
    for ended in (way.program("python", "noxfile.py", "-l"), way.run(uv(), "run", "noxfile.py", "-l")):
        assert ended.code == 0, ended.output
        assert listed(ended.stdout) == shown
    ended = way.program("nox", "-s", "version")
    assert ended.code == 0, ended.output
    assert "1.2.4" in ended.stdout


def imports(way: Way) -> bool:
    """Whether the environment has Shipway installed."""
    return way.program("python", "-c", "import shipway").code == 0


def test_a_script_block_under_plain_nox(adopted: Repository, wheel: Wheel) -> None:
    way = open_way(adopted.root, wheel, "nox")
    assert not imports(way)
    require_the_same_sessions(way)
    assert not imports(way)


def test_installed_in_the_environment_of_nox(adopted: Repository, wheel: Wheel) -> None:
    way = open_way(adopted.root, wheel, "nox", f"shipway=={wheel.version}")
    require_the_same_sessions(way)
    assert not (adopted.root / ".nox" / "_nox_script_mode").exists()
    assert way.program("shipway", "--version").stdout == f"shipway {wheel.version}\n"


def test_vendored_and_offline(repository: Repository, wheel: Wheel) -> None:
    way = open_way(repository.root, wheel, *needs())
    vendored = way.run(uv(), "tool", "run", f"shipway@{wheel.version}", "vendor", "--into", "own/tools", "--yes")
    assert vendored.code == 0, vendored.output
    assert way.run(uv(), "run", "noxfile.py", "-l").code == 0  # once online, so that uv has what the block names
    assert not imports(way)
    way.variables.update(UV_OFFLINE="1", UV_FIND_LINKS="", PIP_NO_INDEX="1")
    require_the_same_sessions(way)
    assert not (repository.root / ".nox" / "_nox_script_mode").exists()
    for ended in (way.program("nox", "-s", "vendor", "--", "--check"), way.program("inv", "vendor", "--check")):
        assert ended.code == 0, ended.output
        assert f"own/tools/shipway: Shipway {wheel.version}, " in ended.stdout
    ended = way.program("python", "-m", "shipway", "--version", PYTHONPATH=str(repository.root / "own" / "tools"))
    assert ended.stdout == f"shipway {wheel.version}\n"
