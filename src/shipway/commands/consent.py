"""Consent: a person says yes to what cannot be undone; elsewhere ``--yes`` or CI has said it."""

from __future__ import annotations

import sys

from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.release.outcomes import BlockedError, UsageError
from shipway.world.environment import Environment

UNDOING = "publish and tag cannot be undone"


def require_consent(
    words: Words, environment: Environment, question: str, *typed: str, deed: str = "release", why: str = UNDOING
) -> None:
    """Ask on a terminal; ``typed`` are the words of the command, for the remedy where nobody can be asked."""
    if words.yes or environment.is_ci:
        return
    again = command_line(words.command, *typed, "--yes", front=words.front)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(f"nobody can be asked here whether to {deed}", why=why, remedy=again)
    if input(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
        raise BlockedError("nothing was done: nobody said yes", remedy=again)
