"""``python -m shipway COMMAND``: the one owner of grammar, outcomes and signals; both fronts call it."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from shipway.grammar import respell
from shipway.parser import NO_FRONT, HelpRequested, Request, VersionRequested, parse
from shipway.release.outcomes import InterruptionError, ReleaseError, TerminatedError, ToolError, UsageError

if TYPE_CHECKING:
    from shipway.commands.screen import Screen
    from shipway.world.environment import Environment


REFUSED = "mend it (room on the disk, permissions), then run the same command again"
BUG = "run the same command again; if it stays, report the lines above"
STAYS = "what was done stays; run the same command again to go on"

MANY = 50_000
"""How many more objects there have to be before a search for circles: imports and commits make many, in few circles."""

BRIEF = ("version", "changelog", "status", "plan", "verify")
"""Commands that start nothing which could outlive them by long."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code (``docs/outcomes.md``)."""
    gc.set_threshold(MANY)
    with _Signals() as signals:
        try:
            return _main(sys.argv[1:] if argv is None else argv, signals)
        except (KeyboardInterrupt, _Terminated):
            return 128 + signals.first  # nothing has begun that would have to be told of
        except ImportError:
            return _tell_damage()


def _tell_damage() -> int:
    """Name what was edited in a vendored copy that cannot even show an outcome; else let the error go on."""
    from shipway.adopt.vendoring.integrity import find_damage

    found = find_damage(Path.cwd())
    if found is None:
        raise  # noqa: PLE0704 - it is called where an error is handled
    lines, error = found
    sys.stderr.write("\n".join([*lines, error.render(), ""]))
    return error.code


def _main(argv: Sequence[str], signals: _Signals) -> int:
    from shipway.commands.screen import Screen
    from shipway.world.environment import Environment

    environment = Environment()
    try:
        asked = parse(argv)
    except UsageError as error:
        return Screen("", environment).finish(error)
    match asked:
        case HelpRequested(text):
            sys.stdout.write(text)
            return 0
        case VersionRequested():
            from shipway import __version__

            sys.stdout.write(f"shipway {__version__}\n")
            return 0
    screen = Screen(asked.command, environment, json=asked.json)
    outcome = _attempt(asked, screen, signals)
    if outcome:
        outcome.remedy = respell(outcome.remedy, asked.front)
    return screen.finish(outcome)


def _attempt(asked: Request, screen: Screen, signals: _Signals) -> ReleaseError | None:
    """Run the command; give its outcome, None for success. A signal that ended it is the outcome, come what may."""
    try:
        try:
            from shipway.commands.dispatch import run_command

            with screen.timeline, _leash(asked, screen.environment):
                run_command(asked, Path.cwd(), screen.environment, screen)
        finally:
            signals.are_over = True
    except (Exception, KeyboardInterrupt, _Terminated) as error:  # noqa: BLE001 - whatever it is, it is an outcome
        return signals.outcome() or _outcome(error, screen)
    return None


def _outcome(error: BaseException, screen: Screen) -> ReleaseError:
    """Give an exception as an outcome: it may be one, or come from the system, or be a bug of ours."""
    if isinstance(error, ReleaseError):
        return error
    if isinstance(error, OSError):
        what = f"{error.strerror or error}: {error.filename or 'no file'}"
        return ToolError(what, why="the system refused it", remedy=REFUSED)
    damage = _find_damage(screen)
    if damage is not None:
        return damage
    import traceback

    sys.stderr.write(screen.environment.redact("".join(traceback.format_exception(error))))  # it may hold a secret
    return ReleaseError(f"a bug in Shipway: {error}", why="this should not happen", remedy=BUG)


def _find_damage(screen: Screen) -> ReleaseError | None:
    """Say which files of a vendored copy were edited: it may be them that cannot be imported."""
    from shipway.adopt.vendoring.integrity import find_damage

    found = find_damage(Path.cwd())
    if found is None:
        return None
    lines, error = found
    for line in lines:
        screen.say(line)
    return error


@contextmanager
def _leash(asked: Request, environment: Environment) -> Iterator[None]:
    """Tie a long command to its children, and to the front that started it."""
    if asked.command in BRIEF:
        yield
        return
    from shipway.world.leash import follow_parent
    from shipway.world.process import leashed

    with leashed(environment):
        if asked.front != NO_FRONT:  # a program started us, not a person
            follow_parent()
        yield


class _Terminated(BaseException):
    """SIGTERM on its way up. No error that a step may forgive: the release would go on."""


class _Signals:
    """SIGTERM and Ctrl-C as outcomes, so that they are written down: the first one counts, later ones change nothing.

    nox sends SIGTERM a moment after Ctrl-C, and people press it twice; both would disturb the ending of children.
    """

    def __init__(self) -> None:
        self.are_over = False
        self.first = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> _Signals:
        self._before[signal.SIGTERM] = signal.signal(signal.SIGTERM, self._hear)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # in the background it is ignored
            self._before[signal.SIGINT] = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.are_over:
            return
        self.are_over, self.first = True, number
        raise KeyboardInterrupt if number == signal.SIGINT else _Terminated

    def outcome(self) -> ReleaseError | None:
        """Give the outcome of the signal that was heard, if one was."""
        if self.first == signal.SIGINT:
            return InterruptionError("interrupted", why=STAYS)
        return TerminatedError("terminated", why=STAYS) if self.first else None


if __name__ == "__main__":
    raise SystemExit(main())
