"""rehearse --kill: a maintainer sees their own release survive: killed at every point, and run again."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory

from shipway.commands.rehearse import choose_flow
from shipway.commands.screen import Screen
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.configuration import read_configuration
from shipway.project.pyproject import read_name
from shipway.project.tag_rule import detecting_tags, read_names
from shipway.rehearsal.sweep.course import Case, record
from shipway.rehearsal.sweep.sweep import Result, Sweep
from shipway.rehearsal.sweep.table import LEGEND, facts_of, has_converged, render_summary, render_sweep
from shipway.rehearsal.sweep.trial import Subject
from shipway.release.journal import Entry
from shipway.release.outcomes import ConvergenceError, UsageError
from shipway.world.git import Git
from shipway.world.process import Processes

ONLY = "SHIPWAY_SWEEP_ONLY"
"""The variable that names the cases to try: part of a case as a failure spells it."""
LINES = 10
"""How often a sweep says how far it is where no line can move."""


@dataclass
class Progress:
    """Says how far a sweep is: by the moving line of a terminal, elsewhere by a line now and then."""

    screen: Screen
    total: int
    done: int = 0
    failed: int = 0
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.screen.clock.monotonic()

    def tell(self, result: Result) -> None:
        """Count a result."""
        self.done += 1
        self.failed += result.verdict != "converged"
        stream = sys.stderr if self.screen.json else sys.stdout
        if stream.isatty():
            self.screen.tell(Entry("rehearse", "kill", "wait", "", self._words()))
        elif self.done * LINES // self.total > (self.done - 1) * LINES // self.total:
            self.screen.say(self._words())

    def _words(self) -> str:
        spent = self.screen.clock.monotonic() - self._began
        left = timedelta(seconds=round(spent / self.done * (self.total - self.done)))
        trouble = f", {self.failed} not converged" if self.failed else ""
        return f"{self.done} of {self.total} killed and run again{trouble}; {left} to go"


@dataclass(frozen=True)
class RehearseKill:
    """One sweep over the release of the repository that we stand in, which is only read."""

    words: Words
    root: Path
    screen: Screen

    def run(self) -> None:
        """Sweep; raises `ConvergenceError` unless every case converged."""
        subject = self._subject()
        say = self.screen.say
        say(f"Killing the release of {read_name(self.root)} at every point. Nothing real is touched.")
        with TemporaryDirectory(prefix="shipway-sweep-", ignore_cleanup_errors=True) as folder:
            course = record(subject, Path(folder) / "made")
            cases = self._chosen(course.cases)
            say(f"A clean run came to {course.expected.version} by {len(course.events)} events; {len(cases)} cases.")
            progress = Progress(self.screen, len(cases))
            results = Sweep(subject, course.expected).run(cases, progress.tell)
        self._conclude(results)

    def _subject(self) -> Subject:
        if self.words.bump is None:
            remedy = command_line("rehearse", "minor", "--kill", front=self.words.front)
            raise UsageError("no bump was given", why="which version is next is never guessed", remedy=remedy)
        environment = self.screen.environment
        git = Git(self.root, Processes(environment))
        tags, names = detecting_tags(git), read_names(self.root)
        configuration = read_configuration(self.root, environment, git.find_remote_url(), tags, names)
        flow = self.words.flow or choose_flow(configuration)
        request = [self.words.bump, *(["--pre", self.words.pre] if self.words.pre else [])]
        gates = [] if self.words.gates else ["--no-gates"]
        return Subject(self.root, environment, configuration, flow, (*request, *gates))

    def _chosen(self, cases: list[Case]) -> list[Case]:
        only = self.screen.environment.find(ONLY) or ""
        chosen = [case for case in cases if only in str(case)]
        if not chosen:
            raise UsageError(f"no case is called {only!r}", why=f"{ONLY} names one, such as: {cases[0]}")
        return chosen

    def _conclude(self, results: list[Result]) -> None:
        say, summary = self.screen.say, render_summary(results)
        self.screen.facts |= {"summary": summary, "cases": [facts_of(result) for result in results]}
        for line in ("", *render_sweep(results), *LEGEND, ""):
            say(line)
        say(summary, style="bold")
        if has_converged(results):
            return
        worst = next(result.case for result in results if result.verdict != "converged")
        say(f"To look at one alone: {ONLY}={quote(str(worst))} {self._again()}")
        why = "a release that dies there would need a person to repair it"
        raise ConvergenceError(summary, why=why, remedy=self._again())

    def _again(self) -> str:
        flow = ["--flow", self.words.flow] if self.words.flow else []
        return command_line("rehearse", str(self.words.bump), *flow, "--kill", front=self.words.front)


def rehearse_kill(words: Words, root: Path, screen: Screen) -> None:
    """Kill the release of the repository at ``root`` at every point, and run it again."""
    RehearseKill(words, root, screen).run()
