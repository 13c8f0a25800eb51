"""What the next release of a work tree would be, as far as its clone tells: nobody else is asked, and nothing changes.

Each fact is read when it is asked for, once, and raises what stands in its own way: so a command that needs the version
alone reads no changelog, and one that tells everything says of each part why it is missing.
"""

from __future__ import annotations

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
from shipway.release.plan import Request
from shipway.world.clock import Clock
from shipway.world.git import Git

if TYPE_CHECKING:  # most commands need few of these facts, and import what they need
    from shipway.project.changelogs.contract import Changelog, Content, Span
    from shipway.project.line import Line
    from shipway.project.seen_tags import Tag
    from shipway.release.decision import Decision, Policy, Standing
    from shipway.release.tagnames import TagRule

AUTOMATIC = "auto"
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
    from shipway.project.configuration import read_setting
    from shipway.release.decision import Policy

    root, environment = git.root, git.processes.environment
    scheme = str(read_setting(root, environment, "version-scheme"))
    zero = str(read_setting(root, environment, "zero-version"))
    if zero == AUTOMATIC:
        zero = changelog.convention.zero if isinstance(changelog, CommitChangelog) else Policy().zero
    lower = str(read_setting(root, environment, "lower-bump"))
    return Policy(line.find_scheme() if scheme == AUTOMATIC else scheme, zero, lower)


def choose(request: Request, standing: Standing, content: Content | None, policy: Policy) -> Decision:
    """Choose the next version; `UsageError` for ``auto`` where the level matters and nothing tells it.

    ``content`` is None where it could not be read.
    """
    from shipway.release.decision import AUTO, decide
    from shipway.release.scheme import SEMVER

    asked = content.version if content is not None else ""
    standing = replace(standing, asked=asked)
    if request.bump != AUTO or asked or (content is not None and content.decides):
        return decide(request, standing, content.level if content else "", policy)
    if policy.scheme != SEMVER:
        return decide(request, standing, PROBED[1], policy)  # the day tells it
    chosen = {level: decide(request, standing, level, policy) for level in PROBED}
    if len({decision.version for decision in chosen.values()}) == 1:
        return chosen["patch"]
    listed = ", ".join(f"{level} is {decision.version}" for level, decision in chosen.items())
    what = "nothing here tells whether the next version is a patch, a minor or a major one"
    why = f"{listed}; the changelog is kept in a way that tells no level"
    raise UsageError(what, why=why, remedy="say patch, minor, major, or the version")


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
    def rule(self) -> TagRule:
        """Which tags are releases."""
        from shipway.project.tag_rule import read_tag_rule

        return read_tag_rule(self.git, self.tags)

    @cached_property
    def line(self) -> Line:
        """The releases that HEAD goes on from."""
        from shipway.project.line import read_line_at

        return read_line_at(self.git, "HEAD", self.source.read(), self.rule, self.tags)

    @cached_property
    def today(self) -> date:
        """The day that a calendar version goes by: that of HEAD, where HEAD is in the past.

        It is where it is on no branch, or where a tag is younger: then the question is what was next then.
        """
        found = self.git.run("log", "-1", "--no-show-signature", "--format=%ct", "HEAD", "--", check=False)
        now = self.clock.now()
        if found.code != 0:
            return now.date()
        then = int(found.stdout)
        is_past = self.git.find_branch() is None or any(tag.date > then for tag in self.tags)
        return datetime.fromtimestamp(then, timezone.utc).date() if is_past else now.date()

    @cached_property
    def changelog(self) -> Changelog:
        """How the changelog is kept."""
        from shipway.project.changelog import find_changelog
        from shipway.project.changelogs.conventional import CommitChangelog

        found = find_changelog(self.git)
        if self.folder and isinstance(found, CommitChangelog):
            found = replace(found, paths=(HERE,))
        return with_tags(found, self.rule.form)

    @cached_property
    def span(self) -> Span:
        """The commits since the last final release."""
        from shipway.project.changelogs.contract import Span

        return Span(self.line.commit_of(self.line.last_final), "HEAD")

    @cached_property
    def content(self) -> Content:
        """What the next version holds."""
        return self.changelog.content(self.span)

    @cached_property
    def policy(self) -> Policy:
        """What the repository wants of its versions."""
        return find_policy(self.git, self.changelog, self.line)

    def standing(self) -> Standing:
        """Give where the line stands."""
        from shipway.release.decision import Standing

        line = self.line
        return Standing(self.source.read(), max(line.releases, default=None), line.versions, self.today)

    def decide(self, content: Content | None) -> Decision:
        """Choose the next version by the request."""
        if self.request is None:
            raise UsageError("no bump was given", remedy="say auto, patch, minor, major, final, or a version")
        return choose(self.request, self.standing(), content, self.policy)

    def previous(self, version: Version | None) -> Version | None:
        """Give the release that comes before a version: for a final one the last final one, where there is any."""
        releases = self.line.releases
        below = [one for one in releases if version is None or one < version]
        finals = [one for one in below if not one.is_prerelease]
        is_pre = version is not None and version.is_prerelease
        return max(below if is_pre or not finals else finals, default=None)
