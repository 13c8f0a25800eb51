"""Changelogs of other forms than one file with titles: a folder that took over, and marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shipway.changelog.outline import Section
    from shipway.project.changelogs.contract import Changelog
    from shipway.project.changelogs.names import ChangelogFile
    from shipway.world.git import Git


def find_moved(git: Git, file: ChangelogFile, sections: Sequence[Section]) -> Changelog | None:
    """Give the folder with a file for each version that took over from a file: it has the last release, alone."""
    from shipway.project.changelogs.elsewhere import ENDED, find_folder

    newest = max((one.version for one in sections if one.version is not None), default=None)
    folder = find_folder(git.root) if newest is not None and not sections[0].marked else None
    if folder is None or newest is None or folder.newest <= newest:
        return None
    from shipway.release.tagnames import split_tag

    last = split_tag(git.run("describe", "--tags", "--abbrev=0", check=False).stdout.strip())
    if last is None or last.version not in folder.versions or (last.version <= newest and not ENDED.search(file.text)):
        return None
    from shipway.project.changelogs.separate import SeparateChangelog

    return SeparateChangelog(git, folder)


def find_by_marks(git: Git, file: ChangelogFile) -> Changelog | None:
    """Give the changelog of a file whose versions are told by marks of two extensions of Sphinx, and no titles."""
    from shipway.project.changelogs.elsewhere import find_mark

    mark = find_mark(file.text)
    if mark == "release":
        from shipway.project.changelogs.listed import ListChangelog

        return ListChangelog(git, file.path)
    if mark == "version":
        from shipway.project.changelogs.directed import DirectiveChangelog

        return DirectiveChangelog(git.root, file.path)
    return None
