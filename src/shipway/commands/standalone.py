"""gates, build, check, publish and tag where there is no plan: each does its one thing to HEAD and ``dist/``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from packaging.utils import parse_sdist_filename
from packaging.version import Version

from shipway.candidates import size_of
from shipway.changelog.sections import find_section
from shipway.commands.consent import require_consent
from shipway.commands.gates import pass_gates
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.engine import Engine
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.changelog import find_changelog
from shipway.project.files import in_folder
from shipway.project.line import read_own_line
from shipway.project.pyproject import read_name
from shipway.project.version_source import find_version_source
from shipway.release.candidate import Candidate
from shipway.release.distributions import Distribution
from shipway.release.outcomes import BlockedError
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.release.version import render_tag
from shipway.steps.build import build_distributions, read_distributions
from shipway.steps.check import Check
from shipway.steps.contract import Settlement
from shipway.steps.publish import Publish
from shipway.steps.tag import Tag

CHECKED = "checked.json"


@dataclass(frozen=True)
class Standalone:
    """One step on its own, in a repository at rest."""

    words: Words
    place: Workplace
    screen: Screen

    def find(self, step: str) -> Callable[[], None] | None:
        """Give what a step does without a plan; None for steps that make no sense without one."""
        known = {
            "gates": self.gates,
            "build": self.build,
            "check": self.check,
            "publish": self.publish,
            "tag": self.tag,
        }
        return known.get(step)

    def gates(self) -> None:
        """Pass the gates for what is in the work tree."""
        pass_gates(self.words, self.place, self.screen)

    def build(self) -> None:
        """Build HEAD into ``dist/``."""
        place = self.place
        made = build_distributions(self._head(), self._version(), place.root / "dist", place.handover, place.doors)
        place.handover.tidy()
        for file in made:
            self.screen.say(f"dist/{file.name}   {size_of(file)}   sha256 {file.digest}")

    def check(self) -> None:
        """Check ``dist/``, and remember which bytes were right."""
        place, files = self.place, self._built()
        check = Check(place.root / "dist", files, place.handover, place.doors)
        version = self._version() or parse_sdist_filename(files[0].name)[1]
        findings = check.pass_files(read_name(place.root), str(version))
        place.handover.write(CHECKED, json.dumps({file.name: file.digest for file in files}, indent=2) + "\n")
        place.handover.tidy()
        self.screen.say(f"dist/ is fine: {', '.join(findings)}")

    def publish(self) -> None:
        """Publish what was checked in ``dist/``, and no other bytes."""
        files = self._built()
        checked = self.place.handover.find_facts(CHECKED)
        if checked != {file.name: file.digest for file in files}:
            why = "only what passed the check is published"
            raise BlockedError("dist/ is not what was checked", why=why, remedy=command_line("check"))
        self._settle(Publish(self._settlement(files)))

    def tag(self) -> None:
        """Tag HEAD with its version, once that version is on the index."""
        settlement = self._settlement(())
        project = self.place.doors.index.find_project(settlement.plan.distribution)
        if project is None or not project.files_of(settlement.plan.version):
            what = f"{settlement.plan.distribution} {settlement.plan.version} is not on the index"
            why = "a tag for something that is not out would lie"
            raise BlockedError(what, why=why, remedy=command_line("publish"))
        self._settle(Tag(settlement))

    def _settle(self, step: Publish | Tag) -> None:
        require_consent(self.words, self.place.doors.environment, f"{step.name.capitalize()} what HEAD says?")
        rerun = command_line(step.name)
        Engine(self.place.doors.clock, self.screen.tell, rerun).settle([step])
        self.place.handover.tidy()

    def _head(self) -> str:
        head = self.place.doors.git.find_commit("HEAD")
        if head is None:
            raise BlockedError("this repository has no commit", remedy="git commit")
        return head

    def _version(self) -> Version | None:
        """Give HEAD's own version, as written or as tagged; None where it comes from git tags, and none is here."""
        written = find_version_source(in_folder(self.place.root)).read()
        if written is not None:
            return written
        head, releases = self._head(), read_own_line(self.place.doors.git).releases
        return max((version for version, commit in releases.items() if commit == head), default=None)

    def _built(self) -> tuple[Distribution, ...]:
        folder = self.place.root / "dist"
        if not folder.is_dir():
            raise BlockedError("there is no dist/", why="there is nothing to look at", remedy=command_line("build"))
        return read_distributions(folder)

    def _settlement(self, files: tuple[Distribution, ...]) -> Settlement:
        """Describe HEAD as if it had been planned: its own version, as it stands."""
        place, configuration = self.place, self.place.configuration
        version, commit = self._version(), self._head()
        if version is None:
            why = "it comes from git tags, and none of them is at HEAD; a release decides it"
            raise BlockedError("HEAD has no version", why=why, remedy=command_line("release", "minor"))
        plan = Plan(
            distribution=read_name(place.root),
            previous=None,
            current=str(version),
            version=str(version),
            request=Request(str(version)),
            tag=render_tag(version, configuration.tag_format),
            base=commit,
            branch=configuration.branch,
            release_branch=render_tag(version, configuration.release_branch),
            flow=configuration.flow,
            forge=configuration.forge,
            date=place.doors.clock.now().isoformat(),
            notes=self._notes(version),
            files=(),
        )
        candidate = Candidate(plan, commit, files)
        return Settlement(candidate, configuration, place.handover, place.doors, place.root / "dist")

    def _notes(self, version: Version) -> str:
        changelog, root = find_changelog(self.place.doors.git), self.place.root
        place = changelog.place(version, self.place.doors.clock.now().date()) if changelog else ""
        return find_section(in_folder(root)(place) or "", version) or ""
