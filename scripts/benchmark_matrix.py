# /// script
# requires-python = ">=3.10"
# dependencies = ["nox>=2026.8.10", "tox>=4.30", "tox-uv", "uv"]
# ///
"""Time a small matrix: serial nox, parallel nox, ``python -m shipway gates`` and ``tox -p``, in turns in one run.

``benchmark_matrix.py [RUNS]`` prints a table. Run it with an interpreter that has Shipway's dependencies; ``tox`` is
left out where it is not installed beside it. The aim: at most the slowest cell, plus the sum of the cells over the
cores, plus a second. All sides have the same cells: lint, and the tests on the running interpreter's own version and
whatever others of 3.10 to 3.13 are found.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
CANDIDATES = ("3.10", "3.11", "3.12", "3.13")
SLACK = 1.0
TOOLS = ("ruff==0.17.6", "pytest>=8")
NOXFILE = f"""\
import sys

sys.path.insert(0, {str(ROOT / "src")!r})

import nox
import shipway

nox.options.default_venv_backend = "uv|virtualenv"
shipway.register(skip={{"typecheck", "coverage"}})
"""
TESTS = """\
import time

import acme


def test_answer() -> None:
    time.sleep(0.5)
    assert acme.ANSWER == 42
"""


@dataclass
class Measured:
    """What was measured: the seconds of each side's runs, and of each cell where one came after the other."""

    sides: dict[str, list[float]] = field(default_factory=dict)
    cells: dict[str, list[float]] = field(default_factory=dict)

    def bound(self, cores: int) -> float:
        """Give the seconds that the matrix may take."""
        cells = [statistics.median(seconds) for seconds in self.cells.values()]
        return max(cells) + sum(cells) / cores + SLACK


def find_pythons() -> list[str]:
    """Find which versions a matrix can have here."""
    found = {f"{sys.version_info.major}.{sys.version_info.minor}"}
    found |= {version for version in CANDIDATES if _runs(version)}
    return sorted(found, key=lambda version: int(version.partition(".")[2]))


def _runs(version: str) -> bool:
    program = shutil.which(f"python{version}")
    return program is not None and subprocess.run([program, "-c", ""], capture_output=True, check=False).returncode == 0


def write_project(folder: Path, pythons: Sequence[str]) -> None:
    """Write a small package with a noxfile and a tox configuration of the same cells."""
    folder.mkdir()
    cells = [f"py{version.replace('.', '')}" for version in pythons]
    files = {
        "src/acme/__init__.py": '"""Widgets."""\n\nANSWER = 42\n',
        "tests/test_acme.py": TESTS,
        "noxfile.py": NOXFILE,
        "pyproject.toml": _pyproject(pythons),
        "tox.toml": _tox(cells),
        "ruff.toml": 'exclude = ["noxfile.py"]\n',
        ".gitignore": ".nox/\n.tox/\n.release/\n.ruff_cache/\n.pytest_cache/\n__pycache__/\n*.egg-info/\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.invalid")
    for words in (("init", "--quiet"), ("add", "."), (*who, "commit", "--quiet", "--message", "Begin")):
        subprocess.run(["git", *words], cwd=folder, check=True)


def _pyproject(pythons: Sequence[str]) -> str:
    lines = ", ".join(f'"Programming Language :: Python :: {version}"' for version in pythons)
    return (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        f'[project]\nname = "acme"\nversion = "1.0"\nrequires-python = ">=3.10"\nclassifiers = [{lines}]\n'
    )


def _tox(cells: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in ("lint", *cells))
    commands = '[["ruff", "check", "."], ["ruff", "format", "--check", "."]]'
    lint = f'[env.lint]\nskip_install = true\ndeps = ["{{}}"]\ncommands = {commands}\n'
    passed = 'pass_env = ["PYENV_VERSION", "UV_*"]'
    package = 'package = "wheel"\nwheel_build_env = ".pkg"'
    tests = f'[env_run_base]\n{package}\n{passed}\ndeps = ["{{}}"]\ncommands = [["pytest"]]\n'
    return f"env_list = [{names}]\n\n{tests.format(TOOLS[1])}\n{lint.format(TOOLS[0])}"


def run(folder: Path, argv: Sequence[str]) -> float:
    """Time one program from fresh environments; it has to succeed."""
    for name in (".nox", ".tox", ".release"):
        shutil.rmtree(folder / name, ignore_errors=True)
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1"}
    began = time.perf_counter()
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(argv)} failed:\n{done.stdout}{done.stderr}")
    return seconds


def sides(report: Path) -> dict[str, list[str]]:
    """Give the programs that run the same matrix."""
    python, nox, tox = sys.executable, [sys.executable, "-m", "nox", "-t", "gate"], PROGRAMS / "tox"
    found = {
        "nox, one cell after the other": [*nox, "--report", str(report)],
        "`nox -t gate -j auto`": [*nox, "-j", "auto"],
        "`python -m shipway gates`": [python, "-m", "shipway", "gates"],
    }
    return {**found, "`tox -p`": [str(tox), "run-parallel"]} if tox.is_file() else found


def measure(folder: Path, runs: int, timed: Callable[[Path, Sequence[str]], float] = run) -> Measured:
    """Time all sides in turns; a first round warms the caches and is not counted."""
    report = folder.with_name("report.json")
    measured = Measured()
    for number in range(runs + 1):
        for name, argv in sides(report).items():
            seconds = timed(folder, argv)
            if number:
                measured.sides.setdefault(name, []).append(seconds)
        for row in json.loads(report.read_text(encoding="utf-8"))["sessions"] if number else ():
            measured.cells.setdefault(row["name"], []).append(row["duration"])
    return measured


def render(measured: Measured, cores: int) -> str:
    """Render the medians as a Markdown table."""
    rows = [f"| {name} | {statistics.median(seconds):.1f} |" for name, seconds in measured.sides.items()]
    cells = ", ".join(f"{name} {statistics.median(seconds):.1f}" for name, seconds in measured.cells.items())
    aim = f"| the aim: slowest cell + sum of cells / {cores} cores + {SLACK:.0f} | {measured.bound(cores):.1f} |"
    return "\n".join(["| matrix | seconds |", "|---|---|", *rows, aim, "", f"Cells alone: {cells}."])


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="?", type=int, default=5, help="how often each is timed (5)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve() / "acme"
        write_project(folder, find_pythons())
        print(render(measure(folder, runs), os.cpu_count() or 1))


if __name__ == "__main__":
    main()
