"""The changelog of the project: which kind it keeps, as configured or as its repository shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shipway.project.changelogs.contract import Changelog, Content, Span
from shipway.project.changelogs.conventional import CommitChangelog
from shipway.project.changelogs.forms import find_by_marks, find_moved
from shipway.project.files import in_folder
from shipway.project.following import Tool, why_by_commits, why_by_tool
from shipway.project.pyproject import PYPROJECT
from shipway.project.settings import read_setting
from shipway.release.outcomes import ConfigurationError
from shipway.world.git import Git

if TYPE_CHECKING:
    from shipway.changelog.outline import Section
    from shipway.project.changelogs.collected import CollectedChangelog
    from shipway.project.changelogs.fragments import FragmentChangelog
    from shipway.project.changelogs.names import ChangelogFile
    from shipway.project.scriv import Scriv

ADD_TOWNCRIER = f'add [tool.towncrier] with directory = "changelog.d" to {PYPROJECT}'
TOLD = r"(?im)^\W{0,4}(?:(?:version|release|release:`) ?)?v?[0-9]+\.[0-9]"
"""A line that begins with a version, in a file that has no titles."""
SAYS_SO = "changelog says so"
TOWNCRIER_PLACES = ("towncrier.toml",)
SCRIV_PLACES = ("setup.cfg", "tox.ini", "changelog.d")
"""Where these tools may be configured, or show themselves, other than in ``pyproject.toml``."""
ANNOUNCING = ("RELEASE.rst", "RELEASE.md")
"""A file whose first line may tell the type of the next release."""


def find_changelog(git: Git, top: Path | None = None) -> Changelog:
    """Find the kind of changelog of the work tree that git stands in, by HEAD's history.

    ``top`` is the repository's own folder, for one of several distributions: a tool may be configured there for all.
    """
    wanted = str(read_setting(git.root, git.processes.environment, "changelog"))
    return _detect(git, top) if wanted == "auto" else _configured(git, wanted)


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
    return (find_by_marks(git, file) if wanted == "headings" else None) or _kept(git, file, SAYS_SO, wanted)


def _detect(git: Git, top: Path | None) -> Changelog:
    """Give the kind that is there: fragments, then another program's configuration, then a file, then the commits."""
    fragments = _towncrier(git) or _scriv(git) or _typed(git) or _announced(git)
    if fragments is not None:
        return fragments
    tool = _tool(git, top)
    if tool and not tool.is_loose:
        return CommitChangelog(git, f"detected: {tool.why}")
    file, sections = _outlined(git)
    kept = _kept_by_people(git, top, file, sections, has_tool=tool is not None)
    if kept is not None:
        return kept
    why = tool.why if tool else why_by_commits(git)
    if why:
        return CommitChangelog(git, f"detected: {why}")
    return _last(git, file, sections, top)


def _last(git: Git, file: ChangelogFile | None, sections: Sequence[Section], top: Path | None) -> Changelog:
    """Give what is left where no convention is kept: a file with versions, wherever it stands, or none."""
    if file is not None and sections:
        return _detected(git, file, sections)
    elsewhere = _elsewhere(git, top)
    if elsewhere is not None:
        return elsewhere
    if file is not None and _tells_versions(file.text):
        return _detected(git, file, sections)
    from shipway.project.changelogs.absent import NoChangelog

    return NoChangelog(git, "detected: no file, and no convention")


def _tool(git: Git, top: Path | None) -> Tool | None:
    """Find the tool of the folder; one of the repository's own folder need not be every distribution's."""
    found = why_by_tool(git.root)
    above = why_by_tool(top) if found is None and top is not None else None
    return found or (replace(above, is_loose=True) if above else None)


def _kept_by_people(
    git: Git, top: Path | None, file: ChangelogFile | None, sections: Sequence[Section], *, has_tool: bool
) -> Changelog | None:
    """Give the changelog that people write: a folder that took over from a file, the file, or the repository's own."""
    if file is None:
        return _shared(git, top) if top is not None else None
    if sections and (moved := find_moved(git, file, sections)) is not None:
        return moved
    is_theirs = _is_written_by_people(git, sections, has_tool=has_tool)
    return _detected(git, file, sections) if is_theirs else None


def _shared(git: Git, top: Path) -> Changelog | None:
    """Give the repository's own changelog, where people write it and it tells of a distribution's very version."""
    from packaging.version import Version

    from shipway.project.version_source import find_version_source

    above = Git(top, git.processes, git.remote)
    try:
        written = find_version_source(in_folder(git.root)).read()
        file, sections = _outlined(above)
    except ConfigurationError:
        return None
    told = {Version(one.version.base_version) for one in sections if one.version is not None}
    if file is None or written is None or Version(written.base_version) not in told:
        return None
    return _detected(above, file, sections) if _is_written_by_people(above, sections, has_tool=False) else None


def _tells_versions(text: str) -> bool:
    import re

    return re.search(TOLD, text) is not None


def _may_use(git: Git, tool: str, places: Sequence[str]) -> bool:
    """Whether a tool may be used here: most repositories need not load what reads its options."""
    return any((git.root / place).exists() for place in places) or tool in (in_folder(git.root)(PYPROJECT) or "")


def _towncrier(git: Git) -> Changelog | None:
    if not _may_use(git, "towncrier", TOWNCRIER_PLACES):
        return None
    from shipway.project.towncrier import find_towncrier

    towncrier = find_towncrier(git.root)
    if towncrier is None:
        return None
    from shipway.project.changelogs.fragments import FragmentChangelog

    return _or_gathered(git, FragmentChangelog(towncrier, git.processes))


def _scriv(git: Git) -> Changelog | None:
    if not _may_use(git, "scriv", SCRIV_PLACES):
        return None
    from shipway.project.scriv import find_scriv

    scriv = find_scriv(git.root)
    if scriv is None:
        return None
    from shipway.project.changelogs.collected import CollectedChangelog

    found = CollectedChangelog(scriv)
    return None if _is_kept_by_hand(git, scriv) else _or_gathered(git, found)


def _or_gathered(git: Git, found: FragmentChangelog | CollectedChangelog) -> Changelog:
    """Give the section that stands in the file already where no fragment is left, and it is not out yet."""
    from shipway.project.changelogs.gathered import find_gathered

    return found if found.paths() else find_gathered(git, found)


def _is_kept_by_hand(git: Git, scriv: Scriv) -> bool:
    """Whether people write the file of a tool that they have for something else: it has no place for fragments."""
    if (git.root / scriv.folder).is_dir():
        return False
    file, sections = _outlined(git)
    return file is not None and file.path == scriv.changelog and bool(sections) and sections[0].marked


def _typed(git: Git) -> Changelog | None:
    if not (git.root / ".changes").is_dir():
        return None
    from shipway.project.changelogs.typed import find_typed

    return find_typed(git.root)


def _announced(git: Git) -> Changelog | None:
    if not any((git.root / name).is_file() for name in ANNOUNCING):
        return None
    from shipway.project.changelogs.announced import find_announced

    return find_announced(git, ANNOUNCING)


def _outlined(git: Git) -> tuple[ChangelogFile | None, list[Section]]:
    file = _file(git)
    if file is None:
        return None, []
    from shipway.changelog.outline import outline

    return file, outline(file.text)


def _elsewhere(git: Git, top: Path | None) -> Changelog | None:
    """Give the changelog that stands below the documentation under a name of its own, or in a file per version."""
    from shipway.project.changelogs.elsewhere import Files, find_elsewhere, find_named
    from shipway.project.tag_rule import read_names

    name = next(iter(read_names(git.root)), "")
    found = find_elsewhere(git.root, name) or (find_named(git.root, top, name) if top is not None else None)
    if isinstance(found, Files):
        from shipway.project.changelogs.separate import SeparateChangelog

        return SeparateChangelog(git, found)
    if found is None:
        return None
    from shipway.changelog.outline import outline

    return find_by_marks(git, found) or _detected(git, found, outline(found.text))


def _is_written_by_people(git: Git, sections: Sequence[Section], *, has_tool: bool) -> bool:
    """Tell whether people write the sections; where a tool may do so too, they have to be waiting for a release.

    An empty section for what is not released proves nothing: the newest version below it has to be untagged then.
    """
    if not sections:
        return False
    from shipway.changelog.traces import is_made_from_commits

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
