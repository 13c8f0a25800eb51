"""rehearse --fault NAME: one thing goes wrong in a release of this very repository, and everybody sees what follows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipway.commands.rehearse import choose_flow
from shipway.commands.screen import Screen
from shipway.grammar import closest, command_line
from shipway.parser import Request as Words
from shipway.project.configuration import Configuration, read_configuration
from shipway.project.pyproject import read_name
from shipway.project.tag_rule import detecting_tags, read_names
from shipway.rehearsal.faults.child import Run
from shipway.rehearsal.faults.scenario import Scenario
from shipway.rehearsal.faults.scene import Scene
from shipway.rehearsal.faults.table import FAULTS, GROUPS
from shipway.rehearsal.faults.trial import Trial, try_fault
from shipway.rehearsal.stage import open_stage
from shipway.release.outcomes import ConvergenceError, UsageError
from shipway.world.git import Git
from shipway.world.process import Processes


@dataclass(frozen=True)
class RehearseFault:
    """One fault in a release of the repository that we stand in, which is only read."""

    words: Words
    root: Path
    screen: Screen

    def run(self) -> None:
        """Show the fault; raises `ConvergenceError` where it did not end as it should."""
        scenario = self._scenario()
        environment = self.screen.environment
        git = Git(self.root, Processes(environment))
        tags, names = detecting_tags(git), read_names(self.root)
        configuration = read_configuration(self.root, environment, git.find_remote_url(), tags, names)
        flow = self._flow(scenario, configuration)
        say = self.screen.say
        say(f"Rehearsing {read_name(self.root)} with a fault: {scenario.summary}. Nothing real is touched.")
        say()
        with open_stage(self.root, environment, configuration, flow) as stage:
            self._require_forge(scenario, stage.uses_forge)
            scene = Scene(stage, environment, self._release_words(), say, self.words.front)
            self._conclude(try_fault(scenario, scene))

    # --- what is asked for ------------------------------------------------------------------------

    def _scenario(self) -> Scenario:
        """Find the fault that is meant; raises `UsageError` that lists all of them for a name that is none."""
        name = str(self.words.fault)
        if name not in FAULTS:
            listed = "; ".join(f"{who}: {', '.join(s.name for s in group)}" for who, group in GROUPS.items())
            meant = closest(name, FAULTS) or next(iter(FAULTS))
            remedy = self._again(self.words.bump or "minor", "--fault", meant)
            raise UsageError(f"no fault is called {name!r}", why=f"there are {listed}", remedy=remedy)
        if self.words.bump is None:
            remedy = self._again("minor", "--fault", name)
            raise UsageError("no bump was given", why="which version is next is never guessed", remedy=remedy)
        return FAULTS[name]

    def _flow(self, scenario: Scenario, configuration: Configuration) -> str:
        """Give the flow: the one in which the fault can happen, if there is but one."""
        if scenario.flow and self.words.flow not in (None, scenario.flow):
            remedy = self._again(str(self.words.bump), "--flow", scenario.flow, "--fault", scenario.name)
            raise UsageError(f"{scenario.name} cannot happen in the flow {self.words.flow}", remedy=remedy)
        return scenario.flow or self.words.flow or choose_flow(configuration)

    def _require_forge(self, scenario: Scenario, has_forge: bool) -> None:
        if scenario.forge and not has_forge:
            why = "this repository is configured to do without one"
            raise UsageError(f"{scenario.name} needs a forge", why=why, remedy='forge = "github" in [tool.shipway]')

    def _release_words(self) -> tuple[str, ...]:
        pre = ["--pre", self.words.pre] if self.words.pre else []
        return (str(self.words.bump), *pre, *([] if self.words.gates else ["--no-gates"]))

    def _again(self, *words: str) -> str:
        return command_line("rehearse", *words, front=self.words.front)

    # --- what became of it ------------------------------------------------------------------------

    def _conclude(self, trial: Trial) -> None:
        scenario, problems, say = trial.scenario, trial.problems(), self.screen.say
        self.screen.facts |= {
            "fault": scenario.name,
            "summary": scenario.summary,
            "first": facts_of(trial.first),
            "person": scenario.person if trial.first.code else "",
            "typed": trial.verdict.scene.typed,
            "last": facts_of(trial.last),
            "problems": problems,
        }
        say()
        if problems:
            why = "; ".join(problems)
            raise ConvergenceError(
                f"{scenario.name} did not end as it should", why=why, remedy="report the lines above"
            )
        how = f"it stopped: {scenario.outcome}; then it went on" if trial.first.code else "it went on by itself"
        say(f"Verdict: {how}. There is {trial.verdict.summary()}.", style="bold")


def facts_of(run: Run) -> dict[str, Any]:
    """Give a run as a document holds it."""
    kept: dict[str, Any] = {name: run.facts[name] for name in ("version", "tag", "commit") if name in run.facts}
    return {"code": run.code, "what": run.what, "next": run.remedy, "lines": list(run.lines), **kept}


def rehearse_fault(words: Words, root: Path, screen: Screen) -> None:
    """Rehearse the release of the repository at ``root`` with one fault."""
    RehearseFault(words, root, screen).run()
