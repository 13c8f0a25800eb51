"""init and workflows in a repository: shown first, written once, and nothing that was there is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from uv import find_uv_bin

from end_to_end.support import CHANGELOG, GIT, SOURCE, git, make_project

ROOT = SOURCE.parent
PLAIN = {
    "pyproject.toml": (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        '[project]\nname = "acme-widgets"\nversion = "1.2.4"\nreadme = "README.md"\n'
    ),
    "changelog.d/7.feature.md": None,
    "noxfile.py": None,
}


@pytest.fixture(scope="module", name="wheels")
def built_wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build this very Shipway: what a repository is pinned to has to be found somewhere."""
    folder = tmp_path_factory.mktemp("wheels")
    subprocess.run([find_uv_bin(), "build", "--quiet", "--wheel", "--out-dir", str(folder), str(ROOT)], check=True)
    return folder


def run(folder: Path, *words: str, code: int = 0, **env: str) -> str:
    """Run the program in a repository, as in a shell where nobody can be asked."""
    own = {name: value for name, value in os.environ.items() if name != "CI"}
    variables = {**own, **GIT, "NO_COLOR": "1", "PYTHONPATH": str(SOURCE), **env}
    argv = [sys.executable, "-m", "shipway", *words]
    done = subprocess.run(
        argv, cwd=folder, env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def contents(folder: Path) -> Mapping[str, bytes]:
    """Give every file of the work tree."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module", name="once_adopted")
def adopted_project(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """Make a project without anything, and run ``init`` there."""
    project = make_project(tmp_path_factory.mktemp("adopted") / "acme", PLAIN)
    run(project, "init", "--yes", UV_FIND_LINKS=str(wheels))
    return project


@pytest.fixture(name="adopted")
def copied_project(tmp_path: Path, once_adopted: Path) -> Path:
    """Copy it for one test."""
    return Path(shutil.copytree(once_adopted, tmp_path / "acme"))


def test_a_dry_run_shows_everything_and_writes_nothing(tmp_path: Path, wheels: Path) -> None:
    project = make_project(tmp_path / "acme", PLAIN)
    before = contents(project)
    printed = run(project, "init", "--dry-run", UV_FIND_LINKS=str(wheels))
    assert contents(project) == before
    for line in ("+shipway.register()", "+ns = shipway.collection()", "+[tool.towncrier]", "+name: release"):
        assert line in printed
    assert "would be written" in printed


def test_without_consent_nothing_is_written(tmp_path: Path, wheels: Path) -> None:
    project = make_project(tmp_path / "acme", PLAIN)
    before = contents(project)
    assert "init --yes" in run(project, "init", code=10, UV_FIND_LINKS=str(wheels))
    assert contents(project) == before


def test_the_second_time_there_is_nothing_to_do(adopted: Path, wheels: Path) -> None:
    before = contents(adopted)
    assert "nothing to write" in run(adopted, "init", "--yes", UV_FIND_LINKS=str(wheels))
    assert contents(adopted) == before


def test_pins_are_by_digest_and_name_no_index(adopted: Path) -> None:
    pins = (adopted / ".github/requirements/shipway.txt").read_text(encoding="utf-8")
    thin = (adopted / ".github/requirements/publish.txt").read_text(encoding="utf-8")
    assert "shipway==" in thin
    assert "nox==" in pins
    assert "nox==" not in thin
    assert "://" not in pins
    assert set(thin.splitlines()) < set(pins.splitlines())


def test_an_adopted_repository_can_be_rehearsed(adopted: Path) -> None:
    git(adopted, "add", "--all")
    git(adopted, "commit", "--quiet", "--message", "Adopt Shipway")
    printed = run(adopted, "rehearse", "patch")
    assert "1.2.5 is out" in printed
    assert "Releases are made with Shipway." in printed


def test_a_changelog_kept_by_hand_gets_a_mark_and_keeps_every_word(tmp_path: Path, wheels: Path) -> None:
    history = CHANGELOG.replace("<!-- towncrier release notes start -->\n\n", "")
    project = make_project(tmp_path / "acme", {**PLAIN, "CHANGELOG.md": None, "HISTORY.md": history})
    run(project, "init", "--yes", UV_FIND_LINKS=str(wheels))
    text = (project / "HISTORY.md").read_text(encoding="utf-8")
    assert text == CHANGELOG
    assert not (project / "CHANGELOG.md").exists()


@pytest.mark.long
def test_what_can_not_be_pinned_is_said_and_the_rest_is_written(tmp_path: Path, wheels: Path) -> None:
    project = make_project(tmp_path / "acme", PLAIN)
    printed = run(project, "init", "--yes", code=14, UV_OFFLINE="1", UV_NO_CACHE="1")
    assert "could not be pinned" in printed
    assert (project / "noxfile.py").is_file()
    assert not (project / ".github").exists()
    remedy = printed.partition("next: ")[2]
    assert remedy.startswith("connect to the network, or name a private index in UV_DEFAULT_INDEX, or a folder with")
    assert "in UV_FIND_LINKS, then python -m shipway init" in remedy
    run(project, "init", "--yes", UV_FIND_LINKS=str(wheels))
    assert (project / ".github" / "workflows" / "release.yml").is_file()


def test_a_table_that_is_there_keeps_its_words_and_gets_what_it_lacks(tmp_path: Path, wheels: Path) -> None:
    own = '\n[tool.shipway]\n# ours\nflow = "direct"\n\n[tool.other]\na = 1\n'
    table = '\n[tool.bumpversion]\ntag_name = "rel-{new_version}"\n'
    noxfile = "import nox\n\n\n@nox.session\ndef lint(session):\n    session.log('ours')\n"
    project = make_project(tmp_path / "acme", {**PLAIN, "noxfile.py": noxfile})
    pyproject = project / "pyproject.toml"
    before = pyproject.read_text(encoding="utf-8") + own + table
    pyproject.write_text(before, encoding="utf-8")
    printed = run(project, "init", "--yes", UV_FIND_LINKS=str(wheels))
    assert "taken over: tag-format = rel-{version}" in printed
    added = 'flow = "direct"\ntag-format = "rel-{version}"\ngates = ["lint"]\n'
    assert pyproject.read_text(encoding="utf-8").startswith(before.replace('flow = "direct"\n', added))
    again = run(project, "init", UV_FIND_LINKS=str(wheels))
    assert "taken over: tag-format" not in again
    assert "Everything is there already" in again


@pytest.mark.long
def test_what_the_table_says_already_is_not_told_as_taken_over(tmp_path: Path, wheels: Path) -> None:
    project = make_project(tmp_path / "acme", PLAIN)
    pyproject = project / "pyproject.toml"
    tables = '\n[tool.shipway]\ntag-format = "v{version}"\n\n[tool.bumpversion]\ntag_name = "rel-{new_version}"\n'
    pyproject.write_text(pyproject.read_text(encoding="utf-8") + tables, encoding="utf-8")
    printed = run(project, "init", "--dry-run", UV_FIND_LINKS=str(wheels))
    assert "[tool.bumpversion]: tags are rel-{version}\n" in printed
    assert "taken over: tag-format" not in printed


@pytest.mark.long
def test_the_sessions_of_a_noxfile_that_check_the_code_become_gates(tmp_path: Path, wheels: Path) -> None:
    body = "(session):\n    session.log('ours')\n\n\n"
    noxfile = f"import nox\n\n\n@nox.session\ndef lint{body}@nox.session\ndef deploy{body}"
    project = make_project(tmp_path / "acme", {**PLAIN, "noxfile.py": noxfile})
    run(project, "init", "--yes", UV_FIND_LINKS=str(wheels))
    assert 'gates = ["lint"]' in (project / "pyproject.toml").read_text(encoding="utf-8")
    listed = json.loads(run(project, "matrix", "--json", UV_FIND_LINKS=str(wheels)))
    sessions = [row["session"] for row in listed["matrix"]["include"]]
    assert "lint" in sessions
    assert "deploy" not in sessions


@pytest.mark.long
def test_a_workflow_of_somebody_else_stays(tmp_path: Path, wheels: Path) -> None:
    project = make_project(tmp_path / "acme", {**PLAIN, ".github/workflows/ci.yml": "name: ours\n"})
    printed = run(project, "init", "--yes", UV_FIND_LINKS=str(wheels))
    assert (project / ".github/workflows/ci.yml").read_text(encoding="utf-8") == "name: ours\n"
    assert (project / ".github/workflows/release.yml").is_file()
    assert "ci.yml is there and stays" in printed


def test_drift_is_shown_blocks_a_check_and_is_mended(adopted: Path, wheels: Path) -> None:
    workflow = adopted / ".github/workflows/release.yml"
    right = workflow.read_text(encoding="utf-8")
    kept = "      # shipway: keep before-build\n      - run: make assets\n"
    changed = right.replace("      # shipway: keep before-build\n", kept)
    workflow.write_text(changed.replace("cancel-in-progress: false", "cancel-in-progress: true"), encoding="utf-8")
    assert "-  cancel-in-progress: true\n+  cancel-in-progress: false" in run(
        adopted, "workflows", UV_FIND_LINKS=str(wheels)
    )
    assert "release.yml: not as this edition" in run(
        adopted, "workflows", "--check", code=12, UV_FIND_LINKS=str(wheels)
    )
    run(adopted, "workflows", "--update", UV_FIND_LINKS=str(wheels))
    assert workflow.read_text(encoding="utf-8") == changed
    run(adopted, "workflows", "--check", UV_FIND_LINKS=str(wheels))


@pytest.mark.long
def test_pins_of_another_version_are_drift(adopted: Path, wheels: Path) -> None:
    pins = adopted / ".github/requirements/shipway.txt"
    right = pins.read_text(encoding="utf-8")
    pins.write_text(right.replace("shipway==0.", "shipway==99."), encoding="utf-8")
    assert "shipway.txt" in run(adopted, "workflows", "--check", code=12, UV_FIND_LINKS=str(wheels))
    run(adopted, "workflows", "--update", UV_FIND_LINKS=str(wheels))
    assert pins.read_text(encoding="utf-8") == right


def test_where_no_workflow_is_ours_the_remedy_is_init(tmp_path: Path) -> None:
    project = make_project(tmp_path / "acme", PLAIN)
    assert "python -m shipway init" in run(project, "workflows", "--check", code=12)


def test_this_repositorys_workflows_come_from_the_templates() -> None:
    assert "as this edition writes them" in run(ROOT, "workflows", "--check")
