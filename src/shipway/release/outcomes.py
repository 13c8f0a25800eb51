"""How a command can end: one class and one exit code each.

Every outcome but success is an error that says what was seen, why it matters, and the next command to run.
``docs/outcomes.md`` has a section for each, named by `ReleaseError.name`.
"""

from __future__ import annotations

from typing import ClassVar


class ReleaseError(Exception):
    """The base of every outcome that is not success."""

    code: ClassVar[int] = 1
    name: ClassVar[str] = "error"

    def __init__(self, what: str, *, why: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.remedy = remedy

    def render(self) -> str:
        """Give the error as people read it: what, why, next command, a line each."""
        lines = [f"{self.name}: {self.what}"]
        if self.why:
            lines.append(f"  why:  {self.why}")
        if self.remedy:
            lines.append(f"  next: {self.remedy}")
        return "\n".join(lines)


class UsageError(ReleaseError):
    """The command's words are off."""

    code = 10
    name = "usage"


class ConfigurationError(ReleaseError):
    """``pyproject.toml`` or ``[tool.shipway]`` cannot be used as it stands."""

    code = 11
    name = "configuration"


class BlockedError(ReleaseError):
    """A gate, a rule or a person says no."""

    code = 12
    name = "blocked"


class ConflictError(ReleaseError):
    """Something is there already, and it is different."""

    code = 13
    name = "conflict"


class UnavailableError(ReleaseError):
    """A server could not be asked, or did not answer: try again."""

    code = 14
    name = "unavailable"


class ToolError(ReleaseError):
    """A program that Shipway called failed."""

    code = 15
    name = "tool failed"


class ConvergenceError(ReleaseError):
    """A step acted, and the world did not become as wanted in time."""

    code = 16
    name = "did not converge"


class NothingToReleaseError(ReleaseError):
    """There is nothing that a release would tell its users."""

    code = 17
    name = "nothing to release"


class HeldError(ReleaseError):
    """Another run holds the release."""

    code = 18
    name = "held"


class UnfinishedError(ReleaseError):
    """An earlier release has begun and is not finished."""

    code = 19
    name = "unfinished"


class InterruptionError(ReleaseError):
    """A person pressed Ctrl-C."""

    code = 130
    name = "interrupted"


class TerminatedError(ReleaseError):
    """The system asked the run to stop."""

    code = 143
    name = "terminated"
