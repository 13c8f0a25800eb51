"""A check: one question about a repository, its answer, and how to mend what it names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from shipway.adopt.doctor.facts import Facts, ForgeFacts
from shipway.adopt.doctor.finding import Finding, Level, does_not_apply, unknown
from shipway.release.outcomes import ReleaseError


class Check(ABC):
    """One question; the docstring of a check says how to mend what it names."""

    name: ClassVar[str]
    question: ClassVar[str]
    worst: ClassVar[Level]
    """The worst that it can answer."""

    def look(self, facts: Facts) -> Finding:
        """Answer; what could not be asked is said, and never fine."""
        try:
            return self.judge(facts)
        except ReleaseError as error:
            return unknown(error.what, error.why, error.remedy)

    @abstractmethod
    def judge(self, facts: Facts) -> Finding:
        """Answer by the facts; raises the error that stands in the place of a fact."""


class ForgeCheck(Check):
    """A check that needs a forge."""

    def judge(self, facts: Facts) -> Finding:
        """Answer where the repository has a forge."""
        return does_not_apply("there is no forge") if facts.forge is None else self.weigh(facts, facts.forge)

    @abstractmethod
    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer by the facts, those of the forge among them."""
