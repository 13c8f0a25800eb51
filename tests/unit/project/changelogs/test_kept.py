"""A changelog that people keep: what waits in it, what blocks, and what a release writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from end_to_end.support import git
from shipway.changelog.sections import find_section
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.project.changelogs.kept import KeptChangelog
from shipway.release.outcomes import BlockedError, NothingToReleaseError, ReleaseError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, commit, drafted, repository

OLD = "## [1.2.4] - 2026-01-01\n\n### Fixed\n\n- Old.\n"
KEEP = f"# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n{OLD}"
EMPTY = f"# Changelog\n\n## [Unreleased]\n\n### Added\n\n{OLD}"
HAND = "Changes\n=======\n\n1.2.4 (2026-01-01)\n------------------\n\n- Old.\n"
NEWER = HAND.replace("1.2.4 (", "1.3.0 (2026-11-01)\n------------------\n\n- New.\n\n1.2.4 (", 1)
MARKED = NEWER.replace("2026-11-01", "unreleased")


def kept(root: Path, before: str, after: str, name: str = "CHANGES.rst", *messages: str) -> Changelog:
    """Give the changelog of a repository whose file was ``before`` at the last release and is ``after`` now."""
    opened = repository(root, {name: before}, *messages)
    commit(root, {name: after})
    found = find_changelog(opened)
    assert isinstance(found, KeptChangelog)
    return found


def written(changelog: Changelog, version: Version = NEXT) -> str:
    """Write a version's section as a release does, and give the file."""
    changelog.write(version, DAY, drafted(changelog, version).notes)
    assert isinstance(changelog, KeptChangelog)
    return (changelog.git.root / changelog.path).read_bytes().decode()


def test_what_is_not_released_becomes_the_version(tmp_path: Path) -> None:
    changelog = kept(tmp_path, EMPTY, KEEP, "CHANGELOG.md")
    assert changelog.is_written(NEXT)
    assert drafted(changelog).notes == "### Added\n\n- New."
    assert changelog.changes(NEXT, DAY) == ("CHANGELOG.md",)
    text = written(changelog)
    assert text == KEEP.replace("## [Unreleased]\n", "## [Unreleased]\n\n## [1.3.0] - 2026-11-22\n")
    assert find_section(text, NEXT) == "### Added\n\n- New."


def test_its_headings_tell_the_level(tmp_path: Path) -> None:
    content = kept(tmp_path, EMPTY, KEEP.replace("- New.", "- New.\n\n### Fixed\n\n- b"), "CHANGELOG.md").content(
        Span("v1.2.4", "HEAD")
    )
    assert (content.level, content.decides, content.version) == ("minor", True, "")
    assert [(one.what, one.level, one.why) for one in content.counted] == [
        ("New.", "minor", "stands under Added"),
        ("b", "patch", "stands under Fixed"),
    ]
    assert content.total == {"Added": 1, "Fixed": 1}


def test_entries_without_headings_decide_no_level(tmp_path: Path) -> None:
    content = kept(tmp_path, EMPTY, KEEP.replace("### Added\n\n", ""), "CHANGELOG.md").content(Span("v1.2.4", "HEAD"))
    assert (content.level, content.decides) == ("", False)
    assert content.counted[0].why == "stands under no heading that tells its kind"


@pytest.mark.parametrize(
    "text", [EMPTY, EMPTY.replace("### Added", "- Nothing yet."), EMPTY.replace("### Added", "<!-- a -->")]
)
def test_headings_alone_are_nothing_to_release(tmp_path: Path, text: str) -> None:
    changelog = kept(tmp_path, EMPTY, text, "CHANGELOG.md")
    with pytest.raises(NothingToReleaseError, match=r"'\[Unreleased\]' in CHANGELOG.md \(line 3\) holds no entry"):
        drafted(changelog)
    content = changelog.content(Span("v1.2.4", "HEAD"))
    assert (content.level, content.counted, content.decides) == ("", (), True)
    assert changelog.preview(Span("v1.2.4", "HEAD"), NEXT, DAY).notes == ""


def test_a_section_that_is_written_and_dated_is_taken_as_it_is(tmp_path: Path) -> None:
    changelog = kept(tmp_path, HAND, NEWER)
    assert changelog.content(Span("v1.2.4", "HEAD")).version == "1.3.0"
    assert drafted(changelog).notes == "- New."
    assert changelog.changes(NEXT, DAY) == ()
    assert written(changelog) == NEWER


def test_a_section_that_is_marked_gets_its_day(tmp_path: Path) -> None:
    changelog = kept(tmp_path, HAND, MARKED)
    content = changelog.content(Span("v1.2.4", "HEAD"))
    assert (content.version, content.decides) == ("1.3.0", True)
    assert changelog.changes(NEXT, DAY) == ("CHANGES.rst",)
    assert written(changelog) == MARKED.replace("unreleased", "2026-11-22")


def test_a_section_that_announces_another_version_becomes_the_one_that_is_asked_for(tmp_path: Path) -> None:
    changelog = kept(tmp_path, HAND, MARKED)
    found = drafted(changelog, Version("2.0.0"))
    assert found.remark == "CHANGES.rst announced 1.3.0: it becomes 2.0.0"
    assert written(changelog, Version("2.0.0")) == MARKED.replace("1.3.0 (unreleased)", "2.0.0 (2026-11-22)")


def test_a_development_version_announces_its_final(tmp_path: Path) -> None:
    changelog = kept(tmp_path, HAND, NEWER.replace("1.3.0 (2026-11-01)", "1.3.0.dev0"))
    assert changelog.content(Span("v1.2.4", "HEAD")).version == "1.3.0"
    assert "1.3.0 (2026-11-22)\n------------------\n" in written(changelog)


@pytest.mark.parametrize(
    ("after", "version", "said"),
    [
        (HAND, "1.3.0", "CHANGES.rst has no section for 1.3.0"),
        (NEWER, "2.0.0", "CHANGES.rst has no section for 2.0.0"),
        (HAND, "1.2.4", "has a section for 1.2.4 already"),
        (HAND.replace("1.2.4 (2026-01-01)", "1.3.0 (2026-11-01)").replace("- Old.", ""), "1.3.0", "holds no entry"),
    ],
)
def test_what_stands_in_the_way_is_told(tmp_path: Path, after: str, version: str, said: str) -> None:
    changelog = kept(tmp_path, HAND, after)
    with pytest.raises((BlockedError, NothingToReleaseError), match=said) as caught:
        drafted(changelog, Version(version))
    error: ReleaseError = caught.value
    assert "CHANGES.rst" in error.what
    assert error.remedy.startswith("write ")


def test_an_older_section_is_never_the_next_version(tmp_path: Path) -> None:
    content = kept(tmp_path, HAND, HAND).content(Span("v1.2.4", "HEAD"))
    assert (content.version, content.level, content.decides) == ("", "", False)


def test_a_section_that_was_written_after_its_tag_is_not_the_next_version(tmp_path: Path) -> None:
    before = HAND.replace("1.2.4", "1.2.3")
    content = kept(tmp_path, before, HAND.replace("- Old.", "- Old.\n\n" + before.partition("\n\n")[2])).content(
        Span("v1.2.4", "HEAD")
    )
    assert (content.version, content.decides) == ("", False)


def test_a_file_that_was_moved_tells_of_nothing_new(tmp_path: Path) -> None:
    opened = repository(tmp_path, {"docs/changes.rst": HAND})
    git(tmp_path, "mv", "docs/changes.rst", "CHANGES.rst")
    assert find_changelog(opened).content(Span("v1.2.4", "HEAD")).version == ""


def test_where_commits_are_by_convention_they_tell_the_level_that_a_hand_does_not(tmp_path: Path) -> None:
    content = kept(tmp_path, HAND, HAND, "CHANGES.rst", "feat: a", "fix: b", "feat: c").content(Span("v1.2.4", "HEAD"))
    assert (content.level, content.decides) == ("minor", True)


def test_a_prerelease_tells_what_its_final_will(tmp_path: Path) -> None:
    assert drafted(kept(tmp_path, HAND, MARKED), Version("1.3.0rc1")).remark == ""


def test_bytes_stay_what_they_were(tmp_path: Path) -> None:
    changelog = kept(tmp_path, HAND, MARKED)
    assert isinstance(changelog, KeptChangelog)
    path = tmp_path / "CHANGES.rst"
    path.write_bytes(MARKED.replace("- New.", "- Caf\xe9.").replace("\n", "\r\n").encode("cp1252"))
    changelog.write(NEXT, DAY, "")
    assert path.read_bytes() == path.read_bytes().decode("cp1252").encode("cp1252")
    assert b"1.3.0 (2026-11-22)\r\n" in path.read_bytes()
    assert b"Caf\xe9" in path.read_bytes()


def test_an_entry_is_added_to_what_is_not_released(tmp_path: Path) -> None:
    changelog = kept(tmp_path, EMPTY, EMPTY, "CHANGELOG.md")
    assert changelog.add(["added", "New."], "", "nox") == "CHANGELOG.md"
    assert (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8") == KEEP
    with pytest.raises(UsageError, match="'news' is no kind"):
        changelog.add(["news", "x"], "", "nox")
    with pytest.raises(UsageError, match="takes a type and a text") as caught:
        changelog.add(["added"], "", "invoke")
    assert caught.value.remedy == "inv changelog.add fixed 'What changed.'"


def test_a_title_says_whether_its_version_is_out(tmp_path: Path) -> None:
    for number, (after, tentative) in enumerate(((MARKED, True), (NEWER, False))):
        (tmp_path / str(number)).mkdir()
        content = kept(tmp_path / str(number), HAND, after).content(Span("v1.2.4", "HEAD"))
        assert (content.version, content.tentative) == ("1.3.0", tentative)
