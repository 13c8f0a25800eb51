"""How releases are tagged: as somebody wrote, or as the tags of the clone show."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from shipway.project.configuration import Configuration, read_configuration
from shipway.project.line import deepen, read_own_line
from shipway.project.tag_rule import detecting_tags, read_names, read_tag_rule, require_same_form
from shipway.release.outcomes import BlockedError, UnavailableError
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes
from unit.project.line_support import History, environment, make_history

STATIC = '[project]\nname = "acme"\nversion = "1.0.0"\n'


def prepared(folder: Path, rows: str, pyproject: str = STATIC) -> History:
    """Make a history, and HEAD's project in its folder."""
    history = make_history(folder, rows)
    git = history.git
    git.run("update-ref", "--no-deref", "HEAD", [*history.commits.values()][-1])
    (folder / "pyproject.toml").write_text(pyproject)
    return history


def configured(git: Git) -> Configuration:
    """Read the configuration as commands do."""
    return read_configuration(git.root, Environment({}), None, detecting_tags(git), read_names(git.root))


def test_the_format_is_detected_and_says_so(tmp_path: Path) -> None:
    git = prepared(tmp_path, "a = acme-1.0 v0.9\nb = acme-1.1\nc").git
    found = configured(git)
    assert found.tag_format == "acme-{version}"
    assert found.sources["tag-format"] == "detected: the tags of this clone"
    assert found.tag_rule == read_tag_rule(git)
    assert not found.tag_rule.strict


def test_a_written_format_wins(tmp_path: Path) -> None:
    git = prepared(tmp_path, "a = 1.0\nb", STATIC + '[tool.shipway]\ntag-format = "v{version}"\n').git
    assert configured(git).tag_rule == read_tag_rule(git)
    assert read_tag_rule(git).strict
    assert read_own_line(git).versions == ()


def test_without_tags_it_is_the_usual_one(tmp_path: Path) -> None:
    git = prepared(tmp_path, "a").git
    assert configured(git).tag_format == read_tag_rule(git).form == "v{version}"
    assert configured(git).sources["tag-format"] == "default"


def test_a_format_of_the_future_does_not_count(tmp_path: Path) -> None:
    history = prepared(tmp_path, "a = 1.0\nb\nc = v2.0\nd = v2.1")
    history.git.run("update-ref", "--no-deref", "HEAD", history.commits["b"])
    assert read_tag_rule(history.git).form == "{version}"
    history.git.run("update-ref", "-d", "refs/tags/1.0")
    assert read_tag_rule(history.git).form == "v{version}"


def test_a_clone_without_the_remotes_tags_is_refused_where_they_say_another_format(tmp_path: Path) -> None:
    git = prepared(tmp_path, "a\nb").git
    commit = git.find_commit("HEAD") or ""
    with pytest.raises(BlockedError) as caught:
        require_same_form(git, configured(git), {"refs/tags/1.0": commit, "refs/tags/1.1": commit})
    assert "git fetch --tags origin" in caught.value.remedy
    for same in ({"refs/tags/v1.0": commit}, {}, {"refs/heads/main": commit}, {"refs/tags/nightly": commit}):
        require_same_form(git, configured(git), same)


def test_a_shallow_clone_is_deepened_on_request(tmp_path: Path) -> None:
    whole = prepared(tmp_path / "whole", "a = v1.0.0\nb = v1.1.0\nc")
    address = f"file://{whole.git.root}"
    command = ["git", "clone", "--quiet", "--depth=1", "--branch=all", address, str(tmp_path / "shallow")]
    subprocess.run(command, check=True, env=environment())
    git = Git(tmp_path / "shallow", Processes(Environment(environment())))
    assert git.is_shallow()
    deepen(git)
    assert not git.is_shallow()
    (git.root / "pyproject.toml").write_text(STATIC)
    assert [str(version) for version in read_own_line(git).versions] == ["1.0.0", "1.1.0"]
    deepen(git)
    git.run("remote", "set-url", "origin", "file:///nonexistent")
    with pytest.raises(UnavailableError):
        deepen(git)
