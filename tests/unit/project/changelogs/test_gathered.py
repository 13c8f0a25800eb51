"""A changelog whose fragments are spent before the release: the section that stands in the file is what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from end_to_end.support import git
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.project.changelogs.fragments import FragmentChangelog
from shipway.project.changelogs.gathered import GatheredChangelog
from shipway.release.outcomes import BlockedError, NothingToReleaseError
from unit.project.changelogs.changelog_support import DAY, NEXT, commit, drafted, repository

BASE = '[tool.towncrier]\ndirectory = "changelog.d"\n'
START = ".. towncrier release notes start\n\n"
OLD = "Acme 1.2.4 (2026-01-01)\n=======================\n\nBugfixes\n--------\n\n- Old. (#1)\n"
NEW = "Acme 1.3.0 (2026-11-01)\n=======================\n\nFeatures\n--------\n\n- New. (#2)\n\n\n"


def gathered(root: Path, news: str, *tags: str, toml: str = BASE, name: str = "NEWS.rst") -> Changelog:
    """Give the changelog of a repository without fragments, whose file became this after 1.2.4."""
    opened = repository(root, {name: START + OLD}, toml=toml)
    for tag in tags:
        git(root, "tag", tag)
    commit(root, {name: START + news + OLD})
    return find_changelog(opened)


def test_a_section_that_is_not_out_yet_is_the_next_version(tmp_path: Path) -> None:
    found = gathered(tmp_path, NEW)
    assert isinstance(found, GatheredChangelog)
    assert (found.kind, found.file, found.paths()) == ("towncrier", "NEWS.rst", [])
    assert "no fragment is left" in found.why
    content = found.content(Span("v1.2.4", "HEAD"))
    assert (content.version, content.decides) == ("1.3.0", True)
    assert drafted(found).notes == "Features\n--------\n\n- New. (#2)"
    assert found.preview(Span("v1.2.4", "HEAD"), NEXT, DAY).notes == drafted(found).notes
    assert found.is_written(NEXT)
    assert (found.place(NEXT, DAY), found.changes(NEXT, DAY)) == ("NEWS.rst", ())
    found.write(NEXT, DAY, "")
    assert (tmp_path / "NEWS.rst").read_text() == START + NEW + OLD


def test_another_version_than_the_one_that_is_written_blocks(tmp_path: Path) -> None:
    with pytest.raises(BlockedError, match="no section for 2.0.0"):
        drafted(gathered(tmp_path, NEW), Version("2.0.0"))


def test_fragments_are_added_as_ever(tmp_path: Path) -> None:
    found = gathered(tmp_path, NEW)
    assert found.advice == "python -m shipway changelog add feature 'What changed.'" or "add feature" in found.advice
    assert found.add(["feature", "More."], "3", "") == "changelog.d/3.feature.rst"


def test_a_section_that_is_out_elsewhere_is_none_of_the_next_version(tmp_path: Path) -> None:
    assert isinstance(gathered(tmp_path, NEW, "v1.3.0"), FragmentChangelog)


def test_a_fragment_that_is_left_counts_rather_than_the_file(tmp_path: Path) -> None:
    opened = repository(tmp_path, {"NEWS.rst": START + NEW + OLD, "changelog.d/3.feature": "More."}, toml=BASE)
    assert isinstance(find_changelog(opened), FragmentChangelog)


def test_the_fragments_of_scriv_may_be_spent_too(tmp_path: Path) -> None:
    toml = '[tool.scriv]\nchangelog = "NEWS.rst"\n'
    found = gathered(tmp_path, NEW, toml=toml)
    assert (found.kind, drafted(found).notes) == ("scriv", "Features\n--------\n\n- New. (#2)")


def test_what_scriv_is_configured_for_may_be_written_by_hand(tmp_path: Path) -> None:
    toml = '[tool.scriv]\nchangelog = "NEWS.rst"\n'
    found = gathered(tmp_path, NEW.replace("Acme 1.3.0 (2026-11-01)", "Unreleased"), toml=toml)
    assert found.kind == "keep-a-changelog"
    assert drafted(found).notes == "Features\n--------\n\n- New. (#2)"


CANDIDATE = NEW.replace("1.3.0 (2026-11-01)\n", "1.3.0rc1 (2026-11-01)\n==")
SECOND = "Acme 1.3.0rc2 (2026-11-02)\n==========================\n\nBugfixes\n--------\n\n- Mended. (#3)\n\n\n"


def test_a_final_version_tells_that_nothing_came_after_its_candidate(tmp_path: Path) -> None:
    found = gathered(tmp_path, CANDIDATE, "v1.3.0rc1")
    assert isinstance(found, FragmentChangelog)
    assert drafted(found).notes == "No significant changes."
    with pytest.raises(NothingToReleaseError):
        drafted(found, Version("1.4.0"))


def test_a_final_version_takes_over_its_candidates_where_others_did(tmp_path: Path) -> None:
    found = gathered(tmp_path, SECOND + CANDIDATE, "v1.2.4rc1", "v1.3.0rc1", "v1.3.0rc2")
    assert isinstance(found, GatheredChangelog)
    notes = "Bugfixes\n--------\n\n- Mended. (#3)\n\n\nFeatures\n--------\n\n- New. (#2)"
    assert drafted(found).notes == notes
    found.write(NEXT, DAY, "")
    title = "Acme 1.3.0 (2026-11-22)\n=======================\n\n"
    assert (tmp_path / "NEWS.rst").read_text() == f"{START}{title}{notes}\n\n\n{OLD}"


def test_candidates_that_earlier_versions_kept_beside_them_are_kept(tmp_path: Path) -> None:
    kept = OLD.replace("1.2.4 (2026-01-01)\n", "1.2.4rc1 (2026-01-01)\n==")
    opened = repository(tmp_path, {"NEWS.rst": START + CANDIDATE + OLD + "\n" + kept}, toml=BASE)
    for tag in ("v1.2.4rc1", "v1.3.0rc1"):
        git(tmp_path, "tag", tag)
    assert isinstance(find_changelog(opened), FragmentChangelog)


def test_the_file_of_a_version_is_its_section_where_each_has_one(tmp_path: Path) -> None:
    toml = f'{BASE}single_file = false\nfilename = "docs/release/notes.rst"\n'
    files = {f"docs/release/{version}-notes.rst": "Notes\n=====\n\nOld.\n" for version in ("1.2.2", "1.2.3", "1.2.4")}
    opened = repository(tmp_path, files, toml=toml)
    assert isinstance(find_changelog(opened), FragmentChangelog)
    commit(tmp_path, {"docs/release/1.3.0-notes.rst": "Notes\n=====\n\nNew.\n", "docs/other/1.3.0.rst": "x"})
    found = find_changelog(opened)
    assert (found.kind, found.place(NEXT, DAY)) == ("towncrier", "docs/release/1.3.0-notes.rst")
    assert found.content(Span("v1.2.4", "HEAD")).version == "1.3.0"
    assert drafted(found).notes == "New."
    commit(tmp_path, {"changelog.d/3.feature": "More."})
    assert isinstance(find_changelog(opened), FragmentChangelog)


def test_a_section_that_the_last_release_had_is_spent_though_its_tag_is_not_here(tmp_path: Path) -> None:
    found, span = gathered(tmp_path, NEW), Span("HEAD", "HEAD")
    assert found.content(Span("v1.2.4", "HEAD")).version == "1.3.0"
    assert found.content(span).version == ""
    assert found.preview(span, NEXT, DAY).notes == ""
    with pytest.raises(NothingToReleaseError, match="holds no fragment"):
        drafted(found, NEXT, "HEAD")
