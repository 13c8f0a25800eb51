"""Which sessions or tasks a front shows, and the words of the project that decide about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from shipway.grammar import CODE_SESSIONS, COMMANDS, Command, closest
from shipway.release.outcomes import ConfigurationError

DOCS = "docs"
SPHINX, MKDOCS = "conf.py", ("mkdocs.yml", "mkdocs.yaml")
DOC_FOLDERS = ("docs", "docs/source", "doc", "doc/source")


def find_docs(root: Path) -> Path | None:
    """Find the file that the documentation is built by: Sphinx's, or that of MkDocs."""
    places = [*(root / folder / SPHINX for folder in DOC_FOLDERS), *(root / name for name in MKDOCS)]
    return next((place for place in places if place.is_file()), None)


def without_docs(root: Path) -> tuple[str, ...]:
    """Name what a repository without documentation has no use for."""
    return () if find_docs(root) else (DOCS,)


def selected(commands: Collection[Command], skip: Collection[str], *, steps: bool) -> Iterator[Command]:
    """Give the commands that a front shows."""
    for command in commands:
        if command.name not in skip and (steps or command.default_session):
            yield command


def require_known(replace: Collection[str], skip: Collection[str], *, steps: bool) -> None:
    """Refuse names in ``replace`` and ``skip`` that would silently mean nothing."""
    commands = (*CODE_SESSIONS, *COMMANDS)
    names = [command.name for command in commands]
    for name in (*replace, *skip):
        if name not in names:
            near = closest(name, names)
            why = f"did you mean {near}?" if near else f"there are: {', '.join(names)}"
            raise ConfigurationError(f"Shipway has no session {name!r} to replace, skip or name again", why=why)
    shown = [command.name for command in selected(commands, skip, steps=steps)]
    for name in replace:
        if name not in shown:
            why = "it is skipped" if name in skip else "only register(steps=True) shows it"
            raise ConfigurationError(
                f"session {name!r} is to be replaced or named again, but is not registered", why=why
            )
