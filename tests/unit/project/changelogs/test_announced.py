"""A changelog that one file announces: its type is the level, its text the notes, and a release spends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.changelog.sections import find_section
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.announced import AnnouncedChangelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.release.outcomes import BlockedError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, drafted, repository

OLD = "Changes\n=======\n\n.. _v1.2.4:\n\n------------------\n1.2.4 - 2026-01-01\n------------------\n\nOld.\n"
SPAN = Span("v1.2.4", "HEAD")


def announced(root: Path, text: str, name: str = "RELEASE.rst") -> Changelog:
    """Give the changelog of a repository with a file that announces a release."""
    return find_changelog(repository(root, {name: text, "docs/changes.rst": OLD}))


@pytest.mark.parametrize(
    ("text", "name", "level"),
    [
        ("RELEASE_TYPE: minor\n\nNew things.\n", "RELEASE.rst", "minor"),
        ("Release type: patch\n\nNew things.\n", "RELEASE.md", "patch"),
        ("---\nrelease type: major\n---\n\nNew things.\n", "RELEASE.md", "major"),
    ],
)
def test_the_first_line_is_the_level_and_the_rest_the_notes(tmp_path: Path, text: str, name: str, level: str) -> None:
    found = announced(tmp_path, text, name)
    assert (found.kind, found.place(NEXT, DAY)) == ("release-file", "docs/changes.rst")
    assert (found.content(SPAN).level, found.content(SPAN).decides) == (level, True)
    assert drafted(found).notes == found.preview(SPAN, NEXT, DAY).notes == "New things."
    assert found.changes(NEXT, DAY) == ("docs/changes.rst", name)


def test_a_release_puts_the_text_into_the_changelog_and_spends_the_file(tmp_path: Path) -> None:
    found = announced(tmp_path, "RELEASE_TYPE: minor\n\nNew things.\n")
    found.write(NEXT, DAY, drafted(found).notes)
    assert not (tmp_path / "RELEASE.rst").exists()
    text = (tmp_path / "docs" / "changes.rst").read_text()
    assert find_section(text, NEXT) == "New things."
    assert "1.3.0 - 2026-11-22\n" in text


def test_a_type_without_a_text_blocks_and_entries_are_not_added_by_words(tmp_path: Path) -> None:
    found = announced(tmp_path, "RELEASE_TYPE: minor\n")
    with pytest.raises(BlockedError, match=r"RELEASE\.rst holds no text"):
        drafted(found)
    with pytest.raises(UsageError, match="one text"):
        found.add(["fixed", "x"], "", "")


def test_a_text_about_releasing_announces_nothing(tmp_path: Path) -> None:
    assert not isinstance(announced(tmp_path, "Releasing\n=========\n\nRELEASE_TYPE: minor\n"), AnnouncedChangelog)
