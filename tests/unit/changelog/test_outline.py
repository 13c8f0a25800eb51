"""Finding the sections of a changelog in its many styles, and which of them is not out yet."""

from __future__ import annotations

import pytest

from shipway.changelog.headings import announced_version
from shipway.changelog.marks import names_next, render_day
from shipway.changelog.outline import outline

KEEP = (
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n"
    "## [1.2.4] - 2026-01-05\n\n- Old.\n\n[1.2.4]: https://h/x\n"
)
ZEST = (
    "Changelog\n=========\n\n1.3.0 (unreleased)\n------------------\n\n"
    "- Nothing changed yet.\n\n1.2 (2020-01-01)\n-----\n\n- a\n"
)
PALLETS = (
    "Version 1.3.0\n-------------\n\nUnreleased\n\n- b\n\nVersion 1.2\n-----------\n\nReleased 2020-01-01\n\n- a\n"
)
REQUESTS = (
    "Release History\n===============\n\ndev\n---\n\n- b\n\n2.32.3 (2024-05-29)\n"
    "-------------------\n\n**Bugfixes**\n- a\n"
)
MOCK = "Releases\n========\n\n3.18.0\n------\n\n*UNRELEASED*\n\n* a\n\n3.17.0\n------\n\n*2026-10-17*\n\n* b\n"
TIANGOLO = "# Release Notes\n\n## Latest Changes\n\n### Fixes\n\n* a\n\n## 0.1.0 (2026-01-02)\n\n* b"
OVERLINED = (
    "####################\n 1.6.1 (2026-09-10)\n####################\n\n**********\n Bugfixes\n**********\n\n- a\n"
)
NAMED = "# acme 2\n\n## Changes in 1.1\n\n- a\n\n## Changes in 1.0\n\n- b\n"
TOP = (
    "Changes for v3.7.2 (2026-08-05)\n===============================\n\na\n\n"
    "Changes for v1.4.1\n==================\n\n- b\n"
)
DEEPER = "# 2.0.0 (2026-01-01)\n\n- c\n\n## 1.1.1 (2025-01-01)\n\n- b\n\n# 1.1.0 (2024-01-01)\n\n- a\n"
TILDES = (
    "Changelog\n=========\n\n.. _v2-0-0:\n\n2.0.0 - `main`_\n~~~~~~~~~~~~~~~\n\n"
    ".. note:: This version is not yet released and is under active development.\n\n* b\n\n"
    "1.0.0 - 2026-01-01\n~~~~~~~~~~~~~~~~~~\n\n* a\n"
)
BARE = "Version 2.0.0 released 2026-01-02\n\n* b\n\nVersion 1.0.0 released 2026-01-01\n\n* a\n"
BOLD = "Versions\n========\n\n**UNRELEASED**\n\n- c\n\n**2.0.0**\n\n- b\n\n**1.0.0 (2026-01-01)**\n\n- a\n"
MIXED = (
    "See the commits.\n\n6.0.1 (2023-07-18)\n\n* b\n\n5.2 (2019-12-02)\n----------------\n\n1.0 is old.\n\n1.1\n\n* a\n"
)
MENDED = (
    "# Notes\n\n## Next Release\n\n## Acme 2.4\n\n- c\n\n### Support for Acme 2.5 (soon)\n\n- c\n\n### Acme 2.4.1\n\n"
    "- b\n\n### Plug-ins 2.4.2\n\n- c\n\n## Acme 2.3\n\n- a\n"
)
JOINED = "acme-tools-1.1.0 (2026-01-02)\n\n  * b\n\nacme-tools-1.0.0 (2026-01-01)\n\n"
SLIPPED = "# Log\n\n## Unreleased\n\n## Added\n\n- b\n\n### Fixed\n\n- c\n\n## 1.0.0\n\n## Fixed\n\n- a\n\n## About\n"
FENCED = "# Changelog\n\n## 1.0.0\n\nText:\n~~~~\n## 0.9.0\n~~~~\n"
GATHERED = "# Changes\n\n## 26\n\n### 26.1.0\n\n- c\n\n### 26.0.0\n\n- b\n\n## 25\n\n### 25.1.0\n\n- a\n"
CURRENT = (
    "Future releases\n---------------\n\nAcme 1.2 (unreleased)\n^^^^^^^^^^^^^^^^^^^^^\n\n- c\n\n"
    "Current release\n---------------\n\nAcme 1.1.1\n^^^^^^^^^^\n\n- b\n\nAcme 1.1\n^^^^^^^^\n\n- a\n"
)
NO_GROUP = "# Changes\n\n## Unreleased\n\n### Support for Python 3.14\n\n- b\n\n## 1.0.0\n\n- a\n"
EMPTY = (
    "# Changelog\n\n## Unreleased\n\n<!-- PR authors:\n     add below -->\n\n"
    "### Stable style\n\n<!-- here -->\n\n### Preview\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KEEP, "None+, 1.2.4"),
        (GATHERED, "26.1.0, 26.0.0, 25.1.0"),
        (CURRENT, "1.2+, 1.1.1, 1.1"),
        (NO_GROUP, "None+, 1.0.0"),
        (ZEST, "1.3.0+-, 1.2"),
        (PALLETS, "1.3.0+, 1.2"),
        (REQUESTS, "None+, 2.32.3"),
        (MOCK, "3.18.0+, 3.17.0"),
        (TIANGOLO, "None+, 0.1.0"),
        (OVERLINED, "1.6.1"),
        (NAMED, "1.1, 1.0"),
        (TOP, "3.7.2, 1.4.1"),
        (DEEPER, "2.0.0, 1.1.1, 1.1.0"),
        (EMPTY, "None+-"),
        (TILDES, "2.0.0+, 1.0.0"),
        (BARE, "2.0.0, 1.0.0"),
        (BOLD, "None+, 2.0.0, 1.0.0"),
        (MIXED, "6.0.1, 5.2"),
        (FENCED, "1.0.0"),
        (MENDED, "None+-, 2.4, 2.4.1, 2.3"),
        (JOINED, "1.1.0, 1.0.0-"),
        (SLIPPED, "None+, 1.0.0"),
        ("# Changelog\n\nNothing here.\n", ""),
        ("\ufeff## 1.0.0\n\n- a\n", "1.0.0"),
        ("## 1.0.0.dev0\n\n- a\n", "1.0.0.dev0+"),
        ("## 1.0.0\n\n## Next steps for everybody\n\n- a\n", "1.0.0-"),
        ("", ""),
    ],
)
def test_sections_are_found_and_those_that_are_not_out_or_empty_are_marked(text: str, expected: str) -> None:
    for ending in ("\n", "\r\n"):
        found = outline(text.replace("\n", ending))
        shown = (f"{one.version}{'+' * one.marked}{'-' * one.is_empty}" for one in found)
        assert ", ".join(shown) == expected


def test_a_section_has_its_text_without_what_stands_around_it() -> None:
    assert [one.text for one in outline(KEEP)] == ["### Added\n\n- New.", "- Old."]


@pytest.mark.parametrize(
    "title",
    [
        "Unreleased",
        "[Unreleased]",
        "[Unreleased](https://h/compare/1...HEAD)",
        "Unreleased_",
        "`Unreleased`_",
        "(unreleased)",
        "UNRELEASED CHANGES",
        "Unreleased - YYYY-MM-DD",
        "Upcoming",
        "Upcoming release",
        "Next",
        "Next version",
        "HEAD",
        "master",
        "main",
        "dev",
        "Development version",
        "In development",
        "Current (in development)",
        "vNext",
        "x.y.z",
        "TBD",
        "Not released yet",
        "Latest Changes",
        "Changes in the next release",
        "1.x (unreleased)",
    ],
)
def test_what_is_not_released_has_many_names(title: str) -> None:
    assert names_next(title)


@pytest.mark.parametrize(
    "title", ["Added", "Next steps", "Development guide", "Maintainers", "Header", "Mainly fixes", "1.x", ""]
)
def test_other_headings_are_none_of_them(title: str) -> None:
    assert not names_next(title)


@pytest.mark.parametrize(
    ("title", "version", "is_out"),
    [
        ("1.2.3 (unreleased)", "1.2.3", False),
        ("1.2.3 - Unreleased", "1.2.3", False),
        ("1.2.3 unreleased", "1.2.3", False),
        ("[1.2.3] - TBD", "1.2.3", False),
        ("1.2.3 (YYYY-MM-DD)", "1.2.3", False),
        ("1.2.3 (2026-XX-XX)", "1.2.3", False),
        ("Release 8.1.0 (in development)", "8.1.0", False),
        ("1.2.3 (dev)", "1.2.3", False),
        ("1.2.3 (2026-01-01)", "1.2.3", True),
        ("1.2.3 (2026-01-01) - Development tools", "1.2.3", True),
        ("1.2.3 (January 1st, 2026)", "1.2.3", True),
        ("1.2.3 released on 2026-01-01", "1.2.3", True),
        ("1.2.3 - 01.02.2026", "1.2.3", True),
        ("`1.2.3`_ - 2026-01-01", "1.2.3", True),
        ("**1.2.3** *(2026-01-01)*", "1.2.3", True),
        ('1.2.3 <small>January 1, 2026</small> { id="1.2.3" }', "1.2.3", True),
        ("[1.2.3](https://h/x) - 2026-01-01 ## {: #acme-v1.2.3 }", "1.2.3", True),
        ("acme-tools-v1.2.3 (2026-01-01)", "1.2.3", True),
        ("acme-tools-1.2.3 (unreleased)", "1.2.3", False),
        ("UTF-8 (2026-01-01)", None, True),
        ("v1.2.3 :tada:", None, True),
    ],
)
def test_a_title_says_its_version_and_whether_that_is_out(title: str, version: str | None, is_out: bool) -> None:
    found = announced_version(title)
    assert (str(found.version) if found else None) == version
    if version is not None:
        assert [one.marked for one in outline(f"# Changelog\n\n## {title}\n\n- a\n")] == [not is_out]


@pytest.mark.parametrize(
    ("like", "expected"),
    [
        ("2025-12-31", "2026-11-05"),
        ("2025.1.2", "2026.11.5"),
        ("2025/01/02", "2026/11/05"),
        ("31.12.2025", "05.11.2026"),
        ("1/2/2025", "11/5/2026"),
        ("31/12/2025", "05/11/2026"),
        ("1 January 2025", "5 November 2026"),
        ("01 Jan 2025", "05 Nov 2026"),
        ("January 1, 2025", "November 5, 2026"),
        ("Jan. 1st, 2025", "Nov. 5th, 2026"),
        ("1-Jan-2025", "5-Nov-2026"),
        ("6th December, 2024", "5th November, 2026"),
        ("anything", "2026-11-05"),
    ],
)
def test_a_day_is_spelled_as_another_one(like: str, expected: str) -> None:
    from datetime import date

    assert render_day(like, date(2026, 11, 5)) == expected


def test_a_title_above_the_titles_of_versions_is_none_of_them() -> None:
    grouped = (
        "Notes\n=====\n\nFuture releases\n---------------\n\nAcme 1.3 (unreleased)\n^^^^^^^^^^^^^^^^^^^^^\n\n- b\n\n"
        "Current release\n---------------\n\nAcme 1.2.4\n^^^^^^^^^^\n\n- a\n"
    )
    assert [(str(one.version), one.marked, one.text) for one in outline(grouped)] == [
        ("1.3", True, "- b"),
        ("1.2.4", False, "- a"),
    ]
    lone = "# Changes\n\n## Unreleased\n\n### Python 3.8\n\n- Dropped.\n\n## 1.2.4\n\n- a\n"
    assert [one.version is None for one in outline(lone)] == [True, False]
