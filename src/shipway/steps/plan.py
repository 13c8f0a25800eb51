"""plan: decide the whole release before anything is made; whatever can be asked beforehand is asked here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path

from packaging.version import Version

from shipway.changelog.sections import find_section
from shipway.grammar import command_line
from shipway.project.base import require_base
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.project.configuration import Configuration
from shipway.project.files import in_commit, in_folder
from shipway.project.handover import Handover
from shipway.project.line import Line, read_line
from shipway.project.lockfiles import find_exports, find_lock
from shipway.project.outlook import choose, find_policy, find_span, with_precedent, with_tags
from shipway.project.pyproject import read_name
from shipway.project.sessions import Sessions
from shipway.project.tag_rule import require_same_form
from shipway.project.tags import AFTER, PREPARE
from shipway.project.version_source import find_version_source, require_agreement
from shipway.project.versions.contract import VersionSource
from shipway.release.decision import AUTO, Decision, Standing
from shipway.release.outcomes import BlockedError, ConfigurationError, ConflictError
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.release.succession import following
from shipway.release.version import next_version, render_tag
from shipway.steps.contract import Doors
from shipway.world.index import IndexProject

VERSION_SOURCE = "version-source"
CHANGELOG_SOURCE = "changelog-source"
"""What the plan tells among the settings, although nobody sets it."""


@dataclass(frozen=True)
class Planner:
    """Plans one release of the repository it stands in."""

    root: Path
    configuration: Configuration
    doors: Doors

    def plan(self, request: Request, *, gates: bool = True, register: str = "") -> Plan:
        """Decide a release; raises the outcome of the first thing that stands in its way.

        ``register`` is what the register holds now: the claim will be refused if that is no longer so.
        """
        base, refs = require_base(self.doors.git, self.configuration)
        name, changelog = read_name(self.root), with_tags(find_changelog(self.doors.git), self.configuration.tag_format)
        source = find_version_source(in_commit(self.doors.git, base))
        require_agreement(in_commit(self.doors.git, base))
        line = read_line(self.doors.git, refs, base, source.read(), self.configuration.tag_rule)
        require_same_form(self.doors.git, self.configuration, refs)
        self._require_landed(source, changelog, line, base)
        now = self.doors.clock.now()
        decision = self._decide(request, source, changelog, line, base)
        version, day = decision.version, now.date()
        previous, span = line.last_before(version), find_span(line, changelog, version, base)
        # The index is asked while the notes are made: neither needs the other.
        sessions = Sessions(self.root, Handover(self.root), self.doors.processes)
        with sessions.finding(PREPARE, AFTER) as listing, changelog.drafting(span, version, day) as drafting:
            self._require_free(name, version)
            drafted, tagged = drafting(), listing()
        self._require_new_section(changelog, version, day)
        return Plan(
            distribution=name,
            previous=str(previous) if previous else None,
            current=str(line.current),
            version=str(version),
            request=request,
            tag=render_tag(version, self.configuration.tag_format),
            base=base,
            branch=self.configuration.branch,
            release_branch=render_tag(version, self.configuration.release_branch),
            flow=self.configuration.flow,
            forge=self.configuration.forge,
            date=now.isoformat(),
            notes=drafted.notes,
            files=tuple(self._files(source, changelog, version, line, day)),
            gates=gates,
            register=register,
            prepare=tuple(session.name for session in tagged if PREPARE in session.tags),
            after=tuple(session.name for session in tagged if AFTER in session.tags),
            development=self._development(source, version),
            reasons=self._reasons(source, changelog, drafted.remark),
            remarks=decision.remarks,
        )

    # --- the version ------------------------------------------------------------------------------

    def _decide(self, request: Request, source: VersionSource, changelog: Changelog, line: Line, base: str) -> Decision:
        """Choose the version; a bump of a person is held against the content, and ``auto`` is taken from it."""
        content = changelog.content(Span(line.commit_of(line.last_final), base))
        top = max(line.releases, default=None)
        standing = Standing(source.read(), top, line.versions, self.doors.clock.now().date())
        policy = find_policy(self.doors.git, changelog, line)
        if request.bump == AUTO:
            policy = with_precedent(policy, changelog, line, content)
        return choose(request, standing, content, policy)

    def _require_landed(self, source: VersionSource, changelog: Changelog, line: Line, base: str) -> None:
        """Refuse to go on from a main that does not know of its last release yet."""
        form, branch, current = self.configuration.tag_format, self.configuration.branch, line.current
        final = max((version for version in line.versions if not version.is_prerelease), default=None)
        if final is None or final < current or (final == current and source.files):
            return
        says = f"says {current}"
        if not source.files:
            if self._has_section(changelog, final, line.releases[final], base):
                return
            says = "lacks its changelog"
        why = f"the pull request of {final} is not merged, or {', '.join(source.files) or 'the changelog'} was edited"
        release_branch = render_tag(final, self.configuration.release_branch)
        remedy = f"merge {self._find_open(release_branch) or release_branch} into {branch}, then git pull"
        raise BlockedError(f"{render_tag(final, form)} is tagged, but {branch} {says}", why=why, remedy=remedy)

    def _has_section(self, changelog: Changelog, version: Version, commit: str, base: str) -> bool:
        """Whether a base has what a release wrote: by its history, or, where that was squashed, by its changelog."""
        git = self.doors.git
        git.fetch(commit)
        if git.contains(base, commit):
            return True
        day = datetime.fromtimestamp(git.date_of(commit), timezone.utc).date()
        return find_section(in_folder(self.root)(changelog.place(version, day)) or "", version) is not None

    def _find_open(self, branch: str) -> str | None:
        """Give the address of the open pull request of a release branch, for people to go to."""
        found = self.doors.forge.find_pull_requests(branch) if self.doors.forge is not None else ()
        return next((pull.url for pull in found if pull.state == "open"), None)

    def _require_free(self, name: str, version: Version) -> None:
        """Refuse a version that the index has, or a project that takes no uploads."""
        project = self.doors.index.find_project(name)
        if project is None:
            return
        if project.files_of(version):
            why = "a version on the index can never be replaced"
            remedy = command_line("release", str(_next_free(project, version)))
            raise ConflictError(f"{name} {version} is on the index already", why=why, remedy=remedy)
        if project.status not in ("active", "deprecated"):
            remedy = "ask the index's support to lift it"
            raise BlockedError(f"the index has {name} {project.status} and takes no uploads", remedy=remedy)

    def _development(self, source: VersionSource, version: Version) -> str:
        """Give the version that main goes on with; "" where it keeps the released one."""
        level = self.configuration.development
        if level == "none" or version.is_prerelease:
            return ""
        if not source.files:
            why = f"the version comes from git tags ({source.kind}), so no file says it"
            remedy = 'take development out of [tool.shipway], or set development = "none"'
            raise ConfigurationError(f"development is {level}, and nothing can be written", why=why, remedy=remedy)
        return f"{next_version(version, level)}.dev0"

    # --- the notes and the files ------------------------------------------------------------------

    def _require_new_section(self, changelog: Changelog, version: Version, day: date) -> None:
        """Refuse to write a version's section twice: towncrier itself sees that only with a title of its own."""
        name = changelog.place(version, day)
        if not changelog.is_written(version) and find_section(in_folder(self.root)(name) or "", version) is not None:
            why = "users would read two sections of one version"
            raise BlockedError(f"{name} has a section for {version} already", why=why, remedy=f"take it out of {name}")

    def _files(self, source: VersionSource, changelog: Changelog, version: Version, line: Line, day: date) -> list[str]:
        """Name every path that the release commit changes."""
        root = self.root
        paths = [lock for lock in [find_lock(root)] if lock] + [export.path for export in find_exports(root)]
        names = {path.relative_to(root).as_posix() for path in paths}
        names |= {*source.files} if version != line.current else set()
        names |= {*changelog.changes(version, day)} if not version.is_prerelease else set()
        tracked = {*self.doors.git.tracked_paths("HEAD"), changelog.place(version, day)}
        return sorted(names & tracked)

    def _reasons(self, source: VersionSource, changelog: Changelog, remark: str) -> dict[str, str]:
        """Say where each setting comes from; of what the repository itself tells, also what that is."""
        kept = f"{changelog.kind} ({'; '.join(filter(None, (changelog.why, remark)))})"
        told = {VERSION_SOURCE: f"{source.kind} (detected: {source.place})", CHANGELOG_SOURCE: kept}
        return {**self.configuration.sources, **told}


def _next_free(project: IndexProject, version: Version) -> Version:
    """Give the version of the same kind that comes next and that the index does not have."""
    while project.files_of(version):
        version = following(version)
    return version
