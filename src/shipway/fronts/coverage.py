"""The session that reports coverage, combined over the matrix.

Where a repository configures coverage, each cell of the matrix is run under it and leaves its data; the session
requires the cells, combines what they left, and reports. Where it does not, the session measures one run of its own.
``fail_under`` is the repository's, and coverage itself insists on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from configparser import ConfigParser, Error
from pathlib import Path

import nox

from shipway.fronts.tools import Project

FILES = {".coveragerc": "", "setup.cfg": "coverage:", "tox.ini": "coverage:"}
"""Where else than in ``pyproject.toml`` coverage is configured, and how its sections begin there."""
SECTIONS = ("run", "report", "paths", "html", "xml", "json")
DATA = "COVERAGE_FILE"
MEASURED_TOOLS = ("coverage",)
PLUGIN = re.compile(r"--cov\b")


def is_configured(project: Project) -> bool:
    """Whether the repository configures coverage."""
    return project.find("tool", "coverage") is not None or any(_sections(project))


def insists(project: Project) -> bool:
    """Whether the repository says how much has to be covered."""
    if project.find("tool", "coverage", "report", "fail_under"):
        return True
    return any(parser.has_option(section, "fail_under") for parser, section in _sections(project))


def _sections(project: Project) -> list[tuple[ConfigParser, str]]:
    """Give coverage's sections in the files that are no TOML."""
    found = []
    for name, prefix in FILES.items():
        parser = ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(project.read(name))
        except Error:
            continue
        found += [(parser, prefix + section) for section in SECTIONS if parser.has_section(prefix + section)]
    return found


def is_measured(session: nox.Session, project: Project) -> bool:
    """Whether a session of the tests is a cell that the coverage of the matrix is made of."""
    return project.measured and isinstance(session.python, str)


def data_folder(session: nox.Session) -> Path:
    """Give the folder in which cells leave their data for each other."""
    folder = session.cache_dir.absolute() / "coverage"
    folder.mkdir(exist_ok=True)
    return folder


def measuring(session: nox.Session, project: Project, words: Sequence[str]) -> list[str]:
    """Give the words that measure a program; pytest's plug-in for coverage measures by itself."""
    place = data_folder(session) / f"data.{session.name}"
    for stale in place.parent.glob(f"{place.name}*"):
        stale.unlink()
    session.env[DATA] = str(place)
    configured = project.read("pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg")
    return [] if PLUGIN.search("\n".join([configured, *words])) else ["coverage", "run"]


def coverage(session: nox.Session, project: Project) -> None:
    """Combine what the cells measured, and report it; words after ``--`` are the tests'."""
    session.env[DATA] = str(data_folder(session) / "data")
    if project.measured:
        project.install(session, "coverage", "coverage", itself=False)
        session.run("coverage", "combine", "--quiet", str(data_folder(session)))
    else:
        _measure(session, project)
    session.run("coverage", "report")


def _measure(session: nox.Session, project: Project) -> None:
    """Measure one run of the tests, on the interpreter of the session."""
    from shipway.fronts.testing import has_only_unittest, run_pytest, run_unittest

    by_unittest = has_only_unittest(project)
    tools = MEASURED_TOOLS if by_unittest else ("pytest", *MEASURED_TOOLS)
    project.install(session, "tests", *tools, source=("-e", "."))
    run = ["coverage", "run", *(["--source=src"] if (project.root / "src").is_dir() else [])]
    (run_unittest if by_unittest else run_pytest)(session, project, session.posargs, run)
