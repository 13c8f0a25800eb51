"""A small repository with a noxfile or a tasks file, and the real programs run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import shipway

PROGRAMS = Path(sys.executable).parent
SOURCE = Path(shipway.__file__).parents[1]
PYPROJECT = """\
[project]
name = "acme-widgets"
version = "1.2.4"
requires-python = ">=3.10"
classifiers = ["Programming Language :: Python :: 3.11", "Programming Language :: Python :: 3.9"]
"""
NOXFILE = "import nox, shipway\nshipway.register({arguments})\nif __name__ == '__main__':\n    nox.main()\n"
TASKS = "import shipway\nns = shipway.collection({arguments})\n"
OURS = ("SHIPWAY_", "NOX", "CI", "GITHUB_", "GIT_", "VIRTUAL_ENV", "PYTEST_", "FORCE_COLOR")
"""Variables that begin so belong to the run of these tests, not to the programs under test."""


@dataclass(frozen=True)
class Ended:
    """A program that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """Both streams."""
        return self.stdout + self.stderr


@dataclass(frozen=True)
class Repository:
    """A folder with the files of a project."""

    root: Path

    def write(self, name: str, text: str) -> None:
        """Write one file, with the folders it needs."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def noxfile(self, arguments: str = "", before: str = "") -> None:
        """Write a noxfile that registers the sessions."""
        self.write("noxfile.py", before + NOXFILE.format(arguments=arguments))

    def tasks(self, arguments: str = "", before: str = "") -> None:
        """Write a tasks file that collects the tasks."""
        self.write("tasks.py", before + TASKS.format(arguments=arguments))

    def commit(self) -> None:
        """Put everything under git."""
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.run("git", "add", ".")
        who = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.invalid")
        assert self.run("git", *who, "commit", "--quiet", "-m", "Begin").code == 0

    def run(self, *argv: str) -> Ended:
        """Run a program in the folder, with the source tree in reach and no variable that could mislead it."""
        ended = subprocess.run(
            argv,
            cwd=self.root,
            env=environment(),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def nox(self, *words: str) -> Ended:
        """Run nox in the folder."""
        return self.run(str(PROGRAMS / "nox"), *words)

    def inv(self, *words: str) -> Ended:
        """Run invoke in the folder."""
        return self.run(str(PROGRAMS / "inv"), *words)


def environment() -> dict[str, str]:
    """Give the variables for a program under test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {
        "PYTHONPATH": str(SOURCE),
        "NO_COLOR": "1",
        "NOX_DEFAULT_VENV_BACKEND": "uv|virtualenv",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
