"""A whole world for one release: a project, an embedded index and forge, a clone, and the real program as a child."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipway.parser import HelpRequested, Request, parse
from shipway.project.configuration import read_configuration
from shipway.rehearsal.stage import Stage, open_stage
from shipway.world.environment import Environment

SOURCE = Path(__file__).parents[2] / "src"
GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}

BACKEND = '''\
"""The smallest build back-end: builds in a blink, needs nothing, and is reproducible (PEP 517)."""
import io, os, tarfile, zipfile
from pathlib import Path

def _project():
    text = Path("pyproject.toml").read_text()
    value = lambda key: text.split(f'\\n{key} = "')[1].split('"')[0]
    return value("name").replace("-", "_"), value("version"), value("name")

def _metadata():
    _, version, name = _project()
    head = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\nDescription-Content-Type: text/markdown\\n"
    return head + "\\n# A project for tests\\n"

def build_sdist(directory, config_settings=None):
    name, version, _ = _project()
    stem = f"{name}-{version}"
    with tarfile.open(Path(directory) / f"{stem}.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as archive:
        left_out = {".git", "__pycache__"}
        files = [path for path in sorted(Path().rglob("*")) if path.is_file() and not left_out & set(path.parts)]
        for path in files:
            archive.add(path, f"{stem}/{path}")
        data = _metadata().encode()
        info = tarfile.TarInfo(f"{stem}/PKG-INFO")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return f"{stem}.tar.gz"

def build_wheel(directory, config_settings=None, metadata_directory=None):
    name, version, _ = _project()
    stem = f"{name}-{version}"
    folder = f"{stem}.dist-info"
    with zipfile.ZipFile(Path(directory) / f"{stem}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{name}/__init__.py", '"""Made by tests."""\\n')
        archive.writestr(f"{folder}/METADATA", _metadata())
        archive.writestr(f"{folder}/WHEEL", "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{folder}/RECORD", f"{name}/__init__.py,,\\n{folder}/METADATA,,\\n{folder}/WHEEL,,\\n{folder}/RECORD,,\\n")
    return f"{stem}-py3-none-any.whl"
'''  # noqa: E501 - a file of the test project, as short as can be

PYPROJECT = """\
[build-system]
requires = []
build-backend = "tiny"
backend-path = ["_build"]

[project]
name = "acme-widgets"
version = "1.2.4"
description = "Widgets"
readme = "README.md"
requires-python = ">=3.10"

[tool.towncrier]
directory = "changelog.d"
filename = "CHANGELOG.md"
start_string = "<!-- towncrier release notes start -->\\n"
title_format = "## {version} ({project_date})"
underlines = ["", "", ""]
issue_format = "#{issue}"
"""

CHANGELOG = "# Changelog\n\n<!-- towncrier release notes start -->\n\n## 1.2.4 (2026-01-01)\n\n- Old.\n"

NOXFILE = """\
import nox

@nox.session(tags=["gate"], venv_backend="none")
def lint(session):
    session.log("fine")
"""

FILES: Mapping[str, str] = {
    "pyproject.toml": PYPROJECT,
    "CHANGELOG.md": CHANGELOG,
    "README.md": "# Acme widgets\n",
    "changelog.d/7.feature.md": "Widgets turn.\n",
    "noxfile.py": NOXFILE,
    ".gitignore": "dist/\n",
    "_build/tiny.py": BACKEND,
    "acme_widgets/__init__.py": '"""Widgets."""\n',
}


def git(folder: Path, *words: str, check: bool = True, day: str = "") -> str:
    """Run git as nobody in particular, on a day of ISO 8601 ("" for today); give what it printed."""
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"} if day else {}
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in _WHO.items()}
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **GIT, **who, **dates},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.strip()


_WHO = {"NAME": "A. Maintainer", "EMAIL": "maintainer@example.invalid"}


def make_project(folder: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Make a project under git, with some files changed (None: left out)."""
    folder.mkdir(parents=True)
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Start")
    git(folder, "tag", "v1.2.4")
    return folder


REGISTER = "refs/shipway/acme-widgets/main"


@dataclass
class World:
    """A stage with a clone on it, and the program that releases from there."""

    stage: Stage
    clone: Path
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, interpreter: str = sys.executable, **env: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m shipway`` with these words in the clone, with these variables on top."""
        return subprocess.run(
            [interpreter, "-m", "shipway", *words],
            cwd=self.clone,
            env={**self.variables, **env},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def release(self, *words: str, code: int = 0, **env: str) -> str:
        """Run ``release WORDS --yes --no-gates`` and hold its exit code; give all that it printed."""
        done = self.run("release", *words, "--yes", "--no-gates", **env)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def elsewhere(self, name: str = "elsewhere", **variables: str) -> World:
        """Give the same world from another machine: a fresh clone, and another person with these variables."""
        place = self.clone.parent / name
        who = {f"GIT_{role}_NAME": f"Somebody {name}" for role in ("AUTHOR", "COMMITTER")}
        env = {**self.variables, **who, **variables}
        subprocess.run(["git", "clone", "--quiet", self.stage.remote_url, str(place)], env=env, check=True)
        return World(self.stage, place, env)

    @property
    def claim(self) -> dict[str, Any]:
        """The claim that the register holds."""
        found = json.loads(git(self.bare, "show", f"{REGISTER}:claim.json"))
        assert isinstance(found, dict)
        return found

    @property
    def outcome(self) -> dict[str, Any]:
        """The outcome that the last command left."""
        found = json.loads((self.clone / ".release" / "outcome.json").read_text(encoding="utf-8"))
        assert isinstance(found, dict)
        return found

    def remote_refs(self) -> dict[str, str]:
        """Give the refs of the repository on the forge."""
        rows = [
            line.split("\t")
            for line in git(self.bare, "for-each-ref", "--format=%(objectname)%09%(refname)").splitlines()
        ]
        return {ref: commit for commit, ref in rows if not ref.startswith("refs/pull/")}

    @property
    def bare(self) -> Path:
        """The bare repository behind the forge."""
        return self.stage.forge.repository(self.stage.repository).git.path

    def snapshot(self) -> dict[str, object]:
        """Give everything that others can see: refs, files on the index, pull requests, forge releases."""
        repository = self.stage.forge.repository(self.stage.repository)
        return {
            "refs": self.remote_refs(),
            "files": sorted((file.name, file.digest) for file in self.stage.index.files),
            "pulls": [(pull.number, pull.state, pull.head_commit, sorted(pull.labels)) for pull in repository.pulls],
            "releases": [
                (release.tag, release.draft, release.prerelease, release.body, sorted(a.name for a in release.assets))
                for release in repository.releases
            ],
        }

    def follow(self, remedy: str, **filled: str) -> None:
        """Do what a remedy says: the first command of each of its parts, as a person would type it."""
        for words in commands_in(remedy):
            known = {"nox": [sys.executable, "-m", "nox"], "python": [sys.executable]}
            argv = [*known.get(words[0], [words[0]]), *(filled.get(word, word) for word in words[1:])]
            env = {**self.variables, "CI": "true"}
            done = subprocess.run(argv, cwd=self.clone, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{argv}\n{done.stdout}{done.stderr}"

    def commit(self, changes: Mapping[str, str | None], *, push: bool = True) -> str:
        """Commit changed files (None: removed) on the branch of the clone, and by default bring it to the forge."""
        for name, text in changes.items():
            if text is None:
                (self.clone / name).unlink()
            else:
                (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
                (self.clone / name).write_text(text, encoding="utf-8", newline="\n")
        git(self.clone, "add", "--all")
        git(self.clone, "commit", "--quiet", "--allow-empty", "--message", "Change")
        if push:
            git(self.clone, "push", "--quiet", str(self.bare), "HEAD")
        return git(self.clone, "rev-parse", "HEAD")

    def everything(self) -> dict[str, object]:
        """Give all that a refused command leaves alone: files, refs, index and settings here, and what others see."""
        files = [path for path in sorted(self.clone.rglob("*")) if not {".git", ".release"} & {*path.parts}]
        return {
            **self.snapshot(),
            "tree": {path.relative_to(self.clone): path.read_bytes() for path in files if path.is_file()},
            "head": (self.clone / ".git" / "HEAD").read_text(encoding="utf-8"),
            "settings": (self.clone / ".git" / "config").read_text(encoding="utf-8"),
            "own refs": git(self.clone, "for-each-ref"),
            "index": git(self.clone, "ls-files", "--stage"),
            "status": git(self.clone, "status", "--porcelain"),
            "work trees": git(self.clone, "worktree", "list"),
        }

    def local_state(self) -> tuple[str, str, str, str]:
        """Give what a release must leave alone in the clone: status, branches, work trees, tags."""
        return (
            git(self.clone, "status", "--porcelain"),
            git(self.clone, "branch", "--all"),
            git(self.clone, "worktree", "list"),
            git(self.clone, "tag", "--list"),
        )


@contextmanager
def open_world(project: Path, *, flow: str = "publish-first", forge: bool = True, **settings: str) -> Iterator[World]:
    """Put a project on a stage; ``settings`` are more ``SHIPWAY_*`` variables, by their keys."""
    own = {name: value for name, value in os.environ.items() if name != "CI"}  # each test says where it runs
    environment = Environment({**own, **GIT, "NO_COLOR": "1", "PYTHONPATH": str(SOURCE)})
    configured = Environment({**environment.variables, **({} if forge else {"SHIPWAY_FORGE": "none"})})
    configuration = read_configuration(project, configured, None)
    with open_stage(project, environment, configuration, flow) as stage:
        variables = stage.variables(environment)
        variables |= {f"SHIPWAY_{key.upper()}": value for key, value in settings.items()}
        yield World(stage, stage.clone, {**variables, "PYTHONPATH": str(SOURCE)})


PROGRAMS = ("nox", "python", "inv", "git", "gh")


def commands_in(remedy: str) -> list[list[str]]:
    """Give the commands in a remedy: what begins with a program's name, after a conjunction or at the start."""
    parts = re.split(r" && |; |, then |, mend it|, or |: | \(or ", remedy)
    words = [shlex.split(part) for part in parts if part.split(" ")[0] in PROGRAMS]
    return [command for command in words if command]


def parse_command(words: Sequence[str]) -> Request | HelpRequested | None:
    """Parse a command of ours, in nox's or the module's spelling; None for somebody else's."""
    if words[:2] == ["nox", "-s"]:
        _, _, name, *rest = words
        assert rest[:1] in ([], ["--"]), words
        parsed = parse([name, *rest[1:]])
    elif words[:3] == ["python", "-m", "shipway"]:
        parsed = parse(words[3:])
    else:
        return None
    assert isinstance(parsed, (Request, HelpRequested)), words
    return parsed
