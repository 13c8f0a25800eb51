"""What people wrote becomes a version's section: title, day and links change, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from packaging.version import Version

from shipway.changelog.outline import outline
from shipway.changelog.promotion import find_waiting, find_written, promote
from shipway.changelog.sections import find_section

DAY, NEXT = date(2026, 11, 22), Version("1.3.0")
H = "https://h.invalid/o/r/compare"


LINKED = f"`Unreleased <{H}/1.2.0...HEAD>`__"
LINKED_OLD, LINKED_NEW = f"`v1.2.0 <{H}/1.1.0...1.2.0>`__", f"`v1.3.0 <{H}/1.2.0...1.3.0>`__"


def promoted(text: str, version: Version = NEXT) -> str:
    section = find_written(outline(text), version)
    assert section is not None
    return promote(text, section, version, DAY)


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        pytest.param(
            f"# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n## [1.2.4] - 2026-01-05\n\n- Old.\n\n"
            f"[Unreleased]: {H}/v1.2.4...HEAD\n[1.2.4]: {H}/v1.2.3...v1.2.4\n",
            [
                ("## [Unreleased]\n", "## [Unreleased]\n\n## [1.3.0] - 2026-11-22\n"),
                (f"{H}/v1.2.4...HEAD\n", f"{H}/v1.3.0...HEAD\n[1.3.0]: {H}/v1.2.4...v1.3.0\n"),
            ],
            id="Keep a Changelog",
        ),
        pytest.param(
            "## Unreleased\n- New.\n\n## v1.2.4 / 2026-01-05\n- Old.\n\n[v1.2.4]: https://h.invalid/tag/v1.2.4\n",
            [("## Unreleased\n", "## Unreleased\n\n## v1.3.0 / 2026-11-22\n")],
            id="without brackets",
        ),
        pytest.param(
            "## [Unreleased]\n- New.\n\n## [v1.2.4] - 5 Jan 2026\n- Old.\n\n[v1.2.4]: https://h.invalid/tag/v1.2.4\n",
            [
                ("## [Unreleased]\n", "## [Unreleased]\n\n## [v1.3.0] - 22 Nov 2026\n"),
                ("[v1.2.4]: https", "[v1.3.0]: https://h.invalid/tag/v1.3.0\n[v1.2.4]: https"),
            ],
            id="links to tags",
        ),
        pytest.param(
            f"## [Unreleased]({H}/1.2.4...HEAD)\n\n- New.\n\n## [1.2.4]({H}/1.2.3...1.2.4) - 2026-01-05\n\n- Old.\n",
            [
                (
                    f"## [Unreleased]({H}/1.2.4...HEAD)\n",
                    f"## [Unreleased]({H}/1.3.0...HEAD)\n\n## [1.3.0]({H}/1.2.4...1.3.0) - 2026-11-22\n",
                )
            ],
            id="links in titles",
        ),
        pytest.param(
            (
                "Changelog\n=========\n\n1.3.0 (unreleased)\n------------------\n\n- b\n\n\n"
                "1.2 (2020-01-01)\n----------------\n"
            ),
            [("(unreleased)", "(2026-11-22)")],
            id="zest.releaser",
        ),
        pytest.param(
            (
                "Version 1.3.0\n-------------\n\nUnreleased\n\n- b\n\nVersion 1.2\n-----------\n\n"
                "Released 2020-01-01\n\n- a\n"
            ),
            [("Unreleased", "Released 2026-11-22")],
            id="a line below the title",
        ),
        pytest.param(
            "UNRELEASED\n----------\n\n* a\n\n3.17.0\n------\n\n*2026-10-17*\n\n* b\n",
            [("UNRELEASED\n----------\n", "UNRELEASED\n----------\n\n1.3.0\n-----\n\n*2026-11-22*\n")],
            id="a line that the others have",
        ),
        pytest.param(
            "####################\n Unreleased\n####################\n\n- a\n\n"
            "####################\n 1.6.1 (2026-09-10)\n####################\n\n- b\n",
            [
                (
                    " Unreleased\n####################\n",
                    " Unreleased\n####################\n\n"
                    "####################\n 1.3.0 (2026-11-22)\n####################\n",
                )
            ],
            id="lines above and below",
        ),
        pytest.param(
            f"Unreleased_\n-----------\n\n- a\n\n`1.2.0`_ - 2024-01-02\n---------------------\n\n- b\n\n"
            f".. _Unreleased: {H}/v1.2.0...HEAD\n.. _1.2.0: {H}/v1.1.0...v1.2.0\n",
            [
                (
                    "Unreleased_\n-----------\n",
                    "Unreleased_\n-----------\n\n`1.3.0`_ - 2026-11-22\n---------------------\n",
                ),
                (f"{H}/v1.2.0...HEAD\n", f"{H}/v1.3.0...HEAD\n.. _1.3.0: {H}/v1.2.0...v1.3.0\n"),
            ],
            id="links of reStructuredText",
        ),
        pytest.param(
            "# Changelog\n\n## [Unreleased]\n\n- a",
            [("## [Unreleased]\n", "## [Unreleased]\n\n## [1.3.0] - 2026-11-22\n")],
            id="the first version",
        ),
        pytest.param(
            "Changelog\n=========\n\nUnreleased\n----------\n\n- a\n",
            [("----------\n", "----------\n\n1.3.0 (2026-11-22)\n------------------\n")],
            id="the first version of reStructuredText",
        ),
        pytest.param(
            "1.3.0 - `main`_\n~~~~~~~~~~~~~~~\n\n.. note:: This version is not yet released.\n\n- b\n\n"
            "1.2 - 2020-01-01\n~~~~~~~~~~~~~~~~\n\n- a\n",
            [
                ("1.3.0 - `main`_\n~~~~~~~~~~~~~~~\n\n", "1.3.0 - 2026-11-22\n~~~~~~~~~~~~~~~~~~\n\n"),
                (".. note:: This version is not yet released.\n\n", ""),
            ],
            id="a remark that it is not out",
        ),
        pytest.param(
            "**UNRELEASED**\n\n- b\n\n**1.2 (2020-01-01)**\n\n- a\n",
            [("**UNRELEASED**\n", "**UNRELEASED**\n\n**1.3.0 (2026-11-22)**\n")],
            id="titles in bold",
        ),
        pytest.param(
            '### Unreleased\n\n- b\n\n### 1.2.0 <small>January 2, 2024</small> { id="1.2.0" }\n\n- a\n',
            [("### Unreleased\n", '### Unreleased\n\n### 1.3.0 <small>November 22, 2026</small> { id="1.3.0" }\n')],
            id="tags and attributes",
        ),
        pytest.param(
            "# Log\n\n## Unreleased\n\n## Added\n\n- b\n\n## 1.2.0\n\n- a\n",
            [("## Unreleased\n", "## Unreleased\n\n## 1.3.0\n")],
            id="a heading as deep as the versions",
        ),
        pytest.param(
            "## Unreleased\n\n<!-- Name the\n     pull request -->\n\n### Style\n\n<!-- Of code -->\n\n- b\n\n"
            "### Parser\n\n<!-- Of files -->\n\n### Other\n\n- c\n\n## 1.2.0\n\n- a\n",
            [
                (
                    "## Unreleased\n\n<!-- Name the\n     pull request -->\n\n### Style\n\n<!-- Of code -->\n\n- b\n\n"
                    "### Parser\n\n<!-- Of files -->\n",
                    "## Unreleased\n\n<!-- Name the\n     pull request -->\n\n### Style\n\n<!-- Of code -->\n\n"
                    "### Parser\n\n<!-- Of files -->\n\n## 1.3.0\n\n### Style\n\n- b\n",
                )
            ],
            id="hints in comments stay",
        ),
        pytest.param(
            "dev\n---\n<!-- Of users -->\n- \\[Short description of non-trivial change.\\]\n- b\n\n"
            "1.2.0 (2020-01-01)\n------------------\n- a\n",
            [("change.\\]\n", "change.\\]\n\n1.3.0 (2026-11-22)\n------------------\n\n")],
            id="a placeholder stays",
        ),
        pytest.param(
            f"{LINKED}\n{'-' * len(LINKED)}\n\n- b\n\n{LINKED_OLD}\n{'-' * len(LINKED_OLD)}\n\n- a\n",
            [
                (
                    f"{LINKED}\n{'-' * len(LINKED)}\n",
                    f"{LINKED.replace('1.2.0', '1.3.0')}\n{'-' * len(LINKED)}\n\n"
                    f"{LINKED_NEW}\n{'-' * len(LINKED_OLD)}\n",
                )
            ],
            id="links in titles of reStructuredText",
        ),
        pytest.param(
            f"{LINKED}\n{'-' * len(LINKED)}\n\n- b\n\n`1.2.0 <{H}>`_ (2020-01-01)\n{'-' * 99}\n\n- a\n",
            [
                (
                    f"{LINKED}\n{'-' * len(LINKED)}\n",
                    f"{LINKED.replace('1.2.0', '1.3.0')}\n{'-' * len(LINKED)}\n\n1.3.0 (2026-11-22)\n{'-' * 18}\n",
                )
            ],
            id="a link that tells no version",
        ),
        pytest.param(
            "# Upcoming Release 1.3.0\n\n* b\n\n# Release 1.2.0\n\n* a\n",
            [("# Upcoming Release", "# Release")],
            id="a word before the version",
        ),
        pytest.param("# Upcoming Release 1.3.0\n\n* b\n", [("# Upcoming Release", "# Release")], id="the first of all"),
        pytest.param("## 1.4.0.dev0\n\n- a\n\n## 1.2\n\n- b\n", [("1.4.0.dev0", "1.3.0")], id="another version"),
        pytest.param("## 1.3.0 - 2026-11-20\n\n- a\n\n## 1.2 - 2020-01-01\n\n- b\n", [], id="written already"),
        pytest.param("## 1.3 (TBD)\n\n- a\n", [("1.3 (TBD)", "1.3 (2026-11-22)")], id="no other version"),
    ],
)
def test_only_title_day_and_links_change(before: str, changes: list[tuple[str, str]]) -> None:
    expected = before
    for old, new in changes:
        assert old in expected
        expected = expected.replace(old, new, 1)
    assert promoted(before) == expected
    if "\n" in before:
        assert promoted(before.replace("\n", "\r\n")) == expected.replace("\n", "\r\n")
    section = find_written(outline(before), NEXT)
    assert section is not None
    notes = find_section(expected, NEXT)
    assert notes is not None
    assert notes.endswith(section.text.rpartition("\n")[2])


def test_headings_without_entries_are_left_out_of_the_version() -> None:
    before = "## Unreleased\n\n### Added\n\n### Fixed\n\n- x\n\n### Security\n\n## 1.2 - 2020-01-01\n\n- b\n"
    assert promoted(before) == (
        "## Unreleased\n\n## 1.3.0 - 2026-11-22\n\n### Fixed\n\n- x\n\n## 1.2 - 2020-01-01\n\n- b\n"
    )
    ending = "## [Unreleased]\n\n### Fixed\n\n- x\n\n### Security\n\n[x]: https://h.invalid\n"
    assert promoted(ending).endswith("- x\n\n[x]: https://h.invalid\n")


def test_leading_zeros_stay() -> None:
    before = "## Unreleased\n\n- x\n\n## 26.04.0 (2026-04-01)\n\n- b\n"
    assert "## 26.05.0 (2026-11-22)\n" in promoted(before, Version("26.5.0"))


@pytest.mark.parametrize(
    ("text", "version", "found"),
    [
        ("## Unreleased\n\n- a\n\n## 1.2\n\n- b\n", "1.3.0", None),
        ("## Unreleased\n\n- a\n\n## 1.3.0 - 2026-01-01\n\n- b\n", "1.3.0", "1.3.0"),
        ("## 2.0 (unreleased)\n\n- a\n\n## 1.3.0 (unreleased)\n\n- b\n", "1.3", "1.3.0"),
        ("## 1.3.0 (unreleased)\n\n- a\n", "1.3.0rc1", "1.3.0"),
        ("## 1.3.0 (unreleased)\n\n- a\n", "1.2.5", "1.3.0"),
        ("## 1.4.0 - 2026-01-01\n\n- a\n", "1.3.0", "nothing"),
        ("## 1.2.0\n\n- a\n", "1.3.0", "nothing"),
        ("# Changelog\n", "1.3.0", "nothing"),
    ],
)
def test_the_section_of_a_version_is_its_own_else_what_waits(text: str, version: str, found: str | None) -> None:
    section = find_written(outline(text), Version(version))
    assert ("nothing" if section is None else section.version and str(section.version)) == found


def test_what_waits_are_entries_above_all_versions_else_the_first_section() -> None:
    assert (found := find_waiting(outline("## Unreleased\n\n## 1.2\n\n- a\n"))) is not None
    assert str(found.version) == "1.2"
    assert find_waiting([]) is None
