"""release, and every step by its own name: find or make the plan, make the candidate, settle it."""

from __future__ import annotations

from dataclasses import dataclass

from shipway.candidates import CandidateMaker
from shipway.commands.consent import require_consent
from shipway.commands.planning import Planning, say_nothing
from shipway.commands.screen import Screen
from shipway.commands.workplace import TOKENS, Workplace
from shipway.engine import Engine
from shipway.flows import CANDIDATE, settlement_steps
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.lockfiles import find_refused
from shipway.release.candidate import Candidate
from shipway.release.journal import Entry
from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.plan import Plan
from shipway.release.states import Done, Skipped, State
from shipway.steps.contract import Settlement, Step


@dataclass(frozen=True)
class Releasing:
    """One release in one workplace, as far as a command takes it."""

    words: Words
    place: Workplace
    screen: Screen

    # --- the commands -----------------------------------------------------------------------------

    def release(self) -> None:
        """Release, or with ``--dry-run`` make the candidate and only look at the rest."""
        plan = Planning(self.words, self.place, self.screen).find_or_make()
        self.show(plan)
        self._require_token(plan)
        self.place.doors.git.identity(plan.date)
        if not self.words.dry_run:
            self._ask(plan)
        candidate = self.maker(plan).make()
        self._remember(candidate)
        engine, steps = self.engine(plan), settlement_steps(self.settlement(candidate))
        if self.words.dry_run:
            engine.look(steps)
            self.screen.say(f"Dry run: {plan.version} is built and checked; nothing was shared.")
            return
        self._conclude(plan, engine.settle(steps))

    def plan(self) -> None:
        """Show the plan, and leave it for the steps that follow."""
        plan = Planning(self.words, self.place, self.screen).find_or_make()
        self.show(plan)
        self.screen.facts["plan"] = {"notes": plan.notes, "files": list(plan.files), "reasons": dict(plan.reasons)}
        self._explain(plan)
        self.screen.say()
        self.screen.say(plan.notes)

    def step(self, name: str) -> None:
        """Do one step; everything before it has to be done already."""
        plan = Planning(self.words, self.place, self.screen).find_or_make()
        self._remember_plan(plan)
        if name in CANDIDATE:
            make = {"gates": CandidateMaker.gates, "bump": CandidateMaker.bump, "build": CandidateMaker.build}
            make.get(name, CandidateMaker.check)(self.maker(plan))
            return
        candidate = self.maker(plan).require()
        self._remember(candidate)
        engine, steps = self.engine(plan), settlement_steps(self.settlement(candidate))
        names = [step.name for step in steps]
        if name not in names:
            why = f"its steps are {', '.join(names)}"
            raise UsageError(f"the flow {plan.flow} has no step {name}", why=why, remedy=self._rerun(plan))
        place = names.index(name)
        if not self.words.dry_run:
            self._require_token(plan)
            self._ask(plan)
        self._require_before(plan, steps[:place])
        engine.look([steps[place]]) if self.words.dry_run else engine.settle([steps[place]])

    # --- the pieces -------------------------------------------------------------------------------

    def maker(self, plan: Plan) -> CandidateMaker:
        """Give what makes the candidate."""
        return CandidateMaker(plan, self.place.handover, self.place.doors, self.screen.tell)

    def settlement(self, candidate: Candidate) -> Settlement:
        """Give the candidate with everything that its steps need."""
        place = self.place
        return Settlement(candidate, place.configuration, place.handover, place.doors, place.handover.dist)

    def engine(self, plan: Plan) -> Engine:
        """Give what settles."""
        return Engine(self.place.doors.clock, self.screen.tell, self._rerun(plan))

    def show(self, plan: Plan) -> None:
        """Show a plan on a few lines."""
        self._remember_plan(plan)
        self.screen.say(plan.headline)
        counted = (
            f"{_count(plan.entries, 'entry', 'entries')}, {_count(len(plan.files), 'file changes', 'files change')}"
        )
        detail = f"{counted}; publish and tag cannot be undone"
        self.screen.tell(Entry("plan", "plan", "end", "done", detail))

    def _explain(self, plan: Plan) -> None:
        """Say what changes, where each setting comes from, and what was left alone or could not be asked."""
        say = self.screen.say
        say(f"files     {', '.join(plan.files)}")
        told = {name: source for name, source in plan.reasons.items() if source != "default"}
        for name, source in told.items():
            say(f"setting   {name} = {_shown(getattr(self.place.configuration, name.replace('-', '_')))}   ({source})")
        for refused in find_refused(self.place.root):
            say(f"left      {refused.path.relative_to(self.place.root).as_posix()} stays as it is: {refused.why}")
        if plan.forge != "none" and not self._has_token:
            say("unasked   there is no token, so nobody asked whether pull request and forge release are allowed")

    def _rerun(self, plan: Plan) -> str:
        return command_line("release", *plan.words(), front=self.words.front)

    def _remember_plan(self, plan: Plan) -> None:
        facts = {
            "version": plan.version,
            "tag": plan.tag,
            "previous": plan.previous,
            "base": plan.base,
            "flow": plan.flow,
        }
        self.screen.facts |= facts

    def _remember(self, candidate: Candidate) -> None:
        self.screen.facts["commit"] = candidate.commit
        self.screen.facts["distributions"] = {file.name: f"sha256:{file.digest}" for file in candidate.distributions}

    @property
    def _has_token(self) -> bool:
        return self.place.doors.environment.find(*TOKENS) is not None

    def _require_token(self, plan: Plan) -> None:
        """Refuse before anything is shared what would fail after the upload for want of a token."""
        if plan.forge == "none" or self.words.dry_run or self._has_token:
            return
        raise BlockedError(
            "there is no token for the forge",
            why="pull request and forge release come after publishing, and would fail then",
            remedy='gh auth login; or set GITHUB_TOKEN; or forge = "none" in [tool.shipway]',
        )

    def _ask(self, plan: Plan) -> None:
        """Have a person say yes, after showing what it is about."""
        environment, only = self.place.doors.environment, self.words.only
        if not (self.words.yes or environment.is_ci):
            self.screen.say(plan.notes)
        question = f"Release {plan.distribution} {plan.version}?"
        require_consent(self.words, environment, question, *plan.words(), *(["--only", only] if only else []))

    def _require_before(self, plan: Plan, steps: list[Step]) -> None:
        engine = Engine(self.place.doors.clock, say_nothing, self._rerun(plan))
        for step, state in engine.look(steps):
            if not isinstance(state, (Done, Skipped)):
                words = (*plan.words(), "--only", step.name)
                raise BlockedError(
                    f"{step.name} comes before, and is not done",
                    why="a tag or a forge release for something that is not out would lie",
                    remedy=command_line("release", *words, front=self.words.front),
                )

    def _conclude(self, plan: Plan, settled: list[tuple[Step, State]]) -> None:
        self.place.handover.tidy()
        link = next((state.link for _, state in settled if isinstance(state, Done) and state.link), "")
        merge = f" Merge {link} to bring {plan.branch} up to date." if link else ""
        self.screen.facts["pull_request"] = link
        self.screen.say(f"{plan.version} is out.{merge}", style="bold")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
