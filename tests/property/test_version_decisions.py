"""Whatever a line has released, the next version goes up, is new, and is found again by its tag."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from property.test_version import versions
from shipway.release.decision import Policy, Standing, decide
from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.request import Request
from shipway.release.scheme import Dated, detect_scheme, is_pattern, next_calendar
from shipway.release.tagnames import Seen, TagRule, find_form
from shipway.release.version import LEVELS, PRES, parse_tag, render_tag

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
PATTERNS = st.sampled_from(
    ["YYYY.MM.DD", "YYYY.0M.0D", "YY.MM.MICRO", "YY.MINOR[.MICRO]", "YYYY.MINOR", "YY.MINOR.MICRO", "0Y.WW", "YYYY.MM"]
)
KINDS = st.none() | st.sampled_from(PRES)
CONTENT = st.sampled_from(["", "patch", "minor", "major"])
POLICIES = st.builds(Policy, st.just("semver") | PATTERNS, st.sampled_from(["minor", "shifted", "major"]))
PREFIXES = st.sampled_from(["", "v", "V", "acme-", "acme-v", "acme/", "release-", "rel_", "acme@"])
SPELLINGS = st.sampled_from(
    ["{version}", "{version:1_2_3}", "{version:1.2.3-rc.1}", "{version:1.2.3.beta1}", "{version:01.02.03}"]
)


def standings(tagged: set[Version], written: Version | None, day: date) -> Standing:
    """Give a line with these releases."""
    return Standing(written, max(tagged, default=None), tagged, day)


@given(st.sets(versions(), max_size=5), st.none() | versions(), DAYS, CONTENT, POLICIES)
def test_auto_is_above_everything_final_and_new(
    tagged: set[Version], written: Version | None, day: date, level: str, policy: Policy
) -> None:
    standing = standings(tagged, written, day)
    version, floor = decide(Request("auto"), standing, level, policy).version, standing.plain.written
    assert version not in tagged
    assert all(version > one for one in tagged if not one.is_prerelease)
    assert floor is None or version >= floor or not tagged


@given(st.sets(versions(), max_size=5), st.none() | versions(), st.sampled_from(["auto", "", *LEVELS]), KINDS, POLICIES)
def test_any_request_goes_up_or_is_refused_in_our_words(
    tagged: set[Version], written: Version | None, bump: str, pre: str | None, policy: Policy
) -> None:
    standing = standings(tagged, written, date(2024, 5, 3))
    try:
        version = decide(Request(bump, pre), standing, "minor", policy).version
    except (BlockedError, UsageError):
        return
    assert version not in tagged
    assert all(version > one for one in tagged if not one.is_prerelease)
    floor = standing.plain.written if standing.plain.binds(version) else None
    assert floor is None or version >= floor or (bump == "auto" and not tagged)


@given(PATTERNS, st.lists(DAYS, min_size=1, max_size=8), st.booleans())
def test_a_calendar_always_goes_up(pattern: str, days: list[date], micro: bool) -> None:
    known: list[Version] = []
    for day in days:
        version = next_calendar(pattern, max(known, default=None), known, day, micro=micro and bool(known))
        assert not known or version > max(known)
        known.append(version)


@given(PATTERNS, st.lists(DAYS, min_size=1, max_size=8, unique=True))
def test_whatever_is_found_in_a_calendar_goes_on_from_it(pattern: str, days: list[date]) -> None:
    known: list[Dated] = []
    for day in sorted(days):
        last = max((one.version for one in known), default=None)
        version = next_calendar(pattern, last, [one.version for one in known], day)
        known.append(Dated(str(version), version, day))
    found = detect_scheme(known)
    assert found == "semver" or is_pattern(found)
    if found != "semver":
        newest = max(one.version for one in known)
        assert next_calendar(found, newest, [one.version for one in known], max(days)) > newest


@given(versions(), PREFIXES, SPELLINGS)
def test_a_tag_in_any_spelling_gives_back_its_version(version: Version, prefix: str, spelling: str) -> None:
    form = prefix + spelling
    assert parse_tag(render_tag(version, form), form) == version


@given(st.lists(versions().filter(lambda one: len(one.release) > 1), min_size=1, max_size=6), PREFIXES, SPELLINGS)
def test_the_format_that_tags_were_made_in_is_one_that_reads_them(
    made: list[Version], prefix: str, spelling: str
) -> None:
    tags = [render_tag(version, prefix + spelling) for version in made]
    form = find_form([Seen(tag, date) for date, tag in enumerate(tags)], ["acme"])
    assert form is not None
    assert form.startswith(prefix)
    newest = made[-1]
    assert parse_tag(tags[-1], form) == newest
    assert parse_tag(render_tag(newest, form), form) == newest
    assert {*TagRule(form, ("acme",), strict=False).find_releases(tags).values()} == {*made}


@given(st.text(max_size=30), st.lists(st.text("v1.2rc-_/acme@0{}", max_size=12), max_size=8))
def test_any_tags_at_all_are_taken_apart_or_passed_over(name: str, tags: list[str]) -> None:
    form = find_form([Seen(tag) for tag in tags], [name])
    found = TagRule(form or "v{version}", (name,), strict=False).find_releases(tags)
    assert (form is None) == (not found)
