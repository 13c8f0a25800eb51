"""A list with a role for each entry: which entries a version gets, the level they ask for, and the item it adds."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.release.outcomes import NothingToReleaseError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, commit, drafted, repository

FILE = "sites/www/changelog.rst"
TITLE = "=========\nChangelog\n=========\n\n"
OLD = (
    "- :release:`1.2.4 <2026-01-05>`\n- :bug:`1` Old.\n- :release:`1.2.0 <2026-01-01>`\n- :feature:`-` Older.\n"
    "- :release:`1.1.0 <2025-01-01>`\n"
)
BUG, FEATURE, MAJOR = "- :bug:`7` Mend\n  it.\n", "- :feature:`-` Do it.\n", "- :bug:`8 major` Mend more.\n"
BACKPORTED = "- :support:`9 backported` Test it.\n\n  And more.\n"
SPAN = Span("v1.2.4", "HEAD")


def listed(root: Path, top: str) -> Changelog:
    opened = repository(root, {FILE: TITLE + OLD})
    commit(root, {FILE: TITLE + top + OLD})
    return find_changelog(opened)


@pytest.mark.parametrize(
    ("top", "level"), [(BUG, "patch"), (BACKPORTED, "patch"), (BUG + FEATURE, "minor"), (MAJOR, "minor"), ("", "")]
)
def test_the_roles_tell_the_level(tmp_path: Path, top: str, level: str) -> None:
    assert listed(tmp_path, top).content(SPAN).level == level


@pytest.mark.parametrize(
    ("version", "wanted"),
    [("1.2.5", BUG + BACKPORTED), ("1.3.0", FEATURE + BUG + BACKPORTED), ("2.0", FEATURE + BUG + BACKPORTED)],
)
def test_a_version_that_mends_gets_no_features(tmp_path: Path, version: str, wanted: str) -> None:
    changelog = listed(tmp_path, FEATURE + BUG + BACKPORTED)
    assert drafted(changelog, Version(version)).notes == wanted.rstrip()
    assert changelog.is_written(Version(version))


def test_what_another_line_mended_is_told_here_too_and_features_wait_below_it(tmp_path: Path) -> None:
    changelog = listed(tmp_path, f"- :release:`1.1.9 <2026-02-01>`\n{BUG}")
    assert drafted(changelog, Version("1.2.5")).notes == BUG.rstrip()
    commit(tmp_path, {FILE: TITLE + OLD.replace("- :bug:`1`", f"{FEATURE}- :bug:`1`")})
    assert drafted(changelog, NEXT).notes == FEATURE.rstrip()
    with pytest.raises(NothingToReleaseError, match=r"no entry for 1\.2\.5"):
        drafted(changelog, Version("1.2.5"))


def test_a_release_adds_its_item_above_the_others(tmp_path: Path) -> None:
    changelog = listed(tmp_path, BUG)
    assert changelog.changes(NEXT, DAY) == (FILE,)
    changelog.write(NEXT, DAY, "")
    assert (tmp_path / FILE).read_text() == f"{TITLE}- :release:`1.3.0 <2026-11-22>`\n{BUG}{OLD}"
    assert changelog.changes(NEXT, DAY) == ()


def test_an_item_that_was_written_before_the_release_is_the_version(tmp_path: Path) -> None:
    changelog = listed(tmp_path, f"- :release:`1.3.0 <2026-11-22>`\n{BUG}")
    content = changelog.content(SPAN)
    assert (content.version, content.level) == ("1.3.0", "patch")
    assert drafted(changelog).notes == changelog.preview(SPAN, NEXT, DAY).notes == BUG.rstrip()


def test_people_say_which_role_an_entry_has(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a role for each entry"):
        listed(tmp_path, "").add(["fixed", "x"], "", "nox")
