"""What the sessions of the project's code install: a repository's own tools first, pins of ours where it has none.

In this order: ``requirements/SESSION.txt``, which pins all by digest; a dependency group (PEP 735) or an extra with
a usual name of the session; ``dev``, where it names the session's tool; the edition of ruff that the repository's
pre-commit hooks run; the pin here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nox
import nox.project

from shipway.fronts.hooks import PRE_COMMIT, RuffHooks, find_ruff_hooks
from shipway.project.matrix import read_pythons
from shipway.world.environment import Environment

PINS = {
    "ruff": "ruff==0.17.6",
    "pre-commit": "pre-commit==4.7.0",
    "mypy": "mypy==2.4.1",
    "pytest": "pytest>=8",
    "coverage": "coverage[toml]>=7.6",
    "sphinx": "sphinx==8.1.3",
    "mkdocs": "mkdocs==1.6.1",
}
"""A tool's requirement where the repository has none; a range where the matrix may hold an older Python."""
GROUPS = {
    "lint": ("lint", "linting"),
    "typecheck": ("typecheck", "typing", "mypy"),
    "tests": ("tests", "test", "testing"),
    "coverage": ("coverage", "cov"),
    "docs": ("docs", "doc"),
}
"""The names under which repositories keep what a session needs."""
SHARED = "dev"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PIN_LINE = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)


@dataclass(frozen=True)
class Needs:
    """What a session installs beside the project: requirements, and one of the project's extras."""

    requirements: tuple[str, ...] = ()
    extra: str = ""


@dataclass(frozen=True)
class Project:
    """The repository's ``pyproject.toml``, read once; a session says what is wrong with it.

    ``measured`` says that the cells of the matrix are run under coverage, for the session that combines them.
    """

    root: Path
    table: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    measured: bool = False

    @property
    def pythons(self) -> tuple[str, ...]:
        """The versions that the tests run on."""
        return read_pythons(self.root, self.table, Environment().find("SHIPWAY_PYTHON"))

    @property
    def insisted(self) -> frozenset[str]:
        """The sessions that only advise by default, and are gates here."""
        given = Environment().find("SHIPWAY_GATES")
        named = given.split(",") if given else self.find("tool", "shipway", "gates")
        names = named if isinstance(named, list) else []
        return frozenset(str(name).strip() for name in names)

    def find(self, *keys: str) -> Any:  # noqa: ANN401 - a value of TOML
        """Find a value by the names of its tables; None where there is none."""
        value: Any = self.table
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def read(self, *names: str) -> str:
        """Give the text of all of these files that are there."""
        paths = [self.root / name for name in names]
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file())

    @property
    def ruff_hooks(self) -> RuffHooks | None:
        """What the repository's hooks tell of ruff."""
        return find_ruff_hooks(self.read(PRE_COMMIT))

    def pins(self, name: str) -> Path | None:
        """Give the file that pins everything a session needs, if there is one."""
        path = self.root / "requirements" / f"{name}.txt"
        return path if path.is_file() else None

    def install(
        self, session: nox.Session, name: str, *tools: str, itself: bool = True, source: tuple[str, ...] = (".",)
    ) -> None:
        """Install the tools of a session, and the project: with its own needs, or beside pinned ones.

        ``source`` are the words that install the project: from here, or a wheel of it.
        """
        if self.problem:
            session.error(self.problem)
        if pins := self.pins(name):
            session.install("-r", str(pins))
            if itself:
                session.install("--no-deps", *source)
            missing = self._missing(tools, PIN_LINE.findall(pins.read_text(encoding="utf-8")))
            if missing:
                session.install(*missing)
            return
        needs = self.needs(session, name, tools)
        project = [*source[:-1], _with_extra(source[-1], needs.extra)] if itself or needs.extra else []
        session.install(*project, *needs.requirements)

    def needs(self, session: nox.Session, name: str, tools: tuple[str, ...]) -> Needs:
        """Choose what a session installs: a group or an extra of a usual name, ``dev``, or our own pins."""
        groups, extras = self._named("dependency-groups"), self._named("project", "optional-dependencies")
        for known in GROUPS[name]:
            if known in groups:
                found = self._group(session, groups[known])
                return Needs((*found, *self._missing(tools, found)))
            if known in extras:
                return Needs(self._missing(tools, self._extra(extras[known])), extras[known])
        if SHARED in groups and not self._missing(tools, found := self._group(session, groups[SHARED])):
            return Needs(found)
        if SHARED in extras and not self._missing(tools, self._extra(extras[SHARED])):
            return Needs((), extras[SHARED])
        return Needs(self._missing(tools, ()))

    def names_tool(self, name: str, tool: str) -> bool:
        """Whether a session's own requirements name a tool."""
        pins = self.pins(name)
        text = pins.read_text(encoding="utf-8") if pins else ""
        for known in (*GROUPS[name], SHARED):
            for table in (("dependency-groups",), ("project", "optional-dependencies")):
                text += "".join(f"\n{item}" for item in self.find(*table, self._named(*table).get(known, "")) or ())
        return tool in map(_normal, PIN_LINE.findall(text))

    def uses_our_pin(self, name: str, tool: str) -> bool:
        """Whether nothing in the repository says which edition of a tool a session takes."""
        return not self.names_tool(name, tool) and self._pin(tool) == PINS[tool]

    def _group(self, session: nox.Session, group: str) -> tuple[str, ...]:
        try:
            return nox.project.dependency_groups(dict(self.table), group)
        except (ValueError, LookupError, TypeError) as error:
            session.error(f"configuration: dependency group {group!r} cannot be used: {error}")

    def _extra(self, extra: str) -> tuple[str, ...]:
        found = self.find("project", "optional-dependencies", extra)
        return tuple(map(str, found)) if isinstance(found, list) else ()

    def _named(self, *keys: str) -> dict[str, str]:
        """Give the names in a table as they are written, by their usual spelling."""
        found = self.find(*keys)
        return {_normal(name): name for name in found} if isinstance(found, Mapping) else {}

    def _missing(self, tools: Iterable[str], requirements: Iterable[str]) -> tuple[str, ...]:
        """Give the pins of the tools that no requirement names."""
        named = {_normal(found[0]) for line in requirements if (found := NAME.match(line.strip()))}
        return tuple(self._pin(tool) for tool in tools if tool not in named)

    def _pin(self, tool: str) -> str:
        """Give a tool's requirement: the hooks' edition of ruff, else ours."""
        hooks = self.ruff_hooks if tool == "ruff" else None
        return f"{tool}=={hooks.edition}" if hooks and hooks.edition else PINS[tool]


def read_project(root: Path) -> Project:
    """Read ``pyproject.toml``; when it is missing or broken, sessions can still be listed."""
    try:
        return Project(root, nox.project.load_toml(root / "pyproject.toml"))
    except FileNotFoundError:
        return Project(root)
    except (OSError, ValueError) as error:
        return Project(root, problem=f"configuration: pyproject.toml cannot be read: {error}")


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _with_extra(source: str, extra: str) -> str:
    """Name an extra of the project where it is installed from: a folder, or a wheel."""
    if not extra:
        return source
    if not source.endswith(".whl"):
        return f"{source}[{extra}]"
    wheel = Path(source)
    return f"{wheel.name.split('-')[0]}[{extra}] @ {wheel.as_uri()}"
