"""What a clone tells of its next release: one document by its schema, at any commit, without a remote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from end_to_end.support import GIT, git, make_project
from shipway.release import forecast as module

SCHEMA = json.loads(Path(module.__file__).with_name("forecast.schema.json").read_text(encoding="utf-8"))
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "acme-widgets"
version = "{version}"
"""


def plan(folder: Path, *words: str) -> dict[str, Any]:
    """Run ``plan WORDS --json``, hold its answer against the schema, and give it; nothing may change in the folder."""
    before = git(folder, "status", "--porcelain", "--ignored"), git(folder, "for-each-ref")
    argv = [sys.executable, "-m", "shipway", "plan", *words, "--json"]
    done = subprocess.run(argv, cwd=folder, env={**os.environ, **GIT}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (git(folder, "status", "--porcelain", "--ignored"), git(folder, "for-each-ref")) == before
    found = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert isinstance(found, dict)
    return found


def outcomes(found: dict[str, Any]) -> set[str]:
    """Give the outcomes that the blocks would end with."""
    return {block["outcome"] for block in found["blocks"]}


def commit(folder: Path, message: str, changes: dict[str, str] | None = None, *, day: int = 1) -> str:
    """Commit some files on a day."""
    for name, text in (changes or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message, day=f"2026-03-{day:02}")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def conventional(tmp_path: Path) -> Path:
    """Give a repository of four releases by Conventional Commits, without a remote."""
    folder = tmp_path / "acme"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for number, (message, version) in enumerate(
        [("feat: turn", "0.1.0"), ("fix: turn back", "0.1.1"), ("feat!: turn twice", "0.2.0"), ("feat: fly", "0.3.0")],
        start=1,
    ):
        commit(folder, message, {f"{version}.txt": "x"}, day=number)
        commit(folder, f"chore: release {version}", {"pyproject.toml": PYPROJECT.format(version=version)}, day=number)
        git(folder, "tag", f"v{version}")
    return folder


def test_everything_is_told_of_a_branch_without_a_remote(conventional: Path) -> None:
    last = git(conventional, "rev-parse", "HEAD")
    tip = commit(conventional, "fix(cli): fly straight (#12)", day=6)
    found = plan(conventional, "auto")
    assert (found["distribution"], found["version"], found["tag"], found["bump"]) == (
        "acme-widgets",
        "0.3.1",
        "v0.3.1",
        "patch",
    )
    assert found["previous"] == {"version": "0.3.0", "tag": "v0.3.0", "commit": last}
    assert found["version_source"]["kind"] == "static"
    assert found["version_source"]["files"] == ["pyproject.toml"]
    assert (found["changelog"]["system"], found["changelog"]["file"]) == ("conventional", "CHANGELOG.md")
    assert found["range"] == {"since": last, "until": tip}
    assert "fly straight" in found["notes"]
    assert [reason["level"] for reason in found["reasons"] if reason["why"] == "fix"] == ["patch"]
    assert [block["what"] for block in found["blocks"]] == ["there is no git remote named origin"]
    assert found["blocks"][0]["remedy"] == "git remote add origin ADDRESS"


@pytest.mark.parametrize(
    ("tag", "version", "previous"),
    [("v0.1.1", "0.1.1", "0.1.0"), ("v0.2.0", "0.2.0", "0.1.1"), ("v0.3.0", "0.3.0", "0.2.0")],
)
def test_the_commit_before_a_past_release_tells_that_release(
    conventional: Path, tag: str, version: str, previous: str
) -> None:
    git(conventional, "checkout", "--quiet", "--detach", f"{tag}^")
    found = plan(conventional, "auto")
    assert (found["version"], found["previous"]["version"]) == (version, previous)
    assert "this is a detached HEAD, not main" in {block["what"] for block in found["blocks"]}


def test_the_words_of_a_person_are_followed_and_held_against_the_content(conventional: Path) -> None:
    commit(conventional, "feat: dive", day=6)
    assert plan(conventional, "minor")["version"] == "0.4.0"
    assert plan(conventional, "1.0.0")["tag"] == "v1.0.0"
    assert plan(conventional, "minor", "--pre", "rc")["version"] == "0.4.0rc1"
    lower = plan(conventional, "patch")
    assert lower["version"] == "0.3.1"
    assert any("0.3.1 is less than its content asks for" in warning for warning in lower["warnings"])


def test_nothing_to_release_still_tells_the_version_and_why_no_commit_counts(conventional: Path) -> None:
    commit(conventional, "docs: say more", day=6)
    found = plan(conventional, "auto")
    assert "nothing to release" in outcomes(found)
    assert (found["version"], found["notes"]) == ("0.3.1", "")
    [hidden] = [reason for reason in found["reasons"] if "docs: say more" in reason["what"]]
    assert hidden["level"] == ""
    assert "hidden" in hidden["why"]


def test_no_bump_and_a_word_that_means_nothing_are_blocks(conventional: Path) -> None:
    assert (plan(conventional)["version"], outcomes(plan(conventional)) >= {"usage"}) == (None, True)
    lower = plan(conventional, "0.1.0")
    assert lower["version"] is None
    assert any("goes down" in block["what"] for block in lower["blocks"])


def test_several_distributions_are_listed_and_one_is_planned_by_its_folder_and_its_tags(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    project = '[build-system]\nrequires = []\n\n[project]\nname = "{name}"\nversion = "{version}"\n'
    files = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n',
        "packages/one/pyproject.toml": project.format(name="acme-one", version="1.0.0"),
        "packages/two/pyproject.toml": project.format(name="acme-two", version="2.0.0"),
    }
    commit(folder, "feat: begin", files)
    git(folder, "tag", "acme-one-v1.0.0")
    git(folder, "tag", "acme-two-v2.0.0")
    commit(folder, "feat: turn", {"packages/one/a.txt": "x"}, day=2)
    commit(folder, "fix: turn back", {"packages/two/a.txt": "x"}, day=3)
    listed = plan(folder, "auto")
    assert [one["path"] for one in listed["packages"]] == ["packages/one", "packages/two"]
    assert "several distributions" in listed["blocks"][0]["what"]
    one, two = (plan(folder, "auto", "--package", name) for name in ("acme-one", "Acme_Two"))
    assert (one["version"], one["tag"], one["previous"]["tag"]) == ("1.1.0", "acme-one-v1.1.0", "acme-one-v1.0.0")
    assert (two["version"], two["tag"], two["previous"]["tag"]) == ("2.0.1", "acme-two-v2.0.1", "acme-two-v2.0.0")
    assert "turn back" not in one["notes"]
    assert "configuration" not in outcomes(one)


def test_the_changelog_of_one_of_several_may_stand_at_the_top_under_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    project = '[build-system]\nrequires = []\n\n[project]\nname = "{name}"\nversion = "1.2.0"\n'
    older = "".join(
        f"## {version} - 2026-01-01\n\n***Fixed:***\n\n- Old.\n\n" for version in ("1.2.0", "1.1.0", "1.0.0")
    )
    files = {
        "pyproject.toml": project.format(name="acme"),
        "backend/pyproject.toml": project.format(name="acme-two"),
        "docs/history/acme.md": f"# Acme\n\n## Unreleased\n\n{older}",
        "docs/history/acme-two.md": f"# Two\n\n## Unreleased\n\n{older}",
    }
    commit(folder, "Begin", files)
    git(folder, "tag", "acme-v1.2.0")
    git(folder, "tag", "acme-two-v1.2.0")
    commit(
        folder, "Turn", {"docs/history/acme-two.md": f"# Two\n\n## Unreleased\n\n***Added:***\n\n- Turn.\n\n{older}"}
    )
    found = plan(folder, "auto", "--package", "acme-two")
    assert (found["version"], found["notes"]) == ("1.3.0", "***Added:***\n\n- Turn.")
    assert found["changelog"]["file"] == "../docs/history/acme-two.md"


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"pyproject.toml": "[project"},
        {"pyproject.toml": "[project]\nname = 1\nversion = []\n"},
        {"setup.py": "from setuptools import setup\nsetup(version=compute())\n"},
        {"setup.cfg": "[metadata\nversion: \x01"},
        {"pyproject.toml": PYPROJECT.format(version="1.0"), "CHANGELOG.md": "# \x00\n## [Unreleased\n"},
        {"pyproject.toml": PYPROJECT.format(version="x"), "CHANGELOG.rst": "====\n----\n"},
        {"pyproject.toml": PYPROJECT.format(version="1.0") + "[tool.towncrier]\ntype = 3\n"},
        {"pyproject.toml": PYPROJECT.format(version="1.0") + "[tool.shipway]\nflow = 3\nfoo = 1\n"},
    ],
)
def test_broken_files_are_blocks_with_a_remedy_and_never_a_bug(tmp_path: Path, files: dict[str, str]) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "Start", files)
    found = plan(folder, "auto")
    assert found["blocks"]
    assert all(block["remedy"] for block in found["blocks"])
    assert not any("bug in Shipway" in block["what"] for block in found["blocks"])


def test_a_repository_without_a_commit_has_its_blocks_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(version="1.2.0"), encoding="utf-8")
    found = plan(tmp_path, "auto")
    assert (found["distribution"], found["version"]) == ("acme-widgets", None)
    assert [block["what"] for block in found["blocks"]] == [
        "this repository has no commit",
        "there is no git remote named origin",
        "the work tree has changes: pyproject.toml",
    ]


def test_a_shallow_clone_is_noticed(tmp_path: Path) -> None:
    project = make_project(tmp_path / "acme")
    commit(project, "More", day=2)
    argv = ["git", "clone", "--quiet", "--depth", "1", project.as_uri(), str(tmp_path / "shallow")]
    subprocess.run(argv, env={**os.environ, **GIT}, check=True)
    found = plan(tmp_path / "shallow", "minor")
    assert "this clone is shallow" in {block["what"] for block in found["blocks"]}


def test_what_the_files_have_begun_is_next_where_nothing_tells_the_level(tmp_path: Path) -> None:
    project = '[project]\nname = "acme"\nversion = "1.2.0"\n'
    title = "1.2.0 (2026-01-01)\n"
    text = f"Changes\n=======\n\n{title}{'-' * 18}\n\n- Words.\n"
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "Start", {"pyproject.toml": project, "CHANGES.rst": text})
    git(tmp_path, "tag", "v1.2.0")
    fresh = text.replace(title, f"Unreleased\n----------\n\n- Other words.\n\n{title}")
    commit(tmp_path, "Go on", {"CHANGES.rst": fresh}, day=2)
    undecided = plan(tmp_path, "auto")
    assert undecided["version"] is None
    assert any("nothing here tells" in block["what"] for block in undecided["blocks"])
    commit(tmp_path, "Begin", {"pyproject.toml": project.replace("1.2.0", "1.3.dev0")}, day=3)
    assert (plan(tmp_path, "auto")["version"], plan(tmp_path, "auto")["notes"]) == ("1.3.0", "- Other words.")


def test_a_shallow_clone_is_refused_and_with_deepen_made_whole_first(conventional: Path, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{conventional}", str(clone))
    assert "this clone is shallow" in [block["what"] for block in plan(clone, "auto")["blocks"]]
    for words in (["version", "auto"], ["changelog"]):
        argv = [sys.executable, "-m", "shipway", *words]
        kept = subprocess.run(argv, cwd=clone, env={**os.environ, **GIT}, capture_output=True, text=True, check=False)
        assert (kept.returncode, "this clone is shallow" in kept.stdout + kept.stderr) == (12, True)
    argv = [sys.executable, "-m", "shipway", "version", "auto", "--deepen", "--json"]
    done = subprocess.run(argv, cwd=clone, env={**os.environ, **GIT}, capture_output=True, text=True, check=True)
    whole = plan(conventional, "auto")
    assert json.loads(done.stdout)["next"] == whole["version"] == plan(clone, "auto")["version"]
