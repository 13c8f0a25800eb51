"""The ways in which Shipway can be there: a wheel of this very tree, and environments with nothing else in them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nox.project
import pytest

from fronts.fronts_support import OURS, Ended
from shipway.world.installer import find_uv

ROOT = Path(__file__).resolve().parents[2]
PYTHON = os.path.realpath(sys.executable)
PARTS = ("src", "README.md", "LICENSE", "pyproject.toml")
OTHERS = (*OURS, "PYTHONPATH", "UV_", "PIP_")


def uv() -> str:
    """Give the uv that came with us."""
    found = find_uv()
    assert found is not None, "these tests need uv"
    return found


@dataclass(frozen=True)
class Wheel:
    """A wheel of this tree, under a version that no index has, and the source that it was built from."""

    folder: Path
    version: str
    source: Path


def build_wheel(place: Path) -> Wheel:
    """Build the wheel from a copy of the tree; its version follows from its content, since uv caches by version."""
    tree, folder = place / "tree", place / "wheels"
    tree.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, tree / part)
    digest = hashlib.sha256()
    for path in sorted(path for path in tree.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    version = f"9000.0.{int(digest.hexdigest()[:7], 16)}"
    pyproject = tree / "pyproject.toml"
    text = re.sub(r'^version = ".+"$', f'version = "{version}"', pyproject.read_text("utf-8"), count=1, flags=re.M)
    pyproject.write_text(text, encoding="utf-8")
    built = subprocess.run(
        [uv(), "build", "--quiet", "--wheel", "--python", PYTHON, "--out-dir", str(folder), str(tree)],
        env={name: value for name, value in os.environ.items() if not name.startswith(OTHERS[:-2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return Wheel(folder, version, tree / "src")


def needs() -> list[str]:
    """Name what the package needs of others."""
    return [str(need) for need in nox.project.load_toml(ROOT / "pyproject.toml")["project"]["dependencies"]]


@dataclass(frozen=True)
class Way:
    """A repository, and the one environment that is in reach of whoever works in it."""

    root: Path
    programs: Path
    wheel: Wheel
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *argv: str, **env: str) -> Ended:
        """Run a program in the repository."""
        done = subprocess.run(
            argv,
            cwd=self.root,
            env={**self._environment(), **self.variables, **env},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=300,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def program(self, name: str, *words: str, **env: str) -> Ended:
        """Run a program of the environment."""
        return self.run(str(self.programs / name), *words, **env)

    def shell(self, line: str, **env: str) -> Ended:
        """Run a line as a person types it."""
        return self.run("/bin/sh", "-c", line, **env)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
        tools = self.wheel.folder.parent / "tools"
        return kept | {
            "PATH": os.pathsep.join([str(self.programs), str(tools), "/usr/local/bin", "/usr/bin", "/bin"]),
            "UV_FIND_LINKS": str(self.wheel.folder),
            "UV_PYTHON": PYTHON,
            "UV_PYTHON_DOWNLOADS": "never",
            "NO_COLOR": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }


def open_way(root: Path, wheel: Wheel, *installed: str) -> Way:
    """Make an environment beside a repository, with nothing in it but this."""
    place = root.parent / f"{root.name}-environment"
    tools = wheel.folder.parent / "tools"
    if not tools.exists():
        tools.mkdir()
        for name in ("uv", "uvx"):
            (tools / name).symlink_to(Path(uv()).with_name(name))
    way = Way(root, place / "bin", wheel)
    for words in (["venv", "--python", PYTHON, str(place)], ["pip", "install", "--python", str(place), *installed]):
        ended = way.run(uv(), *words, "--quiet")
        assert ended.code == 0, ended.output
    return way


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """Build the wheel of this tree, once."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))
