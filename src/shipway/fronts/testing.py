"""The session that runs the tests: by pytest, or by unittest where a repository has nothing else.

No test collected, and every test skipped, are failures: nothing was tested. What pytest prints stays as it is; that
is read from its own report.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import nox
import nox.command

from shipway.fronts.coverage import MEASURED_TOOLS, is_measured, measuring
from shipway.fronts.once import find_source
from shipway.fronts.tools import Project
from shipway.fronts.wheel import WHEEL, away_from_the_source, find_wheel, install_again
from shipway.world.environment import Environment

CONFIGURED = ("pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")
PYTEST_SECTION = re.compile(r"^\[(?:tool:)?pytest\]", re.MULTILINE)
PYTEST_TEST = re.compile(r"^(?:import pytest|from pytest|(?:async )?def test_)", re.MULTILINE)
UNITTEST = re.compile(r"^(?:import unittest|from unittest)", re.MULTILINE)
OWN_REPORT = re.compile(r"--junit-?xml[=\s\"',]+([^\s\"',\]]+)")
NO_REPORT = "no:junitxml"
NO_TESTS = 5
"""The exit code of pytest, of unittest in Python 3.12, and of `DISCOVER`, when there was no test to run."""
ALL_SKIPPED = 6
"""The exit code of `DISCOVER` when every test was skipped."""
NONE_SAID = "no test was collected: nothing was tested. Write one, or leave the session out: skip={'tests'}"
SKIPPED_SAID = "every test was skipped: skipped is not passed. Give them what they need here, and run them again"
DISCOVER = f"""\
import sys, unittest

ended = unittest.main(module=None, argv=["python -m unittest", "discover", *sys.argv[1:]], exit=False).result
if not ended.wasSuccessful():
    sys.exit(1)
ran, skipped = ended.testsRun, len(ended.skipped)
sys.exit({NO_TESTS} if not ran and not skipped else {ALL_SKIPPED} if skipped >= ran else 0)
"""
"""``python -m unittest discover``, which in older Pythons is content with no test at all."""


def tests(session: nox.Session, project: Project) -> None:
    """Run the tests against the installed project, or with ``--wheel`` against the wheel that was built.

    Other words after ``--`` go to pytest.
    """
    words = [word for word in session.posargs if word != WHEEL]
    by_unittest = has_only_unittest(project)
    tools = () if by_unittest else ("pytest",)
    if WHEEL in session.posargs:
        wheel = find_wheel(session, project.root)
        project.install(session, "tests", *tools, source=(str(wheel),))
        install_again(session, wheel)
        with away_from_the_source(session, project.root, wheel):
            _run(session, project, words, by_unittest=by_unittest)
    elif is_measured(session, project):
        source = (find_source(session),) if project.find("tool", "coverage", "paths") else ("-e", ".")
        project.install(session, "tests", *tools, *MEASURED_TOOLS, source=source)
        _run(session, project, words, by_unittest=by_unittest, run=measuring(session, project, words))
    else:
        source = (find_source(session),) if isinstance(session.python, str) and not project.problem else (".",)
        project.install(session, "tests", *tools, source=source)
        _run(session, project, words, by_unittest=by_unittest)


def _run(
    session: nox.Session, project: Project, words: Sequence[str], *, by_unittest: bool, run: Sequence[str] = ()
) -> None:
    if by_unittest:
        run_unittest(session, project, words, run)
    else:
        run_pytest(session, project, words, run)


def run_pytest(session: nox.Session, project: Project, words: Sequence[str], run: Sequence[str] = ()) -> None:
    """Run pytest; ``run`` are the words of coverage before it. Fails where nothing was tested."""
    asked = [Environment().find("PYTEST_ADDOPTS") or "", project.read(*CONFIGURED)]
    own = OWN_REPORT.search("\n".join([" ".join(words), *asked]))
    report = Path.cwd() / own[1] if own else project.root / session.env_dir / "tests.xml"
    silent = own or NO_REPORT in "\n".join([*words, *asked])
    report.unlink(missing_ok=True)
    # By its path under coverage: coverage's own -m would put the source before what is installed.
    program = [*run, str(Path(session.bin, "pytest"))] if run else ["pytest"]
    try:
        session.run(*program, *([] if silent else [f"--junitxml={report}"]), *words)
    except nox.command.CommandFailed as error:
        _explain(session, error)
    if report.is_file() and _all_skipped(report):
        session.error(SKIPPED_SAID)


def run_unittest(session: nox.Session, project: Project, words: Sequence[str], run: Sequence[str] = ()) -> None:
    """Run unittest's discovery; fails where nothing was tested."""
    script = project.root / session.env_dir / "discover.py"
    script.write_text(DISCOVER, encoding="utf-8")
    folders = [name for name in ("tests", "test") if (project.root / name).is_dir()]
    bare = folders and not (project.root / folders[0] / "__init__.py").is_file()
    start = ["-s", folders[0]] if bare and "-s" not in words else []
    try:
        session.run(*(run or ("python",)), str(script), *start, *words, env={"PYTHONPATH": _with_here()})
    except nox.command.CommandFailed as error:
        _explain(session, error)


def _with_here() -> str:
    """Give the path on which the folder itself comes first, as ``python -m unittest`` has it."""
    before = Environment().find("PYTHONPATH")
    return os.pathsep.join([str(Path.cwd()), *([before] if before else [])])


def _explain(session: nox.Session, error: nox.command.CommandFailed) -> NoReturn:
    if error.return_code == NO_TESTS:
        session.error(NONE_SAID)
    if error.return_code == ALL_SKIPPED:
        session.error(SKIPPED_SAID)
    raise error


def _all_skipped(report: Path) -> bool:
    """Whether a report names tests, and every one was skipped; one that failed as expected has run."""
    from xml.etree import ElementTree

    try:
        cases = list(ElementTree.parse(report).iter("testcase"))  # noqa: S314 - written by the tests' own pytest
    except ElementTree.ParseError:
        return False
    return bool(cases) and all(
        any(skipped.get("type") != "pytest.xfail" for skipped in case.iter("skipped")) for case in cases
    )


def has_only_unittest(project: Project) -> bool:
    """Whether a repository has tests for unittest, and neither configuration nor tests for pytest."""
    settings = project.find("tool", "pytest") is not None or PYTEST_SECTION.search(project.read(*CONFIGURED[1:]))
    if settings or project.names_tool("tests", "pytest"):
        return False
    found = list(_test_files(project.root))
    if any(path.name == "conftest.py" for path in found):
        return False
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in found]
    return any(map(UNITTEST.search, texts)) and not any(map(PYTEST_TEST.search, texts))


def _test_files(root: Path) -> Iterator[Path]:
    """Give the files with tests: those of the usual folders, else those that stand at the top."""
    folders = [root / name for name in ("tests", "test") if (root / name).is_dir()]
    for folder in folders or [root]:
        for path in sorted(folder.rglob("*.py") if folders else folder.glob("*.py")):
            if re.fullmatch(r"test.*|.*_test|conftest", path.stem):
                yield path
