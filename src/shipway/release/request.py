"""What is asked of a release: the words of a person or a workflow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """The words of a person or a workflow: which bump ("" for none), and whether it is a pre-release."""

    bump: str
    pre: str | None = None

    def words(self) -> tuple[str, ...]:
        """Give the request as it is typed after ``--``."""
        return (*filter(None, [self.bump]), *(("--pre", self.pre) if self.pre else ()))
