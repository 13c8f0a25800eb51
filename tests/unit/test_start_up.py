"""Starting: a short command imports what it needs and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
HEAVY = {
    *("nox", "invoke", "requests", "urllib3", "rich", "tomlkit", "filelock"),
    *("asyncio", "configparser", "difflib", "email", "http", "importlib.metadata", "importlib.resources", "ssl"),
    *("packaging.requirements", "packaging.specifiers", "packaging.utils", "traceback"),
}
"""Modules that a short command can do without; ``ast`` is not among them, because ``dataclasses`` imports it."""
ROOMS = ("adopt", "candidates", "engine", "flows", "fronts", "rehearsal", "steps")
"""What of Shipway only a release needs, or adopting it."""
PYPROJECT = """\
[project]
name = "acme"
version = "1.2.3"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- One thing\n\n## [1.2.3] - 2026-01-02\n\n- Another\n"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "CHANGELOG.md").write_text(CHANGELOG)
    commit = ["-c", "user.name=A", "-c", "user.email=a@example.invalid", "commit", "--quiet", "-m", "feat: begin"]
    for words in (["init", "--quiet"], ["add", "."], commit, ["tag", "v1.2.3"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


@pytest.mark.parametrize("command", ["version", "changelog"])
def test_a_short_command_imports_nothing_heavy(command: str, repository: Path) -> None:
    imported = modules_of(command, repository)
    assert "shipway.world.git" in imported
    assert imported & HEAVY == set()


@pytest.mark.parametrize("command", ["version", "changelog"])
def test_a_short_command_imports_no_room_that_it_does_not_enter(command: str, repository: Path) -> None:
    rooms = {name.split(".")[1] for name in modules_of(command, repository) if name.startswith("shipway.")}
    assert rooms.isdisjoint(ROOMS)


def modules_of(command: str, root: Path) -> set[str]:
    """Name what a command imported, by Python's own account of it."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "shipway", command],
        cwd=root,
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"], "HOME": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}
