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
