"""The sessions that run the project's own code: lint, typecheck, tests.

Tools come from ``requirements/SESSION.txt`` where a repository has pinned them all by digest, else from the
dependency group (PEP 735) of the session's name, else from the pins here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nox
import nox.project

from shipway.world.environment import Environment

FALLBACK_TOOLS = {"lint": ("ruff==0.17.6",), "typecheck": ("mypy==2.4.1",), "tests": ("pytest>=8",)}
FALLBACK_PYTHONS = ("3.10", "3.11", "3.12")
CLASSIFIER = re.compile(r"Programming Language :: Python :: 3\.(\d+)")
MYPY_FILES = ("mypy.ini", ".mypy.ini", "setup.cfg")


@dataclass(frozen=True)
class Project:
    """The repository's ``pyproject.toml``, read once; a session says what is wrong with it."""

    root: Path
    table: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def pythons(self) -> tuple[str, ...]:
        """The versions that the tests run on: configured, else from the classifiers, else three."""
        given = Environment().find("SHIPWAY_PYTHON")
        configured = given.split(",") if given else self._find("tool", "shipway", "python")
        if isinstance(configured, list) and configured:
            return tuple(str(item).strip() for item in configured)
        lines = self._find("project", "classifiers") or []
        minors = {int(found[1]) for found in map(CLASSIFIER.fullmatch, map(str, lines)) if found}
        return tuple(f"3.{minor}" for minor in sorted(minors)) or FALLBACK_PYTHONS

    def install(self, session: nox.Session, group: str, *, itself: bool = True) -> None:
        """Install what a session runs on, and the project: with its own needs, or beside pinned ones."""
        pins = self.root / "requirements" / f"{group}.txt"
        if not pins.is_file():
            session.install(*(["."] if itself else []), *self.requirements(session, group))
            return
        session.install("-r", str(pins))
        if itself:
            session.install("--no-deps", ".")

    def requirements(self, session: nox.Session, group: str) -> tuple[str, ...]:
        """Give what a session installs; ends the session with a message if the file cannot be used."""
        if self.problem:
            session.error(self.problem)
        groups = self._find("dependency-groups") or {}
        if group not in groups:
            return FALLBACK_TOOLS[group]
        try:
            return nox.project.dependency_groups(dict(self.table), group)
        except (ValueError, LookupError, TypeError) as error:
            session.error(f"configuration: dependency group {group!r} cannot be used: {error}")

    @property
    def tells_mypy_what_to_check(self) -> bool:
        """Whether mypy's own configuration names files."""
        keys = set(self._find("tool", "mypy") or ())
        return bool(keys & {"files", "packages", "modules"}) or any((self.root / name).is_file() for name in MYPY_FILES)

    def _find(self, *keys: str) -> Any:  # noqa: ANN401 - a value of TOML
        value: Any = self.table
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


def read_project(root: Path) -> Project:
    """Read ``pyproject.toml``; when it is missing or broken, sessions can still be listed."""
    try:
        return Project(root, nox.project.load_toml(root / "pyproject.toml"))
    except FileNotFoundError:
        return Project(root)
    except (OSError, ValueError) as error:
        return Project(root, problem=f"configuration: pyproject.toml cannot be read: {error}")


def lint(session: nox.Session, project: Project) -> None:
    """Check style and formatting; words after ``--`` go to ``ruff check``."""
    project.install(session, "lint", itself=False)
    session.run("ruff", "check", ".", *session.posargs)
    session.run("ruff", "format", "--check", ".")


def typecheck(session: nox.Session, project: Project) -> None:
    """Check types, with the project and what it needs installed; words after ``--`` go to mypy."""
    project.install(session, "typecheck")
    source = "src" if (project.root / "src").is_dir() else "."
    session.run("mypy", *(session.posargs or ([] if project.tells_mypy_what_to_check else [source])))


def tests(session: nox.Session, project: Project) -> None:
    """Run pytest against the installed project; words after ``--`` go to pytest."""
    project.install(session, "tests")
    session.run("pytest", *session.posargs)


BODIES: Mapping[str, Callable[[nox.Session, Project], None]] = {"lint": lint, "typecheck": typecheck, "tests": tests}
