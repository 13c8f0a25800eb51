"""The nox front: `register` makes a session of every command.

Sessions that think run ``python -m shipway`` with nox's own interpreter, so there is one grammar, and exit
codes and signals have one owner. Sessions that run the project's code get an environment of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import nox

from shipway.fronts import code
from shipway.fronts.child import run_command
from shipway.fronts.selection import require_known, selected
from shipway.grammar import CODE_SESSIONS, COMMANDS, Command, is_bump, usage_line
from shipway.release.outcomes import ConfigurationError

Body = Callable[[nox.Session], None]
Replacement = Callable[[nox.Session, Body], None]

TAGS = {"lint": ["gate"], "typecheck": ["advice"], "tests": []}
ALONE = ("lint", "tests")
"""What a bare ``nox`` runs: nothing that leaves the machine, on the running interpreter."""


def register(
    replace: Mapping[str, Replacement] | None = None,
    skip: Collection[str] = (),
    *,
    steps: bool = False,
    prefix: str = "",
) -> None:
    """Register the sessions: ``steps`` shows every step, ``prefix`` stands before each name.

    A replacement gets the session and the body that it replaces: ``def lint(session, parent)``.
    """
    replace = replace or {}
    try:
        require_known(replace, skip, steps=steps)
    except ConfigurationError as error:
        sys.stderr.write(f"{error.render()}\n")
        raise SystemExit(2) from None  # nox's own code for a noxfile that does not load
    commands = list(selected(COMMANDS, skip, steps=steps))
    thinking = [prefix + command.name for command in commands]
    project = code.read_project(Path.cwd())
    for command in selected(CODE_SESSIONS, skip, steps=steps):
        _add_code(command, project, replace.get(command.name), thinking, prefix)
    for command in commands:
        _add_thinking(command, replace.get(command.name), prefix)


def _add_code(
    command: Command, project: code.Project, replacement: Replacement | None, thinking: Collection[str], prefix: str
) -> None:
    """Add a session of the project's code; for the tests also one for each Python version."""
    name = prefix + command.name

    def body(session: nox.Session) -> None:
        code.BODIES[command.name](session, project)

    def add(name: str, summary: str, **options: Any) -> None:  # noqa: ANN401 - nox's own options
        run = _without_release_words(_replaced(body, replacement), thinking)
        run.__doc__ = _document(replacement, summary)
        nox.session(name=name, allow_parallel=True, **options)(run)

    add(name, command.summary, default=command.name in ALONE, tags=TAGS[command.name])
    if command.name == "tests":
        for python in project.pythons:
            summary = command.summary.replace("the running interpreter", f"Python {python}")
            add(f"{name}-{python}", summary, default=False, tags=["gate"], python=python)


def _add_thinking(command: Command, replacement: Replacement | None, prefix: str) -> None:
    """Add a session that runs a command of Shipway, without an environment of its own."""
    front = f"nox:{prefix}" if prefix else "nox"

    def body(session: nox.Session) -> None:
        run_command(session, command.name, front)

    run = _replaced(body, replacement)
    run.__doc__ = f"{_document(replacement, command.summary)}\n\n{usage_line(command, front)}"
    nox.session(name=prefix + command.name, default=False, venv_backend="none")(run)


def _replaced(body: Body, replacement: Replacement | None) -> Body:
    """Give the body that a session runs: ours, or the replacement, which may call ours."""
    if replacement is None:
        return body

    def run(session: nox.Session) -> None:
        replacement(session, body)

    return run


def _document(replacement: Replacement | None, summary: str) -> str:
    return (replacement.__doc__ if replacement else None) or summary


def _without_release_words(body: Body, thinking: Collection[str]) -> Body:
    """Keep ``minor`` from pytest in ``nox -s tests release -- minor``: nox hands it to every session."""

    def run(session: nox.Session) -> None:
        if _words_are_a_release(session, thinking):
            session.posargs.clear()
        body(session)

    return run


def _words_are_a_release(session: nox.Session, thinking: Collection[str]) -> bool:
    """Whether the run's words belong to a command: one was selected in the same run.

    A parallel run starts a nox of its own for each session, with ``--no-dependencies``, which knows no other
    session: there, words that hold a bump belong to a release.
    """
    runner = session._runner  # nox has no public name for the selection
    if any(name in runner.manifest for name in thinking):
        return True
    return runner.global_config.no_dependencies and any(is_bump(word) for word in session.posargs)
