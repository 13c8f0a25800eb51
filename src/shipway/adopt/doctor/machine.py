"""Checks of what a release is made with: lock files, gates, interpreters, clock, programs."""

from __future__ import annotations

import re
from typing import ClassVar

from shipway.adopt.doctor.check import Check
from shipway.adopt.doctor.facts import Facts, given
from shipway.adopt.doctor.finding import Finding, Level, advice, blocks, does_not_apply, fine, judge, unknown
from shipway.release.outcomes import ReleaseError
from shipway.steps.gates import NONE, TAG_ONE

MOST_SKEW = 60
"""Seconds by which a clock may be off before tokens and signatures are refused."""
OLDEST_GIT = (2, 38)


class LockInStep(Check):
    """Bring the lock file in step and commit it: `uv lock`."""

    name: ClassVar[str] = "lock"
    question: ClassVar[str] = "is uv.lock in step with pyproject.toml?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a release would carry whatever `uv lock` changes then, unseen by any gate."""
        lock = facts.project.lock
        if isinstance(lock, ReleaseError):
            return judge(lock, "")
        if lock == "none":
            return does_not_apply("there is no uv.lock")
        if lock == "in step":
            return fine("in step")
        why = "the release commit would bring other dependencies than those that the gates have seen"
        return advice("uv.lock is not in step with pyproject.toml", why, "uv lock, then commit and push it")


class ExportsFit(Check):
    """Write the export again with a plain `uv export` or `uv pip compile --output-file` in the project's folder."""

    name: ClassVar[str] = "exports"
    question: ClassVar[str] = "can every exported requirement file be made again?"
    worst: ClassVar[Level] = "advice"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a file that is left alone still names the old version."""
        refused = facts.project.refused_exports
        if not refused:
            return fine("all that there are")
        what = f"{refused[0].path.name} is left as it is by a release"
        return advice(what, refused[0].why, "export it again with a plain command")


class GatesThere(Check):
    """Tag a session: `@nox.session(tags=["gate"])`, or have `shipway.register()` bring its own."""

    name: ClassVar[str] = "gates"
    question: ClassVar[str] = "are there gates?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a release without a single gate would call anything green."""
        gates = facts.project.gates
        if isinstance(gates, ReleaseError):
            return judge(gates, "")
        if gates:
            return fine(", ".join(gates))
        return blocks(NONE, "a release without a single check would call anything green", TAG_ONE)


class Interpreters(Check):
    """Install the missing Pythons (`uv python install 3.12`), or let CI prove those gates: what it passed is taken."""

    name: ClassVar[str] = "pythons"
    question: ClassVar[str] = "is every Python of the matrix here?"
    worst: ClassVar[Level] = "advice"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a gate whose Python is missing is skipped, and skipped is not passed."""
        missing = [version for version, runs in facts.machine.pythons.items() if not runs]
        if not missing:
            return fine(", ".join(facts.machine.pythons) or "no matrix")
        why = "gates on them are skipped here, and skipped is not passed; what CI has passed is taken from there"
        return advice(f"not here: {', '.join(missing)}", why, f"uv python install {' '.join(missing)}")


class ClockIsRight(Check):
    """Set the clock, by network time."""

    name: ClassVar[str] = "clock"
    question: ClassVar[str] = "is our clock right?"
    worst: ClassVar[Level] = "advice"

    def judge(self, facts: Facts) -> Finding:
        """Answer: identity tokens and signatures are good for minutes only."""
        skews = {server: given(skew) for server, skew in facts.machine.skews.items()}
        if not skews:
            return unknown("no server told the time")
        server, worst = max(skews.items(), key=lambda item: abs(item[1]))
        if abs(worst) <= MOST_SKEW:
            return fine(f"within {MOST_SKEW} s of {', '.join(skews)}")
        way = "ahead of" if worst > 0 else "behind"
        why = "identity tokens and signatures are good for minutes only"
        return advice(f"our clock is {abs(worst):.0f} s {way} the {server}", why, "set the clock, by network time")


class GitIsNew(Check):
    """Install git 2.38 or later."""

    name: ClassVar[str] = "git"
    question: ClassVar[str] = "is git new enough?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: whether main has a release's content is found by `git merge-tree`, which came with 2.38."""
        text = facts.machine.tools.get("git", "")
        numbers = re.match(r"(\d+)\.(\d+)", text)
        if numbers is None:
            return unknown(f"git calls its version {text!r}")
        if (int(numbers[1]), int(numbers[2])) >= OLDEST_GIT:
            return fine(text)
        return blocks(f"git {text} is too old", "merging without a work tree needs 2.38", "install git 2.38 or later")


class Tools(Check):
    """Install what the remedy names beside Shipway, such as `python -m pip install uv`."""

    name: ClassVar[str] = "tools"
    question: ClassVar[str] = "are the programs of a release here?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: each in the version that a release would use."""
        tools, publisher = facts.machine.tools, facts.configuration.publisher
        needed = ["nox", "build", "twine", *(["uv"] if publisher == "uv" or facts.project.lock != "none" else [])]
        missing = [name for name in needed if name not in tools]
        if missing:
            remedy = f"python -m pip install {' '.join(missing)}"
            return blocks(f"not installed: {', '.join(missing)}", "a release would stop where it needs them", remedy)
        return fine(", ".join(f"{name} {version}" for name, version in tools.items() if name != "git"))
