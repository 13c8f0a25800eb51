"""Options: one command's words by argparse, with every complaint turned into a line that can be typed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from shipway.grammar import BUMPS, Command, Parameter, closest, command_line, usage_line
from shipway.parser import HelpRequested, Request, fits
from shipway.release.outcomes import UsageError

MARK = "\0"
"""Stands before a word that cannot be an option; no word of a command line holds it."""


class CommandParser(argparse.ArgumentParser):
    """One command's parser, whose errors are `UsageError` and name the line to type instead."""

    def __init__(self, command: Command, front: str, words: Sequence[str]) -> None:
        super().__init__(
            usage=usage_line(command, front).replace("%", "%%"),
            description=command.summary,
            add_help=False,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
        )
        self._command = command
        self._front = front
        self._words = _escaped(words)
        self._parameters = (*command.parameters, *command.tolerated)
        self.add_argument("-h", "--help", action="store_true", help="show this text")
        for parameter in command.parameters:
            _add(self, parameter, parameter.help)
        for parameter in command.tolerated:
            _add(self, parameter, argparse.SUPPRESS)

    def parse(self) -> Request | HelpRequested:
        """Parse the words given."""
        found, rest = self.parse_known_intermixed_args(self._words)
        values = vars(found)
        if values.pop("help", False):
            return HelpRequested(self.format_help())
        self._refuse_unknown(rest)
        values = {name: _unmarked(value) for name, value in values.items()}
        self._refuse_bad_values(values)
        return Request(self._command.name, self._front, **values)

    def error(self, message: str) -> NoReturn:
        """Turn argparse's complaint into ours."""
        raise UsageError(f"{self._command.name}: {message}", remedy=self._line("--help"))

    def _refuse_unknown(self, rest: Sequence[str]) -> None:
        name = self._command.name
        for option in (word.partition("=")[0] for word in rest if word.startswith("-")):
            level = option.removeprefix("--")
            if level in BUMPS and any(parameter.kind == "bump" for parameter in self._parameters):
                raise self._bump_with_dashes(option, level)
            known = [parameter.spelling for parameter in self._parameters if not parameter.positional]
            raise self._correction(f"{name} has no option {option}", option, [*known, "--help"])
        for word in rest:
            raise UsageError(
                f"{name} takes no word {_shown(word)!r} here",
                why=f"its words are: {usage_line(self._command, self._front)}",
                remedy=self._line(*_without(self._words, word)),
            )

    def _refuse_bad_values(self, values: dict[str, object]) -> None:
        for parameter in self._parameters:
            value = values.get(parameter.field)
            word = value[0] if isinstance(value, tuple) and value else value
            if isinstance(word, str) and not fits(parameter, word):
                what = f"{parameter.spelling} cannot be {word!r}"
                raise self._correction(what, word, parameter.choices, _meaning(parameter))

    def _correction(self, what: str, wrong: str, choices: Sequence[str], hint: str = "") -> UsageError:
        """Build the error for a word that should have been one of ``choices``."""
        right = closest(wrong, choices)
        if right is None:
            why = hint or f"it is one of: {', '.join(choices)}"
            return UsageError(what, why=why, remedy=self._line("--help"))
        words = [_corrected(word, wrong, right) for word in self._words]
        return UsageError(what, why=f"did you mean {right}?", remedy=self._line(*words))

    def _bump_with_dashes(self, option: str, level: str) -> UsageError:
        """Build the error for ``--minor``, which everybody types once."""
        words = [level if word == option else word for word in self._words]
        return UsageError(f"{option} is a word here, without dashes", remedy=self._line(*words))

    def _line(self, *words: str) -> str:
        dashes = ["--"] if any(word.startswith(MARK + "-") for word in words) else []
        marked = [_shown(word) for word in words if word.startswith(MARK)]
        plain = [word for word in words if not word.startswith(MARK)]
        return command_line(self._command.name, *plain, *dashes, *marked, front=self._front)


def _add(parser: argparse.ArgumentParser, parameter: Parameter, text: str) -> None:
    """Add one parameter of the grammar; values are checked later, in our own words."""
    if parameter.kind == "flag":
        parser.add_argument(parameter.spelling, dest=parameter.field, action="store_true", help=text)
    elif parameter.positional:
        nargs = "*" if parameter.kind == "words" else "?"
        parser.add_argument(parameter.name, nargs=nargs, metavar=parameter.spelling, help=text)
    else:
        parser.add_argument(parameter.spelling, dest=parameter.field, metavar=parameter.value, help=text)


def _meaning(parameter: Parameter) -> str:
    return f"it is {parameter.help}" if parameter.kind == "bump" else f"it is one of: {', '.join(parameter.choices)}"


def _escaped(words: Sequence[str]) -> list[str]:
    """Leave out the first ``--`` and mark what follows it, so that argparse sees no option there."""
    at = list(words).index("--") if "--" in words else len(words)
    return [*words[:at], *(MARK + word for word in words[at + 1 :])]


def _shown(word: str) -> str:
    return word.removeprefix(MARK)


def _unmarked(value: object) -> Any:  # noqa: ANN401 - argparse's values: text, flags, lists of words
    if isinstance(value, list):
        return tuple(_shown(word) for word in value)
    return _shown(value) if isinstance(value, str) else value


def _corrected(word: str, wrong: str, right: str) -> str:
    """Replace the wrong word, also where it stands in ``--option=value``."""
    if "=" in word and not word.startswith(MARK):
        return "=".join(right if part == wrong else part for part in word.split("=", 1))
    return right if _shown(word) == wrong else word


def _without(words: Sequence[str], word: str) -> list[str]:
    """Leave out the last occurrence of a word."""
    at = len(words) - 1 - list(reversed(words)).index(word)
    return [*words[:at], *words[at + 1 :]]
