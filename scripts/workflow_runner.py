"""The runner that ``run_workflows.py`` plays its scenes with: a project that has adopted Shipway, under `act`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from uv import find_uv_bin

from shipway.adopt.workflows.actions import ACTIONS
from shipway.project.configuration import read_configuration
from shipway.rehearsal.stage import Stage, open_stage
from shipway.world.environment import Environment

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
            "PATH": search_path(),
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


def search_path() -> str:
    """Give the folders in which programs are found: uv's, ours, and everybody's."""
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
