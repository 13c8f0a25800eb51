# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "nox>=2026.8.10",
#     "invoke>=2.2.1",
#     "packaging>=25",
#     "tomlkit>=0.13.3",
#     "tomli>=2",
#     "twine>=6.2",
#     "build>=1.4",
#     "towncrier>=25.8",
#     "uv>=0.9",
#     "rich>=14",
#     "requests>=2.32",
#     "urllib3>=2.2",
#     "filelock>=3.16",
# ]
# ///
"""Measure a rehearsed release against the tools it cannot do without, run bare, and show where the rest goes.

    python scripts/benchmark_release.py [RUNS] [--backend setuptools]

Both sides release the same tiny repository to an embedded index that is up already, in turns, so that a slow moment
of the machine hits both; the first round warms the caches and is not counted. The gates are left out. What is
measured is the source beside this script, run in an environment that holds what Shipway needs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from uv import find_uv_bin  # noqa: E402

from shipway.project.configuration import read_configuration  # noqa: E402 - the source beside this script
from shipway.rehearsal.stage import Stage, open_stage  # noqa: E402
from shipway.world.environment import Environment  # noqa: E402

AIM = 1.3
BARE = ("build", "twine check", "twine upload", "install")
MOST_IMPORTS = 8
IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")
WHO = {"GIT_AUTHOR_NAME": "A. Maintainer", "GIT_AUTHOR_EMAIL": "maintainer@example.invalid"}
GIT = {
    **WHO,
    **{name.replace("AUTHOR", "COMMITTER"): value for name, value in WHO.items()},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
PYPROJECT = """\
[build-system]
requires = ["{requires}"]
build-backend = "{backend}"

[project]
name = "acme-widgets"
version = "1.2.4"
description = "Widgets"
readme = "README.md"
requires-python = ">=3.10"

[tool.towncrier]
directory = "changelog.d"
filename = "CHANGELOG.md"
"""
BACKENDS = {"hatchling": "hatchling.build", "setuptools": "setuptools.build_meta"}
FILES = {
    "README.md": "# Acme widgets\n",
    "CHANGELOG.md": "# Changelog\n",
    "changelog.d/7.feature.md": "Widgets turn.\n",
    "src/acme_widgets/__init__.py": '"""Widgets."""\n',
}


@dataclass
class Measured:
    """What the runs took: seconds by tool or step, a list each; and one traced release beside them."""

    bare: dict[str, list[float]] = field(default_factory=dict)
    ours: list[float] = field(default_factory=list)
    steps: dict[str, list[float]] = field(default_factory=dict)
    git: Mapping[str, list[float]] = field(default_factory=dict)
    imports: Sequence[tuple[str, float]] = ()

    def median_bare(self) -> float:
        """Give the median of the tools' sums."""
        return statistics.median(map(sum, zip(*self.bare.values(), strict=True)))


# --- both sides -----------------------------------------------------------------------------------


def variables_for(stage: Stage) -> dict[str, str]:
    """Give the variables of both sides; Python may keep its byte code, or every start would compile anew."""
    variables = stage.variables(Environment({**os.environ, **GIT}))
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables


def make_project(folder: Path, backend: str) -> Path:
    """Make the tiny project, under git."""
    pyproject = PYPROJECT.format(requires=backend, backend=BACKENDS[backend])
    for name, text in {**FILES, "pyproject.toml": pyproject}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Start"), ("tag", "v1.2.4")):
        subprocess.run(["git", *words], cwd=folder, env={**os.environ, **GIT}, check=True)
    return folder


@contextmanager
def prepare(project: Path) -> Iterator[Stage]:
    """Put a project on a fresh stage: servers up, nothing released."""
    environment = Environment({**os.environ, **GIT, "NO_COLOR": "1"})
    configuration = read_configuration(project, environment, None)
    with open_stage(project, environment, configuration, "publish-first") as stage:
        yield stage


def run_bare(stage: Stage, variables: Mapping[str, str]) -> dict[str, float]:
    """Build, check, upload and install with the tools alone; give the seconds of each."""
    dist, place = stage.clone.parent / "bare", stage.clone.parent / "environment"
    python, uv = [sys.executable, "-m"], find_uv_bin()
    seconds = {}

    def timed(name: str, *argvs: Sequence[str]) -> None:
        began = time.perf_counter()
        for argv in argvs:
            run(argv, stage.clone, variables)
        seconds[name] = time.perf_counter() - began

    timed("build", [*python, "build", "--installer", "uv", "--outdir", str(dist)])
    files = sorted(str(path) for path in dist.iterdir() if path.suffix in (".gz", ".whl"))
    timed("twine check", [*python, "twine", "check", "--strict", *files])
    upload = ["twine", "upload", "--non-interactive", "--disable-progress-bar"]
    timed("twine upload", [*python, *upload, "--repository-url", stage.index.upload_url, *files])
    into = ["--python", str(place / "bin" / "python"), "--default-index", stage.index.simple_url]
    make = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(place)]
    timed("install", make, [uv, "pip", "install", "--quiet", "--no-cache", *into, "acme-widgets==1.2.4"])
    return seconds


def run_ours(stage: Stage, variables: Mapping[str, str], *options: str) -> tuple[float, dict[str, float], str]:
    """Release with Shipway; give the seconds of the whole, those of each step, and what it wrote to standard error."""
    began = time.perf_counter()
    argv = [sys.executable, *options, "-m", "shipway", "release", "minor", "--yes", "--no-gates", "--json"]
    done = run(argv, stage.clone, variables)
    seconds = time.perf_counter() - began
    steps = {step["step"]: float(step["seconds"]) for step in json.loads(done.stdout)["steps"]}
    return seconds, steps, done.stderr


def run(argv: Sequence[str], folder: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program that has to succeed."""
    done = subprocess.run(argv, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(argv[:5])} failed with exit code {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def measure(project: Path, runs: int) -> Measured:
    """Run both sides in turns, and then one release more under observation."""
    measured = Measured()
    for number in range(runs + 1):
        with prepare(project) as stage:
            bare = run_bare(stage, variables_for(stage))
        with prepare(project) as stage:
            seconds, steps, _ = run_ours(stage, variables_for(stage))
        if number:
            measured.ours.append(seconds)
            _append(measured.bare, bare)
            _append(measured.steps, steps)
    _observe(measured, project)
    return measured


def _append(lists: dict[str, list[float]], values: Mapping[str, float]) -> None:
    for name, value in values.items():
        lists.setdefault(name, []).append(value)


# --- where the rest goes --------------------------------------------------------------------------


def _observe(measured: Measured, project: Path) -> None:
    """Release once with git's own trace on (Trace2) and Python telling its imports; both cost time of their own."""
    with prepare(project) as stage:
        traces = stage.clone.parent / "traces"
        traces.mkdir()
        _, _, told = run_ours(stage, {**variables_for(stage), "GIT_TRACE2_EVENT": str(traces)}, "-X", "importtime")
        measured.git = read_git_traces(path.read_text(encoding="utf-8") for path in traces.iterdir())
    measured.imports = parse_imports(told)


def read_git_traces(traces: Iterable[str]) -> dict[str, list[float]]:
    """Give the seconds of each git that was not started by another git, by its first word (git's Trace2 events)."""
    found: dict[str, list[float]] = {}
    for trace in traces:
        events = [json.loads(line) for line in trace.splitlines()]
        if not events or "/" in events[0]["sid"]:
            continue
        word = next((str(event["name"]) for event in events if event["event"] == "cmd_name"), "git")
        seconds = next((float(event["t_abs"]) for event in events if event["event"] == "atexit"), 0.0)
        found.setdefault(word, []).append(seconds)
    return found


def parse_imports(text: str) -> list[tuple[str, float]]:
    """Give the seconds that each top-level package's own modules took, from ``-X importtime``; most first."""
    found: dict[str, float] = {}
    for matched in filter(None, map(IMPORT.match, text.splitlines())):
        package = matched[2].partition(".")[0]
        found[package] = found.get(package, 0.0) + int(matched[1]) / 1e6
    return sorted(found.items(), key=lambda item: -item[1])


# --- the tables -----------------------------------------------------------------------------------


def render(measured: Measured) -> str:
    """Render the comparison, and where the rest goes, as Markdown tables."""
    bare, ours = measured.median_bare(), statistics.median(measured.ours)
    runs = len(measured.ours)
    lines = [
        f"| a release, median of {runs} | seconds | ratio | aim |",
        "|---|---|---|---|",
        f"| the tools alone: {', '.join(BARE)} | {bare:.2f} | | |",
        f"| `release minor`, gates excluded | {ours:.2f} | {ours / bare:.2f} | {AIM} |",
        "",
        "| part | seconds |",
        "|---|---|",
        *(f"| bare: {name} | {statistics.median(values):.2f} |" for name, values in measured.bare.items()),
        *(f"| Shipway: {name} | {statistics.median(values):.2f} |" for name, values in measured.steps.items()),
        f"| Shipway: start-up and plan | {statistics.median(_outside_steps(measured)):.2f} |",
        "",
        *_render_observed(measured),
    ]
    return "\n".join(lines)


def _outside_steps(measured: Measured) -> list[float]:
    """Give what each release took outside of its steps."""
    sums = map(sum, zip(*measured.steps.values(), strict=True))
    return [whole - steps for whole, steps in zip(measured.ours, sums, strict=True)]


def _render_observed(measured: Measured) -> list[str]:
    git = sorted(measured.git.items(), key=lambda item: -sum(item[1]))
    total = [seconds for values in measured.git.values() for seconds in values]
    return [
        "| git, in one traced release | processes | seconds |",
        "|---|---|---|",
        *(f"| {name} | {len(values)} | {sum(values):.2f} |" for name, values in git),
        f"| all | {len(total)} | {sum(total):.2f} |",
        "",
        "| imports, in the same release | seconds |",
        "|---|---|",
        *(f"| {name} | {seconds:.3f} |" for name, seconds in measured.imports[:MOST_IMPORTS]),
        f"| all | {sum(seconds for _, seconds in measured.imports):.3f} |",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="?", type=int, default=5, help="how many count (default: 5)")
    parser.add_argument("--backend", choices=[*BACKENDS], default="hatchling", help="what builds (default: hatchling)")
    words = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        project = make_project(Path(folder) / "acme", words.backend)
        print(render(measure(project, words.runs)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
