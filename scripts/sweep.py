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
"""Kill a release at each of its boundary events and run it again: both flows, hatchling and setuptools.

    python scripts/sweep.py [--flow FLOW] [--backend NAME] [--takeover] [--only PART_OF_A_CASE] [--workers N]

Four sweeps over projects that are made on the spot; each prints its table, what went wrong, and how many converged.
What is swept is the source beside this script, run in an environment that holds what Shipway needs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from shipway.grammar import FLOWS  # noqa: E402 - the source beside this script
from shipway.project.configuration import read_configuration  # noqa: E402
from shipway.rehearsal.sweep.course import record, record_takeover  # noqa: E402
from shipway.rehearsal.sweep.sweep import Result, Sweep  # noqa: E402
from shipway.rehearsal.sweep.table import LEGEND, has_converged, render_summary, render_sweep  # noqa: E402
from shipway.rehearsal.sweep.trial import Subject  # noqa: E402
from shipway.world.environment import Environment  # noqa: E402

EVERY = 20
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A. Maintainer",
    "GIT_AUTHOR_EMAIL": "maintainer@example.invalid",
    "GIT_COMMITTER_NAME": "A. Maintainer",
    "GIT_COMMITTER_EMAIL": "maintainer@example.invalid",
}
NOT_PASSED_ON = ("CI", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""A release in CI asks for no consent and would be another run; without byte code every start compiles anew."""
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

[tool.shipway]
publisher = "{publisher}"

[tool.towncrier]
directory = "changelog.d"
filename = "CHANGELOG.md"
"""
BACKENDS = {"hatchling": ("hatchling.build", "twine"), "setuptools": ("setuptools.build_meta", "uv")}
"""Each with its module, and the program that uploads: so both are swept."""
FILES = {
    "README.md": "# Acme widgets\n",
    "CHANGELOG.md": "# Changelog\n",
    "changelog.d/7.feature.md": "Widgets turn.\n",
    "changelog.d/8.bugfix.md": "Widgets stop.\n",
    "src/acme_widgets/__init__.py": '"""Widgets."""\n',
}


@dataclass
class Telling:
    """Prints how far a sweep is, now and then, and at once what did not converge."""

    total: int
    began: float
    done: int = 0

    def tell(self, result: Result) -> None:
        """Count a result."""
        self.done += 1
        if result.verdict != "converged":
            say(f"{result.verdict}: {result.case}")
        if self.done % EVERY == 0 or self.done == self.total:
            say(f"{self.done} of {self.total}, {time.monotonic() - self.began:.0f} s")


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)


def make_project(folder: Path, backend: str) -> Path:
    """Make a tiny project of one back-end, under git."""
    module, publisher = BACKENDS[backend]
    pyproject = PYPROJECT.format(requires=backend, backend=module, publisher=publisher)
    for name, text in {**FILES, "pyproject.toml": pyproject}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "Start"), ("tag", "v1.2.4")):
        subprocess.run(["git", *words], cwd=folder, env={**os.environ, **GIT}, check=True)
    return folder


def sweep(flow: str, backend: str, asked: argparse.Namespace) -> list[Result]:
    """Sweep one flow with one back-end, and print what came of it."""
    environment = Environment({k: v for k, v in {**os.environ, **GIT}.items() if k not in NOT_PASSED_ON})
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shipway-sweep-") as folder:
        project = make_project(Path(folder) / "acme", backend)
        configuration = read_configuration(project, environment, None)
        subject = Subject(project, environment, configuration, flow, ("minor", "--no-gates"))
        course = record(subject, Path(folder) / "made")
        course = record_takeover(subject, course) if asked.takeover else course
        cases = [case for case in course.cases if asked.only in str(case)][:: asked.sample]
        say(f"\n{flow}, {backend}: {len(course.events)} events, {len(cases)} cases")
        telling = Telling(len(cases), time.monotonic())
        results = Sweep(subject, course.expected, asked.workers).run(cases, telling.tell)
    say("\n" + "\n".join(render_sweep(results)))
    say(f"{flow}, {backend}: {render_summary(results)}, in {time.monotonic() - began:.0f} s")
    return results


def main(argv: Sequence[str] | None = None) -> int:
    """Sweep what was asked for; 0 only if every case of it converged."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--flow", choices=FLOWS, help="this flow alone")
    parser.add_argument("--backend", choices=[*BACKENDS], help="this back-end alone")
    parser.add_argument("--only", default="", help="the cases whose name holds this, such as 'b after POST /pulls'")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many releases at a time")
    parser.add_argument("--takeover", action="store_true", help="kill the one who takes over from a dead run instead")
    parser.add_argument("--sample", type=int, default=1, help="every how manyth case")
    asked = parser.parse_args(argv)
    began, total = time.monotonic(), []
    for flow, backend in product([asked.flow] if asked.flow else FLOWS, [asked.backend] if asked.backend else BACKENDS):
        total.append(sweep(flow, backend, asked))
    tried = [result for results in total for result in results]
    converged = sum(result.verdict == "converged" for result in tried)
    say("\n" + "\n".join(LEGEND))
    say(f"\ntried: {len(tried)}; converged: {'all' if converged == len(tried) else converged}")
    say(f"{len(total)} sweeps in {(time.monotonic() - began) / 60:.0f} minutes")
    return 0 if all(has_converged(results) for results in total) else 1


if __name__ == "__main__":
    sys.exit(main())
