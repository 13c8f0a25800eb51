"""What people wrote, entry by entry: its level by headings, kinds of fragments, and words that say that it breaks."""

from __future__ import annotations

import pytest

from shipway.changelog.content import find_entries
from shipway.changelog.kinds import level_of, level_of_heading
from shipway.changelog.outline import outline
from shipway.changelog.traces import is_made_from_commits


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("### Added\n\n- a\n\n### Fixed\n\n* b\n  more\n  - inner\n* c", ["a:minor", "b:patch", "c:patch"]),
        ("### Removed\n\n- The old way.", ["The old way.:major"]),
        ("### Removed\n\n- Python 3.8 support.", ["Python 3.8 support.:minor"]),
        ("### Fixed\n\n- **BREAKING**: no more x", ["**BREAKING**: no more x:major"]),
        ("- a, backwards incompatible", ["a, backwards incompatible:major"]),
        ("### Breaking Changes\n\n- Python 2 is gone", ["Python 2 is gone:major"]),
        ("Features\n--------\n\n- a", ["a:minor"]),
        ("**Bugfixes**\n- a\n\nNew:\n\n- b", ["a:patch", "b:minor"]),
        ("***Added:***\n\n- a\n\n***Fixed:***\n\n- b", ["a:minor", "b:patch"]),
        ("- a\n- b", ["a:", "b:"]),
        ("- Fixed: a\n- **Added**: b", ["Fixed: a:patch", "**Added**: b:minor"]),
        ("- Fix a\n- Adds b", ["Fix a:patch", "Adds b:minor"]),
        ("- Fix: a\n- b", ["Fix: a:", "b:"]),
        ("Only words.\n\nAnd more.", ["Only words.:", "And more.:"]),
        ("### Fixed\n\n- Nothing changed yet.\n<!--\n- b\n-->", []),
        ("", []),
    ],
)
def test_entries_have_the_level_of_what_they_stand_under(notes: str, expected: list[str]) -> None:
    assert [f"{one.text}:{one.level}" for one in find_entries(notes)] == expected


@pytest.mark.parametrize(
    ("word", "heading", "level"),
    [
        ("breaking", "", "major"),
        ("removal", "Deprecations and Removals", "major"),
        ("incompat", "Backwards-incompatible changes", "major"),
        ("major", "", "major"),
        ("feature", "Features", "minor"),
        ("added", "", "minor"),
        ("changed", "", "minor"),
        ("deprecation", "Deprecations (removal in next major release)", "minor"),
        ("enhancement", "", "minor"),
        ("bugfix", "Bugfixes", "patch"),
        ("fixed", "", "patch"),
        ("doc", "Improved Documentation", "patch"),
        ("misc", "Misc", "patch"),
        ("security", "", "patch"),
        ("1", "New features", "minor"),
        ("x", "Y", "patch"),
    ],
)
def test_a_kind_of_fragment_has_a_level(word: str, heading: str, level: str) -> None:
    assert level_of(word, heading) == level


def test_a_heading_that_says_nothing_has_no_level() -> None:
    assert level_of_heading("Contributors") in {"", "patch"}
    assert level_of_heading("Highlights") == ""


@pytest.mark.parametrize(
    ("section", "is_made"),
    [
        ("### Features\n\n* a ([abc1234](https://h.invalid/o/r/commit/abc1234))", True),
        ("### Added\n\n- a (abc1234)\n- b (1234abc)", True),
        ("### Feat\n\n- **cli**: a\n\n### Fix\n\n- b", True),
        ("### \U0001f680 Features\n\n- a\n\n### \u2699\ufe0f Miscellaneous Tasks\n\n- b", True),
        ("### Added\n\n- a\n\n### Fixed\n\n- b", False),
        ("- a (#12)\n- b (decade)\n- c [facade]", False),
        ("", False),
    ],
)
def test_sections_that_a_program_made_of_commits_show_it(section: str, is_made: bool) -> None:
    assert is_made_from_commits(outline(f"# Changelog\n\n## 1.2.0\n\n{section}\n")) is is_made
