"""The repository that these tests are of rehearses its own next release, as its README says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from end_to_end.support import GIT, git

ROOT = Path(__file__).parents[2]


def test_this_repository_rehearses_its_own_next_minor_and_stays_as_it_was(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of the repository, so there is no release of it to rehearse")
    clone = tmp_path / "shipway"
    git(tmp_path, "clone", "--quiet", str(ROOT), str(clone))
    git(clone, "switch", "--quiet", "--force-create", "main")
    before = [git(clone, *words) for words in (("status", "--porcelain"), ("worktree", "list"), ("branch", "--all"))]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "SHIPWAY_", "NOX"))}
    done = subprocess.run(
        [sys.executable, "-m", "nox", "-s", "rehearse", "--", "minor"],
        cwd=clone,
        env={**kept, **GIT, "NO_COLOR": "1", "NOX_SCRIPT_MODE": "none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is out. Merge http" in done.stdout
    assert "installs from the index as a stranger would" in done.stdout
    after = [git(clone, *words) for words in (("status", "--porcelain"), ("worktree", "list"), ("branch", "--all"))]
    assert after == before
