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
    *("argparse", "base64", "bz2", "gettext", "hashlib", "json", "logging", "lzma", "shutil", "socket"),
    *("tempfile", "zlib"),
}
"""Modules that a short command can do without; ``ast`` is not among them, because ``dataclasses`` imports it."""
OTHERS = {
    *("shipway.project.configuration", "shipway.project.detection", "shipway.project.scriv"),
    *("shipway.project.towncrier", "shipway.project.version_files", "shipway.project.version_tools"),
    *("shipway.parser.options", "shipway.release.plan"),
}
"""Modules of Shipway for repositories and words of other kinds."""
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
MOST_CALLS = 8
"""How often git is asked for the next version; each time costs some milliseconds."""
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


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository without a changelog, with a commit after its tag."""
    root = tmp_path_factory.mktemp("bare")
    (root / "pyproject.toml").write_text(PYPROJECT)
    commit = ["-c", "user.name=A", "-c", "user.email=a@example.invalid", "commit", "--quiet", "--allow-empty", "-m"]
    words = (["init", "--quiet"], ["add", "."], [*commit, "feat: begin"], ["tag", "v1.2.3"], [*commit, "fix: go on"])
    for one in words:
        subprocess.run(["git", *one], cwd=root, check=True)
    return root


@pytest.mark.parametrize("command", ["version", "changelog"])
def test_a_short_command_imports_nothing_heavy(command: str, repository: Path) -> None:
    imported = modules_of(command, repository)
    assert "shipway.world.git" in imported
    assert imported & HEAVY == set()


def test_the_next_version_by_commits_takes_no_look_at_other_kinds(bare: Path) -> None:
    imported = modules_of("version auto", bare)
    assert "shipway.project.changelogs.conventional" in imported
    assert imported & (HEAVY | OTHERS | {"shipway.changelog.outline"}) == set()


def test_the_next_version_starts_few_programs(bare: Path) -> None:
    log = bare.parent / "calls"
    run("version auto", bare, GIT_TRACE=str(log))
    assert sum("built-in: git" in line for line in log.read_text().splitlines()) <= MOST_CALLS


@pytest.mark.parametrize("command", ["version", "changelog"])
def test_a_short_command_imports_no_room_that_it_does_not_enter(command: str, repository: Path) -> None:
    rooms = {name.split(".")[1] for name in modules_of(command, repository) if name.startswith("shipway.")}
    assert rooms.isdisjoint(ROOMS)


def modules_of(command: str, root: Path) -> set[str]:
    """Name what a command imported, by Python's own account of it."""
    lines = [line for line in run(command, root).splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def run(command: str, root: Path, **variables: str) -> str:
    """Run a command; give what it and Python said on standard error."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "shipway", *command.split()],
        cwd=root,
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"], "HOME": str(root), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stderr
