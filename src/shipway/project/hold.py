"""Our hold on a claim: taking it, moving it on, giving it back, and making sure that it is still ours.

A nonce is written down here before others see it there; so a run that was killed in a push still knows, the next
time, which claim was its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shipway.project.handover import NOTES, REPORTS, Handover
from shipway.release.candidate import Candidate
from shipway.release.claim import Claim, Owner, Phase
from shipway.release.outcomes import BlockedError, HeldError, UnavailableError
from shipway.world.git import Lost, Refused, Swapped, Unanswered
from shipway.world.register import Held, Register

WITHOUT = (
    "without the register no other clone can go on with a release, and two releases at once are not kept apart; "
    "to do without it all the same: register = false in [tool.shipway]"
)

ALLOW = "allow the branch {branch} (rules, permission to push), or set release-branch, then run again"
SIGN = "have git sign: git config commit.gpgSign true, then remove .release, then run again"


@dataclass
class Hold:
    """One run's way to the register: ``held`` is what was there when it looked, or what it put there since."""

    register: Register
    handover: Handover
    owner: Owner
    held: Held | None
    rerun: str = ""

    @property
    def tip(self) -> str:
        """The commit that the register has to hold still, for whatever we change."""
        return self.held.tip if self.held else ""

    @property
    def claim(self) -> Claim | None:
        """The claim that was seen, ours or not, done or not."""
        return self.held.claim if self.held else None

    @property
    def is_ours(self) -> bool:
        """Whether this very run holds the claim."""
        return self.claim is not None and self.claim.owner.nonce == self.owner.nonce

    def is_for(self, candidate: Candidate) -> bool:
        """Whether the claim is for these very bytes."""
        return self.claim is not None and self.claim.candidate == candidate

    # --- changing it ------------------------------------------------------------------------------

    def take(self, candidate: Candidate, branch: str) -> None:
        """Claim a candidate with its bytes, or take its claim over.

        The release branch comes along in the same push; ``branch`` is what it holds now ("" for nothing).
        """
        self.handover.remember_nonce(self.owner.nonce)
        if self.held is not None and not self.held.claim.is_done:
            claim = self.held.claim.handed_to(self.owner)
            self._move(claim, self.register.rewrite(self.held, claim))
            return
        claim = Claim(candidate.plan, candidate.commit, candidate.distributions, "claimed", self.owner)
        commit = self.register.write(claim, self._files(candidate), self.tip)
        self._move(claim, commit, {candidate.branch_ref: (branch, candidate.commit)})

    def advance(self, phase: Phase) -> None:
        """Write the next phase, before what it stands for is done."""
        assert self.held is not None  # noqa: S101 - only a claim that is ours is moved on
        if self.held.claim.phase != phase:
            claim = self.held.claim.moved_to(phase)
            self._move(claim, self.register.rewrite(self.held, claim))

    def finish(self, also: Mapping[str, tuple[str, str]]) -> None:
        """Write that all is done and let the bytes go, with further updates in the same push."""
        assert self.held is not None  # noqa: S101 - only a claim that is ours is finished
        claim = self.held.claim.moved_to("done")
        self._move(claim, self.register.finish(claim), also)

    def give_back(self, also: Mapping[str, tuple[str, str]]) -> None:
        """Undo the claim: the register holds again what it held before; with further updates in the same push."""
        assert self.held is not None  # noqa: S101 - only what is there is given back
        self._judge(self.register.swap(self.tip, self.held.before, also), also)

    # --- being sure -------------------------------------------------------------------------------

    def look_again(self) -> bool:
        """Whether the register holds what we think; our own push, whose answer was lost, is recognised."""
        tip = self.register.find_tip()
        if tip == self.tip:
            return True
        found = self.register.read(tip) if tip else None
        if found is None or found.claim.owner.nonce != self.owner.nonce:
            return False
        self.held = found
        return True

    def require(self) -> None:
        """Make sure that the claim is still ours; raises `HeldError` where somebody took it over or gave it back."""
        if not self.look_again():
            raise self.lost()

    def lost(self) -> HeldError:
        """Give the error for a register that somebody else moved."""
        now = self.register.find()
        if now is None or (self.held and now.tip == self.held.before):
            what = "the claim was given back by somebody while this run went on"
        elif now.claim.is_done:
            what = f"{now.claim.plan.version} was released by {now.claim.owner.who} meanwhile"
        else:
            what = f"{now.claim.plan.version} is held by {now.claim.owner}"
        return HeldError(what, why="one line of release has one claim, and another run has it", remedy=self.rerun)

    def _move(self, claim: Claim, commit: str, also: Mapping[str, tuple[str, str]] | None = None) -> None:
        before = self.tip if self.held is None or self.held.claim.is_done else self.held.before
        self._judge(self.register.swap(self.tip, commit, also), also or {})
        self.held = Held(commit, claim, before)

    def _judge(self, swapped: Swapped, also: Mapping[str, tuple[str, str]]) -> None:
        """Raise what became of a swap, unless it was won."""
        ref = self.register.ref
        if isinstance(swapped, Lost):
            raise self.lost()
        if isinstance(swapped, Refused):
            raise self._refusal(swapped.why, also)
        if isinstance(swapped, Unanswered):
            why = "the push may have arrived; the next run looks"
            raise UnavailableError(f"nobody knows what {ref} holds: {swapped.why}", why=why, remedy=self.rerun)

    def _refusal(self, words: str, also: Mapping[str, tuple[str, str]]) -> BlockedError:
        """Give the error for a push that was refused: for the register's own sake, or for that of a new branch."""
        made = (name for name, (_, after) in also.items() if after and _is_refused(name, words))
        branch = next(made, "").removeprefix("refs/heads/")
        if not branch:
            return BlockedError(f"the remote refuses {self.register.ref}: {words}", why=WITHOUT, remedy=self.rerun)
        why = "nothing was published; the release commit needs a branch there first"
        remedy = SIGN if re.search("signed|signature", words) else ALLOW.format(branch=branch)
        return BlockedError(f"the remote refuses {branch}: {words}", why=why, remedy=remedy)

    def _files(self, candidate: Candidate) -> dict[str, Path]:
        folder = self.handover.directory
        names = [NOTES, *(f"reports/{name}.json" for name in REPORTS)]
        names += [f"dist/{file.name}" for file in candidate.distributions]
        return {name: folder / name for name in names}


def _is_refused(ref: str, words: str) -> bool:
    """Whether a push was refused for the sake of this ref, rather than of another one in the same push (git-push)."""
    return any(f":{ref}\t" in line and "atomic" not in line for line in words.split("; "))
