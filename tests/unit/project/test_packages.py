"""Several distributions in one repository: each by its name and its folder, the root first."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.project.files import in_folder
from shipway.project.packages import Package, find_packages, inside

BUILD = '[build-system]\nrequires = ["hatchling"]\n'


def project(name: str) -> str:
    return f'{BUILD}[project]\nname = "{name}"\nversion = "1.2.3"\n'


def found(files: dict[str, str]) -> list[tuple[str, str]]:
    return [(package.name, package.folder) for package in find_packages(list(files), files.get)]


def test_one_project_is_one_distribution() -> None:
    assert found({"pyproject.toml": project("acme"), "src/acme/__init__.py": ""}) == [("acme", "")]


def test_a_workspace_says_its_members() -> None:
    workspace = '[tool.uv.workspace]\nmembers = ["packages/*", "tools/one"]\nexclude = ["packages/old"]\n'
    files = {
        "pyproject.toml": project("acme") + workspace,
        "packages/b/pyproject.toml": project("acme-b"),
        "packages/a/pyproject.toml": project("acme-a"),
        "packages/a/sub/pyproject.toml": project("acme-sub"),
        "packages/old/pyproject.toml": project("acme-old"),
        "tools/one/pyproject.toml": project("acme-one"),
        "tools/two/pyproject.toml": project("acme-two"),
    }
    assert found(files) == [("acme", ""), ("acme-a", "packages/a"), ("acme-b", "packages/b"), ("acme-one", "tools/one")]
    files["pyproject.toml"] = workspace.replace("packages/*", "packages/**")
    assert found(files)[0] == ("acme-a", "packages/a")
    assert ("acme-sub", "packages/a/sub") in found(files)


def test_release_please_says_its_packages() -> None:
    config = '{"packages": {".": {}, "./libs/a/": {}, "libs/none": {}}}'
    files = {
        "release-please-config.json": config,
        "pyproject.toml": project("acme"),
        "libs/a/setup.py": "from setuptools import setup\nsetup(name='acme-a')\n",
        "libs/b/pyproject.toml": project("acme-b"),
    }
    assert found(files) == [("acme", ""), ("acme-a", "libs/a")]


def test_release_please_says_its_packages_also_in_the_folder_of_the_forge() -> None:
    files = {
        ".github/release-please-config.json": '{"packages": {"libs/a": {}}}',
        "libs/a/pyproject.toml": project("acme-a"),
        "libs/b/pyproject.toml": project("acme-b"),
    }
    assert found(files) == [("acme-a", "libs/a")]


def test_folders_that_hold_a_project_are_found() -> None:
    files = {
        "pyproject.toml": "[tool.black]\n",
        "libs/core/pyproject.toml": project("acme-core"),
        "libs/old/setup.py": "import setuptools\nsetuptools.setup()\n",
        "libs/old/setup.cfg": "[metadata]\nname = acme-old\n",
        "libs/poems/pyproject.toml": '[tool.poetry]\nname = "acme-poems"\nversion = "1"\n',
        "a/b/c/pyproject.toml": project("acme-deep"),
        "a/b/c/d/pyproject.toml": project("too-deep"),
    }
    assert found(files) == [
        ("acme-deep", "a/b/c"),
        ("acme-core", "libs/core"),
        ("acme-old", "libs/old"),
        ("acme-poems", "libs/poems"),
    ]


@pytest.mark.parametrize(
    "folder",
    [
        "tests",
        "test_data/a",
        "tests/packages/one",
        "examples/one",
        "docs",
        "a/fixtures",
        "src/acme/templates/new",
        "vendor/x",
        "third_party/y",
        "{{cookiecutter.name}}",
        ".github",
        "src/acme/_vendor/z",
        "benchmarks",
    ],
)
def test_what_is_no_distribution_of_this_repository_is_left_out(folder: str) -> None:
    assert found({"pyproject.toml": project("acme"), f"{folder}/pyproject.toml": project("other")}) == [("acme", "")]


@pytest.mark.parametrize(
    "text",
    [
        "[tool.black]\n",
        "broken = [\n",
        '[project]\nname = "x y"\nversion = "1"\n',
        '[project]\nname = "acme-scripts"\n',
        '[project]\nname = "x"\nversion = "1"\n[tool.uv]\npackage = false\n',
        '[tool.poetry]\nname = "x"\npackage-mode = false\n',
    ],
)
def test_a_file_that_builds_nothing_is_no_distribution(text: str) -> None:
    assert found({"pyproject.toml": text, "a/pyproject.toml": text}) == []


def test_a_folder_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "pyproject.toml").write_text(project("acme"), encoding="utf-8")
    (tmp_path / "odd" / "pyproject.toml").write_bytes(b"\xff\xfe[project]\n")
    paths = ["pyproject.toml", "odd/pyproject.toml"]
    assert find_packages(paths, in_folder(tmp_path)) == (Package("acme", ""),)


def test_a_package_reads_its_files_by_their_paths_within_it() -> None:
    files = {"libs/a/pyproject.toml": project("acme-a"), "pyproject.toml": project("acme")}
    assert inside(files.get, "libs/a")("pyproject.toml") == project("acme-a")
    assert inside(files.get, "")("pyproject.toml") == project("acme")
    assert Package("acme-a", "libs/a") in find_packages(list(files), files.get)
