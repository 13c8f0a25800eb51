"""What decides between a title's version and the day, where a calendar tells versions."""

from __future__ import annotations

from datetime import date

import pytest
from packaging.version import Version

from shipway.project.changelogs.contract import Content
from shipway.project.outlook import choose
from shipway.release.decision import Policy, Standing
from shipway.release.request import Request

LAST = Version("2025.7.0")


@pytest.mark.parametrize(
    ("asked", "tentative", "scheme", "day", "wanted"),
    [
        ("2025.7.1", True, "YYYY.0M.MICRO", date(2025, 7, 30), "2025.7.1"),
        ("2025.7.1", True, "YYYY.0M.MICRO", date(2025, 8, 2), "2025.8.0"),
        ("2025.7.1", False, "YYYY.0M.MICRO", date(2025, 8, 2), "2025.7.1"),
        ("2025.9.0", True, "YYYY.0M.MICRO", date(2025, 8, 2), "2025.9.0"),
        ("2025.7.1", True, "YYYY.MINOR.MICRO", date(2025, 8, 2), "2025.7.1"),
        ("2025.7.1", True, "semver", date(2026, 8, 2), "2025.7.1"),
    ],
)
@pytest.mark.parametrize("level", ["minor", ""])
def test_a_title_that_is_not_out_counts_until_its_time_is_over(  # noqa: PLR0917 - one row of the table
    level: str, asked: str, tentative: bool, scheme: str, day: date, wanted: str
) -> None:
    content = Content(level, version=asked, tentative=tentative)
    standing = Standing(None, LAST, (LAST,), day)
    assert str(choose(Request("auto", None), standing, content, Policy(scheme)).version) == wanted
