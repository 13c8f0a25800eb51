"""Which tools the sessions of the code use, and that nothing tested is never a pass; with real tools."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest

from fronts.fronts_support import PYPROJECT, Repository
from fronts.test_code_sessions import BACKEND, FLAT

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
ONE = PYPROJECT.replace("3.11", HERE).replace(', "Programming Language :: Python :: 3.9"', "")
SKIPPED = "import pytest\n\n\n@pytest.mark.skip\ndef test_it():\n    pass\n"
PASSING = "def test_it():\n    pass\n"


@pytest.fixture
def package(repository: Repository) -> Repository:
    """Make a repository whose package can be installed; its tests are still to be written."""
    repository.noxfile()
    repository.write("pyproject.toml", FLAT + ONE)
    repository.write("backend.py", BACKEND)
    repository.write("source/acme_widgets.py", "ANSWER = 42\n")
    return repository


# --- nothing tested -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (SKIPPED, (), "every test was skipped: skipped is not passed"),
        (PASSING, ("-k", "nothing"), "no test was collected: nothing was tested"),
    ],
)
def test_nothing_tested_fails_and_says_so(package: Repository, text: str, words: tuple[str, ...], said: str) -> None:
    package.write("tests/test_it.py", text)
    ended = package.nox("-s", "tests", "--", *words)
    assert ended.code == 1
    assert said in ended.output


def test_an_expected_failure_and_a_listing_are_no_skip(package: Repository) -> None:
    package.write("tests/test_it.py", SKIPPED.replace("skip", "xfail").replace("pass", "assert 0"))
    ended = package.nox("-s", "tests")
    assert ended.code == 0, ended.output
    assert package.nox("-R", "-s", "tests", "--", "--collect-only").code == 0


def test_a_report_that_the_repository_asks_for_is_the_one_that_is_read(package: Repository) -> None:
    package.write("pytest.ini", "[pytest]\naddopts = --junitxml=report.xml\n")
    package.write("tests/test_it.py", SKIPPED)
    assert package.nox("-s", "tests").code == 1
    assert 'skipped="1"' in (package.root / "report.xml").read_text()


UNITTEST = """\
import unittest

import acme_widgets


class TestIt(unittest.TestCase):
    {mark}
    def test_it(self):
        self.assertEqual(acme_widgets.ANSWER, {answer})
"""


def test_unittest_runs_what_is_written_for_it_alone(package: Repository) -> None:
    def run(text: str) -> tuple[int, str]:
        package.write("tests/test_it.py", text)
        ended = package.nox("-R", "-s", "tests")
        return ended.code, ended.output

    code, printed = run(UNITTEST.format(mark="", answer=42))
    assert (code, "Ran 1 test" in printed, "pytest>=8" in printed) == (0, True, False), printed
    assert run(UNITTEST.format(mark="", answer=430))[0] == 1
    code, printed = run(UNITTEST.format(mark='@unittest.skip("no")', answer=42))
    assert (code, "every test was skipped" in printed) == (1, True)
    code, printed = run("import unittest\n")
    assert (code, "no test was collected" in printed) == (1, True)


@pytest.mark.parametrize("words", [("-s",), ("-j", "2", "-s")], ids=["in turn", "at once"])
def test_the_cells_of_one_run_share_one_wheel_and_the_next_run_builds_its_own(
    package: Repository, words: tuple[str, ...]
) -> None:
    count = package.root / "built"
    counting = f"    open({str(count)!r}, 'a').write('x')\n    name = "
    package.write("backend.py", BACKEND.replace("    name = ", counting))
    package.write("pyproject.toml", f'{FLAT}{ONE}[tool.shipway]\npython = ["{HERE}", "python{HERE}"]\n')
    package.write("tests/test_it.py", "import acme_widgets\n\n\ndef test_it():\n    assert acme_widgets.ANSWER == 42\n")
    cells = (f"tests-{HERE}", f"tests-python{HERE}")
    ended = package.nox(*words, *cells)
    assert (ended.code, count.read_text()) == (0, "x"), ended.output
    package.write("source/acme_widgets.py", "ANSWER = 43\n")
    ended = package.nox("-r", *words, *cells)
    assert (ended.code, ended.stdout.count("43 == 42") >= 2, count.read_text()) == (1, True, "xx"), ended.output


# --- which tools --------------------------------------------------------------------------------


def installed(repository: Repository, session: str) -> str:
    """Give what a session installs, without doing it."""
    return next(line for line in repository.nox("-s", session).output.splitlines() if " install " in line)


@pytest.mark.parametrize(
    ("session", "tables", "wanted"),
    [
        ("lint", "", "install ruff=="),
        ("lint", '[dependency-groups]\ndev = ["ruff<9", "attrs"]\n', "install 'ruff<9' attrs"),
        ("lint", '[dependency-groups]\ndev = ["attrs"]\n', "install ruff=="),
        ("lint", '[dependency-groups]\nlint = ["attrs"]\n', "install attrs ruff=="),
        ("tests", '[dependency-groups]\ntest = ["attrs", "pytest>1"]\n', "install . attrs 'pytest>1'"),
        ("tests", '[project.optional-dependencies]\nTesting = ["pytest>2"]\n', "install '.[Testing]'"),
        ("tests", '[project.optional-dependencies]\ndev = ["attrs"]\n', "install . 'pytest>=8'"),
        ("coverage", '[dependency-groups]\ncov = ["coverage>5"]\n[tool.coverage.run]\n', "install 'coverage>5'"),
    ],
)
def test_a_repositorys_own_tools_come_before_ours(
    repository: Repository, session: str, tables: str, wanted: str
) -> None:
    repository.noxfile()
    skipping = "\nimport nox.sessions\nnox.sessions.Session.install = lambda self, *words: self.error(say(words))\n"
    say = "import shlex\ndef say(words):\n    return 'would install ' + shlex.join(words)\n"
    repository.write("noxfile.py", (repository.root / "noxfile.py").read_text() + say + skipping)
    repository.write("pyproject.toml", ONE + tables)
    words = ("--no-dependencies", "-db", "virtualenv") if session == "coverage" else ()
    assert wanted in repository.nox(*words, "-s", session).output


def test_pre_commit_lints_where_it_is_configured_and_ruff_is_not(repository: Repository) -> None:
    repository.noxfile()
    hook = "id: own\n        name: own\n        entry: {entry}\n        language: system\n        files: noxfile"
    text = f"repos:\n  - repo: local\n    hooks:\n      - {hook}\n"
    repository.write(".pre-commit-config.yaml", text.format(entry="git --version"))
    repository.run("git", "add", ".")
    ended = repository.nox("-s", "lint")
    assert (ended.code, "own...." in ended.output) == (0, True), ended.output
    repository.write(".pre-commit-config.yaml", text.format(entry="git nonsense"))
    assert repository.nox("-R", "-s", "lint").code == 1
    repository.write("ruff.toml", "")
    assert "ruff check" in repository.nox("-s", "lint").output


def test_lint_by_ruffs_own_defaults_says_how_to_say_otherwise(repository: Repository) -> None:
    repository.noxfile()
    ended = repository.nox("-s", "lint")
    assert ended.code == 1
    assert "shipway.register(skip={'lint'})" in ended.output


def test_the_format_is_left_to_black_where_that_is_configured(repository: Repository) -> None:
    repository.write("noxfile.py", "import shipway\n\nshipway.register( )\n")
    repository.write("pyproject.toml", ONE + "[tool.ruff]\n[tool.black]\n")
    assert repository.nox("-s", "lint").code == 0


# --- coverage and docs --------------------------------------------------------------------------

COVERED = f"""{FLAT}{ONE}
[tool.coverage.run]
source_pkgs = ["acme_widgets"]
[tool.coverage.paths]
all = ["source", "*/site-packages"]
[tool.coverage.report]
fail_under = 100
"""
BRANCHES = "def answer(word):\n    if word:\n        return 42\n    return 0\n"


def test_coverage_is_combined_over_the_matrix_and_blocks_below_the_repositorys_own_limit(package: Repository) -> None:
    package.write("pyproject.toml", COVERED)
    package.write("source/acme_widgets.py", BRANCHES)
    half = "import acme_widgets\n\n\ndef test_it():\n    assert acme_widgets.answer(1)\n"
    package.write("tests/test_it.py", half)
    tagged = [row["session"] for row in json.loads(package.nox("--json", "-l", "-t", "gate").stdout)]
    assert tagged == ["lint", f"tests-{HERE}", "coverage"]
    ended = package.nox("-s", "coverage")
    assert ended.code == 1
    assert f"Session tests-{HERE} was successful" in ended.output
    assert "75%" in ended.stdout
    assert "less than fail-under=100" in ended.stdout
    package.write("tests/test_more.py", half.replace("answer(1)", "answer(0) == 0").replace("test_it", "test_more"))
    ended = package.nox("-R", "-j", "2", "-s", "coverage")
    assert ended.code == 0, ended.output
    assert not list(package.root.glob(".coverage*"))


@pytest.mark.long
def test_coverage_that_nobody_configured_is_reported_and_is_no_gate(repository: Repository) -> None:
    repository.noxfile()
    repository.write(
        "pyproject.toml",
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        + ONE
        + '[tool.hatch.build.targets.wheel]\npackages = ["src/acme_widgets"]\n',
    )
    repository.write("src/acme_widgets/__init__.py", BRANCHES)
    repository.write("tests/test_it.py", "import acme_widgets\n\n\ndef test_it():\n    acme_widgets.answer(1)\n")
    assert '"coverage"' not in repository.nox("--json", "-l", "-t", "gate").stdout
    ended = repository.nox("-s", "coverage")
    assert ended.code == 0, ended.output
    assert "75%" in ended.stdout


def test_docs_are_built_and_a_warning_is_an_error(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", '[build-system]\nrequires = ["setuptools"]\n' + ONE)
    assert "- docs " not in repository.nox("-l").stdout
    repository.write("mkdocs.yml", "site_name: Acme\n")
    repository.write("docs/index.md", "[other](other.md)\n")
    ended = repository.nox("-s", "docs")
    assert ended.code == 1, ended.output
    assert "other.md" in ended.output
    repository.write("docs/index.md", "# Acme\n")
    ended = repository.nox("-R", "-s", "docs")
    assert ended.code == 0, ended.output
    assert not (repository.root / "site").exists()


@pytest.mark.long
def test_sphinx_builds_with_warnings_as_errors(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", '[build-system]\nrequires = ["setuptools"]\n' + ONE)
    repository.write("docs/conf.py", "project = 'Acme'\n")
    repository.write("docs/index.rst", "Acme\n====\n\n:doc:`nowhere`\n")
    ended = repository.nox("-s", "docs")
    assert (ended.code, "nowhere" in ended.output) == (1, True), ended.output
    repository.write("docs/index.rst", "Acme\n====\n")
    ended = repository.nox("-R", "-s", "docs")
    assert ended.code == 0, ended.output


# --- the wheel ----------------------------------------------------------------------------------

ANSWERS = "import acme_widgets\n\n\ndef test_it():\n    assert acme_widgets.ANSWER == {answer}\n"


def write_wheel(folder: Path, answer: int, name: str = "acme_widgets-1.2.4-py3-none-any.whl") -> None:
    """Write a wheel of the package by hand, which says something else than its source."""
    folder.mkdir(parents=True, exist_ok=True)
    info = "acme_widgets-1.2.4.dist-info"
    with zipfile.ZipFile(folder / name, "w") as wheel:
        wheel.writestr("acme_widgets.py", f"ANSWER = {answer}\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: acme-widgets\nVersion: 1.2.4\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.mark.parametrize("source", ["src/acme_widgets.py", pytest.param("acme_widgets.py", marks=pytest.mark.long)])
def test_the_wheel_is_tested_and_never_the_source(package: Repository, source: str) -> None:
    package.write("backend.py", BACKEND.replace("source/acme_widgets.py", source))
    package.write("pyproject.toml", f'{FLAT}{ONE}[tool.pytest.ini_options]\npythonpath = ["src", "."]\n')
    package.write(source, "ANSWER = 42\n")
    package.write("tests/test_it.py", ANSWERS.format(answer=43))
    assert package.nox("-s", "tests").code == 1
    write_wheel(package.root / "dist", 43)
    ended = package.nox("-s", f"tests-{HERE}", "--", "--wheel", "-k", "it")
    assert ended.code == 0, ended.output
    assert "1 passed" in ended.stdout
    write_wheel(package.root / ".release" / "dist", 44)  # a release's own comes first
    again = ("-s", f"tests-{HERE}", "--", "--wheel")
    assert "44 == 43" in package.nox("-r", *again).stdout
    ended = package.nox("-R", *again)
    assert (ended.code, "would test what was installed before" in ended.output) == (1, True)


def test_without_exactly_one_wheel_the_command_that_builds_it_is_named(package: Repository) -> None:
    package.write("tests/test_it.py", PASSING)
    ended = package.nox("-s", "tests", "--", "--wheel")
    assert (ended.code, "there is none: nox -s build" in ended.output) == (1, True)
    write_wheel(package.root / "dist", 43)
    write_wheel(package.root / "dist", 43, "acme_widgets-1.2.3-py3-none-any.whl")
    ended = package.nox("-R", "-s", "tests", "--", "--wheel")
    assert (ended.code, "rm dist/*.whl && nox -s build" in ended.output) == (1, True)


def test_a_wheel_without_tests_to_run_fails(package: Repository) -> None:
    write_wheel(package.root / "dist", 43)
    ended = package.nox("-s", "tests", "--", "--wheel")
    assert (ended.code, "no test was collected" in ended.output) == (1, True)


# --- gates of the repository's own ----------------------------------------------------------------

OWN = 'import nox\n\n\n@nox.session(venv_backend="none")\ndef checks(session):\n    session.log("ours")\n\n\n'


def test_a_session_of_the_noxfile_is_a_gate_where_the_configuration_names_it(repository: Repository) -> None:
    repository.noxfile(before=OWN)
    repository.write("pyproject.toml", f'{PYPROJECT}\n[tool.shipway]\ngates = ["checks"]\n')
    tagged = repository.nox("--list", "--tags", "gate")
    assert "* checks" in tagged.output
    assert "* lint" in tagged.output


def test_a_gate_that_the_noxfile_does_not_have_is_refused(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", f'{PYPROJECT}\n[tool.shipway]\ngates = ["chekcs"]\n')
    ended = repository.nox("--list")
    assert ended.code == 2
    assert "gates in [tool.shipway] names 'chekcs'" in ended.output
