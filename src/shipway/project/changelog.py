"""The changelog of the project: which kind it keeps, as configured or as its repository shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shipway.project.changelogs.contract import Changelog, Content, Span
from shipway.project.changelogs.conventional import CommitChangelog
from shipway.project.configuration import read_setting
from shipway.project.following import why_by_commits, why_by_tool
from shipway.project.pyproject import PYPROJECT
from shipway.project.towncrier import find_towncrier
from shipway.release.outcomes import ConfigurationError
from shipway.world.git import Git

if TYPE_CHECKING:
    from shipway.changelog.outline import Section
    from shipway.project.changelogs.names import ChangelogFile

ADD_TOWNCRIER = f'add [tool.towncrier] with directory = "changelog.d" to {PYPROJECT}'
TOLD = re.compile(r"^\W{0,4}(?:(?:version|release|release:`) ?)?v?[0-9]+\.[0-9]", re.IGNORECASE | re.MULTILINE)
"""A line that begins with a version, in a file that has no titles."""
SAYS_SO = "changelog says so"


def find_changelog(git: Git) -> Changelog:
    """Find the kind of changelog of the work tree that git stands in, by HEAD's history."""
    wanted = str(read_setting(git.root, git.processes.environment, "changelog"))
    return _detect(git) if wanted == "auto" else _configured(git, wanted)


def _configured(git: Git, wanted: str) -> Changelog:
    """Give the kind that the configuration names."""
    if wanted == "conventional":
        return CommitChangelog(git, SAYS_SO)
    if wanted == "none":
        from shipway.project.changelogs.absent import NoChangelog

        return NoChangelog(git, SAYS_SO, wanted=True)
    if wanted == "towncrier":
        return _towncrier(git) or _missing('changelog is "towncrier", and towncrier is not configured', ADD_TOWNCRIER)
    if wanted == "scriv":
        from shipway.project.changelogs.collected import CollectedChangelog
        from shipway.project.scriv import default_scriv, find_scriv

        return CollectedChangelog(find_scriv(git.root) or default_scriv(git.root, SAYS_SO))
    file = _file(git)
    if file is None:
        return _missing(f'changelog is "{wanted}", and there is no such file', "write CHANGELOG.md, with a title")
    return _kept(git, file, SAYS_SO, wanted)


def _detect(git: Git) -> Changelog:
    """Give the kind that is there: fragments, then another program's configuration, then a file, then the commits."""
    fragments = _towncrier(git) or _scriv(git)
    if fragments is not None:
        return fragments
    tool = why_by_tool(git.root)
    if tool and not tool.is_loose:
        return CommitChangelog(git, f"detected: {tool.why}")
    file, sections = _outlined(git)
    if file is not None and _is_written_by_people(git, sections, has_tool=tool is not None):
        return _detected(git, file, sections)
    why = tool.why if tool else why_by_commits(git)
    if why:
        return CommitChangelog(git, f"detected: {why}")
    if file is not None and (sections or TOLD.search(file.text)):
        return _detected(git, file, sections)
    from shipway.project.changelogs.absent import NoChangelog

    return NoChangelog(git, "detected: no file, and no convention")


def _towncrier(git: Git) -> Changelog | None:
    towncrier = find_towncrier(git.root)
    if towncrier is None:
        return None
    from shipway.project.changelogs.fragments import FragmentChangelog

    return FragmentChangelog(towncrier, git.processes)


def _scriv(git: Git) -> Changelog | None:
    from shipway.project.scriv import find_scriv

    scriv = find_scriv(git.root)
    if scriv is None:
        return None
    from shipway.project.changelogs.collected import CollectedChangelog

    return CollectedChangelog(scriv)


def _outlined(git: Git) -> tuple[ChangelogFile | None, list[Section]]:
    from shipway.changelog.outline import outline

    file = _file(git)
    return file, outline(file.text) if file is not None else []


def _is_written_by_people(git: Git, sections: Sequence[Section], *, has_tool: bool) -> bool:
    """Tell whether people write the sections; where a tool may do so too, they have to be waiting for a release.

    An empty section for what is not released proves nothing: the newest version below it has to be untagged then.
    """
    from shipway.changelog.traces import is_made_from_commits

    if not sections:
        return False
    top = sections[0]
    if top.marked and not top.is_empty:
        return True
    if has_tool or is_made_from_commits(sections):
        return False
    from shipway.project.changelogs.released import is_tagged

    return top.version is not None or (len(sections) > 1 and _has_tags(git) and not is_tagged(git, sections[1]))


def _has_tags(git: Git) -> bool:
    return bool(git.run("for-each-ref", "--count=1", "refs/tags").stdout.strip())


def _detected(git: Git, file: ChangelogFile, sections: Sequence[Section]) -> Changelog:
    what = f"{sections[0].heading.title[:60]!r} in " if sections else ""
    return _kept(git, file, f"detected: {what}{file.path}", _kind(file, sections))


def _kept(git: Git, file: ChangelogFile, why: str, kind: str) -> Changelog:
    from shipway.project.changelogs.kept import KeptChangelog

    return KeptChangelog(git, file.path, why, kind, _commits(git))


def _commits(git: Git) -> Callable[[Span], Content | None]:
    """Give what the commits say of the level, where they are by convention."""

    def content(span: Span) -> Content | None:
        why = why_by_commits(git)
        return CommitChangelog(git, why).content(span) if why else None

    return content


def _kind(file: ChangelogFile, sections: Sequence[Section]) -> str:
    from shipway.project.changelogs.kept import HEADINGS, KEEP

    keeps = any(section.version is None and "unreleased" in section.heading.title.lower() for section in sections)
    return KEEP if keeps or "keepachangelog.com" in file.text[:5000].lower() else HEADINGS


def _file(git: Git) -> ChangelogFile | None:
    from shipway.project.changelogs.names import find_changelog_file

    named = str(read_setting(git.root, git.processes.environment, "changelog-file"))
    file = find_changelog_file(git.root, named=named)
    if file is None and named:
        raise ConfigurationError(f"changelog-file is {named}, and there is no such file", remedy=f"write {named}")
    return file


def _missing(what: str, remedy: str) -> Changelog:
    raise ConfigurationError(what, remedy=f'{remedy}; or let changelog be "auto" in [tool.shipway]')
