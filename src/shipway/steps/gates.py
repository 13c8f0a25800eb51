"""gates: every nox session tagged ``gate`` must have passed for the base commit; ``advice`` is only reported.

What the forge says CI has passed for this very commit is taken from there; the rest is run here. A gate that nox
skipped has not passed, and a repository without gates is not green.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shipway.grammar import command_line
from shipway.project.handover import Handover
from shipway.release.outcomes import BlockedError, ReleaseError
from shipway.release.plan import Plan
from shipway.steps.contract import Doors
from shipway.world.ourselves import own_module
from shipway.world.process import Completed, tail

LEFT_OUT = "left out by --no-gates"


@dataclass(frozen=True)
class Gates:
    """The gates of one repository: which there are, which CI has passed, and running the rest."""

    plan: Plan
    root: Path
    handover: Handover
    doors: Doors

    def pass_all(self) -> dict[str, str]:
        """Give how each gate passed; raises `BlockedError` naming the first that did not."""
        if not self.plan.gates:
            return {"gates": LEFT_OUT}
        wanted = self._sessions("gate")
        if not wanted:
            raise BlockedError(
                "no nox session is tagged gate",
                why="a release without a single check would call anything green",
                remedy='tag a session: @nox.session(tags=["gate"]), or register() Shipway\'s own',
            )
        proved = self._proved_by_ci(wanted)
        results = dict.fromkeys(proved, "passed in CI for this commit")
        results |= self._run([name for name in wanted if name not in proved])
        return results | self._advice()

    def _sessions(self, tag: str) -> list[str]:
        """List the sessions of a tag; nox answers an unknown tag with an empty list, or refuses."""
        listed = self._nox("--list", "--json", "--tags", tag)
        try:
            rows = json.loads(listed.stdout)
        except ValueError:
            rows = None
        if not isinstance(rows, list):
            raise BlockedError(
                "nox could not list the sessions", why=self._words(listed), remedy="python -m nox --list"
            )
        return [str(row["session"]) for row in rows]

    def _proved_by_ci(self, wanted: list[str]) -> list[str]:
        if self.doors.forge is None:
            return []
        try:
            passed = self.doors.forge.passed_checks(self.plan.base)
        except ReleaseError:
            return []  # whatever CI knows, running the gates here proves it too
        names = {check.rpartition(" / ")[2] for check in passed}
        return [name for name in wanted if name in names]

    def _run(self, sessions: list[str]) -> dict[str, str]:
        if not sessions:
            return {}
        again = command_line("release", *self.plan.words())
        report, ended = self._reported("gates", "-j", "auto", "--sessions", *sessions)
        for name in sessions:
            result = report.get(name, "not run")
            if result != "success":
                skipped = "skipped is not passed: is its Python installed?"
                why = skipped if result == "skipped" else self._words(ended)
                remedy = f"python -m nox -s {name}, mend it, then {again}"
                raise BlockedError(f"gate {name}: {result}", why=why, remedy=remedy)
        return dict.fromkeys(sessions, "passed here")

    def _advice(self) -> dict[str, str]:
        """Run what only advises; whatever it says, it blocks nothing."""
        try:
            advisers = self._sessions("advice")
        except BlockedError:
            return {}
        if not advisers:
            return {}
        report, _ = self._reported("advice", "--sessions", *advisers)
        said = {"success": "passed"}
        results = {name: report.get(name, "not run") for name in advisers}
        return {name: f"{said.get(result, result)} (advice)" for name, result in results.items()}

    def _reported(self, name: str, *words: str) -> tuple[Mapping[str, str], Completed]:
        """Run nox and read each session's result; the report's own summary was seen to be wrong."""
        place = self.handover.write(f"tmp/{name}-nox.json", "")
        ended = self._nox("--report", str(place), *words)
        text = place.read_text(encoding="utf-8")
        rows = json.loads(text)["sessions"] if text.strip() else []
        return {str(row["name"]): str(row["result"]) for row in rows}, ended

    def _nox(self, *words: str) -> Completed:
        # Importing the noxfile would leave a cache beside it, and the tree is to stay as it was.
        child = self.doors.environment.scrubbed(NO_COLOR="1", PYTHONDONTWRITEBYTECODE="1")
        return self.doors.processes.run(own_module("nox", *words), cwd=self.root, env=child, check=False, timeout=None)

    def _words(self, ended: Completed) -> str:
        return self.doors.environment.redact(tail(ended.output))
