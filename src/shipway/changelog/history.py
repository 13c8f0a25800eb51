"""Which commits of a history tell users something, and why the others do not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shipway.changelog.commits import Change, Commit, parse_change

USUAL = frozenset(("feat", "fix", "perf", "revert", "build", "chore", "ci", "docs", "refactor", "style", "test"))
"""The types that everybody writes who writes Conventional Commits."""
SHOWN = ("feat", "fix", "perf")
REVERT = "revert"
REAPPLY = "Reapply"
QUOTED = re.compile(r'(?P<verb>Revert|Reapply) "(?P<subject>.*)"(?: \(#[0-9]+\))?')
"""The subjects that git itself gives to reverts."""
REVERTED = re.compile(r"^This reverts commit ([0-9a-f]{7,64})", re.MULTILINE)
REFERS = "Refs"
ID = re.compile(r"\b[0-9a-f]{7,64}\b")
FOREIGN = "is not by Conventional Commits"
RELEASE = r"Release {name} [0-9][0-9A-Za-z.!+_-]*(?: \(#[0-9]+\))?"


@dataclass(frozen=True)
class Judged:
    """A commit, what it says, and why it does not count ("" where it does)."""

    commit: Commit
    change: Change | None
    why: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether it is a person's commit that is not by Conventional Commits."""
        return self.why == FOREIGN


def judge_history(commits: Sequence[Commit], name: str) -> list[Judged]:
    """Judge the commits of a range, newest first; ``name`` is the distribution's."""
    known = {commit.id: commit for commit in commits}
    cancelled: dict[str, str] = {}
    judged = []
    for place, commit in enumerate(commits):
        targets = set(_targets(commits, place, known)) - cancelled.keys()
        if commit.id in cancelled:
            judged.append(Judged(commit, None, cancelled[commit.id]))
        elif targets:
            cancelled |= dict.fromkeys(targets, f"is reverted by {commit.id[:7]}")
            named = ", ".join(sorted(target[:7] for target in targets))
            judged.append(Judged(commit, None, f"reverts {named}"))
        else:
            judged.append(_judge(commit, name))
    return judged


def is_release(commit: Commit, name: str) -> bool:
    """Whether this is the commit of a release by ourselves, or of one that was squashed."""
    return re.fullmatch(RELEASE.format(name=re.escape(name)), commit.subject) is not None


def follows_convention(commit: Commit) -> bool:
    """Whether a commit shows that its author knows Conventional Commits, rather than looking so by chance."""
    change = parse_change(commit.message)
    return change is not None and (change.type in USUAL or change.is_breaking)


def _judge(commit: Commit, name: str) -> Judged:
    if len(commit.parents) > 1:
        return Judged(commit, None, "is a merge")
    if is_release(commit, name):
        return Judged(commit, None, "is a release")
    change = _quoted(commit) or parse_change(commit.message)
    if change is None:
        return Judged(commit, None, FOREIGN)
    if change.is_breaking or change.type in SHOWN or (change.type == REVERT and _tells(change)):
        return Judged(commit, change)
    return Judged(commit, change, f"has the type {change.type}, which is nothing that users notice")


def _quoted(commit: Commit) -> Change | None:
    """Read a revert by git of something that is out already as one by Conventional Commits; one more brings it back."""
    quoted = QUOTED.fullmatch(commit.subject)
    inner = parse_change(quoted["subject"]) if quoted else None
    if quoted is None or inner is None:
        return None
    return inner if quoted["verb"] == REAPPLY else Change(REVERT, inner.scope, quoted["subject"])


def _tells(change: Change) -> bool:
    """Whether users notice a revert of something that is out already: as they noticed that."""
    reverted = parse_change(change.description)
    return reverted is None or reverted.is_breaking or reverted.type in SHOWN


def _targets(commits: Sequence[Commit], place: int, known: Mapping[str, Commit]) -> Iterator[str]:
    """Give the commits of the range that the one at a place takes back; they are older, so they come after it."""
    commit = commits[place]
    change, quoted = parse_change(commit.message), QUOTED.fullmatch(commit.subject)
    if quoted is None and (change is None or change.type != REVERT):
        return
    before = commits[place + 1 :]
    ids = REVERTED.findall(commit.message)
    if not ids and change is not None:
        ids = [found for footer in change.footers if footer.token == REFERS for found in ID.findall(footer.value)]
    if ids:
        for found in ids:
            yield from _with_content(next((one.id for one in before if one.id.startswith(found)), None), known)
        return
    subject = quoted["subject"] if quoted else change.description if change else ""
    subject = f'Revert "{subject}"' if quoted and quoted["verb"] == REAPPLY else subject
    yield from (one.id for one in before[: _first(before, subject)][-1:])


def _first(commits: Sequence[Commit], subject: str) -> int:
    """Give how many commits there are up to the first with a subject; none where no commit has it."""
    return next((place for place, one in enumerate(commits, start=1) if one.subject == subject), 0)


def _with_content(target: str | None, known: Mapping[str, Commit]) -> Iterator[str]:
    """Give a commit, and for a merge all that it brought in."""
    if target is None:
        return
    yield target
    first, *others = known[target].parents or ("",)
    yield from sorted(_ancestors(others, known) - _ancestors([first], known))


def _ancestors(starts: Collection[str], known: Mapping[str, Commit]) -> set[str]:
    """Give the commits of the range that are in the history of these."""
    found: set[str] = set()
    waiting = [start for start in starts if start in known]
    while waiting:
        commit = waiting.pop()
        if commit not in found:
            found.add(commit)
            waiting += [parent for parent in known[commit].parents if parent in known]
    return found
