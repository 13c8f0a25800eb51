"""The line of release that a commit belongs to: which tagged versions are its own, and which are another branch's.

A version is of the line of a commit

1. if its tag is in the commit's history;
2. if it is not above what the line has come to, which is the version in the files or the highest one in the history:
   so releases of branches that were never merged, or only squashed, count by the order of versions;
3. above that, if its branch was not merged, and

   - it mends the version that the line has come to (1.5.1 after 1.5.0);
   - or it was made of the history: it has a parent or the very tree of one of its commits;
   - or the history has no release at all;
   - or no file says a version, they parted after the history's last release, and it has no more commits of its own than
     the history has since. A trunk is the longer side: the branch of a release is near to it, while it is far from a
     branch that mends 1.x.

A tag that was made after the commit is never the line's: not one that has it in its history, nor one whose commit is
younger. Only for the tip of the remote's branch all tags were made before now: there, a release that was made of the
tip and is not merged yet counts. Higher numbers from before the tag of the version in the files do not count either:
counting began anew since. A tag such as 2.1.0.dev0 is no release: it marks where work on a version began, and means
nothing to other branches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property

from packaging.version import Version

from shipway.project.files import in_folder
from shipway.project.seen_tags import TAGS, Head, Tag, read_head, read_tags, tags_of
from shipway.project.tag_rule import read_tag_rule
from shipway.project.version_source import find_version_source
from shipway.release.outcomes import UnavailableError
from shipway.release.scheme import Dated, detect_scheme
from shipway.release.spelling import read_form
from shipway.release.tagnames import TagRule, split_tag
from shipway.world.git import Git

NOTHING_YET = Version("0.0.0")
"""What a project is at before its first tag, where only tags tell."""

DAY = 24 * 60 * 60
BEFORE, AFTER = 2 * DAY, DAY
"""How far clocks may be wrong: tags this close to the commit are compared with it by history."""

MOST_ASKED = 6
"""Of how many tags one by one git is asked whether they are in a history, before it is asked once for all."""
MOST_NAMED = 500
"""How many tags are named to git in one call, before the history is read."""


@dataclass(frozen=True)
class Line:
    """One line of release: the commits of its tagged versions, and the version that it has come to.

    ``tags`` are those of its releases, ``apart`` the versions that are tagged and of another line.
    """

    releases: Mapping[Version, str]
    current: Version
    tags: Mapping[Version, Tag] = field(default_factory=dict)
    apart: tuple[Version, ...] = ()

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """The versions that were released, lowest first."""
        return tuple(sorted(self.releases))

    @cached_property
    def last_final(self) -> Version | None:
        """The last release that is no pre-release."""
        return max((version for version in self.releases if not version.is_prerelease), default=None)

    def last_before(self, version: Version, *, final: bool = False) -> Version | None:
        """Give the last release before a version; with ``final`` pre-releases do not count."""
        released = (found for found in self.releases if not is_mark(found))
        return max((one for one in released if one < version and not (final and one.is_prerelease)), default=None)

    def commit_of(self, version: Version | None) -> str | None:
        """Give the commit that a version is tagged at; None for no version."""
        return None if version is None else self.releases[version]

    def tag_of(self, version: Version | None) -> str | None:
        """Give the name of a version's tag; None for no version."""
        return None if version is None else self.tags[version].name

    def find_scheme(self) -> str:
        """Find the calendar's pattern in the releases; "semver" where there is none."""
        return detect_scheme([_dated(version, tag) for version, tag in self.tags.items() if tag.date])


def read_line(git: Git, refs: Mapping[str, str], base: str, written: Version | None, rule: TagRule | str) -> Line:
    """Give the line of the remote's branch, of which ``base`` is the tip; ``refs`` are the remote's.

    ``written`` is the version in the files (None: in tags alone); ``rule`` says which tags are releases.
    """
    return _Reading(git, base, written, None).line(tags_of(refs, read_tags(git)), _rule(rule))


def read_own_line(git: Git) -> Line:
    """Give the line of HEAD, wherever in history that is, by the tags of this clone."""
    written = find_version_source(in_folder(git.root)).read()
    tags, head = read_tags(git), read_head(git)
    return line_of(git, head, written, read_tag_rule(git, tags, head), tags)


def read_line_at(git: Git, commit: str, written: Version | None, rule: TagRule | str) -> Line:
    """Give the line of any commit, by the tags of this clone; later ones do not count."""
    return line_of(git, read_head(git, commit), written, rule, read_tags(git))


def line_of(git: Git, head: Head | None, written: Version | None, rule: TagRule | str, tags: Sequence[Tag]) -> Line:
    """Give the line of a commit, by tags that were read already; later ones do not count."""
    if head is None:
        return Line({}, written or NOTHING_YET)
    return _Reading(git, head.commit, written, head.date).line(tags, _rule(rule))


def read_current(git: Git) -> Version:
    """Give the version that the work tree is at; nobody outside of this clone is asked."""
    return find_version_source(in_folder(git.root)).read() or read_own_line(git).current


def deepen(git: Git) -> None:
    """Bring what a shallow clone lacks of history and tags; `UnavailableError` where the remote does not give it."""
    words = ("fetch", "--quiet", "--tags", *(["--unshallow"] if git.is_shallow() else []), git.remote)
    done = git.run(*words, check=False)
    if done.code != 0:
        import shlex

        why = git.processes.environment.redact(done.stderr.strip())
        raise UnavailableError(
            f"the remote {git.remote} did not give its history", why=why, remedy=shlex.join(["git", *words])
        )


@dataclass(frozen=True)
class _Reading:
    """Reads the line of one commit; ``now`` is the commit's time, None where every tag was made before."""

    git: Git
    base: str
    written: Version | None
    now: int | None

    def line(self, tags: Sequence[Tag], rule: TagRule) -> Line:
        """Choose the tags that are the line's."""
        known = self._without_later(_by_version(tags, rule))
        chosen = self._choose(self._without_marks(self._without_abandoned(known)))
        releases = {version: known[version].commit for version in chosen}
        finals = [version for version in releases if not version.is_prerelease]
        is_told = self.written is not None and self.written != NOTHING_YET
        current = self.written if self.written and is_told else max(finals, default=NOTHING_YET)
        apart = tuple(sorted(known.keys() - chosen))
        return Line(releases, current, {version: known[version] for version in releases}, apart)

    # --- what was made later ----------------------------------------------------------------------

    def _without_later(self, known: Mapping[Version, Tag]) -> dict[Version, Tag]:
        """Leave out what was made after the commit."""
        if self.now is None:
            return dict(known)
        kept = {version: tag for version, tag in known.items() if tag.date <= self.now + AFTER}
        close = [version for version, tag in kept.items() if tag.date >= self.now - BEFORE or not tag.date]
        later = self._find_later([kept[version] for version in close])
        return {version: tag for version, tag in kept.items() if tag.name not in later}

    def _find_later(self, close: Sequence[Tag]) -> set[str]:
        """Give the names of those tags that have the commit in their history, or are younger and not in its own."""
        if not close:
            return set()
        if len(close) > MOST_ASKED:
            merged = self._merged(close)
        else:
            merged = {tag.name for tag in close if self.git.contains(self.base, tag.commit)}
        rest = [tag for tag in close if tag.name not in merged]
        return {tag.name for tag in rest if tag.date > (self.now or 0) or self.git.contains(tag.commit, self.base)}

    def _merged(self, close: Sequence[Tag]) -> set[str]:
        """Give the names of those tags that are in the commit's history; git looks no further back than they are."""
        refs = {f"{TAGS}{tag.name}": tag.name for tag in close}
        if len(refs) > MOST_NAMED:
            inside = self._history()
            return {tag.name for tag in close if tag.commit in inside}
        listed = self.git.read("for-each-ref", f"--merged={self.base}", "--format=%(refname)", *refs)
        return {refs[ref] for ref in listed.splitlines() if ref in refs}

    def _without_abandoned(self, known: Mapping[Version, Tag]) -> dict[Version, Tag]:
        """Leave out higher numbers that are older than the written version's own tag: counting began anew since."""
        own = known.get(self.written) if self.written is not None else None
        if own is None or self.written is None or not own.date:
            return dict(known)
        written = self.written
        return {v: tag for v, tag in known.items() if v <= written or not tag.date or tag.date >= own.date}

    def _without_marks(self, known: Mapping[Version, Tag]) -> dict[Version, Tag]:
        """Leave out where other branches began their work on a higher version."""
        marks = {v: tag for v, tag in known.items() if is_mark(v) and (self.written is None or v > self.written)}
        merged = self._merged([*marks.values()]) if marks else set()
        return {version: tag for version, tag in known.items() if version not in marks or tag.name in merged}

    # --- what is of another branch ----------------------------------------------------------------

    def _choose(self, known: Mapping[Version, Tag]) -> set[Version]:
        above = [version for version in known if self.written is None or version > self.written]
        if not above:
            return {*known}
        if self.now is None:
            self.git.fetch(*{known[version].commit for version in above if not known[version].date})
        if self.git.contains(self.base, known[max(above)].commit):
            return {*known}
        inside = self._history()
        top = max((version for version in above if known[version].commit in inside), default=None)
        reached = max((one for one in (top, self.written) if one is not None), default=None)
        chosen = {version for version in known if reached is not None and version <= reached}
        last = max((v for v in chosen if known[v].commit in inside), default=None)
        for series in _series(version for version in above if reached is None or version > reached):
            mends = reached is not None and series[0].release[:2] == reached.release[:2]
            if not mends and not self._goes_on(known[series[0]], known[last].commit if last else None, inside):
                break
            chosen |= {*series}
        return chosen

    def _history(self) -> set[str]:
        """Give every commit of the history, and every tree: that of a release that was squashed is among them."""
        return set(self.git.read("log", "--no-show-signature", "--format=%H%n%T", self.base).split())

    def _goes_on(self, tag: Tag, last: str | None, inside: set[str]) -> bool:
        """Whether a release of another branch is of this line all the same (rule 3)."""
        tree, *parents = self.git.read("log", "-1", "--no-show-signature", "--format=%T %P", tag.commit).split()
        if self.now is not None and self.base in parents:
            return False
        if (parents and parents[0] in inside) or (tree in inside and tree != self._tree_of(parents[:1])):
            return True
        if any(parent in inside for parent in parents) and self._ahead(tag.commit)[0] == 0:
            return True
        if self.written is not None or last is None:
            return last is None
        parted = self.git.run("merge-base", tag.commit, self.base, check=False).stdout.strip()
        if parted == last or not self.git.contains(tag.commit, last):
            return False
        ahead, behind = self._ahead(tag.commit)
        return ahead <= behind

    def _tree_of(self, parents: Sequence[str]) -> str:
        """Give the tree of a parent, "" for none: what changes nothing is no release that was squashed."""
        return self.git.tree_of(parents[0]) if parents else ""

    def _ahead(self, commit: str) -> tuple[int, int]:
        """Count the commits, without merges, that another one has and the base lacks, and the other way round."""
        words = ("rev-list", "--left-right", "--count", "--no-merges", f"{commit}...{self.base}")
        ahead, behind = self.git.read(*words).split()
        return int(ahead), int(behind)


def is_mark(version: Version) -> bool:
    """Whether a tag of this version marks where work on it began: numbers of development count from 1 on."""
    return version.dev == 0 and version.pre is None and version.post is None


def _rule(rule: TagRule | str) -> TagRule:
    return TagRule(rule) if isinstance(rule, str) else rule


def _by_version(tags: Sequence[Tag], rule: TagRule) -> dict[Version, Tag]:
    """Give the tag of each version: of two, the one that is named as the next will be."""
    found = rule.find_releases(tag.name for tag in tags)
    form, chosen = read_form(rule.form), dict[Version, Tag]()
    for tag in tags:
        version = found.get(tag.name)
        if version is not None and (version not in chosen or form.parse(tag.name) is not None):
            chosen[version] = tag
    return chosen


def _series(versions: Iterable[Version]) -> list[list[Version]]:
    """Sort versions into those of one minor version each, lowest first."""
    series: dict[tuple[int, tuple[int, ...]], list[Version]] = {}
    for version in sorted(versions):
        series.setdefault((version.epoch, version.release[:2]), []).append(version)
    return list(series.values())


def _dated(version: Version, tag: Tag) -> Dated:
    split = split_tag(tag.name)
    return Dated(split.text if split else str(version), version, datetime.fromtimestamp(tag.date, timezone.utc).date())
