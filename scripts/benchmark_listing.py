# /// script
# requires-python = ">=3.10"
# dependencies = ["nox>=2026.8.10", "invoke>=2.2.1", "uv>=0.9"]
# ///
"""Measure what Shipway adds to ``nox -l`` and ``inv -l``: against two plain sessions or tasks, in one environment.

Run it with an interpreter whose environment holds Shipway's dependencies, and with uv on PATH:
``python scripts/benchmark_listing.py [RUNS]``. What is measured is the source beside this script. Runs are
interleaved, so that a slow moment of the machine hits both sides.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
AIM = 1.1
PLAIN_SESSIONS = '''\
import nox


@nox.session
def lint(session):
    """Check the code's style and formatting with ruff."""


@nox.session
def tests(session):
    """Run the tests on the running interpreter."""
'''
PLAIN_TASKS = '''\
from invoke import task


@task
def lint(c):
    """Check the code's style and formatting with ruff."""


@task
def tests(c):
    """Run the tests on the running interpreter."""
'''
FROM_SOURCE = f"import sys\n\nsys.path.insert(0, {str(ROOT / 'src')!r})\n"
SESSIONS = f"{FROM_SOURCE}\nimport nox\nimport shipway\n\nshipway.register()\n"
TASKS = f"{FROM_SOURCE}\nimport shipway\n\nns = shipway.collection()\n"
SATISFIED = "`nox -l`, script block that the environment satisfies"
MADE = "`nox -l`, script block for which nox keeps an environment"


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a program in a folder of its own."""

    program: Path
    folder: Path

    def run_once(self) -> float:
        """Time one listing."""
        begin = time.perf_counter()
        subprocess.run(
            [self.program, "-l"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )
        return time.perf_counter() - begin


def prepare(folder: Path) -> dict[tuple[str, str], Side]:
    """Write a project for each side of each comparison."""
    block = (ROOT / "noxfile.py").read_text("utf-8").partition("# ///\n")
    script = "".join(block[:2]) + SESSIONS
    nox, inv, bare_nox = PROGRAMS / "nox", PROGRAMS / "inv", make_bare_nox(folder / "bare")
    sides = [
        ("`nox -l`", "plain", nox, "noxfile.py", PLAIN_SESSIONS),
        ("`nox -l`", "Shipway", nox, "noxfile.py", SESSIONS),
        ("`inv -l`", "plain", inv, "tasks.py", PLAIN_TASKS),
        ("`inv -l`", "Shipway", inv, "tasks.py", TASKS),
        (SATISFIED, "plain", nox, "noxfile.py", PLAIN_SESSIONS),
        (SATISFIED, "Shipway", nox, "noxfile.py", script),
        (MADE, "plain", bare_nox, "noxfile.py", PLAIN_SESSIONS),
        (MADE, "Shipway", bare_nox, "noxfile.py", script),
    ]
    prepared = {}
    for number, (label, side, program, name, text) in enumerate(sides):
        place = folder / str(number)
        place.mkdir()
        (place / name).write_text(text, encoding="utf-8")
        (place / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), "utf-8")
        prepared[label, side] = Side(program, place)
    return prepared


def make_bare_nox(folder: Path) -> Path:
    """Make an environment that holds nox and nothing of what the script block asks for."""
    python = folder / "bin" / "python"
    subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, folder], check=True)
    subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, "nox>=2026.8.10"], check=True)
    return folder / "bin" / "nox"


def measure(sides: Mapping[tuple[str, str], Side], runs: int) -> dict[tuple[str, str], float]:
    """Give the median seconds of each listing; a first round warms the caches and is not counted."""
    seconds: dict[tuple[str, str], list[float]] = {key: [] for key in sides}
    for number in range(runs + 1):
        for key, side in sides.items():
            taken = side.run_once()
            if number:
                seconds[key].append(taken)
    return {key: statistics.median(values) for key, values in seconds.items()}


def render(medians: Mapping[tuple[str, str], float]) -> str:
    """Render the medians as a Markdown table."""
    rows = []
    for line in dict.fromkeys(line for line, _ in medians):
        plain, ours = medians[line, "plain"] * 1000, medians[line, "Shipway"] * 1000
        aim = "" if line in {SATISFIED, MADE} else AIM
        rows.append(f"| {line} | {plain:.0f} ms | {ours:.0f} ms | {ours / plain:.2f} | {aim} |")
    return "\n".join(["| listing | two plain ones | Shipway | ratio | aim |", "|---|---|---|---|---|", *rows])


def main(argv: list[str]) -> int:
    """Measure and print the table."""
    runs = int(argv[0]) if argv else 15
    with tempfile.TemporaryDirectory() as folder:
        print(render(measure(prepare(Path(folder)), runs)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
