"""A changelog of a file for each version: which of them is the next one's, what it says, and what blocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.project.changelogs.elsewhere import Files
from shipway.release.outcomes import BlockedError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, commit, drafted, repository

SPAN = Span("v1.2.4", "HEAD")
OLD = {f"docs/releases/{name}.txt": f"Acme {name}\n==========\n\n* Old.\n" for name in ("1.2", "1.2.3", "1.2.4")}


def separate(root: Path, *fresh: str, text: str = "Acme\n====\n\n*Expected soon*\n\n* New.\n") -> Changelog:
    """Give the changelog of a repository that has got further files since its last release."""
    opened = repository(root, OLD)
    commit(root, {f"docs/releases/{name}.txt": text for name in fresh})
    return find_changelog(opened)


def test_the_one_file_that_is_new_is_the_next_version_and_its_text_the_notes(tmp_path: Path) -> None:
    changelog = separate(tmp_path, "1.1.9", "1.3.0")
    content = changelog.content(SPAN)
    assert (content.version, content.decides, content.total) == ("1.3.0", True, {"file": 1})
    assert drafted(changelog).notes == changelog.preview(SPAN, NEXT, DAY).notes == "*Expected soon*\n\n* New."
    assert (changelog.is_written(NEXT), changelog.changes(NEXT, DAY)) == (True, ())
    changelog.write(NEXT, DAY, "* New.")


def test_without_one_or_with_several_a_person_has_to_say_the_version(tmp_path: Path) -> None:
    for number, fresh in enumerate(((), ("1.3", "1.2.5"))):
        (tmp_path / str(number)).mkdir()
        content = separate(tmp_path / str(number), *fresh).content(SPAN)
        assert (content.version, content.decides) == ("", False)


def test_a_version_without_a_file_or_with_an_empty_one_blocks_and_the_file_is_named(tmp_path: Path) -> None:
    changelog = separate(tmp_path, "1.3", text="Acme\n====\n")
    with pytest.raises(BlockedError, match=r"1.3.txt holds no entry"):
        drafted(changelog)
    with pytest.raises(BlockedError, match=r"docs/releases/1.2.5.txt is not there") as caught:
        drafted(changelog, Version("1.2.5"))
    assert caught.value.remedy == "write in docs/releases/1.2.5.txt what 1.2.5 changes, and commit"
    assert changelog.preview(Span(None, "HEAD"), NEXT, DAY).notes == ""
    with pytest.raises(UsageError, match="a file for each version"):
        changelog.add(["fixed", "x"], "", "nox")


@pytest.mark.parametrize(
    ("newest", "version", "name"),
    [
        ("v2.0.3.rst", "2.1.0", "v2.1.0.rst"),
        ("4.2.txt", "5.0.0", "5.0.txt"),
        ("4.2.txt", "4.2.1", "4.2.1.txt"),
        ("1.26.4-notes.rst", "1.26.5", "1.26.5-notes.rst"),
        ("2.1.0.md", "2.1.0rc1", "2.1.0.md"),
    ],
)
def test_the_next_file_is_named_as_the_newest_is(newest: str, version: str, name: str) -> None:
    known = Version(newest.lstrip("v").rpartition(".")[0].partition("-")[0])
    assert Files("a", {known: f"a/{newest}"}).name(Version(version)) == f"a/{name}"


def test_files_may_be_named_what_is_new(tmp_path: Path) -> None:
    names = ("1.2", "1.2.3", "1.2.4")
    files = {f"doc/users/prev_whats_new/whats_new_{name}.rst": f"Acme {name}\n==========\n\n* Old.\n" for name in names}
    found = find_changelog(repository(tmp_path, files))
    assert found.kind == "headings"
    assert found.place(NEXT, DAY) == "doc/users/prev_whats_new/whats_new_1.3.0.rst"
