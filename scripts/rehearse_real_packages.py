# /// script
# requires-python = ">=3.11"
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
#     "pip",
# ]
# ///
"""Rehearse the next minor release of six public packages, one for each build back-end, and print what happened.

    python scripts/rehearse_real_packages.py [PACKAGE ...] [--sdists FOLDER]

Each sdist is fetched through pip (held to its digest), put under git as its maintainers might have it, given
towncrier fragments and a gate, and rehearsed by ``python -m shipway`` from the source beside this script, run in an
environment that holds what Shipway needs.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

ROOT = Path(__file__).resolve().parents[1]
TIME_LIMIT = 600.0
LEAST_RELEASED = 5
CHANGES = ("CHANGELOG.md", "CHANGES.rst", "HISTORY.md")
MADE_BY_THE_BUILD = ("PKG-INFO", "*.egg-info", "src/*.egg-info")

TOWNCRIER = """
[tool.towncrier]
directory = "changelog.d"
filename = "{changes}"
ignore = []
"""
FRAGMENTS = {"101.feature": "A rehearsal found its way here.\n", "102.bugfix": "It left everything as it was.\n"}
NOXFILE = '''\
import ast
from pathlib import Path

import nox


@nox.session(tags=["gate"], venv_backend="none")
def parses(session):
    """Parse every module."""
    for path in Path("src").rglob("*.py"):
        ast.parse(path.read_bytes())
'''
IGNORED = "/.nox/\n__pycache__/\n"
MAINTAINER = {"GIT_AUTHOR_NAME": "A. Maintainer", "GIT_AUTHOR_EMAIL": "maintainer@example.invalid"}
GIT = {
    **MAINTAINER,
    **{name.replace("AUTHOR", "COMMITTER"): value for name, value in MAINTAINER.items()},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class NotReadyError(Exception):
    """A package could not be fetched or put under git, so there was nothing to rehearse."""


@dataclass(frozen=True)
class Package:
    """A public package with a static version: which one exactly, and what it stands for."""

    name: str
    version: str
    digest: str
    backend: str
    layout: str


TABLE = """\
python-json-logger 3.3.0 12b7e74b17775e7d565129296105bbe3910842d9d0eb083fc83a6a617aa8df84 setuptools src
typing-inspection 0.4.1 6ae134cc0203c33377d43188d4064e9b357dba58cff3185f22924610e70a9d28 hatchling src, uv.lock
aiohappyeyeballs 2.6.1 c3f9d0113123803ccadfdf3f0faa505bc78e6a72d1cc4806cbd719826e943558 poetry-core src, PEP 621
click 8.2.1 27c491cc05d968d271d5a1db13e3b5a184636d9d930f148c50b038f0d0646202 flit_core src, uv.lock
gpx 2026.4.0 ff64a5d64bebf7e32c9d38b7a135cdc40cbaa64d92f537a053b050fcea2d2f4d uv_build src
markupsafe 3.0.2 ee55d3edf80167e48ea11a923c7386f4669df67d7994554387f84e7d8b0a2bf0 setuptools src, C extension
"""
PACKAGES = tuple(Package(*row.split(maxsplit=4)) for row in TABLE.splitlines())


@dataclass(frozen=True)
class Rehearsal:
    """How the rehearsal of one package ended; ``code`` is None where it never began."""

    package: Package
    code: int | None
    happened: str
    seconds: float = 0.0
    distributions: tuple[str, ...] = ()


def rehearse(package: Package, folder: Path, sdists: Path) -> Rehearsal:
    """Fetch a package, put it under git, and rehearse its next minor release."""
    try:
        source = unpack(fetch(package, sdists), folder / package.name)
        put_under_git(source, package)
    except NotReadyError as error:
        return Rehearsal(package, None, str(error))
    began = time.monotonic()
    code, printed = run_shipway(source, TIME_LIMIT)
    return judge(package, code, printed, time.monotonic() - began)


# --- from the index to a repository ---------------------------------------------------------------


def fetch(package: Package, sdists: Path) -> Path:
    """Have pip download the sdist, held to its digest, unless it is there from an earlier run."""
    name = f"{package.name.replace('-', '_')}-{package.version}.tar.gz"
    if not (sdists / name).is_file():
        wanted = sdists / f"{package.name}.txt"
        wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.digest}\n", encoding="utf-8")
        words = ["--quiet", "--no-deps", "--no-binary", package.name, "--dest", str(sdists), "-r", str(wanted)]
        done = run([sys.executable, "-m", "pip", "download", *words], cwd=sdists)
        if done.returncode != 0 or not (sdists / name).is_file():
            raise NotReadyError(f"pip did not fetch it: {last_line(done.stderr)}")
    return sdists / name


def unpack(sdist: Path, source: Path) -> Path:
    """Unpack an sdist without what its build has added, so that it is as in its repository."""
    with tarfile.open(sdist) as archive:
        archive.extractall(source.parent, filter="data")
    (source.parent / sdist.name.removesuffix(".tar.gz")).rename(source)
    original = source / "pyproject.toml.orig"
    if original.is_file():
        original.replace(source / "pyproject.toml")
    for pattern in MADE_BY_THE_BUILD:
        for path in source.glob(pattern):
            rmtree(path) if path.is_dir() else path.unlink()
    return source


def put_under_git(source: Path, package: Package) -> None:
    """Give a source tree what a release needs, and commit it as the version that it has, with its tag."""
    add_towncrier(source)
    (source / "noxfile.py").write_text(NOXFILE, encoding="utf-8")
    with (source / ".gitignore").open("a", encoding="utf-8") as file:
        file.write(IGNORED)
    for words in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", f"{package.name} {package.version}"),
        ("tag", f"v{package.version}"),
    ):
        done = run(["git", *words], cwd=source)
        if done.returncode != 0:
            raise NotReadyError(f"git {words[0]} failed: {last_line(done.stderr)}")


def add_towncrier(source: Path) -> None:
    """Configure towncrier for the package's own file of changes (or a new one), with two fragments."""
    pyproject = source / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    changes = next((name for name in CHANGES if (source / name).is_file()), CHANGES[0])
    if "[tool.towncrier]" not in text:
        pyproject.write_text(f"{text.rstrip()}\n{TOWNCRIER.format(changes=changes)}", encoding="utf-8")
    if not (source / changes).is_file():
        (source / changes).write_text("# Changelog\n", encoding="utf-8")
    folder = source / "changelog.d"
    folder.mkdir()
    for name, fragment in FRAGMENTS.items():
        (folder / f"{name}{Path(changes).suffix}").write_text(fragment, encoding="utf-8")


# --- the rehearsal --------------------------------------------------------------------------------


def run_shipway(source: Path, limit: float) -> tuple[int | None, str]:
    """Rehearse with a time limit that ends the whole process group; give exit code (None: too long) and JSON."""
    argv = [sys.executable, "-m", "shipway", "rehearse", "minor", "--gates", "--json"]
    environment = {**os.environ, **GIT, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        argv, cwd=source, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        try:
            printed, _ = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return None, child.communicate()[0]
    return child.returncode, printed


def judge(package: Package, code: int | None, printed: str, seconds: float) -> Rehearsal:
    """Say how a rehearsal ended, in the words of its outcome."""
    try:
        outcome = json.loads(printed)
    except ValueError:
        happened = f"did not end within {TIME_LIMIT:.0f} s" if code is None else "it left no outcome"
        return Rehearsal(package, code, happened, seconds)
    if code != 0:
        return Rehearsal(package, code, f"{outcome['outcome']}: {outcome['what']}", seconds)
    happened = "; ".join([f"{package.version} -> {outcome['version']}", *outcome["afterwards"]])
    return Rehearsal(package, code, happened, seconds, tuple(outcome["distributions"]))


def run(argv: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program as nobody in particular, and keep what it prints."""
    environment = {**os.environ, **GIT}
    return subprocess.run(argv, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def last_line(text: str) -> str:
    """Give the last line in which a program says something, as errors come last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("ERROR", "error", "fatal"))]
    return (errors or lines or ["it said nothing"])[-1]


# --- the table ------------------------------------------------------------------------------------


def render(rehearsals: Sequence[Rehearsal]) -> str:
    """Render what happened as a Markdown table."""
    rows = ["| package | back-end | layout | exit code | what happened | seconds | distributions |"]
    rows += ["|---|---|---|---|---|---|---|", *(_row(each) for each in rehearsals)]
    return "\n".join(rows)


def _row(each: Rehearsal) -> str:
    package = each.package
    code = "none" if each.code is None else str(each.code)
    files = ", ".join(f"`{name}`" for name in each.distributions)
    cells = [f"{package.name} {package.version}", package.backend, package.layout, code, each.happened]
    return "| " + " | ".join([*(cell.replace("|", "\\|") for cell in cells), f"{each.seconds:.0f}", files]) + " |"


def main(argv: Sequence[str] | None = None) -> int:
    """Rehearse every package (or those named) and print the table; 1 if too few were released."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", nargs="*", help="only these (default: all six)")
    parser.add_argument("--sdists", type=Path, help="keep downloaded sdists here, and take them from here")
    words = parser.parse_args(argv)
    known = [package.name for package in PACKAGES]
    if unknown := sorted(set(words.package) - set(known)):
        parser.error(f"no such package: {', '.join(unknown)} (there are {', '.join(known)})")
    chosen = [package for package in PACKAGES if not words.package or package.name in words.package]
    with tempfile.TemporaryDirectory(prefix="real-packages-") as folder:
        sdists = (words.sdists or Path(folder) / "sdists").resolve()
        sdists.mkdir(parents=True, exist_ok=True)
        rehearsals = []
        for package in chosen:
            print(f"{package.name} {package.version} ({package.backend})", file=sys.stderr, flush=True)
            rehearsals.append(rehearse(package, Path(folder), sdists))
    print(render(rehearsals))
    released = sum(each.code == 0 for each in rehearsals)
    return 0 if released >= min(LEAST_RELEASED, len(chosen)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
