"""rehearse --fault: one fault on a repository that is only read, and a plain verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from end_to_end.support import GIT, PYPROJECT, SOURCE, git, make_project
from shipway.rehearsal.faults.table import FAULTS

ARGV = [sys.executable, "-m", "shipway", "rehearse"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one project for all of them: nobody writes into it."""
    return make_project(tmp_path_factory.mktemp("rehearsed") / "acme")


def rehearse(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Rehearse a release of a project on a machine without home and CI."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") and name != "CI"}
    variables = {**kept, **GIT, "HOME": str(project.parent), "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"}
    return subprocess.run([*ARGV, *words], cwd=project, env=variables, capture_output=True, text=True, check=False)


def test_a_fault_is_shown_with_its_outcome_what_a_person_does_and_the_verdict(project: Path) -> None:
    before = (git(project, "for-each-ref"), git(project, "status", "--porcelain", "--ignored"))
    done = rehearse(project, "minor", "--fault", "branch-rule")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Rehearsing acme-widgets with a fault: a rule of the repository refuses")
    blocked = next(place for place, line in enumerate(lines) if line.startswith("blocked: the remote refuses release/"))
    person = lines.index("Now a person allows it.")
    out = next(place for place, line in enumerate(lines) if line.startswith("1.3.0 is out."))
    assert blocked < person < out
    assert lines[-1].startswith(
        "Verdict: it stopped: blocked; then it went on. There is exactly one release: 1.3.0, 2 files"
    )
    assert (git(project, "for-each-ref"), git(project, "status", "--porcelain", "--ignored")) == before


def test_a_fault_that_a_release_gets_over_by_itself_is_told_as_one_document(project: Path) -> None:
    done = rehearse(project, "patch", "--flow", "direct", "--fault", "upload-502", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["fault"], told["first"]["code"], told["person"], told["problems"]) == ("upload-502", 0, "", [])
    assert told["last"]["version"] == "1.2.5"
    assert "Verdict: it went on by itself." in done.stderr


def test_an_unknown_fault_lists_them_all_and_names_the_closest(project: Path) -> None:
    done = rehearse(project, "minor", "--fault", "branch-rules")
    assert done.returncode == 10
    assert "no fault is called 'branch-rules'" in done.stdout
    assert all(name in done.stdout for name in FAULTS)
    assert "next: python -m shipway rehearse minor --fault branch-rule\n" in done.stdout


def test_a_fault_without_a_bump_asks_for_one(project: Path) -> None:
    done = rehearse(project, "--fault", "yank")
    assert done.returncode == 10
    assert "next: python -m shipway rehearse minor --fault yank\n" in done.stdout


def test_a_fault_of_one_flow_is_refused_in_the_other(project: Path) -> None:
    done = rehearse(project, "minor", "--flow", "direct", "--fault", "pull-request-closed")
    assert done.returncode == 10
    assert "next: python -m shipway rehearse minor --flow publish-first --fault pull-request-closed\n" in done.stdout


def test_a_fault_of_a_forge_is_refused_where_there_is_none(tmp_path: Path) -> None:
    settings = f'{PYPROJECT}\n[tool.shipway]\nforge = "none"\nflow = "direct"\n'
    done = rehearse(make_project(tmp_path / "acme", {"pyproject.toml": settings}), "minor", "--fault", "lost-draft")
    assert done.returncode == 10
    assert "lost-draft needs a forge" in done.stdout


def test_a_fault_that_did_not_happen_is_no_proof(project: Path) -> None:
    done = rehearse(project, "minor", "--pre", "rc", "--fault", "branch-deleted")
    assert done.returncode == 16
    assert "branch-deleted did not happen: this release has nothing that meets it" in done.stdout
