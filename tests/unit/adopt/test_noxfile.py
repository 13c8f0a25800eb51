"""The noxfile and tasks file that adoption writes, and what it adds to those that are there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shipway.adopt.initial import lines_after_imports
from shipway.adopt.noxfile import extend_noxfile, extend_tasks, render_noxfile, render_tasks, spaced

NEEDS = ("nox", "shipway==1.0")
OWN = '''\
#!/usr/bin/env -S uv run
"""Ours."""

import nox
from pathlib import Path

nox.options.sessions = ["lint"]


@nox.session(python=["3.11", "3.12"])
def tests(session: nox.Session) -> None:
    session.run("pytest", *session.posargs)


@nox.session(name="lint")
def run_linters(session: nox.Session) -> None:
    session.run("ruff", "check")


@nox.session
def deploy(session: nox.Session) -> None:
    session.log("deploy")


if __name__ == "__main__":
    nox.main()
'''
TASKS = '''\
from invoke import task


@task
def build(c):
    """Build it our way."""
    c.run("true")


@task(help={"name": "who"})
def greet(c, name="you"):
    print(f"hello {name}")
'''


def listed(folder: Path, *argv: str) -> str:
    source = Path(__file__).parents[3] / "src"
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(source), "NO_COLOR": "1", "NOX_SCRIPT_MODE": "none"}
    done = subprocess.run(
        [sys.executable, "-m", *argv], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("folder", ["", "scripts"])
def test_what_is_written_anew_is_python_and_brings_its_needs(folder: str) -> None:
    noxfile = render_noxfile(NEEDS, folder)
    ast.parse(noxfile)
    ast.parse(render_tasks(folder))
    assert noxfile.startswith("# /// script\n# dependencies = [\n")
    assert '#     "shipway==1.0",\n' in noxfile
    assert ("sys.path" in noxfile) is bool(folder)


def test_a_noxfile_that_is_there_keeps_its_sessions_and_gets_ours(tmp_path: Path) -> None:
    (tmp_path / "noxfile.py").write_text(extend_noxfile(OWN, NEEDS), encoding="utf-8")
    shown = listed(tmp_path, "nox", "--list")
    for name in ("tests-3.11", "tests-3.12", "* lint", "deploy", "release", "rehearse"):
        assert name in shown, shown
    assert len(re.findall(r"^[-*] lint\b", shown, re.MULTILINE)) == 1
    text = (tmp_path / "noxfile.py").read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env -S uv run\n# /// script\n")
    assert text.rstrip().endswith("nox.main()")


def test_tasks_that_are_there_keep_their_names_and_get_ours(tmp_path: Path) -> None:
    (tmp_path / "tasks.py").write_text(extend_tasks(TASKS), encoding="utf-8")
    shown = listed(tmp_path, "invoke", "--list")
    assert "Build it our way." in shown
    assert "greet" in shown
    assert "release" in shown
    assert "hello them" in listed(tmp_path, "invoke", "greet", "--name", "them")


def test_what_has_ours_already_stays_as_it_is() -> None:
    for once in (extend_noxfile(OWN, NEEDS), render_noxfile(NEEDS)):
        assert extend_noxfile(once, NEEDS) == once
    for once in (extend_tasks(TASKS), render_tasks()):
        assert extend_tasks(once) == once


def test_a_tasks_file_that_builds_its_own_namespace_stays_as_it_is() -> None:
    own = f"{TASKS}\nfrom invoke import Collection\nns = Collection(build, greet)\n"
    assert extend_tasks(own) == own


def test_a_file_of_ours_has_as_many_lines_below_its_imports_as_the_repository_wants() -> None:
    wanted = {"tool": {"ruff": {"lint": {"isort": {"lines-after-imports": 2}}}}}
    assert (lines_after_imports(wanted), lines_after_imports({})) == (2, 1)
    assert spaced(render_noxfile(["shipway"]), 1) == render_noxfile(["shipway"])
    assert "import shipway\n\n\nnox.options" in spaced(render_noxfile(["shipway"]), 2)
    assert "import shipway\n\n\nns = " in spaced(render_tasks(), 2)
