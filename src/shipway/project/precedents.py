"""What a line made of such changes before: where people choose versions, their own releases say more than any rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from packaging.version import Version

from shipway.project.changelogs.contract import Span
from shipway.project.changelogs.conventional import CommitChangelog
from shipway.project.line import Line
from shipway.release.version import difference

DECIDING = frozenset(("release-please", "python-semantic-release", "semantic-release", "standard-version"))
"""The tools that nobody overrules: their options say what comes next."""
LIKE, ENOUGH = 5, 4
"""Of so many releases with changes of the same level, how many have to agree."""
MOST_READ = 10
"""How many releases are looked at for them."""


def find_precedent(changelog: CommitChangelog, line: Line, level: str) -> str:
    """Give the lower bump that changes of a level led to in this line; "" where they led to what they say.

    Before 1.0.0 one breaking change that did not lead to 1.0.0 is enough: who stayed there once means to.
    """
    last = line.last_final
    if last is None or level not in ("minor", "major") or changelog.convention.tool in DECIDING:
        return ""
    stays = level == "major" and last.major == 0
    lower = ("patch",) if level == "minor" else ("minor", "patch")
    if stays:
        return "minor" if next(_made_of(changelog, line, level), "") in lower else ""
    return _agreed(_made_of(changelog, line, level), lower)


def _agreed(made: Iterator[str], lower: Sequence[str]) -> str:
    """Give the bump that enough of a few agree in; no more are read than it takes to tell."""
    seen: list[str] = []
    for bump in islice(made, LIKE):
        seen.append(bump)
        best = max(lower, key=seen.count)
        if seen.count(best) >= ENOUGH:
            return best
        if seen.count(best) + LIKE - len(seen) < ENOUGH:
            return ""
    return ""


def _made_of(changelog: CommitChangelog, line: Line, level: str) -> Iterator[str]:
    """Give the bumps that changes of a level were released as, the newest first."""
    finals = [one for one in reversed(line.versions) if not one.is_prerelease and not one.is_postrelease]
    for version, before in islice(pairwise(finals), MOST_READ):
        if (before.major == 0) != (finals[0].major == 0):
            return
        if _level_of(changelog, line, version, before) == level:
            yield difference(before, version)


def _level_of(changelog: CommitChangelog, line: Line, version: Version, before: Version) -> str:
    return changelog.content(Span(line.commit_of(before), line.releases[version])).level
