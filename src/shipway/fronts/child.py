"""Running ``python -m shipway`` from a nox session, with its exit code and its signals."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from nox import Session

INTERRUPT_GRACE = 0.3
"""Seconds from Ctrl-C, or SIGTERM to nox, until a command is told to terminate; it heeds the first signal alone."""
TERMINATE_GRACE = 60.0
"""Seconds that it has then, before it is killed."""


def run_command(session: Session, command: str, front: str) -> None:
    """Run a command as the body of a session; any exit code but 0 fails the session."""
    from shipway.world.environment import Environment
    from shipway.world.ourselves import own_argv, own_environment

    run_program(session, own_argv(front, command, *session.posargs), own_environment(Environment()))


def run_program(session: Session, argv: Sequence[str], env: Mapping[str, str]) -> None:
    """Run a program that gets all variables, has both streams, and is told of signals in time to end well."""
    with _termination_passed_on():
        session.run(
            *argv,
            env=env,
            external=True,
            log=False,
            stderr=None,
            interrupt_timeout=INTERRUPT_GRACE,
            terminate_timeout=TERMINATE_GRACE,
        )


class _Terminated(KeyboardInterrupt):
    """SIGTERM, in the one shape on which nox waits for its child."""


@contextmanager
def _termination_passed_on() -> Iterator[None]:
    """On SIGTERM end the child, then nox with 143: nox alone would die and leave the child running."""

    def raise_terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, raise_terminated)
    try:
        yield
    except _Terminated:
        raise SystemExit(128 + signal.SIGTERM) from None
    finally:
        signal.signal(signal.SIGTERM, before)
