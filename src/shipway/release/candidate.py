"""A candidate: the release commit and the distributions made from it, not yet shared with anyone."""

from __future__ import annotations

from dataclasses import dataclass

from shipway.release.distributions import Distribution
from shipway.release.plan import Plan


@dataclass(frozen=True)
class Candidate:
    """What a settlement settles: a plan, its release commit, and the very distributions."""

    plan: Plan
    commit: str
    distributions: tuple[Distribution, ...]

    @property
    def branch_ref(self) -> str:
        """The full ref of the release branch."""
        return f"refs/heads/{self.plan.release_branch}"

    @property
    def main_ref(self) -> str:
        """The full ref of the branch the release belongs to."""
        return f"refs/heads/{self.plan.branch}"

    @property
    def tag_ref(self) -> str:
        """The full ref of the tag."""
        return f"refs/tags/{self.plan.tag}"
