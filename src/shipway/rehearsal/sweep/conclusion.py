"""The conclusion of a trial: judged, the request repeated, the pull request merged, and judged once more."""

from __future__ import annotations

from collections.abc import Iterator

from shipway.rehearsal.sweep.aftermath import Aftermath, Expected, snapshot
from shipway.rehearsal.sweep.laws import judge
from shipway.rehearsal.sweep.trial import Machine, Trial

UNHARMED = frozenset({0, 12, 17})
"""How a request may end that is repeated from another base: there is nothing to do, or nothing to do from there."""


def conclude(trial: Trial, machine: Machine, expected: Expected, method: str) -> list[str]:
    """Give what is wrong about a release that a machine has finished, now and after everything that follows."""
    found = Aftermath(trial, machine)
    problems = judge(found, expected)
    if problems:
        return problems
    machines = [machine] if machine is trial.first else [machine, trial.first]
    home = next((each for each in machines if each.git.find_commit("HEAD") == found.base), machine)
    problems = [problem for each in machines for problem in _repeat(trial, each, is_home=each is home)]
    if trial.merge(method):
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
