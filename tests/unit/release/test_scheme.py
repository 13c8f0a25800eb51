"""Calendar versions: which repositories have them, and what is next."""

from __future__ import annotations

from datetime import date

import pytest
from packaging.version import Version

from shipway.release.scheme import Dated, detect_scheme, has_micro, is_past, is_pattern, mends_by_micro, next_calendar


def dated(rows: str) -> list[Dated]:
    """Give releases, each with the day of its commit after the ``@``."""
    pairs = (row.split("@") for row in rows.split())
    return [Dated(text, Version(text), date.fromisoformat(day)) for text, day in pairs]


BLACK = "19.10b0@2019-10-28 22.12.0@2022-12-09 23.1.0@2023-02-01 23.3.0@2023-03-29 23.9.1@2023-09-11 24.1.1@2024-01-29"
PIP = "10.0.1@2018-04-14 22.3@2022-10-15 22.3.1@2022-11-05 23.0@2023-01-30 23.3.2@2023-12-17 24.0@2024-02-03"
ATTRS = "21.1.0@2021-05-06 21.2.0@2021-05-07 21.4.0@2021-12-29 22.1.0@2022-07-28 22.2.0@2022-12-21 23.1.0@2023-04-16"
CERTIFI = "2023.05.07@2023-05-07 2023.07.22@2023-07-22 2023.11.17@2023-11-17 2024.02.02@2024-02-02"
PYTZ = "2022.7@2022-12-01 2022.7.1@2023-01-15 2023.1@2023-03-20 2023.3@2023-03-29 2024.1@2024-02-01"
TZ = "2022.1@2022-03-17 2022.7@2022-12-01 2023.2@2023-03-20 2023.4@2023-12-29"
XARRAY = "0.21.1@2022-01-31 2022.03.0@2022-03-02 2023.12.0@2023-12-09 2024.01.0@2024-01-17 2024.01.1@2024-01-23"
QUARTERS = "23.3.0@2023-03-26 23.12.0@2023-12-30 23.12.1@2024-01-07 23.12.2@2024-01-16"
MONTHS = "2023.10.post1@2023-10-12 2023.11@2023-11-12"
WEEKS = "24.2.0@2024-01-10 24.9.1@2024-02-28 24.17.0@2024-04-25 23.50.0@2023-12-13"

FAKER = "22.0.0@2024-01-05 23.0.0@2024-02-06 23.3.0@2024-02-28 24.0.0@2024-03-04 24.0.1@2024-03-05 24.1.0@2024-03-08"
KEYRING = "23.13.1@2022-12-18 24.0.0@2023-06-16 24.2.0@2023-07-16 24.3.0@2023-11-16 24.3.1@2024-02-26"
SETUPTOOLS = "68.2.2@2023-09-13 69.0.2@2023-11-23 69.0.3@2024-01-05"
VIRTUALENV = "16.7.10@2020-02-24 20.0.1@2020-02-10 20.0.20@2020-05-04 20.1.0@2020-10-25 20.2.2@2020-12-07"
RESTARTED = "2019.1@2019-03-01 1.0.0@2024-01-01 1.2.3@2024-05-01"


@pytest.mark.parametrize(
    ("rows", "pattern", "now", "new_year"),
    [
        (BLACK, "YY.MM.MICRO", "24.5.0", "25.1.0"),
        (PIP, "YY.MINOR[.MICRO]", "24.1", "25.0"),
        (ATTRS, "YY.MINOR.MICRO", "24.1.0", "25.1.0"),
        (CERTIFI, "YYYY.0M.0D", "2024.5.3", "2025.1.2"),
        (PYTZ, "YYYY.MINOR[.MICRO]", "2024.2", "2025.1"),
        (TZ, "YYYY.MINOR", "2024.1", "2025.1"),
        (XARRAY, "YYYY.0M.MICRO", "2024.5.0", "2025.1.0"),
        (QUARTERS, "YY.MM.MICRO", "24.5.0", "25.1.0"),
        (MONTHS, "YYYY.MM", "2024.5", "2025.1"),
        (WEEKS, "YY.WW.MICRO", "24.18.0", "25.1.0"),
    ],
)
def test_a_calendar_is_found_and_gone_on_with(rows: str, pattern: str, now: str, new_year: str) -> None:
    releases = dated(rows)
    known = [one.version for one in releases]
    assert detect_scheme(releases) == pattern
    assert is_pattern(pattern)
    assert str(next_calendar(pattern, max(known), known, date(2024, 5, 3))) == now
    assert str(next_calendar(pattern, max(known), known, date(2025, 1, 2))) == new_year


@pytest.mark.parametrize(
    "rows", ["", FAKER, KEYRING, SETUPTOOLS, VIRTUALENV, RESTARTED, "1.0.0@2024-01-01", "24@2024-01-01"]
)
def test_numbers_that_are_a_year_by_chance_are_no_calendar(rows: str) -> None:
    assert detect_scheme(dated(rows)) == "semver"


def test_releases_of_the_same_day_are_counted() -> None:
    known = [Version("2024.5.3")]
    for wanted in ("2024.5.3.1", "2024.5.3.2"):
        known.append(next_calendar("YYYY.MM.DD", max(known), known, date(2024, 5, 3)))
        assert str(known[-1]) == wanted


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("YYYY.0M.0D", "2024.5.3"),
        ("YY.MM", "24.5"),
        ("0Y.0M.MICRO", "24.5.0"),
        ("YYYY0M0D.N", "20240503.1"),
        ("YYYY.N", "2024.1"),
        ("YYYY.WW.MICRO.MODIFIER", "2024.18.0"),
        ("YYYY.MM[.MICRO]", "2024.5"),
    ],
)
def test_the_first_of_a_calendar_is_of_the_day(pattern: str, wanted: str) -> None:
    assert is_pattern(pattern)
    assert str(next_calendar(pattern, None, [], date(2024, 5, 3))) == wanted


def test_a_major_number_beside_the_calendar_stays() -> None:
    known = [Version("3.2023.0"), Version("3.2023.4")]
    assert str(next_calendar("MAJOR.YYYY.MICRO", known[-1], known, date(2024, 5, 3))) == "3.2024.0"


def test_mending_goes_on_from_the_last_release() -> None:
    assert has_micro("YY.MM.MICRO")
    assert not has_micro("YYYY.MM.DD")
    assert str(next_calendar("YY.MM.MICRO", Version("24.1.3"), [], date(2024, 5, 3), micro=True)) == "24.1.4"


@pytest.mark.parametrize(("tagged", "mends"), [("24.1.0 24.1.1 25.1.0", True), ("0.4.2 24.4.0 25.1.0", False)])
def test_repairs_are_micro_versions_where_the_line_has_had_such_of_late(tagged: str, *, mends: bool) -> None:
    known = [Version(text) for text in tagged.split()]
    assert mends_by_micro("YY.MINOR.MICRO", Version("25.1.0"), known, date(2025, 4, 25)) is mends


@pytest.mark.parametrize("text", ["", "semver", "MAJOR.MINOR", "YYYY.XX", "yyyy.mm", "2024.MM"])
def test_what_is_no_pattern_is_known(text: str) -> None:
    assert not is_pattern(text)


@pytest.mark.parametrize(
    ("pattern", "version", "over"),
    [
        ("YYYY.0M.MICRO", "2024.4.2", True),
        ("YYYY.0M.MICRO", "2024.5.2", False),
        ("YYYY.0M.MICRO", "2024.6.0", False),
        ("YY.MINOR", "23.9", True),
        ("YY.MINOR", "24.0", False),
        ("YYYY.MM.DD", "2024.5.2", True),
        ("semver", "1.2.3", False),
    ],
)
def test_a_version_of_the_past_is_known(*, pattern: str, version: str, over: bool) -> None:
    assert is_past(pattern, Version(version), date(2024, 5, 3)) is over
