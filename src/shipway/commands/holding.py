"""Whose release it is: what every command finds out from the register before anything else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from shutil import copyfile, rmtree

from shipway.candidates import CandidateMaker
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.base import require_whole
from shipway.project.handover import REPORTS
from shipway.project.hold import Hold
from shipway.release.claim import Claim, Owner
from shipway.release.journal import say_nothing
from shipway.release.outcomes import ConflictError, HeldError, UnfinishedError
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.world.register import Register

RETRY = "run the same command again"


@dataclass(frozen=True)
class Holding:
    """Looks at the register for one command."""

    words: Words
    place: Workplace
    screen: Screen

    def enter(self) -> Hold | None:
        """Give the way to the register, and take over what is unfinished there; None without a register.

        Raises `HeldError` where another run holds an unfinished release, and `UnfinishedError` where it is another
        one than what is asked for.
        """
        hold = self.look()
        if hold is None or hold.claim is None or hold.claim.is_done:
            return hold
        self._require_free(hold.claim)
        self._require_same(hold.claim.plan)
        require_whole(self.place.doors.git)
        self.hydrate(hold.register, hold.tip, hold.claim)
        return hold

    def look(self) -> Hold | None:
        """Give the way to the register, and what it holds now."""
        register = self.place.register()
        if register is None:
            return None
        held = register.find()
        rerun = self._release(held.claim.plan) if held and not held.claim.is_done else RETRY
        return Hold(register, self.place.handover, self._owner(), held, rerun)

    # --- whose it is ------------------------------------------------------------------------------

    def _owner(self) -> Owner:
        environment, git = self.place.doors.environment, self.place.doors.git
        since = self.place.doors.clock.now().isoformat()
        actor = (
            environment.find("GITHUB_ACTOR") if environment.is_github else next(iter(git.find_identity() or ()), None)
        )
        return Owner(secrets.token_hex(16), actor or "somebody", since, *environment.ci_run())

    def _require_free(self, claim: Claim) -> None:
        """Let go on: the same work tree, the same CI run, or whoever comes after a run that is dead."""
        owner, version = claim.owner, claim.plan.version
        if self.place.handover.knows_nonce(owner.nonce) or (owner.run and owner.run == self._owner().run):
            return
        if self.words.resume:
            self.screen.say(f"Taking over {version}, which was begun by {owner}: you say that its run is dead.")
            return
        if self._has_ended(owner):
            self.screen.say(
                f"Taking over {version}, which was begun by {owner}: the forge says that its run has ended."
            )
            return
        raise HeldError(
            f"{version} is held by {owner}",
            why="two runs of one release get in each other's way; if that run is dead, say so with --resume",
            remedy=self._release(claim.plan, "--resume"),
        )

    def _has_ended(self, owner: Owner) -> bool:
        forge = self.place.doors.forge
        return bool(owner.run and forge is not None and forge.run_has_ended(owner.run))

    def _require_same(self, plan: Plan) -> None:
        if is_asked_for(plan, self.words):
            return
        raise UnfinishedError(
            f"{plan.version} has begun and is not finished",
            why="two releases at once would not know which of them main, tags and index belong to",
            remedy=self._release(plan),
        )

    def _release(self, plan: Plan, *more: str) -> str:
        return command_line("release", *plan.words(), *more, front=self.words.front)

    # --- hydrating --------------------------------------------------------------------------------

    def hydrate(self, register: Register, tip: str, claim: Claim) -> None:
        """Have plan, release commit, reports and bytes of a claim here; what is here already stays."""
        self.place.doors.git.fetch(claim.commit)
        if self._is_here(claim):
            return
        self.screen.say(f"Taking {claim.plan.version} from the register: plan, commit, bytes and reports.")
        files, handover = register.unpack(tip), self.place.handover
        handover.keep_plan(claim.plan)
        for name in REPORTS:
            report = files / "reports" / f"{name}.json"
            handover.write(f"reports/{name}.json", report.read_text(encoding="utf-8") if report.is_file() else "")
        fresh = handover.scratch("dist")
        rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for file in claim.distributions:
            source = files / "dist" / file.name
            if not source.is_file() or sha256(source.read_bytes()).hexdigest() != file.digest:
                raise _is_damaged(register, file.name)
            copyfile(source, fresh / file.name)
        rmtree(handover.dist, ignore_errors=True)
        fresh.replace(handover.dist)
        if not self._is_here(claim):
            raise _is_damaged(register, "reports")

    def _is_here(self, claim: Claim) -> bool:
        plan, handover = self.place.handover.find_plan(), self.place.handover
        if plan is None or plan.digest() != claim.plan.digest():
            return False
        maker = CandidateMaker(plan, handover, self.place.doors, say_nothing)
        return maker.find_whole() == claim.candidate


def is_asked_for(plan: Plan, words: Words) -> bool:
    """Whether words mean this plan's release: the same request, its very version, or nothing in particular."""
    return words.bump is None or Request(words.bump, words.pre) == plan.request or words.bump == plan.version


def _is_damaged(register: Register, name: str) -> ConflictError:
    return ConflictError(
        f"{register.ref} holds a {name} that its claim does not speak of",
        why="only the bytes that were claimed are ever published, and these are others",
        remedy=f"see who wrote it: git log {register.ref}",
    )
