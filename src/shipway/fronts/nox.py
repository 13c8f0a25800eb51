"""The nox front: `register` makes a session of every command.

Sessions that think run ``python -m shipway`` with nox's own interpreter, so there is one grammar, and exit
codes and signals have one owner. Sessions that run the project's code get an environment of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nox
import nox.registry

from shipway.fronts import code
from shipway.fronts.child import run_command
from shipway.fronts.coverage import insists, is_configured
from shipway.fronts.selection import require_known, selected, without_docs
from shipway.fronts.tools import Project, read_project
from shipway.fronts.words import kept_apart
from shipway.grammar import CODE_SESSIONS, COMMANDS, Command, usage_line
from shipway.project.tags import ADVICE, GATE
from shipway.release.outcomes import ConfigurationError

Body = Callable[[nox.Session], None]
Replacement = Callable[[nox.Session, Body], None]

ALONE = ("lint", "tests")
"""What a bare ``nox`` runs: nothing that leaves the machine, on the running interpreter."""


def register(
    replace: Mapping[str, Replacement] | None = None,
    skip: Collection[str] = (),
    *,
    steps: bool = False,
    prefix: str = "",
    aliases: Mapping[str, str] | None = None,
) -> None:
    """Register the sessions: ``steps`` shows every step, ``prefix`` stands before each name.

    A replacement gets the session and the body that it replaces: ``def lint(session, parent)``. ``aliases`` are
    second names: ``{"test": "tests"}``. A session that the noxfile has already stays as it is.
    """
    replace, aliases = replace or {}, aliases or {}
    own = frozenset(nox.registry.get())
    _check(lambda: require_known((*replace, *aliases.values()), skip, steps=steps))
    _check(lambda: _require_free({*aliases, *(prefix + name for name in replace)} & own))
    taken = {name.removeprefix(prefix) for name in own if name.startswith(prefix)}
    unwanted = {*skip, *taken, *without_docs(Path.cwd())}
    registration = _Registration(replace, unwanted, prefix, own)
    registration.add_all(steps=steps, aliases=aliases)
    _check(registration.tag_own)


def _check(check: Callable[[], None]) -> None:
    """Tell what is wrong, and end as a noxfile that does not load."""
    try:
        check()
    except ConfigurationError as error:
        sys.stderr.write(f"{error.render()}\n")
        raise SystemExit(2) from None  # nox's own code for it


def _require_free(names: Collection[str]) -> None:
    """Refuse to give a name away that the noxfile uses itself."""
    if names:
        raise ConfigurationError(
            f"the noxfile has a session {min(names)!r} of its own",
            why="nox would let one of the two vanish",
            remedy='rename it, take it out of replace= or aliases=, or give ours a name: register(prefix="ship-")',
        )


@dataclass
class _Registration:
    """One call of `register`: which sessions are ours, and how they know of each other."""

    replace: Mapping[str, Replacement]
    unwanted: Collection[str]
    prefix: str
    own: frozenset[str]
    project: Project = field(default_factory=lambda: read_project(Path.cwd()))
    thinking: list[str] = field(default_factory=list)
    testing: list[str] = field(default_factory=list)

    def add_all(self, *, steps: bool, aliases: Mapping[str, str]) -> None:
        """Add all sessions."""
        codes = list(selected(CODE_SESSIONS, self.unwanted, steps=steps))
        commands = list(selected(COMMANDS, self.unwanted, steps=steps))
        names = {command.name for command in codes}
        self.thinking = [self.prefix + command.name for command in commands]
        if "tests" in names:
            cells = [f"{self.prefix}tests-{python}" for python in self.project.pythons]
            self.testing = [name for name in cells if name not in self.own]
        is_measured = bool(self.testing) and "coverage" in names and is_configured(self.project)
        self.project = replace(self.project, measured=is_measured)
        for command in codes:
            self._add_code(command)
        for command in commands:
            self._add_thinking(command)
        for alias, name in aliases.items():
            self._add_alias(alias, self.prefix + name)

    def tag_own(self) -> None:
        """Make gates of the noxfile's own sessions that the configuration names; all of these have to be there."""
        sessions = nox.registry.get()
        missing = self.project.insisted - {name.removeprefix(self.prefix) for name in sessions} - {*sessions}
        if missing:
            raise ConfigurationError(
                f"gates in [tool.shipway] names {min(missing)!r}, and the noxfile has no such session",
                why="a gate that is never run would let everything pass",
                remedy="name one that nox --list shows, defined before shipway.register()",
            )
        for name in self.project.insisted & self.own:
            sessions[name].tags = [*sessions[name].tags, GATE]

    def _add_code(self, command: Command) -> None:
        """Add a session of the project's code; for the tests also one for each Python version."""
        name, replacement = self.prefix + command.name, self.replace.get(command.name)

        def body(session: nox.Session) -> None:
            code.BODIES[command.name](session, self.project)

        def add(name: str, summary: str, **options: Any) -> None:  # noqa: ANN401 - nox's own options
            others = () if command.name in ("tests", "coverage") else (f"{self.prefix}tests", *self.testing)
            run = kept_apart(_replaced(body, replacement), self.thinking, others)
            run.__doc__ = _document(replacement, summary)
            nox.session(name=name, allow_parallel=True, **options)(run)

        requires = self.testing if command.name == "coverage" and self.project.measured else []
        add(name, command.summary, default=command.name in ALONE, tags=self._tags(command.name), requires=requires)
        for cell in self.testing if command.name == "tests" else ():
            python = cell.removeprefix(f"{name}-")
            summary = command.summary.replace("the running interpreter", f"Python {python}")
            add(cell, summary, default=False, tags=[GATE], python=python)

    def _tags(self, name: str) -> list[str]:
        """Give a session's tags: what blocks, what advises, and what is only there to be called."""
        if name == "lint" or name in self.project.insisted or (name == "coverage" and insists(self.project)):
            return [GATE]
        return [ADVICE] if name in ("typecheck", "docs") else []

    def _add_thinking(self, command: Command) -> None:
        """Add a session that runs a command of Shipway, without an environment of its own."""
        front = f"nox:{self.prefix}" if self.prefix else "nox"
        replacement = self.replace.get(command.name)

        def body(session: nox.Session) -> None:
            run_command(session, command.name, front)

        run = _replaced(body, replacement)
        run.__doc__ = f"{_document(replacement, command.summary)}\n\n{usage_line(command, front)}"
        nox.session(name=self.prefix + command.name, default=False, venv_backend="none")(run)

    @staticmethod
    def _add_alias(alias: str, name: str) -> None:
        """Add a second name: a session that is empty and requires the first one, which gets the same words."""

        def run(session: nox.Session) -> None:
            session.debug(f"{alias} is {name}")

        run.__doc__ = f"The same as {name}."
        nox.session(name=alias, default=False, venv_backend="none", requires=[name])(run)


def _replaced(body: Body, replacement: Replacement | None) -> Body:
    """Give the body that a session runs: ours, or the replacement, which may call ours."""
    if replacement is None:
        return body

    def run(session: nox.Session) -> None:
        replacement(session, body)

    return run


def _document(replacement: Replacement | None, summary: str) -> str:
    return (replacement.__doc__ if replacement else None) or summary
