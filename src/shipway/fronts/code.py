"""The sessions that run the project's code, but for its tests: lint, typecheck, docs.

Nothing that a repository has configured is overridden: its own tools, their own settings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import nox
import nox.command

from shipway.fronts.coverage import coverage
from shipway.fronts.hooks import PRE_COMMIT
from shipway.fronts.selection import find_docs
from shipway.fronts.testing import tests
from shipway.fronts.tools import PINS, Project

MYPY_FILES = ("mypy.ini", ".mypy.ini")
RUFF_FILES = ("ruff.toml", ".ruff.toml")
UNCONFIGURED = (
    "lint: ruff's own defaults were used, since this repository configures no linter. Mend what they name; or say what"
    " it wants with [tool.ruff] in pyproject.toml; or leave lint out: shipway.register(skip={'lint'})"
)
UNPINNED = (
    f"lint: this repository names no edition of ruff, so it was {PINS['ruff']}, which may know more rules than yours."
    " Mend what it names; or say which edition is yours, in pyproject.toml under [dependency-groups]:"
    ' lint = ["ruff==X.Y.Z"]'
)


def lint(session: nox.Session, project: Project) -> None:
    """Check style and formatting; words after ``--`` go to ``ruff check``, or to ``pre-commit run``."""
    configured = has_ruff(project)
    if not configured and (project.root / PRE_COMMIT).is_file():
        project.install(session, "lint", "pre-commit", itself=False)
        session.run("pre-commit", "run", "--all-files", *session.posargs)
        return
    project.install(session, "lint", "ruff", itself=False)
    try:
        copies = find_copies(project.root)
        session.run("ruff", "check", ".", *(f"--extend-exclude={copy}" for copy in copies), *session.posargs)
        if why := why_unformatted(project):
            session.log(f"ruff format is left out: {why}")
            return
        # older editions of ruff format have no --extend-exclude; this adds to what is configured just so
        session.run("ruff", "format", "--check", ".", *(f'--config=extend-exclude=["{copy}"]' for copy in copies))
    except nox.command.CommandFailed:
        if not configured:
            session.error(UNCONFIGURED)
        if project.uses_our_pin("lint", "ruff"):
            session.error(UNPINNED)
        raise


def why_unformatted(project: Project) -> str:
    """Say why the format is not ruff's to check; "" where it is."""
    if project.find("tool", "ruff", "format") is not None:
        return ""
    if project.find("tool", "black") is not None:
        return "the format is black's, as configured"
    hooks = project.ruff_hooks
    return f"the hooks in {PRE_COMMIT} run ruff without it" if hooks and not hooks.formats else ""


def has_ruff(project: Project) -> bool:
    """Whether the repository configures ruff."""
    return project.find("tool", "ruff") is not None or any((project.root / name).is_file() for name in RUFF_FILES)


def typecheck(session: nox.Session, project: Project) -> None:
    """Check types, with the project and what it needs installed; words after ``--`` go to mypy."""
    project.install(session, "typecheck", "mypy")
    source = "src" if (project.root / "src").is_dir() else "."
    copies = [f"--exclude=^{re.escape(copy)}/" for copy in find_copies(project.root)]
    session.run("mypy", *copies, *(session.posargs or ([] if tells_mypy_what_to_check(project) else [source])))


def find_copies(root: Path) -> list[str]:
    """Name the folders of a vendored Shipway: a copy byte by byte is nobody's to mend here."""
    from shipway.adopt.vendoring.place import find_folders

    return [f"{folder}/shipway" for folder in find_folders(root)]


def tells_mypy_what_to_check(project: Project) -> bool:
    """Whether mypy's own configuration names files."""
    keys = set(project.find("tool", "mypy") or ())
    files = any((project.root / name).is_file() for name in MYPY_FILES) or "[mypy]" in project.read("setup.cfg")
    return bool(keys & {"files", "packages", "modules"}) or files


def docs(session: nox.Session, project: Project) -> None:
    """Build the documentation where nobody sees it; words after ``--`` go to the builder."""
    source = find_docs(project.root)
    if source is None:
        session.error("docs: there is neither docs/conf.py nor mkdocs.yml")
    place = str(session.env_dir / "html")
    own = source.parent / "requirements.txt"
    builder = "sphinx" if source.name == "conf.py" else "mkdocs"
    if own.is_file() and project.pins("docs") is None:
        session.install(".", "-r", str(own))
    else:
        project.install(session, "docs", builder)
    if builder == "sphinx":
        session.run("sphinx-build", "-W", "-b", "html", str(source.parent), place, *session.posargs)
    else:
        words = ["--config-file", str(source), "--site-dir", place]
        session.run("mkdocs", "build", "--strict", *words, *session.posargs)


BODIES: Mapping[str, Callable[[nox.Session, Project], None]] = {
    "lint": lint,
    "typecheck": typecheck,
    "tests": tests,
    "coverage": coverage,
    "docs": docs,
}
