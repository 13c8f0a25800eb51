"""The invoke front: `collection` makes a task of every command.

``inv release minor``, ``inv build --bump minor``, ``inv changelog``, ``inv changelog.add fixed "A change."``
Invoke has no optional positionals: a bump that a command can do without is ``--bump``, and one that it needs
is asked for in invoke's own words.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from typing import Any

import invoke.collection
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.tasks import Task

from shipway.fronts.selection import require_known, selected, without_docs
from shipway.grammar import CODE_SESSIONS, COMMANDS, Command, Parameter
from shipway.release.outcomes import ConfigurationError

Body = Callable[..., None]
Replacement = Callable[..., None]

ADD_SUMMARY = "Add a fragment or an entry for a change that users will notice."
ASK_SUMMARY = "Add a fragment or an entry, asking for its kind and its text."
CHECK_SUMMARY = "Tell which fragment, entry or conventional title a pull request lacks."
LINT_SUMMARY = "Tell of misnamed fragments, dead references and headings out of order."
ADD_WORDS = (
    Parameter("type", "the kind of change", "word", positional=True, needed=True),
    Parameter("text", "what changed, for those who use the package", "word", positional=True, needed=True),
)
"""The words of ``changelog.add``, which the other fronts spell ``changelog add TYPE TEXT``."""


def collection(
    replace: Mapping[str, Replacement] | None = None, skip: Collection[str] = (), *, steps: bool = False
) -> invoke.collection.Collection:
    """Give the tasks; ``steps`` shows every step.

    A replacement gets the context, the body that it replaces, and the options: ``def lint(c, parent)``,
    ``def release(c, parent, **options)``.
    """
    replace = replace or {}
    try:
        require_known(replace, skip, steps=steps)
    except ConfigurationError as error:
        raise Exit(error.render(), code=error.code) from None
    tasks = invoke.collection.Collection()
    for command in selected(CODE_SESSIONS, {*skip, *without_docs(Path.cwd())}, steps=steps):
        tasks.add_task(_task(command, partial(_run_session, command.name), replace.get(command.name)))
    for command in selected(COMMANDS, skip, steps=steps):
        if command.name == "changelog":
            tasks.add_collection(_changelog(command, replace.get(command.name)))
        else:
            tasks.add_task(_task(command, partial(_run_command, command), replace.get(command.name)))
    return tasks


def _changelog(command: Command, replacement: Replacement | None) -> invoke.collection.Collection:
    """Give ``changelog``, which shows the notes, and its tasks ``add``, ``ask``, ``check`` and ``lint``."""
    options = {parameter.name: parameter for parameter in command.parameters if not parameter.positional}
    issue, since, json = options["issue"], options["since"], options["json"]
    show = Command("show", command.summary.partition(",")[0] + ".", (json,))
    add = Command("add", ADD_SUMMARY, (*ADD_WORDS, issue, json))
    tasks = invoke.collection.Collection("changelog")
    tasks.add_task(_task(show, partial(_show_changelog, show), replacement), default=True)
    tasks.add_task(_task(add, partial(_add_fragment, add)))
    tasks.add_task(_task(Command("ask", ASK_SUMMARY, (issue, json)), partial(_add_fragment, add)))
    for judge in (Command("check", CHECK_SUMMARY, (since, json)), Command("lint", LINT_SUMMARY, (json,))):
        tasks.add_task(_task(judge, partial(_judge_changelog, judge)))
    return tasks


def _task(command: Command, body: Body, replacement: Replacement | None = None) -> Task[Any]:
    """Make the task of a command, with the arguments that the grammar gives it."""

    def run(context: Context, **options: Any) -> None:  # noqa: ANN401 - what invoke parsed
        if replacement is None:
            body(context, **options)
        else:
            replacement(context, body, **options)

    context = Argument("context", Argument.POSITIONAL_OR_KEYWORD)
    arguments = map(_argument, command.parameters)
    run.__signature__ = Signature([context, *arguments])  # type: ignore[attr-defined]
    run.__doc__ = (replacement.__doc__ if replacement else None) or command.summary
    texts = {parameter.field: _help(parameter) for parameter in command.parameters}
    return Task(run, name=command.name, auto_shortflags=False, help=texts)


def _argument(parameter: Parameter) -> Argument:
    """Give a parameter in the shape that invoke reads: no default makes a positional, False makes a flag."""
    if parameter.positional and parameter.needed:
        default: object = Argument.empty
    else:
        default = False if parameter.kind == "flag" else None
    return Argument(parameter.field, Argument.POSITIONAL_OR_KEYWORD, default=default)


def _help(parameter: Parameter) -> str:
    names = parameter.choices if parameter.kind == "choice" else ()
    return f"{parameter.help}: {', '.join(names)}" if names else parameter.help


def _words(parameters: Sequence[Parameter], options: Mapping[str, Any]) -> list[str]:
    """Spell the options of a task for ``python -m shipway``, words after the options."""
    spelled: list[str] = []
    for parameter in sorted(parameters, key=lambda parameter: parameter.positional):
        value = options.get(parameter.field)
        if not value:
            continue
        if not parameter.positional:
            spelled.append(parameter.spelling)
        if parameter.kind != "flag":
            spelled.append(str(value))
    return spelled


def _run_command(command: Command, context: Context, **options: Any) -> None:  # noqa: ANN401 - as above
    _run_ourselves(context, command.name, *_words(command.parameters, options))


def _show_changelog(show: Command, context: Context, **options: Any) -> None:  # noqa: ANN401 - as above
    _run_ourselves(context, "changelog", *_words(show.parameters, options))


def _add_fragment(add: Command, context: Context, **options: Any) -> None:  # noqa: ANN401 - as above
    switches = _words([p for p in add.parameters if not p.positional], options)
    words = [options[word.field] for word in ADD_WORDS if word.field in options]
    _run_ourselves(context, "changelog", *switches, "--", "add", *words)


def _judge_changelog(judge: Command, context: Context, **options: Any) -> None:  # noqa: ANN401 - as above
    _run_ourselves(context, "changelog", judge.name, *_words(judge.parameters, options))


def _run_ourselves(context: Context, command: str, *words: str) -> None:
    from shipway.world.ourselves import own_argv

    _run(context, own_argv("invoke", command, *words))


def _run_session(name: str, context: Context) -> None:
    """Run the project's code through nox, which keeps its environments."""
    _run(context, [sys.executable, "-m", "nox", "-s", name])


def _run(context: Context, argv: Sequence[str]) -> None:
    """Run a child on the same terminal and end with its exit code; ``inv --dry`` and ``--echo`` show its words."""
    from shipway.world.environment import Environment
    from shipway.world.ourselves import own_environment
    from shipway.world.process import Processes

    settings = context.config.run
    if settings.dry or settings.echo:
        sys.stdout.write(f"{shlex.join(argv)}\n")
    if settings.dry:
        return
    environment = Environment()
    code = Processes(environment).attend(argv, {**environment.variables, **own_environment(environment)})
    if code != 0:
        raise Exit(code=code)
