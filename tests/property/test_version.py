"""What holds for every version, bump and tag format."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.tagnames import TagRule
from shipway.release.version import LEVELS, PRES, next_version, parse_tag, render_tag

numbers = st.integers(0, 12)


@st.composite
def versions(draw: st.DrawFn) -> Version:
    """Every shape that PEP 440 knows, but local ones."""
    text = draw(st.sampled_from(["", "", "1!"]))
    text += ".".join(str(number) for number in draw(st.lists(numbers, min_size=1, max_size=4)))
    for part in ("a", "b", "rc"):
        if draw(st.integers(0, 5)) == 0:
            text += f"{part}{draw(numbers)}"
            break
    text += f".post{draw(numbers)}" if draw(st.integers(0, 4)) == 0 else ""
    return Version(text + (f".dev{draw(numbers)}" if draw(st.integers(0, 4)) == 0 else ""))


affixes = st.text("abv0123456789.-_/+*()[]\\$^?{}", max_size=6).filter(lambda text: "{version}" not in text)
formats = st.builds(lambda before, after: before + "{version}" + after, affixes, affixes).filter(
    lambda text: text.count("{version}") == 1
)


@given(versions(), st.sampled_from(LEVELS), st.sampled_from([None, *PRES]))
def test_a_level_goes_up_or_is_refused(current: Version, level: str, pre: str | None) -> None:
    try:
        following = next_version(current, level, pre)
    except (BlockedError, UsageError):
        return
    assert following > current
    assert following.is_prerelease == (pre is not None and pre != "post")


@given(versions(), st.sampled_from(["major", "minor", "patch"]))
def test_a_plain_level_is_never_refused(current: Version, level: str) -> None:
    assert next_version(current, level) > current


@given(versions(), versions())
def test_an_explicit_version_is_taken_exactly_when_it_is_higher(current: Version, wanted: Version) -> None:
    try:
        assert next_version(current, str(wanted)) == wanted
    except BlockedError:
        assert wanted <= current
    else:
        assert wanted > current


@given(versions(), st.text(max_size=12), st.none() | st.text(max_size=4))
def test_any_word_gives_a_higher_version_or_one_of_our_errors(current: Version, bump: str, pre: str | None) -> None:
    with suppress(BlockedError, UsageError):
        assert next_version(current, bump, pre) > current


@given(versions(), formats)
def test_a_tag_gives_back_its_version(version: Version, tag_format: str) -> None:
    assert parse_tag(render_tag(version, tag_format), tag_format) == version


@given(versions(), versions(), formats)
def test_a_tag_is_never_that_of_another_version(version: Version, other: Version, tag_format: str) -> None:
    same = parse_tag(render_tag(other, tag_format), tag_format) == version
    assert same == (version == other)


@given(st.text(max_size=20), formats)
def test_what_parses_is_of_the_format(tag: str, tag_format: str) -> None:
    if parse_tag(tag, tag_format) is not None:
        before, _, after = tag_format.partition("{version}")
        assert tag.startswith(before)
        assert tag.endswith(after)


@given(st.lists(versions(), max_size=6))
def test_the_last_release_is_the_highest_of_all(found: list[Version]) -> None:
    tags = [render_tag(version, "v{version}") for version in found]
    assert TagRule("v{version}").find_last(tags, prereleases=True) == max(found, default=None)
