"""plan: decide the whole release before anything is made; whatever can be asked beforehand is asked here."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packaging.version import Version

from shipway.changelog.sections import body_of, find_section, is_empty
from shipway.grammar import command_line
from shipway.project.configuration import Configuration
from shipway.project.fragments import list_fragments
from shipway.project.lockfiles import find_exports, find_lock
from shipway.project.towncrier import Towncrier, draft_command, find_towncrier
from shipway.project.version_source import PYPROJECT, read_name, read_version
from shipway.release.outcomes import BlockedError, ConfigurationError, ConflictError, NothingToReleaseError
from shipway.release.plan import Plan, Request
from shipway.release.version import last_release, next_version, parse_tag, render_tag
from shipway.steps.contract import Doors
from shipway.world.index import IndexProject
from shipway.world.process import Completed

MOST_NAMED = 3


@dataclass(frozen=True)
class Planner:
    """Plans one release of the repository it stands in."""

    root: Path
    configuration: Configuration
    doors: Doors

    def plan(self, request: Request, *, gates: bool = True) -> Plan:
        """Decide a release; raises the outcome of the first thing that stands in its way."""
        base = self._require_base()
        refs = self.doors.git.remote_refs(f"refs/heads/{self.configuration.branch}", "refs/tags/*")
        self._require_pushed(base, refs)
        name, current = read_name(self.root), read_version(self.root)
        tags = [ref.removeprefix("refs/tags/") for ref in refs if ref.startswith("refs/tags/") and ref[-3:] != "^{}"]
        previous = last_release(tags, self.configuration.tag_format, prereleases=True)
        version = self._next(request, current, tags)
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
            reasons=dict(self.configuration.sources),
        )

    # --- the base ---------------------------------------------------------------------------------

    def _require_base(self) -> str:
        """Give the base commit: a clean, whole checkout of the branch that releases are made from."""
        git, wanted, remote = self.doors.git, self.configuration.branch, self.configuration.remote
        if git.is_shallow():
            why = "the last release and its tags cannot be seen from here"
            remedy = shlex.join(["git", "fetch", "--unshallow", "--tags", remote])
            raise BlockedError("this clone is shallow", why=why, remedy=remedy)
        base = git.find_commit("HEAD")
        if base is None:
            raise BlockedError("this repository has no commit", remedy="git commit")
        branch = git.find_branch()
        if branch != wanted:
            found = f"the branch {branch}" if branch else "a detached HEAD"
            why = f"releases are made from {wanted} (branch in [tool.shipway])"
            raise BlockedError(f"this is {found}, not {wanted}", why=why, remedy=shlex.join(["git", "switch", wanted]))
        if changed := git.changed_paths():
            named = ", ".join(changed[:MOST_NAMED]) + (" .." if len(changed) > MOST_NAMED else "")
            why = "a release is made of a commit, so it would not have them"
            remedy = "commit and push them, or git stash --include-untracked"
            raise BlockedError(f"the work tree has changes: {named}", why=why, remedy=remedy)
        return base

    def _require_pushed(self, base: str, refs: Mapping[str, str]) -> None:
        """Refuse a base that is not what the remote's branch holds."""
        git, branch, remote = self.doors.git, self.configuration.branch, self.configuration.remote
        tip = refs.get(f"refs/heads/{branch}")
        if tip == base:
            return
        push = shlex.join(["git", "push", remote, branch])
        if tip is None:
            raise BlockedError(f"{remote} has no branch {branch}", remedy=push)
        git.fetch(tip)
        if git.contains(base, tip):
            why = "others would not find the commit that the release is made of"
            raise BlockedError(f"{branch} is ahead of {remote}", why=why, remedy=push)
        why = f"the release would lack what {remote} has since {base[:9]}"
        if git.contains(tip, base):
            pull = shlex.join(["git", "pull", "--ff-only", remote, branch])
            raise BlockedError(f"{branch} is behind {remote}", why=why, remedy=pull)
        pull = shlex.join(["git", "pull", "--rebase", remote, branch])
        raise BlockedError(f"{branch} and {remote} have gone apart", why=why, remedy=f"{pull} && {push}")

    # --- the version ------------------------------------------------------------------------------

    def _next(self, request: Request, current: Version, tags: list[str]) -> Version:
        """Choose the version; pre-releases live in tags alone, so they are counted on from there."""
        form = self.configuration.tag_format
        final, last = last_release(tags, form), last_release(tags, form, prereleases=True)
        if final is not None and final > current:
            why = f"the pull request of {final} is not merged, or {PYPROJECT} was edited"
            remedy = f"merge {render_tag(final, self.configuration.release_branch)} into {self.configuration.branch}"
            what = f"{render_tag(final, form)} is tagged, but {self.configuration.branch} says {current}"
            raise BlockedError(what, why=why, remedy=f"{remedy}, then git pull")
        if request.bump == str(current) and request.pre is None and current not in self._parsed(tags):
            return current  # the first release of a version that was written by hand
        target = next_version(current, request.bump, request.pre) if request.bump != "final" else current
        counts_on = request.bump == "final" or (request.pre is not None and last and last.release == target.release)
        if last is not None and last.is_prerelease and last > current and counts_on:
            return next_version(last, request.bump, request.pre)
        return target if request.bump != "final" else next_version(current, "final", request.pre)

    def _parsed(self, tags: list[str]) -> set[Version | None]:
        return {parse_tag(tag, self.configuration.tag_format) for tag in tags}

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
        line = command_line("changelog", "add", towncrier.words[0], "what changed, in a sentence")
        add = f"{line}, then commit and push it"
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
        version = next_version(version, "final" if version.is_postrelease else "patch", _kind_of(version))
    return version


def _kind_of(version: Version) -> str | None:
    """Give what ``--pre`` calls a version like this; None for a final one."""
    if version.is_devrelease:
        return "dev"
    return version.pre[0] if version.pre else "post" if version.is_postrelease else None
