"""The parser: turns the words after ``python -m shipway`` into a request, by the grammar.

Nothing here ends the process or prints: a typo is a `UsageError` that ends with the corrected line, and help
is a value. (argparse's own way out, `SystemExit`, would abort a whole nox run without a report.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from shipway.grammar import COMMANDS, Command, Parameter, closest, command_line, find_command, is_bump
from shipway.release.outcomes import UsageError

FRONT = "--front"
"""The option by which the fronts say who they are, so that remedies are spelled as the person types."""

NO_FRONT = "module"
"""What stands for a front where somebody types ``python -m shipway``."""

OVERVIEW = "python -m shipway --help"


class Request(NamedTuple):
    """What was asked: a command and its options, all of the grammar's parameters with their defaults."""

    command: str
    front: str = NO_FRONT
    bump: str | None = None
    pre: str | None = None
    dry_run: bool = False
    only: str | None = None
    yes: bool = False
    json: bool = False
    no_gates: bool = False
    resume: bool = False
    words: tuple[str, ...] = ()
    issue: str | None = None
    since: str | None = None
    keep: bool = False
    gates: bool = False
    merge: str = "merge"
    flow: str | None = None
    kill: bool = False
    fault: str | None = None
    release: str | None = None
    used_up: bool = False
    check: bool = False
    update: bool = False
    into: str | None = None
    discard: bool = False
    package: str | None = None
    deepen: bool = False


class HelpRequested(NamedTuple):
    """The answer to ``--help``: a text to print, and exit code 0."""

    text: str


class VersionRequested(NamedTuple):
    """The answer to ``--version``: the caller knows it."""


def parse(argv: Sequence[str]) -> Request | HelpRequested | VersionRequested:
    """Parse the words of a command line; raises `UsageError` and nothing else."""
    front, words = _take_front(argv)
    if not words:
        raise UsageError("no command", why=f"one of: {_names()}", remedy=OVERVIEW)
    if words[0] in {"-h", "--help"}:
        return HelpRequested(render_overview())
    if words[0] in {"-V", "--version"}:
        return VersionRequested()
    command = find_command(words[0])
    if command is None:
        raise _unknown_command(words, front)
    plain = _read_plain(command, front, words[1:])
    if plain is not None:
        return plain
    from shipway.parser.options import CommandParser

    return CommandParser(command, front, words[1:]).parse()


def fits(parameter: Parameter, word: str) -> bool:
    """Tell whether a word is one that the parameter can take."""
    return not parameter.choices or word in parameter.choices or (parameter.kind == "bump" and is_bump(word))


def render_overview() -> str:
    """Render the help of ``python -m shipway``: every command with its summary."""
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:{width}}  {command.summary}" for command in COMMANDS]
    head = ["usage: python -m shipway COMMAND [words]", "", "commands:"]
    return "\n".join([*head, *lines, "", "python -m shipway COMMAND --help says more.", ""])


def _read_plain(command: Command, front: str, words: Sequence[str]) -> Request | None:
    """Read words among which is no option, as in most command lines; None where they need more than a glance."""
    places = [parameter for parameter in (*command.parameters, *command.tolerated) if parameter.positional]
    if any(word.startswith("-") for word in words) or len(places) > 1:
        return None
    if not words:
        return Request(command.name, front)
    if not places or not fits(places[0], words[0]):
        return None
    takes_several = places[0].kind == "words"
    given: dict[str, Any] = {places[0].field: tuple(words) if takes_several else words[0]}
    return Request(command.name, front, **given) if takes_several or len(words) == 1 else None


def _take_front(argv: Sequence[str]) -> tuple[str, list[str]]:
    """Split off ``--front NAME``, which only the fronts write, and only first."""
    words = list(argv)
    if words[:1] == [FRONT] and len(words) > 1:
        return words[1], words[2:]
    return NO_FRONT, words


def _unknown_command(words: Sequence[str], front: str) -> UsageError:
    """Build the error for a command that does not exist."""
    what = f"no command {words[0]!r}"
    name = closest(words[0], [command.name for command in COMMANDS])
    if name is None:
        return UsageError(what, why=f"one of: {_names()}", remedy=OVERVIEW)
    return UsageError(what, why=f"did you mean {name}?", remedy=command_line(name, *words[1:], front=front))


def _names() -> str:
    return ", ".join(command.name for command in COMMANDS)
