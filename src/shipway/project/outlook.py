"""What the next release of a work tree would be, as far as its clone tells: nobody else is asked, and nothing changes.

Each fact is read when it is asked for, once, and raises what stands in its own way: so a command that needs the version
alone reads no changelog, and one that tells everything says of each part why it is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING

from packaging.version import Version

from shipway.project.files import in_folder
from shipway.project.pyproject import read_name
from shipway.project.version_source import find_version_source
from shipway.project.versions.contract import VersionSource
from shipway.release.outcomes import UsageError
from shipway.release.request import Request
from shipway.world.clock import Clock
from shipway.world.git import Git

if TYPE_CHECKING:  # most commands need few of these facts, and import what they need
    from shipway.project.changelogs.contract import Changelog, Content, Span
    from shipway.project.line import Line
    from shipway.project.seen_tags import Head, Tag
    from shipway.release.decision import Decision, Policy, Standing
    from shipway.release.tagnames import TagRule

AUTOMATIC = "auto"
FROM_ZERO = ("commitizen", "release-please")
"""The tools whose first pre-release of a version has the number 0."""
HERE = "."
"""What git calls the folder that it runs in: of several distributions, one is told of the commits of its folder."""
PROBED = ("patch", "minor", "major")


def with_tags(changelog: Changelog, form: str) -> Changelog:
    """Tell a changelog how releases are tagged, where its notes link to the whole change."""
    from shipway.project.changelogs.conventional import CommitChangelog

    return replace(changelog, tag_format=form) if isinstance(changelog, CommitChangelog) else changelog


def find_policy(git: Git, changelog: Changelog | None, line: Line) -> Policy:
    """Give what a repository wants of its versions: as configured, as its other tools are, as its tags show."""
    from shipway.project.changelogs.conventional import CommitChangelog
    from shipway.project.settings import read_setting
    from shipway.release.decision import Policy
    from shipway.release.standing import BEGUN
    from shipway.release.version import kind_of

    root, environment = git.root, git.processes.environment
    scheme = str(read_setting(root, environment, "version-scheme"))
    told = zero = str(read_setting(root, environment, "zero-version"))
    if zero == AUTOMATIC:
        zero = changelog.convention.zero if isinstance(changelog, CommitChangelog) else Policy().zero
    lower = str(read_setting(root, environment, "lower-bump"))
    policy = Policy(line.find_scheme() if scheme == AUTOMATIC else scheme, zero, lower, is_told=told != AUTOMATIC)
    if not isinstance(changelog, CommitChangelog):
        return policy
    convention = changelog.convention
    pre = convention.pre if convention.pre == BEGUN else kind_of(convention.pre)
    return replace(policy, pre=pre, starts=0 if convention.tool in FROM_ZERO else 1)


def with_precedent(policy: Policy, changelog: Changelog | None, line: Line, content: Content | None) -> Policy:
    """Give what a repository wants of its versions, with what its own releases made of such content before.

    They are read only where they could tell something else; who wrote ``zero-version`` is not second-guessed.
    """
    from shipway.project.changelogs.conventional import CommitChangelog
    from shipway.release.scheme import SEMVER

    last, level = line.last_final, content.level if content is not None and not content.version else ""
    if level not in ("minor", "major") or last is None or not isinstance(changelog, CommitChangelog):
        return policy
    lowered = policy.level_of(level, last)
    if policy.scheme != SEMVER or lowered == "patch" or (last.major == 0 and (lowered != level or policy.is_told)):
        return policy
    from shipway.project.precedents import find_precedent

    made = find_precedent(changelog, line, level)
    return replace(policy, precedent=(level, made)) if made else policy


def find_span(line: Line, changelog: Changelog, version: Version, until: str) -> Span:
    """Give the commits that the notes of a version tell of: those since the last final release.

    The tools that make changelogs from commits tell of a pre-release what came since the one before.
    """
    from shipway.project.changelogs.contract import Span
    from shipway.project.changelogs.conventional import CommitChangelog

    is_each = isinstance(changelog, CommitChangelog) and bool(changelog.convention.tool)
    last = line.last_before(version, final=not (version.is_prerelease and is_each))
    return Span(line.commit_of(last), until)


def choose(request: Request, standing: Standing, content: Content | None, policy: Policy) -> Decision:
    """Choose the next version; `UsageError` for ``auto`` where the level matters and nothing tells it.

    ``content`` is None where it could not be read.
    """
    from shipway.release.decision import AUTO, decide
    from shipway.release.scheme import SEMVER, counts_within_years

    asked = content.version if content is not None else ""
    if content is not None and content.tentative and _is_over(asked, standing, policy):
        content, asked = replace(content, decides=bool(content.level)), ""
    standing = replace(standing, asked=asked)
    if request.bump != AUTO or asked or (content is not None and content.decides):
        return decide(request, standing, content.level if content else "", policy)
    chosen = {level: decide(request, standing, level, policy) for level in PROBED}
    if policy.scheme != SEMVER and not (counts_within_years(policy.scheme) and _is_begun(chosen["patch"], standing)):
        return chosen["minor"]  # the day tells it
    if len({decision.version for decision in chosen.values()}) == 1 or _is_begun(chosen["patch"], standing):
        return chosen["patch"]
    listed = ", ".join(f"{level} is {decision.version}" for level, decision in chosen.items())
    what = "nothing here tells whether the next version is a patch, a minor or a major one"
    why = f"{listed}; the changelog is kept in a way that tells no level"
    raise UsageError(what, why=why, remedy="say patch, minor, major, or the version")


def _is_over(asked: str, standing: Standing, policy: Policy) -> bool:
    """Whether a title names a calendar's version whose time is over, and that did not come out then."""
    from shipway.release.scheme import SEMVER, is_past
    from shipway.release.version import find_version

    version = find_version(asked)
    return version is not None and policy.scheme != SEMVER and is_past(policy.scheme, version, standing.today)


def _is_begun(decision: Decision, standing: Standing) -> bool:
    """Whether a version is what the files or the tags announce: somebody has said then what comes next."""
    known = [one for one in (standing.written, standing.previous) if one is not None and one.is_prerelease]
    return any(one < decision.version == Version(one.base_version) for one in known)


def open_outlook(git: Git, package: str | None, bump: str | None, pre: str | None) -> Outlook:
    """Open the distribution that is meant; the repository's own needs no look at what else there is."""
    if package is None:
        return outlook_of(git, "", bump, pre)
    from shipway.project.packages import choose_package, list_packages

    return outlook_of(git, choose_package(list_packages(git), package), bump, pre)


def outlook_of(git: Git, folder: str, bump: str | None, pre: str | None) -> Outlook:
    """Open the distribution of a folder ("" for the repository itself), with the words of a request."""
    asked = Request(bump or "", pre) if bump or pre else None
    return Outlook(Git(git.root / folder, git.processes, git.remote) if folder else git, folder, asked)


@dataclass(frozen=True)
class Outlook:
    """One distribution in its own folder of the work tree ("" for the top one), with the words of a request."""

    git: Git
    folder: str = ""
    request: Request | None = None
    clock: Clock = field(default_factory=Clock)

    @cached_property
    def name(self) -> str:
        """The distribution's name."""
        return read_name(self.git.root)

    @cached_property
    def source(self) -> VersionSource:
        """Where the version comes from."""
        return find_version_source(in_folder(self.git.root))

    @cached_property
    def tags(self) -> list[Tag]:
        """The tags of this clone."""
        from shipway.project.seen_tags import read_tags

        return read_tags(self.git)

    @cached_property
    def head(self) -> Head | None:
        """The commit that is checked out; None in a repository without any."""
        from shipway.project.seen_tags import read_head

        return read_head(self.git)

    @cached_property
    def rule(self) -> TagRule:
        """Which tags are releases."""
        from shipway.project.tag_rule import read_tag_rule

        return read_tag_rule(self.git, self.tags, self.head)

    @cached_property
    def line(self) -> Line:
        """The releases that HEAD goes on from."""
        from shipway.project.line import line_of

        return line_of(self.git, self.head, self.source.read(), self.rule, self.tags)

    @cached_property
    def today(self) -> date:
        """The day that a calendar version goes by: that of HEAD, where HEAD is in the past.

        It is where it is on no branch, or where a tag is younger: then the question is what was next then.
        """
        now = self.clock.now()
        if self.head is None:
            return now.date()
        then = self.head.date
        is_past = any(tag.date > then for tag in self.tags) or self.git.find_branch() is None
        return datetime.fromtimestamp(then, timezone.utc).date() if is_past else now.date()

    @cached_property
    def changelog(self) -> Changelog:
        """How the changelog is kept."""
        from shipway.project.changelog import find_changelog
        from shipway.project.changelogs.conventional import CommitChangelog

        top = self.git.root.joinpath(*[".." for _ in self.folder.split("/")]) if self.folder else None
        found = find_changelog(self.git, top)
        if self.folder and isinstance(found, CommitChangelog):
            found = replace(found, paths=(HERE,))
        return with_tags(found, self.rule.form)

    @cached_property
    def span(self) -> Span:
        """The commits since the last final release."""
        from shipway.project.changelogs.contract import Span

        until = self.head.commit if self.head is not None else "HEAD"
        return Span(self.line.commit_of(self.line.last_final), until)

    @cached_property
    def content(self) -> Content:
        """What the next version holds."""
        return self.changelog.content(self.span)

    @contextmanager
    def counting(self) -> Iterator[Callable[[], Content]]:
        """Begin to read what the next version holds; what is given waits for it."""
        from shipway.project.changelogs.conventional import CommitChangelog

        changelog, span = self.changelog, self.span
        if isinstance(changelog, CommitChangelog):
            with changelog.counting(span) as counted:
                yield counted
        else:
            yield lambda: self.content

    @cached_property
    def policy(self) -> Policy:
        """What the repository wants of its versions."""
        return find_policy(self.git, self.changelog, self.line)

    @cached_property
    def standing(self) -> Standing:
        """Where the line stands."""
        from shipway.release.decision import Standing

        line = self.line
        return Standing(self.source.read(), max(line.releases, default=None), line.versions, self.today)

    def decide(self, content: Content | None) -> Decision:
        """Choose the next version by the request."""
        if self.request is None:
            raise UsageError("no bump was given", remedy="say auto, patch, minor, major, final, or a version")
        policy = self.policy
        if self.request.bump == AUTOMATIC:
            policy = with_precedent(policy, self.changelog, self.line, content)
        return choose(self.request, self.standing, content, policy)

    def previous(self, version: Version | None) -> Version | None:
        """Give the release that comes before a version: for a final one the last final one, where there is any."""
        from shipway.project.line import is_mark

        below = [one for one in self.line.releases if not is_mark(one) and (version is None or one < version)]
        finals = [one for one in below if not one.is_prerelease]
        is_pre = version is not None and version.is_prerelease
        return max(below if is_pre or not finals else finals, default=None)
