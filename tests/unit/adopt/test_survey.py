"""What adoption takes over from the release tools that a repository has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shipway.adopt.survey import Remark, survey

PROJECT = '[project]\nname = "acme"\nversion = "1.0"\n'


def found(folder: Path, **files: str) -> dict[str, str]:
    for name, text in {"pyproject.toml": PROJECT, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {remark.key: remark.value for remark in survey(folder) if remark.key}


def test_a_repository_without_other_tools_is_told_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
    assert survey(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "taken"),
    [
        ({}, {}),
        ({"include-v-in-tag": False}, {"tag-format": "{version}"}),
        (
            {"packages": {".": {"component": "acme", "include-component-in-tag": True}}},
            {"tag-format": "acme-v{version}"},
        ),
    ],
)
def test_release_please_tells_the_tags_and_that_commits_are_the_changelog(
    tmp_path: Path, options: dict[str, object], taken: dict[str, str]
) -> None:
    given = found(tmp_path, **{"release-please-config.json": json.dumps(options)})
    assert given == {"changelog": "conventional", **taken}


def test_semantic_release_tells_tags_and_branch(tmp_path: Path) -> None:
    text = '[tool.semantic_release]\ntag_format = "rel-{version}"\nbranches.main.match = "trunk"\n'
    given = found(tmp_path, **{"pyproject.toml": PROJECT + text})
    assert given == {"tag-format": "rel-{version}", "branch": "trunk", "changelog": "conventional"}


def test_commitizen_spells_the_version_in_its_own_way(tmp_path: Path) -> None:
    text = '[tool.commitizen]\ntag_format = "acme-$version"\n'
    given = found(tmp_path, **{"pyproject.toml": PROJECT + text})
    assert given == {"tag-format": "acme-{version}", "changelog": "conventional"}


@pytest.mark.parametrize("name", [".bumpversion.cfg", "setup.cfg"])
def test_bump_my_version_tells_the_tags_and_that_its_files_are_left(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, **{name: "[bumpversion]\ntag_name = {new_version}\n"}) == {"tag-format": "{version}"}
    assert any("not taken over" in remark.says for remark in survey(tmp_path))


def test_files_that_cannot_be_read_are_said_and_not_believed(tmp_path: Path) -> None:
    assert found(tmp_path, **{"release-please-config.json": "{", ".bumpversion.cfg": "tag_name"}) == {}
    assert [remark.source for remark in survey(tmp_path)] == ["release-please-config.json", ".bumpversion.cfg"]


def test_tox_and_make_stay_as_they_are(tmp_path: Path) -> None:
    assert found(tmp_path, **{"tox.ini": "[tox]\n", "Makefile": "test:\n\tpytest\nclean:\n\trm x\n"}) == {}
    assert Remark("Makefile", "stays, with test; the sessions do not call it") in survey(tmp_path)
