"""Which kind of changelog a project keeps: what tells it, and what wins where there are several."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.project.changelog import find_changelog
from shipway.release.outcomes import ConfigurationError
from shipway.world.git import Git
from unit.project.changelogs.changelog_support import DAY, NEXT, commit, repository

KEEP = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n## [1.2.4] - 2026-01-01\n\n- Old.\n"
EMPTY = KEEP.replace("### Added\n\n- New.\n\n", "")
NEW = EMPTY.replace("## [1.2.4] - 2026-01-01", "## [1.3.0] - 2026-02-01\n\n- New.\n\n## [1.2.4] - 2026-01-01")
HAND = "# Changes\n\n## 1.2.4 (2026-01-01)\n\n- Old.\n"
RST = (
    "Changes\n=======\n\n1.3 (unreleased)\n----------------\n\n- New.\n\n"
    "1.2.4 (2026-01-01)\n------------------\n\n- Old.\n"
)
MADE = "# Changelog\n\n## 1.2.4 (2026-01-01)\n\n### Bug Fixes\n\n* a ([abc1234](https://h.invalid/commit/abc1234))\n"
OLDER = "\n## 1.2.3 (2025-01-01)\n\n- Older.\n\n## 1.2.2 (2024-01-01)\n\n- Oldest.\n"
TOWNCRIER = '[tool.towncrier]\ndirectory = "changelog.d"\n'
FEAT, WORDS = ("feat: a", "fix: b"), ("Start", "Go on")
ACTION = "jobs:\n  release:\n    steps:\n      - uses: googleapis/release-please-action@v4\n"


def kind(root: Path, files: dict[str, str], messages: tuple[str, ...] = WORDS, toml: str = "") -> str:
    """Say which kind was found in which file, and why."""
    found = find_changelog(repository(root, files, *messages, toml=toml))
    return f"{found.kind} {found.place(NEXT, DAY)}: {found.why.removeprefix('detected: ')}"


@pytest.mark.parametrize(
    ("files", "messages", "toml", "expected"),
    [
        ({"CHANGELOG.md": KEEP}, FEAT, TOWNCRIER, "towncrier NEWS.rst: [tool.towncrier] in pyproject.toml"),
        ({"towncrier.toml": TOWNCRIER}, FEAT, "", "towncrier NEWS.rst: [tool.towncrier] in towncrier.toml"),
        ({}, FEAT, "[tool.scriv]\n", "scriv CHANGELOG.rst: [tool.scriv] in pyproject.toml"),
        ({"setup.cfg": "[tool:scriv]\nformat = md\n"}, FEAT, "", "scriv CHANGELOG.md: setup.cfg"),
        ({"tox.ini": "[scriv]\nchangelog = HISTORY.md\n"}, FEAT, "", "scriv HISTORY.md: tox.ini"),
        ({"changelog.d/scriv.ini": "[scriv]\nformat = md\n"}, FEAT, "", "scriv CHANGELOG.md: changelog.d/scriv.ini"),
        (
            {"changelog.d/20260101_101010_me.md": "### Added\n\n- a\n", "CHANGELOG.md": HAND},
            WORDS,
            "",
            "scriv CHANGELOG.md: changelog.d/20260101_101010_me.md",
        ),
        (
            {"CHANGELOG.md": HAND},
            WORDS,
            "[tool.semantic_release]\n",
            "conventional CHANGELOG.md: [tool.semantic_release] in pyproject.toml",
        ),
        (
            {"setup.cfg": "[semantic_release]\n"},
            WORDS,
            "",
            "conventional CHANGELOG.md: [semantic_release] in setup.cfg",
        ),
        ({"cliff.toml": "", "CHANGELOG.md": KEEP}, WORDS, "", "conventional CHANGELOG.md: cliff.toml"),
        ({}, WORDS, "[tool.git-cliff.changelog]\n", "conventional CHANGELOG.md: [tool.git-cliff] in pyproject.toml"),
        ({"release-please-config.json": "{}"}, WORDS, "", "conventional CHANGELOG.md: release-please-config.json"),
        (
            {".github/release-please-config.json": "{}", "CHANGELOG.md": HAND},
            WORDS,
            "",
            "conventional CHANGELOG.md: .github/release-please-config.json",
        ),
        (
            {".github/release-please.yml": "releaseType: python\n", "CHANGELOG.md": HAND},
            WORDS,
            "",
            "conventional CHANGELOG.md: .github/release-please.yml",
        ),
        ({".chglog/config.yml": "", "CHANGELOG.md": KEEP}, WORDS, "", "conventional CHANGELOG.md: .chglog/config.yml"),
        (
            {".github/workflows/release.yml": ACTION, "CHANGELOG.md": HAND},
            WORDS,
            "",
            "conventional CHANGELOG.md: release-please-action in .github/workflows/release.yml",
        ),
        (
            {".github/workflows/release.yml": f"# {ACTION.splitlines()[3]}"},
            FEAT,
            "",
            "conventional CHANGELOG.md: 2 of the last 2 commits",
        ),
        (
            {"CHANGELOG.md": HAND},
            WORDS,
            "[tool.commitizen]\n",
            "conventional CHANGELOG.md: [tool.commitizen] in pyproject.toml",
        ),
        ({".cz.toml": "[tool.commitizen]\n"}, WORDS, "", "conventional CHANGELOG.md: .cz.toml"),
        (
            {"CHANGELOG.md": KEEP},
            FEAT,
            "[tool.commitizen]\n",
            "keep-a-changelog CHANGELOG.md: '[Unreleased]' in CHANGELOG.md",
        ),
        ({"CHANGELOG.md": KEEP}, FEAT, "", "keep-a-changelog CHANGELOG.md: '[Unreleased]' in CHANGELOG.md"),
        ({"CHANGELOG.md": EMPTY}, FEAT, "", "conventional CHANGELOG.md: 2 of the last 2 commits"),
        ({"CHANGELOG.md": EMPTY}, WORDS, "", "keep-a-changelog CHANGELOG.md: '[Unreleased]' in CHANGELOG.md"),
        ({"CHANGELOG.md": NEW}, FEAT, "", "keep-a-changelog CHANGELOG.md: '[Unreleased]' in CHANGELOG.md"),
        ({"CHANGES.rst": RST}, FEAT, "", "headings CHANGES.rst: '1.3 (unreleased)' in CHANGES.rst"),
        ({"CHANGELOG.md": HAND}, FEAT, "", "headings CHANGELOG.md: '1.2.4 (2026-01-01)' in CHANGELOG.md"),
        ({"CHANGELOG.md": HAND}, WORDS, "", "headings CHANGELOG.md: '1.2.4 (2026-01-01)' in CHANGELOG.md"),
        ({"CHANGELOG.md": MADE}, FEAT, "", "conventional CHANGELOG.md: 2 of the last 2 commits"),
        ({"CHANGELOG.md": MADE}, WORDS, "", "headings CHANGELOG.md: '1.2.4 (2026-01-01)' in CHANGELOG.md"),
        (
            {},
            ("Start", "feat: a", "docs: b", "Release acme 1.2.4 (#3)"),
            "",
            "conventional CHANGELOG.md: 2 of the last 3 commits",
        ),
        ({}, ("Start", "feat: a"), "", "conventional CHANGELOG.md: 1 of the last 2 commits"),
        ({}, ("Start", "Go on", "feat: a"), "", "none : no file, and no convention"),
        ({}, ("parser: mend it", "lexer: mend it"), "", "none : no file, and no convention"),
        ({"CHANGES.txt": "1.2.4, 2026-01-01 -- Old.\n"}, WORDS, "", "headings CHANGES.txt: CHANGES.txt"),
        (
            {"docs/history/acme.md": f"{HAND}{OLDER}"},
            WORDS,
            "",
            "headings docs/history/acme.md: '1.2.4 (2026-01-01)' in docs/history/acme.md",
        ),
        (
            {
                "sites/www/changelog.rst": "Changelog\n=========\n"
                + "".join(f"- :release:`1.{n}.0 <x>`\n" for n in "210")
            },
            WORDS,
            "",
            "releases sites/www/changelog.rst: ':release:' in sites/www/changelog.rst",
        ),
        (
            {"docs/releases/index.txt": "All\n", **{f"docs/releases/1.2.{n}.txt": "a\n" for n in "234"}},
            WORDS,
            "",
            "headings docs/releases/1.3.0.txt: docs/releases has a file for each version, the newest for 1.2.4",
        ),
        (
            {"docs/whatsnew/version1.rst": f"{HAND}{OLDER}", "docs/whatsnew/version2.rst": "2.0\n---\n\n- New.\n"},
            WORDS,
            "",
            "headings docs/whatsnew/version2.rst: '2.0' in docs/whatsnew/version2.rst",
        ),
        (
            {"docs/releases/1.0.txt": "a\n", "docs/whatever.md": f"{HAND}{OLDER}"},
            WORDS,
            "",
            "none : no file, and no convention",
        ),
        ({"CHANGELOG.md": "All is told elsewhere.\n"}, WORDS, "", "none : no file, and no convention"),
    ],
)
def test_the_kind_is_detected(
    tmp_path: Path, files: dict[str, str], messages: tuple[str, ...], toml: str, expected: str
) -> None:
    assert kind(tmp_path, files, messages, toml) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("conventional", "conventional CHANGELOG.md"),
        ("keep-a-changelog", "keep-a-changelog CHANGELOG.md"),
        ("headings", "headings CHANGELOG.md"),
        ("scriv", "scriv CHANGELOG.rst"),
        ("none", "none "),
    ],
)
def test_the_kind_can_be_set(tmp_path: Path, wanted: str, expected: str) -> None:
    toml = f'{TOWNCRIER}[tool.shipway]\nchangelog = "{wanted}"\n'
    assert kind(tmp_path, {"CHANGELOG.md": HAND}, WORDS, toml).startswith(f"{expected}: ")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('changelog = "towncrier"', "towncrier is not configured"),
        ('changelog = "keep-a-changelog"', "there is no such file"),
        ('changelog-file = "NEWS.md"', "changelog-file is NEWS.md"),
        ('changelog = "hand"', "changelog takes one of"),
    ],
)
def test_what_is_set_and_not_there_is_told(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        kind(tmp_path, {}, WORDS, f"[tool.shipway]\n{toml}\n")


def test_the_file_with_the_newest_version_is_the_changelog(tmp_path: Path) -> None:
    newer = HAND.replace("1.2.4", "1.2.5")
    files = {"HISTORY.md": HAND, "docs/release-notes.md": newer, "docs/changelog.rst": ".. include:: ../HISTORY.md\n"}
    assert kind(tmp_path, files).startswith("headings docs/release-notes.md: ")


@pytest.mark.parametrize(
    "name", ["Changes", "NEWS.txt", "ReleaseNotes.md", "RELEASE_NOTES.rst", "doc/source/whatsnew.rst"]
)
def test_a_changelog_has_one_of_many_names(tmp_path: Path, name: str) -> None:
    assert kind(tmp_path, {name: RST}).startswith(f"headings {name}: ")


@pytest.mark.parametrize(
    ("version", "news", "expected"),
    [
        ("1.3.0.dev1", "RST", "headings docs/news.rst"),
        ("1.2.4", "RST", "headings docs/news.rst"),
        ("7.0.1", "RST", "conventional CHANGELOG.md"),
        ("1.3.0.dev1", "", "conventional CHANGELOG.md"),
    ],
)
def test_a_distribution_without_a_changelog_shares_the_one_that_tells_of_its_version(
    tmp_path: Path, version: str, news: str, expected: str
) -> None:
    own = {"one/pyproject.toml": f'[project]\nname = "one"\nversion = "{version}"\n'}
    opened = repository(tmp_path, {**own, "docs/news.rst": {"RST": RST}.get(news, "Nothing.\n")}, *FEAT)
    found = find_changelog(Git(tmp_path / "one", opened.processes), tmp_path)
    assert f"{found.kind} {found.place(NEXT, DAY)}" == expected


ENDED = "1.3.0 and newer\n---------------\n\nElsewhere.\n\n"
WAITING = "2.0 (unreleased)\n----------------\n\n- A.\n\n"
DATED = "1.2.4 (2026-01-01)\n------------------\n\n- Old.\n"


def releases(*names: str) -> dict[str, str]:
    return {f"docs/releasenotes/{name}.rst": f"{name}\n=====\n\n- New.\n" for name in names}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"CHANGES.rst": DATED.replace("1.2.4", "1.2.3"), **releases("1.2.2", "1.2.3", "1.2.4")}, "docs/releasenotes"),
        ({"CHANGES.rst": f"{ENDED}{DATED}", **releases("1.2.3", "1.2.4")}, "docs/releasenotes"),
        ({"CHANGES.rst": DATED, **releases("1.2.2", "1.2.3", "1.2.4")}, "headings CHANGES.rst"),
        ({"CHANGES.rst": DATED.replace("1.2.4", "1.2.3"), **releases("1.1", "1.2", "1.3")}, "headings CHANGES.rst"),
        ({"CHANGES.rst": f"{WAITING}{DATED}", **releases("1.2.3", "1.2.4")}, "headings CHANGES.rst"),
    ],
)
def test_a_folder_takes_over_from_a_file_that_lacks_the_last_release(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    opened = repository(tmp_path, files)
    commit(tmp_path, releases("1.3.0"))
    found = find_changelog(opened)
    assert expected in f"{found.kind} {found.place(NEXT, DAY)}"


def test_a_file_can_be_named(tmp_path: Path) -> None:
    toml = '[tool.shipway]\nchangelog-file = "notes/all.md"\n'
    found = kind(tmp_path, {"CHANGELOG.md": KEEP, "notes/all.md": HAND}, WORDS, toml)
    assert found.startswith("headings notes/all.md: ")


def test_a_project_of_setup_py_alone_has_a_kind_too(tmp_path: Path) -> None:
    opened = repository(tmp_path, {"setup.py": "", "CHANGES.txt": RST})
    (tmp_path / "pyproject.toml").unlink()
    assert find_changelog(opened).kind == "headings"


def test_bytes_that_are_no_text_are_no_trouble(tmp_path: Path) -> None:
    opened = repository(tmp_path, {})
    (tmp_path / "CHANGES.txt").write_bytes(b"1.2.4\n-----\n\n- Caf\xe9 \x81\n")
    (tmp_path / "NEWS").write_bytes(b"\0\1\2")
    found = find_changelog(opened)
    assert found.place(NEXT, DAY) == "CHANGES.txt"
