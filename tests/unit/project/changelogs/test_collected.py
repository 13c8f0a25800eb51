"""A changelog by scriv: fragments in, one section out, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.project.changelog import find_changelog
from shipway.project.changelogs.collected import CollectedChangelog
from shipway.project.changelogs.contract import Span
from shipway.release.outcomes import BlockedError, ConfigurationError, NothingToReleaseError, UsageError
from unit.project.changelogs.changelog_support import DAY, NEXT, drafted, repository

RST = (
    "Changelog\n=========\n\n.. scriv-insert-here\n\n.. _changelog-1.2.4:\n\n"
    "1.2.4 \u2014 2026-01-01\n------------------\n\nAdded\n.....\n\n- Old.\n"
)
MARKDOWN = "# Changelog\n\n<a id='changelog-1.2.4'></a>\n## 1.2.4 \u2014 2026-01-01\n\n### Added\n\n- Old.\n"
SPAN = Span("v1.2.4", "HEAD")


def scriv(root: Path, files: dict[str, str], toml: str) -> CollectedChangelog:
    """Give the changelog of a repository that is configured for scriv."""
    found = find_changelog(repository(root, files, toml=f"[tool.scriv]\n{toml}"))
    assert isinstance(found, CollectedChangelog)
    return found


def test_fragments_become_a_section_of_restructuredtext_as_scriv_writes_it(tmp_path: Path) -> None:
    files = {
        "CHANGELOG.rst": RST,
        "changelog.d/README.rst": "Read me.\n",
        "changelog.d/20260101_a.rst": "Fixed\n.....\n\n- One.\n\nAdded\n.....\n\n- Two.\n",
        "changelog.d/20260102_b.rst": "..\n\nFixed\n-----\n\n- Three.\n",
    }
    changelog = scriv(tmp_path, files, 'rst_header_chars = "-."\n')
    assert changelog.content(SPAN).level == "minor"
    assert changelog.content(SPAN).total == {"Fixed": 2, "Added": 1}
    notes = drafted(changelog).notes
    assert notes == "Added\n.....\n\n- Two.\n\nFixed\n.....\n\n- One.\n\n- Three."
    changed = ("CHANGELOG.rst", "changelog.d/20260101_a.rst", "changelog.d/20260102_b.rst")
    assert changelog.changes(NEXT, DAY) == changed
    changelog.write(NEXT, DAY, notes)
    section = f".. _changelog-1.3.0:\n\n1.3.0 \u2014 2026-11-22\n------------------\n\n{notes}\n\n"
    text = (tmp_path / "CHANGELOG.rst").read_text(encoding="utf-8")
    assert text == RST.replace(".. _changelog-1.2.4:", f"{section}.. _changelog-1.2.4:")
    assert [path.name for path in (tmp_path / "changelog.d").iterdir()] == ["README.rst"]


def test_fragments_become_a_section_of_markdown(tmp_path: Path) -> None:
    files = {"CHANGELOG.md": MARKDOWN, "changelog.d/1.md": "### Removed\n\n- It.\n"}
    changelog = scriv(tmp_path, files, 'format = "md"\nmd_header_level = "2"\n')
    assert changelog.content(SPAN).level == "major"
    changelog.write(NEXT, DAY, drafted(changelog).notes)
    text = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    section = "<a id='changelog-1.3.0'></a>\n## 1.3.0 \u2014 2026-11-22\n\n### Removed\n\n- It.\n\n"
    assert text == MARKDOWN.replace("<a id", f"{section}<a id")


def test_a_first_file_is_made(tmp_path: Path) -> None:
    changelog = scriv(tmp_path, {"changelog.d/1.rst": "Added\n-----\n\n- It.\n"}, "")
    changelog.write(NEXT, DAY, drafted(changelog).notes)
    assert (tmp_path / "CHANGELOG.rst").read_text(encoding="utf-8") == (
        ".. _changelog-1.3.0:\n\n1.3.0 \u2014 2026-11-22\n==================\n\nAdded\n-----\n\n- It.\n"
    )


@pytest.mark.parametrize(
    ("fragments", "error", "said"),
    [
        ({}, NothingToReleaseError, "changelog.d holds no fragment"),
        ({"changelog.d/1.rst": ".. only a comment\n"}, BlockedError, "changelog.d/1.rst is empty"),
        ({"changelog.d/1.rst": "Added\n-----\n"}, BlockedError, "changelog.d/1.rst is empty"),
    ],
)
def test_what_is_missing_is_told(tmp_path: Path, fragments: dict[str, str], error: type[Exception], said: str) -> None:
    changelog = scriv(tmp_path, {"CHANGELOG.rst": RST, **fragments}, "")
    with pytest.raises(error, match=said):
        drafted(changelog)


def test_a_fragment_is_added(tmp_path: Path) -> None:
    changelog = scriv(tmp_path, {"CHANGELOG.md": MARKDOWN}, 'format = "md"\n')
    name = changelog.add(["added", "Turn both ways."], "7", "nox")
    assert (tmp_path / name).read_text(encoding="utf-8") == "### Added\n\n- Turn both ways. (#7)\n"
    assert drafted(changelog).notes == "## Added\n\n- Turn both ways. (#7)"
    with pytest.raises(UsageError, match="'feature' is no category"):
        changelog.add(["feature", "x"], "", "nox")


@pytest.mark.parametrize(
    ("files", "toml", "said"),
    [
        ({"setup.cfg": "[scriv]\n[scriv]\n"}, "", "setup.cfg is broken"),
        ({}, 'changelog = "../x.md"\n', "leads out of the project's folder"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, files: dict[str, str], toml: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        scriv(tmp_path, files, toml)
