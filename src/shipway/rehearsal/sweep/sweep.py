"""The sweep: every case on a stage of its own, several at a time, each held against the laws."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from shipway.rehearsal.sweep.aftermath import Expected, is_done
from shipway.rehearsal.sweep.conclusion import UNHARMED, Ending, conclude
from shipway.rehearsal.sweep.course import Case
from shipway.rehearsal.sweep.trial import RESUME, Machine, Ran, Subject, Trial
from shipway.world.clock import Clock

Verdict = Literal["converged", "failed", "not reached"]


@dataclass(frozen=True)
class Result:
    """How one case went: what is wrong, and its runs."""

    case: Case
    verdict: Verdict
    problems: tuple[str, ...] = ()
    runs: tuple[Ran, ...] = ()
    seconds: float = 0.0


@dataclass
class Sweep:
    """Tries the cases of one subject; ``open`` are the trials under way."""

    subject: Subject
    expected: Expected
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    open: set[Trial] = field(default_factory=set)

    def run(self, cases: Sequence[Case], tell: Callable[[Result], None]) -> list[Result]:
        """Try all cases and tell of each result as it comes; whatever ends this ends the releases too."""
        with ThreadPoolExecutor(self.workers) as pool:
            futures = [pool.submit(self.try_case, case) for case in cases]
            try:
                for future in as_completed(futures):
                    tell(future.result())
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for trial in tuple(self.open):
                    trial.stop()
                raise
        return [future.result() for future in futures]

    def try_case(self, case: Case) -> Result:
        """Release, kill it at the case's point, release again in the case's way, and judge what came of it."""
        clock, ending = Clock(), Ending.of(case.turn)
        began = clock.monotonic()
        with self._stage() as trial:
            machine, more = trial.first, list[str]()
            if case.prelude:
                machine, more = trial.take_over(case.start, case.prelude), [RESUME]
            else:
                case.start.lay_out(machine)
            reached = trial.release(machine, *more, point=case.point).was_killed_at(case.point)
            reached = reached and (not case.way.merged or trial.merge(ending.method))
            problems = self._go_on(trial, machine, case, ending) if reached else []
            verdict: Verdict = "not reached" if not reached else "failed" if problems else "converged"
        return Result(case, verdict, tuple(problems), tuple(trial.runs), round(clock.monotonic() - began, 1))

    def _go_on(self, trial: Trial, machine: Machine, case: Case, ending: Ending) -> list[str]:
        """Run the release again, where and when the case says, and see what came of it.

        Where all was done before the kill, another machine finds nothing to do, or nothing to do before the merge.
        """
        fine = UNHARMED if case.way.elsewhere and is_done(trial) else {0}
        more = [RESUME] if case.way.elsewhere or machine is not trial.first else []
        machine = trial.other_machine() if case.way.elsewhere else machine
        again = trial.release(machine, *more)
        if again.code not in fine:
            return [f"the rerun ended with exit code {again.code}"]
        return conclude(trial, machine, self.expected, ending)

    @contextmanager
    def _stage(self) -> Iterator[Trial]:
        with self.subject.open() as trial:
            self.open.add(trial)
            try:
                yield trial
            finally:
                self.open.discard(trial)
