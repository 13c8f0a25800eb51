"""Proposals: files as they would be, shown as a diff before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from shipway.release.outcomes import BlockedError


@dataclass(frozen=True)
class Proposal:
    """One file of a repository: what it holds (None: it is not there), and what it would hold."""

    name: str
    before: str | None
    after: str
    is_long: bool = False
    """Whether a person is told of the change rather than shown each of its many lines."""

    @property
    def is_change(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after

    def diff(self) -> str:
        """Give the change as a unified diff, or in a line where that is long."""
        if self.is_long:
            verb = "new" if self.before is None else "changed"
            return f"{verb}: {self.name}, {len(self.after.splitlines())} lines\n"
        old = "/dev/null" if self.before is None else f"a/{self.name}"
        lines = unified_diff(_lines(self.before or ""), _lines(self.after), old, f"b/{self.name}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def propose(root: Path, name: str, after: str) -> Proposal:
    """Hold what a file would be against what it is; raises `BlockedError` where it cannot be read as text."""
    return Proposal(name, read_present(root, name), after)


def read_present(root: Path, name: str) -> str | None:
    """Read a file of the repository; None where there is none."""
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise BlockedError(f"{name} leads out of the repository", remedy=f"replace the link by a file: {name}")
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except (UnicodeDecodeError, IsADirectoryError):
        raise BlockedError(f"{name} is no text file", why="it would be overwritten", remedy=f"move {name}") from None


def write_all(root: Path, proposals: Iterable[Proposal]) -> list[str]:
    """Write what differs; give the names that were written."""
    changed = [proposal for proposal in proposals if proposal.is_change]
    for proposal in changed:
        path = root / proposal.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(proposal.after.encode())
    return [proposal.name for proposal in changed]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
