"""No changelog: that blocks, until it is wanted; then the commits are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Span
from shipway.release.outcomes import BlockedError, NothingToReleaseError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, drafted, repository

WANTED = '[tool.shipway]\nchangelog = "none"\n'


def test_without_a_changelog_nothing_is_released_and_the_way_out_is_told(tmp_path: Path) -> None:
    changelog = find_changelog(repository(tmp_path, {}, "Start", "Go on"))
    with pytest.raises(BlockedError, match="no changelog was found") as caught:
        drafted(changelog)
    assert 'set changelog = "none"' in caught.value.remedy
    content = changelog.content(Span("v1.2.4", "HEAD"))
    assert (content.level, content.decides, content.total) == ("", False, {"commit": 1})
    with pytest.raises(UsageError, match="keeps no changelog"):
        changelog.add(["fixed", "x"], "", "nox")


def test_notes_of_a_tool_that_is_not_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(BlockedError, match=r"no changelog was found that is read, but releasenotes/notes") as caught:
        drafted(find_changelog(repository(tmp_path, {"releasenotes/notes/mend-1a2b.yaml": "fixes: []\n"})))
    assert "reno report" in caught.value.remedy


def test_where_none_is_wanted_the_commits_are_told(tmp_path: Path) -> None:
    changelog = find_changelog(repository(tmp_path, {}, "Start", "Go on", "# not a heading", toml=WANTED))
    notes = drafted(changelog).notes.splitlines()
    assert [line[:-10] for line in notes] == ["- \\# not a heading", "- Go on"]
    assert (changelog.place(NEXT, DAY), changelog.changes(NEXT, DAY)) == ("", ())
    with pytest.raises(NothingToReleaseError, match="there is no commit since"):
        drafted(changelog, since="HEAD")
