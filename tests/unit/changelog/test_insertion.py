"""Where a version's section goes, what its title looks like, and that nothing else is touched."""

from __future__ import annotations

from datetime import date

import pytest
from packaging.version import Version

from shipway.changelog.insertion import NEW, find_spot, insert_section
from shipway.changelog.sections import find_section

DAY = date(2026, 11, 22)
NEXT = Version("1.3.0")
NOTES = "### Added\n\n- turn (abc1234)"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("## 1.2.4 (2026-01-01)", "## 1.3.0 (2026-11-22)"),
        ("## [1.2.4] - 2026-01-01", "## [1.3.0] - 2026-11-22"),
        ("## [1.2.4](https://h.invalid/a...b) (2026-01-01)", "## [1.3.0] (2026-11-22)"),
        ("## [v1.2.4][1.2.4] - 2026-01-01 [YANKED]", "## [v1.3.0] - 2026-11-22"),
        ("# v1.2.4", "# v1.3.0"),
        ("### Version 1.2.4 - 1 January 2026", "### Version 1.3.0 - 22 November 2026"),
        ("## acme 1.2.4 (2026-01-01)", "## acme 1.3.0 (2026-11-22)"),
        ("## **1.2.4** (2026-01-01) ##", "## **1.3.0** (2026-11-22)"),
        ("## 1.2.4 - The old one", "## 1.3.0"),
        ("1.2.4 (2026-01-01)\n------------------", "1.3.0 (2026-11-22)\n------------------"),
    ],
)
def test_a_title_looks_like_the_one_before(title: str, expected: str) -> None:
    before = f"# Changelog\n\n{title}\n\n- Old.\n" if not title.startswith("# ") else f"{title}\n\n- Old.\n"
    notes = NOTES.replace("###", "#" * find_spot(before).level_inside)
    after = insert_section(before, NEXT, DAY, notes)
    assert after == before.replace(title, f"{expected}\n\n{notes}\n\n{title}")
    assert find_section(after, NEXT) == notes


HEAD = "# Changelog\n\nAll of it.\n\n"
UNRELEASED = "## [Unreleased]\n\n- By hand.\n\n"
OLD = "## [1.2.4] - 2026-01-01\n\n- Old.\n"
LINKS = "\n[unreleased]: https://h.invalid\n[1.2.4]: https://h.invalid\n"
SECTION = f"## [1.3.0] - 2026-11-22\n\n{NOTES}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NEW, f"{NEW}\n{SECTION}"),
        ("", SECTION),
        ("# Changelog", f"# Changelog\n\n{SECTION}"),
        (f"{HEAD}{OLD}{LINKS}", f"{HEAD}{SECTION}\n{OLD}{LINKS}"),
        (f"{HEAD}{UNRELEASED}{OLD}", f"{HEAD}{UNRELEASED}{SECTION}\n{OLD}"),
        (f"{HEAD}{UNRELEASED[:-1]}{LINKS}", f"{HEAD}{UNRELEASED}{SECTION}{LINKS}"),
        (f"{HEAD}{UNRELEASED}## Before\n\nx\n", f"{HEAD}{UNRELEASED}{SECTION}\n## Before\n\nx\n"),
        (f"{HEAD}<!-- version list -->\n", f"{HEAD}<!-- version list -->\n\n{SECTION}"),
        (f"{HEAD}<!-- insertion marker -->\nx\n", f"{HEAD}<!-- insertion marker -->\nx\n\n{SECTION}"),
        (f"# acme 2\n\n{OLD}", f"# acme 2\n\n{SECTION}\n{OLD}"),
        (f"{HEAD}```\n## 1.0\n```\n", f"{HEAD}```\n## 1.0\n```\n\n{SECTION}"),
    ],
)
def test_a_section_goes_above_the_versions_and_below_what_is_unreleased(before: str, after: str) -> None:
    assert insert_section(before, NEXT, DAY, NOTES) == after
    assert insert_section(before.replace("\n", "\r\n"), NEXT, DAY, NOTES) == (
        after.replace("\n", "\r\n") if "\n" in before else after
    )
    assert find_section(after, NEXT) == NOTES


@pytest.mark.parametrize(("title", "level"), [("# 1.2.4", 3), ("## 1.2.4", 3), ("### 1.2.4", 4), ("###### 1.2.4", 6)])
def test_headings_inside_are_deeper_than_the_title(title: str, level: int) -> None:
    assert find_spot(f"{title}\n\n- Old.\n").level_inside == level
