"""The repository's own fronts: noxfile, tasks file and README agree with the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nox.project
import pytest

from fronts.fronts_support import Repository

ROOT = Path(__file__).resolve().parents[2]


def test_the_noxfile_asks_for_exactly_the_packages_dependencies() -> None:
    block = nox.project.load_toml(ROOT / "noxfile.py")
    pyproject = nox.project.load_toml(ROOT / "pyproject.toml")
    assert block["dependencies"] == pyproject["project"]["dependencies"]


@pytest.mark.parametrize("name", ["noxfile.py", "tasks.py"])
def test_both_files_stay_small(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= 35


def test_the_readme_holds_the_table_of_sessions() -> None:
    rendered = subprocess.run(
        [sys.executable, ROOT / "scripts" / "render_docs.py"], capture_output=True, text=True, check=True
    ).stdout
    readme = (ROOT / "README.md").read_text("utf-8")
    begin, end = "<!-- sessions -->\n", "<!-- /sessions -->"
    assert readme.count(begin) == readme.count(end) == 1
    table = readme.partition(begin)[2].partition(end)[0]
    assert rendered.startswith(f"README.md, sessions:\n{table}\n"), "run scripts/render_docs.py --write"


def test_both_files_load_and_list(repository: Repository) -> None:
    listing = repository.nox("-f", str(ROOT / "noxfile.py"), "-l")
    assert listing.code == 0, listing.output
    assert "- rehearse -> " in listing.stdout
    tasks = repository.inv("-r", str(ROOT), "-l")
    assert tasks.code == 0, tasks.output
    assert "rehearse" in tasks.stdout


@pytest.mark.parametrize("statement", ["import shipway", "import shipway.grammar", "import shipway.parser"])
def test_importing_the_package_loads_neither_front_nor_tools(repository: Repository, statement: str) -> None:
    heavy = "{'nox', 'invoke', 'rich', 'requests', 'packaging', 'tomlkit', 'twine', 'shipway.world'}"
    ended = repository.run(sys.executable, "-c", f"import sys; {statement}; print({heavy} & set(sys.modules))")
    assert ended.stdout.strip() == "set()"


def test_the_version_is_that_of_the_source(repository: Repository) -> None:
    pyproject = nox.project.load_toml(ROOT / "pyproject.toml")
    ended = repository.run(sys.executable, "-m", "shipway", "--version")
    assert ended.stdout == f"shipway {pyproject['project']['version']}\n"
