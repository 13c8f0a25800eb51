"""An entry is added under the heading for its kind; both are made where they are missing."""

from __future__ import annotations

import pytest

from shipway.changelog.adding import add_entry

OLD = "## [1.2.4] - 2026-01-01\n\n### Fixed\n\n- Old.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## [Unreleased]\n\n### Fixed\n\n- a\n\n" + OLD, "## [Unreleased]\n\n### Fixed\n\n- a\n- x (#7)\n\n" + OLD),
        (
            "## [Unreleased]\n\n### Added\n\n- a\n\n" + OLD,
            "## [Unreleased]\n\n### Added\n\n- a\n\n### Fixed\n\n- x (#7)\n\n" + OLD,
        ),
        ("## [Unreleased]\n\n" + OLD, "## [Unreleased]\n\n### Fixed\n\n- x (#7)\n\n" + OLD),
        ("## Unreleased\n\n- a\n\n" + OLD, "## Unreleased\n\n- a\n- x (#7)\n\n" + OLD),
        (OLD, "## [Unreleased]\n\n### Fixed\n\n- x (#7)\n\n" + OLD),
        ("# Changelog\n", "# Changelog\n\n## Unreleased\n\n### Fixed\n\n- x (#7)\n"),
        (
            "## [Unreleased]\n\n[unreleased]: https://h",
            "## [Unreleased]\n\n### Fixed\n\n- x (#7)\n\n[unreleased]: https://h",
        ),
    ],
)
def test_an_entry_is_added(before: str, after: str) -> None:
    assert add_entry(before, "fixed", "x", "7") == after
    if before.endswith("\n"):
        assert add_entry(before.replace("\n", "\r\n"), "fixed", "x", "7") == after.replace("\n", "\r\n")


def test_an_entry_is_added_in_restructuredtext() -> None:
    assert add_entry("Changes\n=======\n", "added", "x", rst=True) == (
        "Changes\n=======\n\nUnreleased\n----------\n\nAdded\n~~~~~\n\n- x\n"
    )
