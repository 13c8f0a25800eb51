"""Entries in JSON, one file each: their level, their order, what a release writes, and what blocks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shipway.changelog.typed import parse_entry
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.release.outcomes import BlockedError, NothingToReleaseError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, commit, drafted, repository

OLD = {
    "CHANGELOG.rst": "=========\nCHANGELOG\n=========\n\n1.2.4\n=====\n\n* bugfix:io: Old.\n",
    ".changes/1.2.4.json": '[{"type": "bugfix", "category": "io", "description": "Old."}]',
}
SPAN = Span("v1.2.4", "HEAD")


def entry(kind: str, category: str, text: str = "Did it.") -> str:
    return json.dumps({"type": kind, "category": category, "description": text}, indent=2)


def typed(root: Path, **files: str) -> Changelog:
    """Give the changelog of a repository in which these entries wait."""
    opened = repository(root, OLD)
    commit(root, {f".changes/next-release/{name}.json": text for name, text in files.items()})
    return find_changelog(opened)


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        (("bugfix", "api-change", "enhancement"), "patch"),
        (("bugfix", "feature"), "minor"),
        (("feature", "breaking-change"), "major"),
    ],
)
def test_only_a_feature_is_more_than_a_patch(tmp_path: Path, kinds: tuple[str, ...], level: str) -> None:
    changelog = typed(tmp_path, **{kind: entry(kind, "io") for kind in kinds})
    content = changelog.content(SPAN)
    assert (content.level, content.decides, sum(content.total.values())) == (level, True, len(kinds))


def test_entries_are_put_in_order_into_the_file_and_into_the_versions_own(tmp_path: Path) -> None:
    first, second = entry("api-change", "``s3``", "More.\nAnd more."), entry("feature", "Python", "New.")
    changelog = typed(tmp_path, zz=first, aa=second)
    notes = drafted(changelog).notes
    assert notes == "* api-change:``s3``: More.\n  And more.\n* feature:Python: New."
    assert changelog.preview(SPAN, NEXT, DAY).entries == 2
    changelog.write(NEXT, DAY, notes)
    assert (
        (tmp_path / "CHANGELOG.rst")
        .read_text()
        .startswith(f"=========\nCHANGELOG\n=========\n\n1.3.0\n=====\n\n{notes}\n\n\n1.2.4\n=====")
    )
    kept = json.loads((tmp_path / ".changes/1.3.0.json").read_text())
    assert [one["category"] for one in kept] == ["``s3``", "Python"]
    assert [*(tmp_path / ".changes/next-release").iterdir()] == []
    assert not changelog.is_written(NEXT)


def test_every_path_that_a_release_changes_is_named(tmp_path: Path) -> None:
    changes = typed(tmp_path, a=entry("bugfix", "io")).changes(NEXT, DAY)
    assert changes == ("CHANGELOG.rst", ".changes/1.3.0.json", ".changes/next-release/a.json")


def test_without_entries_there_is_nothing_to_release(tmp_path: Path) -> None:
    with pytest.raises(NothingToReleaseError, match=r"\.changes/next-release holds no entry"):
        drafted(typed(tmp_path))


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "bugfix"}', '{"type": "", "category": "a", "description": "b"}'])
def test_an_entry_that_would_be_lost_blocks(tmp_path: Path, text: str) -> None:
    assert parse_entry(text) is None
    with pytest.raises(BlockedError, match=r"next-release/a\.json is no entry"):
        drafted(typed(tmp_path, a=text))


def test_the_projects_own_program_adds_entries(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a file for each entry"):
        typed(tmp_path).add(["fixed", "x"], "", "nox")
