"""``python -m shipway COMMAND``: the one owner of grammar, outcomes and signals; both fronts call it."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from shipway.grammar import respell
from shipway.parser import HelpRequested, Request, VersionRequested, parse
from shipway.release.outcomes import InterruptionError, ReleaseError, TerminatedError, ToolError, UsageError

if TYPE_CHECKING:
    from shipway.commands.screen import Screen


BUG = "run the same command again; if it stays, report the lines above"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code (``docs/outcomes.md``)."""
    from shipway.commands.screen import Screen
    from shipway.world.environment import Environment

    environment = Environment()
    try:
        asked = parse(sys.argv[1:] if argv is None else argv)
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
    return _run(asked, Screen(asked.command, environment, json=asked.json))


def _run(asked: Request, screen: Screen) -> int:
    from shipway.commands.dispatch import run_command

    signal.signal(signal.SIGTERM, _terminate)
    outcome: ReleaseError | None = None
    try:
        with screen.timeline:
            run_command(asked, Path.cwd(), screen.environment, screen)
    except ReleaseError as error:
        outcome = error
    except OSError as error:
        outcome = ToolError(f"{error.strerror or error}: {error.filename or 'no file'}", why="the system refused it")
    except Exception as error:  # noqa: BLE001 - a bug of ours: its traceback may hold a secret, and is masked
        sys.stderr.write(screen.environment.redact(traceback.format_exc()))
        outcome = ReleaseError(f"a bug in Shipway: {error}", why="this should not happen", remedy=BUG)
    except KeyboardInterrupt:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # nox sends it a moment after Ctrl-C
        outcome = InterruptionError("interrupted", why="what was done stays; run the same command again to go on")
    if outcome:
        outcome.remedy = respell(outcome.remedy, asked.front)
    return screen.finish(outcome)


def _terminate(number: int, frame: FrameType | None) -> None:
    """Turn SIGTERM into an outcome, so that it is written down; a second one comes too late to matter."""
    del number, frame
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise TerminatedError("terminated", why="what was done stays; run the same command again to go on")


if __name__ == "__main__":
    raise SystemExit(main())
