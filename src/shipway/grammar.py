"""The grammar of Shipway: names, summaries and parameters of every command, in one table.

Pure, and the lowest room of the house. The parser, the nox sessions, the invoke tasks, the README's table and
the commands that error messages tell people to type are all made from it, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

THEN = ", then "
"""What stands between two commands of one remedy."""

Kind = Literal["word", "flag", "choice", "words", "bump"]
"""What a parameter takes: one word, nothing, one of ``choices``, several words, a level or a version."""

LEVELS = ("major", "minor", "patch", "final")
BUMPS = (*LEVELS, "auto")
"""The bumps that are words; ``auto`` takes the level from what the next version holds."""
PRES = ("a", "b", "rc", "dev", "post")
MERGES = ("merge", "squash", "rebase")
FLOWS = ("publish-first", "direct")


class Parameter(NamedTuple):
    """One word or option of a command.

    ``needed`` marks a word that the command refuses to do without. The parser lets its absence pass, so that
    the command, which knows the repository, can say what is missing.
    """

    name: str
    help: str
    kind: Kind
    choices: tuple[str, ...] = ()
    metavar: str = ""
    positional: bool = False
    needed: bool = False

    @property
    def spelling(self) -> str:
        """How people type it: ``--dry-run``, or the metavar of a positional."""
        return (self.metavar or self.name.upper()) if self.positional else f"--{self.name}"

    @property
    def value(self) -> str:
        """What stands for the value in help: ``STEP``, ``merge|squash|rebase``; nothing for a flag."""
        return "" if self.kind == "flag" else self.metavar or "|".join(self.choices)

    @property
    def field(self) -> str:
        """The name as a Python identifier."""
        return self.name.replace("-", "_")


class Command(NamedTuple):
    """One command: a nox session, an invoke task and a word after ``python -m shipway``.

    ``tolerated`` parameters are accepted and mean nothing here: nox hands the same words to all sessions of
    a run.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    step: bool = False
    default_session: bool = True
    tolerated: tuple[Parameter, ...] = ()


CHANGELOG_TASKS = ("add", "check", "lint")  # words of a command, and tasks of their own for invoke

CODE_SESSIONS = (
    Command("lint", "Check the code's style and formatting with ruff."),
    Command("typecheck", "Check the types with mypy: advice, reported and never blocking."),
    Command("tests", "Run the tests on the running interpreter."),
    Command("coverage", "Report the coverage of the tests, combined over the matrix."),
    Command("docs", "Build the documentation, where there is some; a warning is an error."),
)
"""The sessions that run the project's code in an environment of their own; they have no words of ours."""

STEP_SUMMARIES = {
    "plan": "Show what a release would do, and do none of it.",
    "gates": "Run every session tagged gate, and report those tagged advice.",
    "bump": "Make the release commit in a tree of its own.",
    "build": "Build the sdist, and the wheel from it.",
    "check": "Check the distributions: contents, names, metadata, installation.",
    "claim": "Claim the version on the remote before anything is published.",
    "publish": "Upload what the index lacks, after comparing the whole set with it.",
    "confirm": "Install the version from the index, as a stranger would.",
    "develop": "Begin the next development version, where that is configured.",
    "pull-request": "Open the pull request that brings the release commit to the main branch.",
    "push": "Push the release commit to the main branch.",
    "tag": "Tag the release commit on the remote.",
    "evidence": "Write down what was released, so that anyone can verify it.",
    "forge-release": "Publish the forge release with its notes and files.",
    "close": "Mark the claim as done, and delete the release branch once nobody needs it.",
}
STEPS = tuple(STEP_SUMMARIES)
SHOWN_STEPS = ("plan", "build", "check", "publish", "tag")
"""The steps that have a session of their own without ``register(steps=True)``."""

_BUMP = Parameter("bump", f"{', '.join(BUMPS)}, or a version", "bump", BUMPS, "BUMP", positional=True)
_NEEDED_BUMP = _BUMP._replace(needed=True)
_PRE = Parameter("pre", "make it a pre-release, development or post-release", "choice", PRES)
_DRY_RUN = Parameter("dry-run", "look, say what would be done, and stop there", "flag")
_ONLY = Parameter("only", "do this one step", "choice", STEPS, metavar="STEP")
_YES = Parameter("yes", "do not ask before what cannot be undone", "flag")
_JSON = Parameter("json", "print one JSON document on standard output", "flag")
_NO_GATES = Parameter("no-gates", "leave the gates out, and say so everywhere", "flag")
_PACKAGE = Parameter("package", "the distribution that is meant, where there are several", "word", metavar="NAME")
_RESUME = Parameter("resume", "take over a release whose run is dead", "flag")
_DEEPEN = Parameter("deepen", "first bring what a shallow clone lacks of history and tags", "flag")
_OPTIONS = (_PRE, _DRY_RUN, _YES, _JSON, _NO_GATES, _RESUME, _DEEPEN)
_OF_RELEASES = (_BUMP, _PRE, _DRY_RUN, _ONLY, _YES, _NO_GATES, _RESUME, _DEEPEN)


def _step(name: str) -> Command:
    """Give a step's command: each accepts the grammar of a release, so that sessions compose."""
    words = (_NEEDED_BUMP, *_OPTIONS, _PACKAGE) if name == "plan" else (_BUMP, *_OPTIONS)
    return Command(name, STEP_SUMMARIES[name], words, True, name in SHOWN_STEPS, (_ONLY,))


COMMANDS = (
    Command(
        "release", "Release the package; run again, it goes on from what it finds.", (_NEEDED_BUMP, *_OPTIONS, _ONLY)
    ),
    Command(
        "abandon",
        "Give up a release that is claimed and not yet published.",
        (
            Parameter("used-up", "publishing has begun, and the index will never take the whole set", "flag"),
            _YES,
            _JSON,
        ),
    ),
    Command(
        "verify",
        "Hold a release's evidence against tag, index, forge and changelog.",
        (Parameter("release", "the version to verify", "word", metavar="VERSION", positional=True, needed=True), _JSON),
    ),
    Command(
        "rehearse",
        "Do the whole release for real against an embedded index and forge.",
        (
            _NEEDED_BUMP,
            _PRE,
            Parameter("keep", "leave the servers up, with a page to look at", "flag"),
            Parameter("gates", "run the gates too", "flag"),
            Parameter("merge", "how the maintainer merges the pull request", "choice", MERGES),
            Parameter("flow", "rehearse this flow instead of the configured one", "choice", FLOWS),
            Parameter("kill", "kill the release at every point, and run it again", "flag"),
            Parameter("fault", "have one thing go wrong; an unknown name lists them all", "word", metavar="NAME"),
            _JSON,
        ),
    ),
    Command("status", "Show where the release stands, by looking at the world.", (_JSON,), tolerated=_OF_RELEASES),
    Command(
        "doctor", "Look at all that makes releases fail on the day, before the day.", (_JSON,), tolerated=_OF_RELEASES
    ),
    *(_step(name) for name in STEPS),
    Command(
        "changelog",
        "Show the unreleased notes, add an entry, or check and lint what there is.",
        (
            Parameter(
                "words",
                "nothing shows the unreleased notes; add TYPE TEXT writes an entry, check tells what a pull request "
                "lacks, lint what is wrong",
                "words",
                CHANGELOG_TASKS,
                metavar="add TYPE TEXT|check|lint",
                positional=True,
            ),
            Parameter("issue", "the issue that the entry belongs to", "word", metavar="N"),
            Parameter("since", "what check compares with; by default the remote's branch", "word", metavar="REF"),
            _JSON,
            _DEEPEN,
        ),
    ),
    Command(
        "init",
        "Write what a repository lacks for its first rehearsal, after showing it.",
        (_DRY_RUN, _YES, _JSON),
        default_session=False,
    ),
    Command(
        "workflows",
        "Hold the CI workflows against this edition's templates.",
        (
            Parameter("check", "block where they differ", "flag"),
            Parameter("update", "write what differs", "flag"),
            _JSON,
        ),
    ),
    Command(
        "vendor",
        "Copy Shipway into the repository, or hold that copy against its manifest.",
        (
            Parameter("into", "the folder to copy it into: scripts", "word", metavar="FOLDER"),
            Parameter("check", "block where a file of the copy was edited, added or is missing", "flag"),
            Parameter("update", "move the copy to the edition that runs", "flag"),
            Parameter("discard", "with --update: let go of what was edited in the copy", "flag"),
            _DRY_RUN,
            _YES,
            _JSON,
        ),
    ),
    Command("matrix", "Print the sessions tagged gate as the matrix of a CI workflow.", (_JSON,)),
    Command(
        "version", "Show the version, and the one that a bump would give.", (_BUMP, _PRE, _JSON, _PACKAGE, _DEEPEN)
    ),
)


def find_command(name: str) -> Command | None:
    """Find a command by its exact name."""
    return next((command for command in COMMANDS if command.name == name), None)


def closest(word: str, options: Iterable[str]) -> str | None:
    """Find the option that someone who typed ``word`` most likely meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word.lower(), list(options), n=1, cutoff=0.5)), None)


def command_line(command: str, *words: str, front: str = "nox") -> str:
    """Build the line to type for a command: the remedy in messages.

    ``front`` is ``nox`` (``nox:PREFIX`` where sessions were registered with a prefix), ``invoke`` or
    ``module``.
    """
    import shlex

    name, _, prefix = front.partition(":")
    if name == "invoke":
        return shlex.join(["inv", *_invoke_words(command, words)])
    if name == "module":
        return shlex.join(["python", "-m", "shipway", command, *words])
    if command in STEPS and command not in SHOWN_STEPS:
        command, words = "release", (*words, "--only", command)
    elif (known := find_command(command)) and not known.default_session:
        return command_line(command, *words, front="module")
    return shlex.join(["nox", "-s", prefix + command, *(["--", *words] if words else [])])


def usage_line(command: Command, front: str = "nox") -> str:
    """Build the line that shows all words of a command, optional ones in brackets."""
    words = [_usage_word(parameter) for parameter in command.parameters]
    dashes = ["--"] if front.startswith("nox") and words else []
    return " ".join([command_line(command.name, front=front), *dashes, *words])


def is_bump(word: str) -> bool:
    """Whether a word can be a bump: a level, or something that begins like a version."""
    return word in BUMPS or word.lower().removeprefix("v")[:1].isdecimal()


def _usage_word(parameter: Parameter) -> str:
    if parameter.positional:
        return parameter.spelling if parameter.needed else f"[{parameter.spelling}]"
    return f"[{parameter.spelling} {parameter.value}".rstrip() + "]"


def respell(text: str, front: str) -> str:
    """Spell the command lines that `command_line` made for nox as another front's people type them."""
    if front == "nox":
        return text
    pieces = [piece.partition("nox -s ") for piece in text.split(THEN)]
    return THEN.join(before + _respell_line(mark + rest, front) for before, mark, rest in pieces)


def _respell_line(line: str, front: str) -> str:
    import shlex

    if not line:
        return line
    try:
        _, _, name, *words = shlex.split(line)
    except ValueError:
        return line
    return command_line(name, *words[1:], front=front) if find_command(name) else line


def _invoke_words(command: str, words: Sequence[str]) -> list[str]:
    """Respell a command for invoke, which has no optional positionals and names sub-tasks with a dot."""
    if command == "changelog" and words and words[0] in CHANGELOG_TASKS:
        return [f"changelog.{words[0]}", *words[1:]]
    known = find_command(command)
    optional = [p for p in known.parameters if p.positional and not p.needed] if known else []
    if optional and words and not words[0].startswith("-"):
        return [command, f"--{optional[0].name}", *words]
    return [command, *words]
