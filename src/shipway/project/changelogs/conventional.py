"""A changelog from commit messages by Conventional Commits: the history is the notes, and we write the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from packaging.version import Version

from shipway.changelog.commits import Commit
from shipway.changelog.entries import render_notes
from shipway.changelog.history import Judged, judge_history
from shipway.changelog.insertion import NEW, find_spot, insert_section
from shipway.changelog.sections import find_section
from shipway.project.changelogs.contract import Drafted, Preview, Span
from shipway.project.files import Find, in_folder, write_file
from shipway.project.pyproject import read_name
from shipway.release.outcomes import BlockedError, ConfigurationError, NothingToReleaseError, UsageError
from shipway.world.git import Git

STEMS = ("CHANGELOG", "CHANGES", "HISTORY", "NEWS")
MARKDOWN = tuple(f"{spelled}.md" for stem in STEMS for spelled in (stem, stem.lower(), stem.capitalize()))
OTHERS = tuple(f"{spelled}.rst" for stem in STEMS for spelled in (stem, stem.lower(), stem.capitalize()))
NEW_FILE = "CHANGELOG.md"
COMMITTING = 'git commit --allow-empty --message "fix: what changed, for users" && git push'
MOST_NAMED = 10
FORMAT = "--format=tformat:%H%n%P%n%B"


@dataclass(frozen=True)
class CommitChangelog:
    """The commits of a work tree's history, and the Markdown file that is there, or will be."""

    git: Git
    why: str
    kind: str = "conventional"
    advice: str = COMMITTING

    def place(self, version: Version, day: date) -> str:
        """Give the file: the one that is there, in the usual order, or a new one."""
        del version, day
        find = in_folder(self.git.root)
        found = find_markdown(find)
        other = None if found else next((name for name in OTHERS if find(name) is not None), None)
        if other is not None:
            why = "sections from commits are written in Markdown"
            remedy = f"""turn {other} into {NEW_FILE}; or set changelog = "towncrier" in [tool.shipway]"""
            raise ConfigurationError(f"the changelog is {other}, which is reStructuredText", why=why, remedy=remedy)
        return found or NEW_FILE

    def changes(self, version: Version, day: date) -> tuple[str, ...]:
        """Name the one file."""
        return (self.place(version, day),)

    @contextmanager
    def drafting(self, span: Span, version: Version, day: date) -> Iterator[Callable[[], Drafted]]:
        """Read the commits; none that counts is nothing to release."""
        yield lambda: self._draft(span, version, day)

    def preview(self, span: Span, version: Version, day: date) -> Preview:
        """Read the commits."""
        judged = self._judge(span)
        notes = render_notes(judged, find_spot(self._text(version, day)).level_inside)
        remarks = (f"{_shown(one)} {one.why}" for one in judged if one.is_foreign)
        return Preview(notes, sum(not one.why for one in judged), tuple(remarks))

    def add(self, words: Sequence[str], issue: str, front: str) -> str:
        """Add nothing: an entry is a commit."""
        del words, issue, front
        why, remedy = "notes are made from commit messages by Conventional Commits", COMMITTING
        raise UsageError("commits are the changelog here, so there is nothing to add to it", why=why, remedy=remedy)

    def write(self, version: Version, day: date, notes: str) -> None:
        """Put the section into the file."""
        inserted = insert_section(self._text(version, day), version, day, notes)
        write_file(self.git.root, self.place(version, day), inserted)

    def _text(self, version: Version, day: date) -> str:
        found = in_folder(self.git.root)(self.place(version, day))
        return NEW if found is None else found

    def _draft(self, span: Span, version: Version, day: date) -> Drafted:
        judged, text = self._judge(span), self._text(version, day)
        if not any(not one.why for one in judged):
            raise _nothing(span, judged)
        notes = render_notes(judged, find_spot(text).level_inside)
        if find_section(insert_section(text, version, day, notes), version) != notes:
            place = self.place(version, day)
            why = "what is written there could not be found again: a comment or a block of code is not closed"
            raise BlockedError(f"{place} has no place for a section", why=why, remedy=f"mend {place}")
        foreign = sum(one.is_foreign for one in judged)
        remark = f"{foreign} of {len(judged)} commits are not by Conventional Commits, and tell nothing"
        return Drafted(notes, remark if foreign else "")

    def _judge(self, span: Span) -> list[Judged]:
        if span.since is not None:
            self.git.fetch(span.since)
        return judge_history(read_commits(self.git, span), read_name(self.git.root))


def read_commits(git: Git, span: Span, *filters: str) -> list[Commit]:
    """Read the commits of a span, newest first, with their messages in UTF-8 whatever git is set to."""
    words = ("log", "-z", "--topo-order", "--no-show-signature", "--no-color", "--encoding=UTF-8", FORMAT, *filters)
    span_words = [span.until, *([f"^{span.since}"] if span.since else [])]
    records = git.run(*words, "--end-of-options", *span_words, "--").stdout.split("\0")
    return [_parse_record(record) for record in records if record]


def find_markdown(find: Find) -> str | None:
    """Find the changelog in Markdown that is there."""
    return next((name for name in MARKDOWN if find(name) is not None), None)


def _parse_record(record: str) -> Commit:
    identity, parents, message = record.split("\n", 2)
    return Commit(identity, tuple(parents.split()), message)


def _nothing(span: Span, judged: Sequence[Judged]) -> NothingToReleaseError:
    """Name the commits that were looked at, and why each does not count."""
    since = f"since {span.since[:9]}" if span.since else "in the history"
    named = [f"{_shown(one)} {one.why}" for one in judged[:MOST_NAMED]]
    more = [f"and {len(judged) - MOST_NAMED} more"] if len(judged) > MOST_NAMED else []
    why = "; ".join([*named, *more]) or "there is no commit"
    return NothingToReleaseError(f"no commit {since} tells users of a change", why=why, remedy=COMMITTING)


def _shown(judged: Judged) -> str:
    subject = judged.commit.subject
    return f"{judged.commit.id[:7]} {subject[:60]!r}"
