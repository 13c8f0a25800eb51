"""No changelog at all: the notes of a release are the subjects of its commits, where that is what people want."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from shipway.changelog.entries import as_entry
from shipway.project.changelogs.commit_log import read_commits
from shipway.project.changelogs.contract import Content, Counted, Drafted, Preview, Span
from shipway.release.outcomes import BlockedError, NothingToReleaseError, UsageError
from shipway.world.git import Git

REMEDY = (
    'set changelog = "none" in [tool.shipway] to have the subjects of the commits for notes; or write a CHANGELOG.md, '
    "or configure towncrier"
)
MOST_COUNTED = 200
NOT_READ = (
    ("releasenotes/notes", "reno", "reno report"),
    (".changie.yaml", "changie", "changie batch"),
    ("news/TEMPLATE.rst", "rever", "rever"),
    (".changeset", "changesets", "changeset version"),
)
"""What shows a tool for notes that we do not read, its name, and what of it makes a text of the notes."""


@dataclass(frozen=True)
class NoChangelog:
    """A repository that keeps no changelog; ``wanted`` where it says so itself."""

    git: Git
    why: str
    wanted: bool = False
    kind: str = "none"
    advice: str = REMEDY

    def content(self, span: Span) -> Content:
        """Count the commits, which tell no level."""
        subjects = self._subjects(span)
        counted = tuple(Counted(subject, "", "is a commit, and there is no changelog") for subject in subjects)
        return Content("", counted[:MOST_COUNTED], {"commit": len(subjects)}, decides=not subjects)

    def place(self, version: Version, day: date) -> str:
        """Give no file."""
        del version, day
        return ""

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Change nothing."""
        del version, day
        return ()

    def is_written(self, version: Version) -> bool:
        """Nothing is written, so nothing could be twice."""
        del version
        return True

    @contextmanager
    def drafting(self, span: Span, version: Version, day: date) -> Iterator[Callable[[], Drafted]]:
        """Give the subjects where they are wanted; else that blocks."""
        del version, day
        yield lambda: self._draft(span)

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Give the subjects."""
        del version, day
        subjects = self._subjects(span)
        return Preview(_render(subjects), len(subjects))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: there is no place for it."""
        del words, issue, front
        raise UsageError("this repository keeps no changelog, so there is nothing to add to", remedy=REMEDY)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Write nothing."""

    def _draft(self, span: Span) -> Drafted:
        if not self.wanted:
            raise self._missing()
        subjects = self._subjects(span)
        if not subjects:
            since = f"since {span.since[:9]}" if span.since else "in the history"
            raise NothingToReleaseError(f"there is no commit {since}", remedy="commit what changed")
        return Drafted(_render(subjects))

    def _missing(self) -> BlockedError:
        """Say that nothing was found, or what was that is not read."""
        seen = next((one for one in NOT_READ if (self.git.root / one[0]).exists()), None)
        if seen is None:
            why = "the notes of a release are made from what a repository keeps for its users"
            return BlockedError("no changelog was found", why=why, remedy=REMEDY)
        place, tool, command = seen
        why = f"{place} is {tool}'s, whose notes are not read; and no file has a section for each version"
        remedy = f'put what "{command}" makes into a CHANGELOG.md, and commit; or {REMEDY}'
        return BlockedError(f"no changelog was found that is read, but {place}", why=why, remedy=remedy)

    def _subjects(self, span: Span) -> list[str]:
        if span.since is not None:
            self.git.fetch(span.since)
        commits = read_commits(self.git, span, "--no-merges")
        return [f"{as_entry(one.subject)} ({one.id[:7]})" for one in commits if one.subject]


def _render(subjects: Sequence[str]) -> str:
    return "\n".join(f"- {subject}" for subject in subjects)
