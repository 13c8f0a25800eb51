"""The conclusion of a trial: judged, the request repeated, the pull request merged, and judged once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shipway.rehearsal.forge.merges import METHODS
from shipway.rehearsal.sweep.aftermath import Aftermath, Expected, snapshot
from shipway.rehearsal.sweep.laws import judge
from shipway.rehearsal.sweep.trial import Machine, Trial

UNHARMED = frozenset({0, 12, 17})
"""How a request may end that is repeated from another base: there is nothing to do, or nothing to do from there."""


@dataclass(frozen=True)
class Ending:
    """How the pull request is merged, and whether the same request is made before that, after it, or both."""

    method: str = "merge"
    repeats_unmerged: bool = True
    repeats_merged: bool = True

    @staticmethod
    def of(turn: int) -> Ending:
        """Give the ending of one case of many: they take turns."""
        is_early = (turn + turn // 2) % 2 == 0  # not by the turn's parity alone: that goes with the way
        return Ending(METHODS[turn % len(METHODS)], is_early, not is_early)


def conclude(trial: Trial, machine: Machine, expected: Expected, how: Ending) -> list[str]:
    """Give what is wrong about a release that a machine has finished, now and after everything that follows."""
    found = Aftermath(trial, machine)
    if problems := judge(found, expected):
        return problems
    machines = [machine] if machine is trial.first else [machine, trial.first]
    home = next((each for each in machines if each.git.find_commit("HEAD") == found.base), machine)
    if trial.open_pull() is None or how.repeats_unmerged:
        problems = [problem for each in machines for problem in _repeat(trial, each, is_home=each is home)]
    if trial.open_pull() is not None and how.repeats_merged:
        trial.merge(how.method)
        if (ran := trial.release(home)).code != 0:
            problems.append(f"the same request ended with exit code {ran.code} after the merge")
        problems += judge(Aftermath(trial, machine), expected)
    return problems


def _repeat(trial: Trial, machine: Machine, *, is_home: bool) -> Iterator[str]:
    """Make the same request again: nothing changes, and where the release's base is checked out, all is well."""
    before = snapshot(trial)
    ran = trial.release(machine)
    after = snapshot(trial)
    if ran.code not in ({0} if is_home else UNHARMED):
        yield f"the same request ended with exit code {ran.code} when it was repeated"
    if changed := [name for name, found in after.items() if found != before[name]]:
        yield f"the same request changed {', '.join(changed)} when it was repeated"
