"""A changelog that is called RELEASE.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shipway.project.changelogs.names import find_changelog_file

if TYPE_CHECKING:
    from pathlib import Path


def test_file_called_release_with_versions_is_the_changelog(tmp_path: Path) -> None:
    """Its titles tell that it is one."""
    (tmp_path / "RELEASE.md").write_text("# Upcoming Release\n\n* Added x.\n\n# Release 1.2.0\n\n* Added y.\n")
    found = find_changelog_file(tmp_path)
    assert found is not None
    assert found.path == "RELEASE.md"


def test_file_called_release_without_versions_is_a_text_on_how_to_release(tmp_path: Path) -> None:
    """It is no changelog, alone or beside one."""
    (tmp_path / "RELEASE.md").write_text("# Release process\n\n## Make 1.2.0 ready\n\nTag it.\n")
    assert find_changelog_file(tmp_path) is None
    (tmp_path / "NEWS.md").write_text("# News\n")
    found = find_changelog_file(tmp_path)
    assert found is not None
    assert found.path == "NEWS.md"
