"""The protocol's model: what a run does, access by access: its commands, its engine and its hold on the claim.

A run is a generator that stops before each access to what others can see, and gives its name. Whoever drives it may
go on with another run there, or drop it: that is a kill. What it wrote into its work tree (`Disk`) stays.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from enum import Enum
from math import ceil
from typing import TypeVar

from property.protocol_world import Branches, Candidate, Claim, Main, Plan, RefusedError, Tip, World, has_release

T = TypeVar("T")
Access = Generator[str, None, T]
Todo = tuple[str, ...]

LOOK_SECONDS = 20
"""How long a run waits between two looks, at most; nothing depends on it but how often it looks."""


class Flaw(Enum):
    """A way to get the protocol wrong."""

    NO_LEASE = "the register is pushed without a lease"
    LATE_PHASE = "publishing is written after the first upload"
    NO_TAKE_OVER = "a claim is gone on with as it is, without a new nonce and a swap"
    SAME_NONCE = "a claim is taken over by swap, with the nonce of the run before"
    OWN_BYTES = "after a lost claim a run goes on with its own bytes"
    KEPT_BYTES = "a claim is taken over, and what was built here is uploaded instead of its bytes"
    ABANDON_PUBLISHING = "what is being published is abandoned too"


@dataclass
class Disk:
    """A work tree: what it is checked out at, and what runs left there."""

    head: Main
    nonces: set[str] = field(default_factory=set)
    plan: Plan | None = None
    candidate: Candidate | None = None
    evidence: Candidate | None = None
    draft: int | None = None
    """The id of the draft that was made from here; 0 where it is not known whether there is one."""

    def keep_plan(self, plan: Plan) -> None:
        """Store a new plan and let go of what was made from another."""
        self.plan, self.candidate, self.draft = plan, None, None


@dataclass
class Run:
    """One process that releases; ``flaw`` is what is wrong with it."""

    world: World
    disk: Disk
    number: int
    nonce: str
    request: str = "minor"
    resume: bool = False
    flow: str = "publish-first"
    flaw: Flaw | None = None
    held: Tip | None = None

    # --- before anything is shared ----------------------------------------------------------------

    def find_or_make(self) -> Access[Candidate]:
        """Give what is under way, what was done already, or what is planned and built now."""
        disk, claim = self.disk, self.held.claim if self.held else None
        if claim is not None and claim.phase != "done":
            return self._hydrate(claim)
        if claim is not None and self._is_answered_by(claim):
            return claim.candidate
        plan = disk.plan
        if plan is not None and (plan.request, plan.base, plan.register) == (self.request, disk.head, self.held):
            yield "refs"
            self._require_pushed()
        else:
            try:
                plan = yield from self._plan()
            except RefusedError as error:
                if error.code != "nothing to release" or claim is None or not self._came_to_resume(claim):
                    raise
                return claim.candidate
        if disk.candidate is None:
            yield "build"
            disk.candidate = Candidate(plan, next(self.world.numbers))
        return disk.candidate

    def _hydrate(self, claim: Claim) -> Candidate:
        if claim.nonce not in self.disk.nonces and not self.resume:
            raise RefusedError("held")
        if claim.candidate.plan.request != self.request:
            raise RefusedError("unfinished")
        if self.flaw is Flaw.KEPT_BYTES and self.disk.candidate is not None:
            return self.disk.candidate
        if self.disk.candidate != claim.candidate:
            self.disk.keep_plan(claim.candidate.plan)
            self.disk.candidate = claim.candidate
        if self.flaw is Flaw.NO_TAKE_OVER:
            self.nonce = claim.nonce
        return claim.candidate

    def _is_answered_by(self, claim: Claim) -> bool:
        plan, head = claim.candidate.plan, self.disk.head
        came_too_late = self._came_to_resume(claim) and not has_release(head)
        return plan.request == self.request and (plan.base == head or self.disk.plan == plan or came_too_late)

    def _came_to_resume(self, claim: Claim) -> bool:
        return self.resume and claim.candidate.plan.request == self.request

    def _require_pushed(self) -> None:
        if self.world.main != self.disk.head:
            raise RefusedError("blocked")

    def _plan(self) -> Access[Plan]:
        yield "refs"
        self._require_pushed()
        plan = Plan(self.request, self.disk.head, self.held, next(self.world.numbers))
        landed = has_release(self.disk.head)
        if self.world.tags and not landed:
            yield "pulls"
            raise RefusedError("blocked")
        yield "index"
        if landed:
            raise RefusedError("nothing to release")
        if self.world.listed(plan.version):
            raise RefusedError("conflict")
        self.disk.keep_plan(plan)
        return plan

    # --- the engine -------------------------------------------------------------------------------

    def settle(self, step: Step, *, guarded: bool = True) -> Access[None]:
        """Observe; act, if something is missing; observe again. Where something else is missing then, act once more."""
        todo = yield from step.observe()
        if not todo:
            return
        left = yield from self._act(step, todo, guarded=guarded)
        if left and left != todo:
            left = yield from self._act(step, left, guarded=guarded)
        if left:
            raise RefusedError("did not converge")

    def _act(self, step: Step, todo: Todo, *, guarded: bool) -> Access[Todo]:
        try:
            if guarded:
                yield from self.require()
            yield from step.act(todo)
        except RefusedError:
            if (yield from step.observe()):
                raise
            return ()
        left = todo
        for _ in range(looks(step.patience)):
            left = yield from step.observe()
            if not left:
                break
        return left

    # --- the hold ---------------------------------------------------------------------------------

    @property
    def is_ours(self) -> bool:
        """Whether this run holds the claim."""
        return self.held is not None and self.held.claim.nonce == self.nonce

    def look_again(self) -> Access[bool]:
        """Whether the register holds what we think, or what we pushed."""
        yield "register"
        found = self.world.register
        if found == self.held:
            return True
        if found is None or found.claim.nonce != self.nonce:
            return False
        self.held = found
        return True

    def require(self) -> Access[None]:
        """Make sure that the claim is still ours."""
        if not (yield from self.look_again()) and self.flaw is not Flaw.OWN_BYTES:
            yield from self.lose()
        if self.is_ours and self.flaw is not Flaw.OWN_BYTES:
            self.world.require_holder(self.number)

    def lose(self) -> Access[None]:
        """Look who has it now, and end."""
        yield "register"
        raise RefusedError("held")

    def take(self, candidate: Candidate, branch: str | None) -> Access[None]:
        """Claim a candidate, or take its claim over."""
        self.disk.nonces.add(self.nonce)
        if self.held is not None and self.held.claim.phase != "done":
            if self.flaw is Flaw.SAME_NONCE:
                self.nonce = self.held.claim.nonce
            yield from self.swap(replace(self.held, claim=replace(self.held.claim, nonce=self.nonce)), {})
            return
        new = Tip(Claim(candidate, "claimed", self.nonce), self.held)
        yield from self.swap(new, {candidate.plan.version: (branch, candidate.commit)})

    def advance(self, phase: str) -> Access[None]:
        """Write the next phase."""
        if self.held is not None and self.held.claim.phase != phase:
            yield from self.swap(replace(self.held, claim=replace(self.held.claim, phase=phase)), {})

    def finish(self, also: Branches) -> Access[None]:
        """Write that all is done."""
        assert self.held is not None
        yield from self.swap(Tip(replace(self.held.claim, phase="done"), None), also)

    def swap(self, new: Tip | None, also: Branches) -> Access[None]:
        """Compare and swap, and read back what became of it."""
        yield "push"
        self.world.swap(self.held, new, also, leased=self.flaw is not Flaw.NO_LEASE)
        yield "register"
        found = self.world.register
        if found == new:
            self.held = new
        elif found != self.held and self.flaw is Flaw.OWN_BYTES:
            self.held = Tip(replace(new.claim, phase="publishing"), None) if new else None
        elif found != self.held:
            yield from self.lose()
        else:
            raise RefusedError("blocked")


@dataclass
class Step:
    """One step of a run's candidate: gives what is missing (nothing: done), and does it."""

    run: Run
    candidate: Candidate
    patience = 10

    @property
    def world(self) -> World:
        """What others can see."""
        return self.run.world

    @property
    def version(self) -> str:
        """The version that is released."""
        return self.candidate.plan.version

    def observe(self) -> Access[Todo]:
        """Look at the world."""
        raise NotImplementedError

    def act(self, todo: Todo) -> Access[None]:
        """Do what is missing."""
        raise NotImplementedError


def looks(patience: float) -> int:
    """Give how often a step is looked at within its patience."""
    return ceil(patience / LOOK_SECONDS) + 1
