"""release, and every step by its own name: find or make the plan, make the candidate, settle it."""

from __future__ import annotations

from dataclasses import dataclass

from shipway.candidates import CandidateMaker
from shipway.commands.consent import require_consent
from shipway.commands.elsewhere import TOKENS
from shipway.commands.gates import show_cells
from shipway.commands.planning import Planning, Work
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.engine import Engine
from shipway.flows import CANDIDATE, settlement_steps
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.hold import Hold
from shipway.project.lockfiles import find_refused
from shipway.release.candidate import Candidate
from shipway.release.journal import Entry, say_nothing
from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.plan import Plan
from shipway.release.states import Done, Skipped, State
from shipway.steps.close import Close
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
        work = self._find_or_make()
        plan = work.plan
        if work.is_done:
            self._say_released(work)
            return
        self.show(plan)
        self._require_token(plan)
        self.place.doors.git.identity(plan.date)
        if not self.words.dry_run:
            self._ask(plan)
        candidate = self.maker(plan).make()
        self._remember(candidate)
        engine, steps = self.engine(work), settlement_steps(self.settlement(candidate, work.hold))
        if self.words.dry_run:
            engine.look(steps)
            self.screen.say(f"Dry run: {plan.version} is built and checked; nothing was shared.")
            return
        self._clear_up(work.hold)
        self._conclude(plan, engine.settle(steps))

    def plan(self) -> None:
        """Show the plan, and leave it for the steps that follow."""
        plan = self._find_or_make().plan
        self.show(plan)
        self.screen.facts["plan"] = {"notes": plan.notes, "files": list(plan.files), "reasons": dict(plan.reasons)}
        self._explain(plan)
        self.screen.say()
        self.screen.say(plan.notes)

    def step(self, name: str) -> None:
        """Do one step; everything before it has to be done already."""
        work = self._find_or_make()
        plan = work.plan
        self._remember_plan(plan)
        if work.is_done:
            self._say_released(work)
            return
        if name in CANDIDATE:
            make = {"gates": CandidateMaker.gates, "bump": CandidateMaker.bump, "build": CandidateMaker.build}
            make.get(name, CandidateMaker.check)(self.maker(plan))
            if name == "gates" and plan.gates:
                show_cells(self.place.handover.find_report(name, plan) or {}, self.screen)
            return
        candidate = self.maker(plan).require()
        self._remember(candidate)
        engine, steps = self.engine(work), settlement_steps(self.settlement(candidate, work.hold))
        names = [step.name for step in steps]
        if name not in names:
            why = f"its steps are {', '.join(names)}"
            raise UsageError(f"the flow {plan.flow} has no step {name}", why=why, remedy=self._rerun(plan))
        place = names.index(name)
        if self.words.dry_run:
            engine.look([steps[place]])
            return
        self._require_token(plan)
        self._ask(plan)
        if place and work.hold is not None and work.hold.is_for(candidate):
            engine.settle(steps[:1])  # a step on its own is another process: it takes the claim over first
        self._require_before(plan, steps[:place])
        engine.settle([steps[place]])

    # --- the pieces -------------------------------------------------------------------------------

    def maker(self, plan: Plan) -> CandidateMaker:
        """Give what makes the candidate."""
        return CandidateMaker(plan, self.place.handover, self.place.doors, self.screen.tell)

    def settlement(self, candidate: Candidate, hold: Hold | None) -> Settlement:
        """Give the candidate with everything that its steps need."""
        place = self.place
        return Settlement(candidate, place.configuration, place.handover, place.doors, place.handover.dist, hold)

    def engine(self, work: Work) -> Engine:
        """Give what settles."""
        guard = work.hold.require if work.hold is not None else None
        return Engine(self.place.doors.clock, self.screen.tell, self._rerun(work.plan), guard)

    def _find_or_make(self) -> Work:
        work = Planning(self.words, self.place, self.screen).find_or_make()
        if work.hold is not None:
            work.hold.rerun = self._rerun(work.plan)
        return work

    def show(self, plan: Plan) -> None:
        """Show a plan on a few lines."""
        self._remember_plan(plan)
        self.screen.say(plan.headline)
        counted = (
            f"{_count(plan.entries, 'entry', 'entries')}, {_count(len(plan.files), 'file changes', 'files change')}"
        )
        detail = f"{counted}{_prepared(plan)}; publish and tag cannot be undone"
        self.screen.tell(Entry("plan", "plan", "end", "done", detail))

    def _explain(self, plan: Plan) -> None:
        """Say what changes, where each setting comes from, and what was left alone or could not be asked."""
        say = self.screen.say
        for remark in plan.remarks:
            say(f"version   {remark}")
        say(f"files     {', '.join(plan.files)}{_prepared(plan)}")
        if plan.after:
            say(f"after     {', '.join(plan.after)}, once all is done; a failure there blocks nothing")
        told = {name: source for name, source in plan.reasons.items() if source != "default"}
        settings = self.place.configuration
        for name, source in told.items():
            value = f"{_shown(getattr(settings, name.replace('-', '_')))}   " if name in settings.sources else ""
            say(f"setting   {name} = {value}({source})" if value else f"setting   {name} = {source}")
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
            "development": plan.development,
        }
        self.screen.facts |= facts
        self.screen.plan = plan.digest()

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

    def _clear_up(self, hold: Hold | None) -> None:
        """Delete what the last release left for its pull request, now that the next one begins."""
        if hold is None or hold.claim is None or not hold.claim.is_done:
            return
        last = self.settlement(hold.claim.candidate, hold)
        Engine(self.place.doors.clock, say_nothing, self._rerun(hold.claim.plan)).settle([Close(last)])

    def _say_released(self, work: Work) -> None:
        """Answer a request that was fulfilled already, and clear up behind it."""
        assert work.hold is not None  # noqa: S101 - only the register knows what is done
        claim = work.hold.claim
        assert claim is not None  # noqa: S101 - it says that it is done
        self._remember(claim.candidate)
        if not self.words.dry_run:
            self._clear_up(work.hold)
        self.place.handover.tidy()
        self.screen.say(
            f"{work.plan.version} was released from {work.plan.base[:9]} by {claim.owner.who}.", style="bold"
        )

    def _conclude(self, plan: Plan, settled: list[tuple[Step, State]]) -> None:
        self.place.handover.tidy()
        link = next((state.link for _, state in settled if isinstance(state, Done) and state.link), "")
        merge = f" Merge {link} to bring {plan.branch} up to date." if link else ""
        self.screen.facts["pull_request"] = link
        self.screen.say(f"{plan.version} is out.{merge}", style="bold")


def _prepared(plan: Plan) -> str:
    """Say that sessions will change more files than anybody can name beforehand."""
    return f", and what sessions prepare change: {', '.join(plan.prepare)}" if plan.prepare else ""


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
