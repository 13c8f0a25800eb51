"""Words after ``--`` reach only the sessions that they are meant for: nox hands them to every session of a run."""

from __future__ import annotations

from collections.abc import Callable, Collection

import nox

from shipway.grammar import is_bump

Body = Callable[[nox.Session], None]


def kept_apart(body: Body, thinking: Collection[str], others: Collection[str]) -> Body:
    """Keep words from a session that belong to another one of the run.

    ``minor`` of ``nox -s tests release -- minor`` is for the release, and ``-k name`` of
    ``nox -s lint tests -- -k name`` for the tests: ``others`` are the sessions whose words this one does not get.
    """

    def run(session: nox.Session) -> None:
        if _are_for_a_command(session, thinking) or _are_for_another(session, others):
            session.posargs.clear()
        body(session)

    return run


def _are_for_a_command(session: nox.Session, thinking: Collection[str]) -> bool:
    """Whether the run's words belong to a command: one was selected in the same run.

    A parallel run starts a nox of its own for each session, with ``--no-dependencies``, which knows no other
    session: there, words that hold a bump belong to a release.
    """
    runner = session._runner  # nox has no public name for the selection
    if any(name in runner.manifest for name in thinking):
        return True
    return runner.global_config.no_dependencies and any(is_bump(word) for word in session.posargs)


def _are_for_another(session: nox.Session, others: Collection[str]) -> bool:
    """Whether the run's words belong to another session; those of a parallel run belong to the tests."""
    runner = session._runner  # as above
    return bool(others) and (any(name in runner.manifest for name in others) or runner.global_config.no_dependencies)
