"""One fault, from the first run to the verdict: the release meets it, a person does what it takes, it runs again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shipway.rehearsal.faults.child import Run, run_release
from shipway.rehearsal.faults.scenario import Scenario
from shipway.rehearsal.faults.scene import Scene
from shipway.rehearsal.faults.verdict import Verdict


@dataclass(frozen=True)
class Trial:
    """What became of one fault: the first run, what others saw after it, and the last run."""

    scenario: Scenario
    first: Run
    seen: frozenset[str]
    last: Run
    verdict: Verdict

    def problems(self) -> list[str]:
        """Say everything that did not go as it should."""
        return list(self._look())

    def _look(self) -> Iterator[str]:
        scenario, first = self.scenario, self.first
        if not self.verdict.scene.has_happened:
            yield f"{scenario.name} did not happen: this release has nothing that meets it"
        if first.code != scenario.code:
            yield f"the first run ended with exit code {first.code}, not {scenario.code}"
        elif first.code and not scenario.fits(first.what, first.remedy):
            yield f"it says: {first.what!r}, next: {first.remedy!r}"
        if early := self.seen & scenario.spares:
            yield f"after the first run there was already: {', '.join(sorted(early))}"
        if self.last.code != 0:
            yield f"the last run ended with exit code {self.last.code}: {self.last.what}"
        else:
            yield from self.verdict.problems()


def try_fault(scenario: Scenario, scene: Scene) -> Trial:
    """Have a release meet a fault, do what a person does then, and run it again."""
    scenario.arrange(scene)
    first = last = run_release(scene)
    seen = scene.public() if first.code else frozenset()
    if first.code:
        scene.say(f"Now a person {scenario.person}.")
        scenario.mend(scene)
        last = run_release(scene)
    return Trial(scenario, first, seen, last, Verdict(scene, last.facts))
