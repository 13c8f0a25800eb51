"""The Python versions of the matrix: who names them, in which order of trust."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shipway.project.configuration import read_configuration
from shipway.project.matrix import DEFAULT, find_pythons, read_pythons
from shipway.world.environment import Environment

CLASSIFIERS = [f"Programming Language :: Python :: {v}" for v in ("3", "3.13", "3.9", "3 :: Only", "3.10")]


def project(**fields: object) -> dict[str, Any]:
    return {"project": fields}


def test_classifiers_come_first_lowest_version_first(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text("3.12\n")
    found = find_pythons(tmp_path, project(classifiers=CLASSIFIERS, **{"requires-python": ">=3.11"}))
    assert found == (("3.9", "3.10", "3.13"), "the classifiers")


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("3.12.4\n3.9\n", ("3.9", "3.12")),
        ("3.11 3.12", ("3.11", "3.12")),
        ("cpython-3.12.1-linux-x86_64-gnu\npypy3.10-7.3.15\n", ("3.12", "pypy3.10")),
        ("3.13t\n", ("3.13t",)),
    ],
)
def test_the_file_of_versions_is_read_as_its_tools_write_it(
    tmp_path: Path, text: str, versions: tuple[str, ...]
) -> None:
    (tmp_path / ".python-version").write_text(text)
    assert find_pythons(tmp_path, {}) == (versions, ".python-version")


@pytest.mark.parametrize("text", ["", "system\n", "2.7\n", "venv-of-mine\n"])
def test_a_file_that_names_no_version_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / ".python-version").write_text(text)
    assert find_pythons(tmp_path, {}) is None


def test_the_list_of_versions_is_asked_before_the_single_one(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text("3.12\n")
    (tmp_path / ".python-versions").write_text("3.11\n3.12\n")
    assert find_pythons(tmp_path, {}) == (("3.11", "3.12"), ".python-versions")


@pytest.mark.parametrize(
    ("admitted", "versions"),
    [
        (">=3.8", DEFAULT),
        (">=3.11", ("3.11", "3.12")),
        (">=3.10.2,<3.12", ("3.10", "3.11")),
        (">=3.13", ("3.13",)),
        ("==3.9.*", ("3.9",)),
        ("!=3.11.*,>=3.9", ("3.10", "3.12")),
    ],
)
def test_what_the_project_requires_limits_the_default_versions(
    tmp_path: Path, admitted: str, versions: tuple[str, ...]
) -> None:
    assert find_pythons(tmp_path, project(**{"requires-python": admitted})) == (versions, "requires-python")


@pytest.mark.parametrize(
    "pyproject", [{}, {"project": 7}, project(classifiers="x"), project(**{"requires-python": "x"})]
)
def test_a_project_that_says_nothing_gets_the_default_versions(tmp_path: Path, pyproject: dict[str, Any]) -> None:
    assert find_pythons(tmp_path, pyproject) is None
    assert read_pythons(tmp_path, pyproject) == DEFAULT


def test_configuration_and_sessions_agree(tmp_path: Path) -> None:
    for text in ("", '[tool.shipway]\npython = ["3.13"]\n', f"[project]\nclassifiers = {CLASSIFIERS!r}\n"):
        (tmp_path / "pyproject.toml").write_text(text)
        for variables in ({}, {"SHIPWAY_PYTHON": "3.11, 3.12"}):
            configured = read_configuration(tmp_path, Environment(variables), None)
            listed = read_pythons(tmp_path, configured_table(text), variables.get("SHIPWAY_PYTHON"))
            assert configured.python == listed


def configured_table(text: str) -> dict[str, Any]:
    import tomlkit

    return tomlkit.parse(text).unwrap()
