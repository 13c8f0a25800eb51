"""Blocks of Sphinx's changelog directive: the version that waits, the changes beside it, and how it is finished."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.release.outcomes import BlockedError, NothingToReleaseError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, commit, drafted, repository

FILE, FOLDER = "docs/build/changelog.rst", "docs/build/unreleased"
OUT = (
    ".. changelog::\n    :version: 1.2.4\n    :released: January 5, 2026\n\n"
    "    .. change::\n        :tags: bug\n\n        Old.\n"
)
WAITS = ".. changelog::\n    :version: 1.3.0\n    :include_notes_from: unreleased\n\n"
TITLE = "=========\nChangelog\n=========\n\n"
CHANGE = ".. change::\n    :tags: {}\n\n    Change {}.\n\n"
SPAN = Span("v1.2.4", "HEAD")


def directed(root: Path, top: str = WAITS, **changes: str) -> Changelog:
    """Give the changelog of a repository in which these changes wait."""
    opened = repository(root, {FILE: TITLE + OUT, f"{FOLDER}/README.txt": "Put them here.\n"})
    files = {f"{FOLDER}/{name[1:]}.rst": text for name, text in changes.items()}
    commit(root, {FILE: TITLE + top + OUT, **files})
    return find_changelog(opened)


def test_the_block_that_is_not_out_says_the_version_and_the_folder_has_its_changes(tmp_path: Path) -> None:
    changelog = directed(tmp_path, _20=CHANGE.format("bug", "b"), _100=CHANGE.format("usecase", "a"))
    assert (changelog.kind, changelog.place(NEXT, DAY)) == ("changelog-directive", FILE)
    content = changelog.content(SPAN)
    assert (content.version, content.decides, content.total) == ("1.3.0", True, {"change": 2})
    notes = drafted(changelog).notes
    assert notes == ".. change::\n    :tags: usecase\n\n    Change a.\n\n.. change::\n    :tags: bug\n\n    Change b."
    assert changelog.preview(SPAN, NEXT, DAY).notes == notes
    assert changelog.changes(NEXT, DAY) == (FILE, f"{FOLDER}/100.rst", f"{FOLDER}/20.rst")
    changelog.write(NEXT, DAY, notes)
    assert (tmp_path / FILE).read_text() == (
        f"{TITLE}.. changelog::\n    :version: 1.3.0\n    :released: November 22, 2026\n\n"
        "    .. change::\n        :tags: usecase\n\n        Change a.\n\n"
        f"    .. change::\n        :tags: bug\n\n        Change b.\n\n{OUT}"
    )
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["README.txt"]
    assert not changelog.is_written(NEXT)


def test_changes_may_stand_in_the_block_itself(tmp_path: Path) -> None:
    top = ".. changelog::\n    :version: 1.3.0\n    :released:\n\n    .. change::\n\n        Here.\n\n"
    changelog = directed(tmp_path, top)
    assert drafted(changelog).notes == ".. change::\n\n    Here."
    assert changelog.is_written(NEXT)


def test_another_version_takes_the_block_and_is_told(tmp_path: Path) -> None:
    assert "it becomes 2.0.0" in drafted(directed(tmp_path, _1=CHANGE.format("bug", "a")), Version("2.0.0")).remark


def test_no_block_and_an_empty_one_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    without = directed(tmp_path / "a", "")
    assert not without.content(SPAN).decides
    with pytest.raises(BlockedError, match=r"has no block for 1\.3\.0"):
        drafted(without)
    with pytest.raises(NothingToReleaseError, match="holds no change") as caught:
        drafted(directed(tmp_path / "b"))
    assert FOLDER in caught.value.remedy
    with pytest.raises(UsageError):
        without.add(["fixed", "x"], "", "nox")


def test_a_folder_outside_of_the_project_is_not_read(tmp_path: Path) -> None:
    changelog = directed(tmp_path, WAITS.replace("unreleased", "../../../elsewhere"))
    with pytest.raises(NothingToReleaseError):
        drafted(changelog)
