"""plan: decide the whole release before anything is made; whatever can be asked beforehand is asked here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packaging.version import Version

from shipway.changelog.sections import body_of, find_section, is_empty
from shipway.grammar import command_line
from shipway.project.base import require_base
from shipway.project.configuration import Configuration
from shipway.project.fragments import list_fragments
from shipway.project.line import read_line
from shipway.project.lockfiles import find_exports, find_lock
from shipway.project.towncrier import Towncrier, draft_command, find_towncrier
from shipway.project.version_source import PYPROJECT, read_name, read_version
from shipway.release.outcomes import BlockedError, ConfigurationError, ConflictError, NothingToReleaseError
from shipway.release.plan import Plan, Request
from shipway.release.succession import choose_version, following
from shipway.release.version import render_tag
from shipway.steps.contract import Doors
from shipway.world.index import IndexProject
from shipway.world.process import Completed


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
        name, current = read_name(self.root), read_version(self.root)
        line = read_line(self.doors.git, refs, base, current, self.configuration.tag_format)
        self._require_landed(current, line)
        version = choose_version(request, current, line)
        previous = max((tagged for tagged in line if tagged < version), default=None)
        now = self.doors.clock.now()
        # The index is asked while towncrier renders: neither needs the other.
        with self.doors.processes.beside(draft_command(version, now.date()), cwd=self.root) as drafted:
            self._require_free(name, version)
            towncrier = self._require_towncrier()
            notes = self._require_notes(towncrier, version, now, drafted)
        return Plan(
            distribution=name,
            previous=str(previous) if previous else None,
            current=str(current),
            version=str(version),
            request=request,
            tag=render_tag(version, self.configuration.tag_format),
            base=base,
            branch=self.configuration.branch,
            release_branch=render_tag(version, self.configuration.release_branch),
            flow=self.configuration.flow,
            forge=self.configuration.forge,
            date=now.isoformat(),
            notes=notes,
            files=self._files(towncrier, version, current, now),
            gates=gates,
            register=register,
            reasons=dict(self.configuration.sources),
        )

    # --- the version ------------------------------------------------------------------------------

    def _require_landed(self, current: Version, line: Sequence[Version]) -> None:
        """Refuse to go on from a main that does not know of its last release yet."""
        form, branch = self.configuration.tag_format, self.configuration.branch
        final = max((version for version in line if not version.is_prerelease), default=current)
        if final > current:
            why = f"the pull request of {final} is not merged, or {PYPROJECT} was edited"
            release_branch = render_tag(final, self.configuration.release_branch)
            remedy = f"merge {self._find_open(release_branch) or release_branch} into {branch}, then git pull"
            what = f"{render_tag(final, form)} is tagged, but {branch} says {current}"
            raise BlockedError(what, why=why, remedy=remedy)

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

    # --- the notes and the files ------------------------------------------------------------------

    def _require_towncrier(self) -> Towncrier:
        towncrier = find_towncrier(self.root)
        if towncrier is None:
            why = "the notes of a release are made from towncrier's fragments"
            remedy = f'add [tool.towncrier] with directory = "changelog.d" to {PYPROJECT}'
            raise ConfigurationError("towncrier is not configured", why=why, remedy=remedy)
        return towncrier

    def _require_notes(
        self, towncrier: Towncrier, version: Version, now: datetime, drafted: Callable[[], Completed]
    ) -> str:
        """Render the version's section; none, misnamed or empty fragments block."""
        listing = list_fragments(towncrier)
        if listing.misnamed:
            path, why = listing.misnamed[0].path, listing.misnamed[0].why
            name = path.relative_to(self.root)
            remedy = f"rename it to ISSUE.TYPE.md; types: {', '.join(towncrier.words)}"
            raise BlockedError(f"{name} would be left out of the changelog", why=why, remedy=remedy)
        add = command_line("changelog", "add", towncrier.words[0], "what changed, in a sentence")
        if not listing.fragments:
            folder = towncrier.folders[0].relative_to(self.root)
            why = "a release that says nothing to its users is not made"
            raise NothingToReleaseError(f"{folder} holds no fragment", why=why, remedy=add)
        if empty := [fragment for fragment in listing.fragments if not fragment.text.strip()]:
            name = empty[0].path.relative_to(self.root)
            raise BlockedError(
                f"{name} is empty", why="its entry would say nothing", remedy=f"write a sentence into {name}"
            )
        self._require_new_section(towncrier, version, now)
        notes = body_of(drafted().stdout, version)
        if is_empty(notes):
            why = "towncrier made no entry of the fragments that are there"
            raise BlockedError(f"the section of {version} would be empty", why=why, remedy=add)
        return notes

    def _require_new_section(self, towncrier: Towncrier, version: Version, now: datetime) -> None:
        """Refuse to write a version's section twice: towncrier itself sees that only with a title of its own."""
        path = towncrier.changelog_path(version, now.date())
        if path.is_file() and find_section(path.read_text(encoding="utf-8"), version) is not None:
            name = path.relative_to(self.root)
            why = "users would read two sections of one version"
            raise BlockedError(f"{name} has a section for {version} already", why=why, remedy=f"take it out of {name}")

    def _files(self, towncrier: Towncrier, version: Version, current: Version, now: datetime) -> tuple[str, ...]:
        """Name every path that the release commit changes."""
        root = self.root
        paths = [root / PYPROJECT] if version != current else []
        paths += [lock for lock in [find_lock(root)] if lock] + [export.path for export in find_exports(root)]
        if not version.is_prerelease:
            paths += [towncrier.changelog_path(version, now.date())]
            paths += [fragment.path for fragment in list_fragments(towncrier).fragments]
        tracked = {*self.doors.git.tracked_paths("HEAD"), towncrier.changelog}
        names = [path.relative_to(root).as_posix() for path in paths]
        return tuple(sorted(name for name in names if name in tracked or not towncrier.single_file))


def _next_free(project: IndexProject, version: Version) -> Version:
    """Give the version of the same kind that comes next and that the index does not have."""
    while project.files_of(version):
        version = following(version)
    return version
