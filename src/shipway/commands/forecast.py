"""plan --json: what a clone tells of its next release, at any commit, on one sheet; nothing is asked or changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from packaging.version import Version

from shipway.commands.screen import Screen
from shipway.parser import Request as Words
from shipway.project.base import require_branch, require_clean, require_commit, require_remote, require_whole
from shipway.project.changelogs.contract import Changelog, Content, Span
from shipway.project.configuration import Configuration
from shipway.project.files import in_folder
from shipway.project.outlook import Outlook, find_span, outlook_of
from shipway.project.packages import choose_package, list_packages
from shipway.project.version_source import read_versions, require_agreement
from shipway.release.forecast import Distribution, Forecast, Kept, Previous, Range, Reason, Source, as_document
from shipway.release.outcomes import NothingToReleaseError, ReleaseError
from shipway.release.version import render_tag
from shipway.world.git import Git
from shipway.world.process import Processes

Answer = TypeVar("Answer")
BUG = "a bug in Shipway"


def show_forecast(words: Words, root: Path, screen: Screen) -> None:
    """Put the forecast on the screen as facts; it never fails, since what it cannot tell is part of it."""
    git = Git(root, Processes(screen.environment))
    screen.facts |= as_document(Forecaster(words, git).make())


@dataclass
class Forecaster:
    """Makes one forecast, part by part: what fails in one leaves the others be."""

    words: Words
    git: Git
    folder: str = ""
    forecast: Forecast = field(default_factory=Forecast)

    def make(self) -> Forecast:
        """Make the parts in order; each needs some of those before."""
        is_begun = self._attempt(self._find_package)
        outlook = self._attempt(self._open)
        if outlook is not None:
            self._attempt(lambda: self._tell_project(outlook))
        if outlook is not None and is_begun:
            version = self._attempt(lambda: self._decide(outlook))
            self._attempt(lambda: self._tell_changelog(outlook, version))
            self._attempt(lambda: self._tell_previous(outlook, version))
            self._attempt(lambda: self._tell_notes(outlook, version))
        self._look_around()
        return self.forecast

    def _attempt(self, make: Callable[[], Answer]) -> Answer | None:
        """Make a part; whatever stands in its way is a block."""
        try:
            return make()
        except ReleaseError as error:
            self.forecast.block(error)
        except Exception as error:  # noqa: BLE001 - a repository that we did not think of: say so, and tell the rest
            what, why = f"{BUG}: {type(error).__name__}: {error}", "this should not happen"
            self.forecast.block(ReleaseError(what, why=why, remedy="report it, with the repository's files"))
        return None

    # --- what is there ----------------------------------------------------------------------------

    def _find_package(self) -> bool:
        """List the distributions, and choose the one that is meant; a repository without a commit has none."""
        require_commit(self.git)
        packages = list_packages(self.git)
        self.forecast.packages = tuple(Distribution(one.name, one.folder or ".") for one in packages)
        self.folder = choose_package(packages, self.words.package)
        return True

    def _open(self) -> Outlook:
        """Open the distribution that is meant."""
        return outlook_of(self.git, self.folder, self.words.bump, self.words.pre)

    def _tell_project(self, outlook: Outlook) -> None:
        self.forecast.distribution = self._attempt(lambda: outlook.name)
        source = outlook.source
        written = source.read()
        self.forecast.version_source = Source(
            source.kind, source.place, source.files, None if written is None else str(written)
        )
        self.forecast.current = str(outlook.line.current)
        find = in_folder(outlook.git.root)
        self.forecast.warnings += read_versions(find).warnings
        require_agreement(find)

    def _tell_changelog(self, outlook: Outlook, version: Version | None) -> None:
        changelog = outlook.changelog
        told = version or Version(self.forecast.current or "0")
        place = self._attempt(lambda: changelog.place(told, outlook.today))
        self.forecast.changelog = Kept(changelog.kind, place or None, changelog.why)

    # --- what comes -------------------------------------------------------------------------------

    def _decide(self, outlook: Outlook) -> Version:
        """Choose the version; what the content says is told whatever was asked for."""
        forecast = self.forecast
        forecast.today = outlook.today.isoformat()
        content = self._attempt(lambda: self._count(outlook))
        forecast.scheme = outlook.policy.scheme
        decision = outlook.decide(content)
        forecast.version, forecast.bump = str(decision.version), decision.bump
        forecast.tag = render_tag(decision.version, outlook.rule.form)
        forecast.reasons += [Reason(why, "", "decision") for why in decision.reasons]
        forecast.warnings += decision.warnings
        return decision.version

    def _count(self, outlook: Outlook) -> Content:
        content = outlook.content
        self.forecast.reasons = [Reason(one.what, one.level, one.why) for one in content.counted]
        self.forecast.counts = dict(content.total)
        return content

    def _tell_previous(self, outlook: Outlook, version: Version | None) -> None:
        line, found = outlook.line, outlook.previous(version)
        if found is not None:
            self.forecast.previous = Previous(str(found), line.tags[found].name, line.releases[found])

    def _tell_notes(self, outlook: Outlook, version: Version | None) -> None:
        """Make the section; where a gate would stop it, say so and tell what there is."""
        span, changelog = outlook.span, None
        with suppress(ReleaseError):  # that is told already
            changelog = outlook.changelog
        if changelog is not None and version is not None:
            span = find_span(outlook.line, changelog, version, span.until)
        self.forecast.range = Range(span.since, self.git.find_commit(span.until))
        if changelog is None:
            return
        if version is None:
            self._preview(changelog, span, outlook.line.current, outlook.today)
            return
        try:
            with changelog.drafting(span, version, outlook.today) as drafting:
                drafted = drafting()
            self.forecast.notes = drafted.notes
            self.forecast.warnings += [drafted.remark] if drafted.remark else []
        except ReleaseError as error:
            self.forecast.block(error)
            if not isinstance(error, NothingToReleaseError):
                self._preview(changelog, span, version, outlook.today)

    def _preview(self, changelog: Changelog, span: Span, version: Version, day: date) -> None:
        """Tell the section as far as it goes."""
        preview = changelog.preview(span, version, day)
        self.forecast.notes = preview.notes
        self.forecast.warnings += preview.remarks

    # --- what would stop it -----------------------------------------------------------------------

    def _look_around(self) -> None:
        """Note what a release would find amiss in this clone."""
        configuration = self._attempt(self._configuration)
        git = replace(self.git, remote=configuration.remote) if configuration is not None else self.git
        self._attempt(partial(require_whole, git))
        if configuration is not None:
            for require in (require_branch, require_remote):
                self._attempt(partial(require, git, configuration))
        self._attempt(partial(require_clean, git))
        self.forecast.warnings.append("remote, index and forge were not asked: plan without --json asks them")

    def _configuration(self) -> Configuration:
        from shipway.commands.workplace import read_settings

        return read_settings(self.git.root / self.folder, self.git.processes.environment)
