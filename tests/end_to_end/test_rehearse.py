"""rehearse: a whole release of the repository it stands in, which it only reads."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from end_to_end.support import GIT, SOURCE, git, make_project

ARGV = [sys.executable, "-m", "shipway", "rehearse"]


def variables(home: Path) -> dict[str, str]:
    """Give the variables of a fresh machine: an empty home and no identity."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") and name != "CI"}
    return {**kept, **GIT, "HOME": str(home), "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"}


def rehearse(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Rehearse a project's release."""
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [*ARGV, *words], cwd=project, env=variables(home), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", [("--merge", "squash"), ("--flow", "direct"), ("--pre", "rc"), ("--gates",)])
def test_a_rehearsal_ends_with_what_a_real_one_would_do_and_needs(tmp_path: Path, words: tuple[str, ...]) -> None:
    project = make_project(tmp_path / "acme")
    before = (git(project, "for-each-ref"), git(project, "status", "--porcelain", "--ignored"))
    done = rehearse(project, "minor", *words, "--json")
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["version"] == ("1.3.0rc1" if "--pre" in words else "1.3.0")
    assert len(outcome["distributions"]) == 2
    assert any("a remote" in need for need in outcome["needs"])
    assert any("identity" in need for need in outcome["needs"])
    assert any("green gates" in need for need in outcome["needs"]) == ("--gates" not in words)
    assert outcome["afterwards"][-1].endswith("installs from the index as a stranger would")
    assert (git(project, "for-each-ref"), git(project, "status", "--porcelain", "--ignored")) == before


def test_a_rehearsal_ends_as_the_real_release_would(tmp_path: Path) -> None:
    project = make_project(tmp_path / "acme", {"changelog.d/8.feeture.md": "Misnamed.\n"})
    done = rehearse(project, "minor")
    assert done.returncode == 12, done.stdout + done.stderr
    assert "8.feeture.md" in done.stdout


def test_a_kept_rehearsal_can_be_looked_at_until_ctrl_c(tmp_path: Path) -> None:
    project = make_project(tmp_path / "acme")
    (tmp_path / "home").mkdir()
    with subprocess.Popen(
        [*ARGV, "minor", "--keep"], cwd=project, env=variables(tmp_path / "home"), stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        kept = next(line for line in child.stdout if line.startswith("Kept: "))
        forge, index = re.findall(r"http://\S+", kept)
        assert "Release acme-widgets 1.3.0" in requests.get(forge, timeout=10).text
        assert "acme_widgets-1.3.0.tar.gz" in requests.get(index, timeout=10).text
        child.send_signal(signal.SIGINT)
        assert "cleared away" in child.stdout.read()
    assert child.returncode == 0
