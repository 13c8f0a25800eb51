"""Choosing the next version, and tags."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.tagnames import TagRule
from shipway.release.version import next_version, parse_tag, render_tag


@pytest.mark.parametrize(
    ("current", "bump", "pre", "wanted"),
    [
        ("1.2.3", "major", None, "2.0.0"),
        ("1.2.3", "minor", None, "1.3.0"),
        ("1.2.3", "patch", None, "1.2.4"),
        ("0.0.0", "minor", None, "0.1.0"),
        ("0.1.0", "patch", None, "0.1.1"),
        ("1", "minor", None, "1.1"),
        ("1.2", "minor", None, "1.3"),
        ("1.2", "patch", None, "1.2.1"),
        ("1.2.3.4", "minor", None, "1.3.0.0"),
        ("2!1.2.3", "minor", None, "2!1.3.0"),
        ("1.2.3+local", "patch", None, "1.2.4"),
        ("1.2.3", "minor", "rc", "1.3.0rc1"),
        ("1.2.3", "minor", "dev", "1.3.0.dev1"),
        ("1.3.0a1", "minor", "a", "1.3.0a2"),
        ("1.3.0a2", "minor", "b", "1.3.0b1"),
        ("1.3.0rc1", "minor", "rc", "1.3.0rc2"),
        ("1.3.0rc1", "final", "rc", "1.3.0rc2"),
        ("1.3.0rc1", "minor", None, "1.3.0"),
        ("1.3.0rc1", "patch", None, "1.3.0"),
        ("1.3.0rc1", "final", None, "1.3.0"),
        ("1.3.0rc1", "major", None, "2.0.0"),
        ("1.3.1rc1", "minor", None, "1.4.0"),
        ("2.0.0b1", "major", None, "2.0.0"),
        ("1.3.0.dev1", "minor", None, "1.3.0"),
        ("1.3.0.dev1", "minor", "dev", "1.3.0.dev2"),
        ("1.3.0rc1.dev2", "minor", "rc", "1.3.0rc1"),
        ("1.3.0rc1.dev2", "minor", "dev", "1.3.0rc1.dev3"),
        ("1.3.0", "final", "post", "1.3.0.post1"),
        ("1.3.0.post1", "final", "post", "1.3.0.post2"),
        ("1.3.0.post2.dev1", "final", "post", "1.3.0.post2"),
        ("1.3.0.post2.dev1", "final", None, "1.3.0.post2"),
        ("1.3.0.post1", "patch", None, "1.3.1"),
        ("1.2.3", "1.2.10", None, "1.2.10"),
        ("1.2.3", "v1.3", None, "1.3"),
        ("1.2.3", "1.3.0-rc.1", None, "1.3.0rc1"),
        ("1.2.3", "1!0.1", None, "1!0.1"),
    ],
)
def test_a_bump_leads_to_the_version_that_people_expect(current: str, bump: str, pre: str | None, wanted: str) -> None:
    assert str(next_version(Version(current), bump, pre)) == wanted


@pytest.mark.parametrize(
    ("current", "bump", "pre"),
    [
        ("1.2.3", "1.2.2", None),
        ("1.2.10", "1.2.9", None),
        ("1.2.3", "1.2.3", None),
        ("1.2.3", "1.2.3.0", None),
        ("1.2.3", "1.2.3rc1", None),
        ("1.2.3", "final", None),
        ("1.2.3", "final", "rc"),
        ("1.3.0rc1", "minor", "a"),
        ("1.3.0rc1", "minor", "dev"),
        ("1.3.0rc1", "final", "post"),
        ("1.2.3.post1", "1.2.3", None),
    ],
)
def test_a_version_that_does_not_go_up_is_blocked(current: str, bump: str, pre: str | None) -> None:
    with pytest.raises(BlockedError) as caught:
        next_version(Version(current), bump, pre)
    assert current in caught.value.what or "final" in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("bump", "pre", "said"),
    [
        ("minro", None, "did you mean minor?"),
        ("Major", None, "did you mean major?"),
        ("", None, "'' is no bump"),
        ("1.2.x", None, "'1.2.x' is no bump"),
        ("rm -rf", None, "is no bump"),
        ("minor", "beta", "'beta' is no kind of pre-release"),
        ("minor", "RC", "did you mean rc?"),
        ("1.3.0", "rc", "says it twice"),
        ("1.3.0+abc", None, "local part"),
        ("minor", "post", "do not go together"),
    ],
)
def test_words_that_mean_nothing_are_named_with_the_closest_match(bump: str, pre: str | None, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        next_version(Version("1.2.3"), bump, pre)
    assert said in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("tag", "tag_format", "wanted"),
    [
        ("v1.1.0", "v{version}", "1.1.0"),
        ("1.1.0", "{version}", "1.1.0"),
        ("acme-1.1.0rc1", "acme-{version}", "1.1.0rc1"),
        ("acme/1.1.0/done", "acme/{version}/done", "1.1.0"),
        ("v1.01", "v{version}", "1.1"),
        ("v11.1.0", "v1{version}", "1.1.0"),
        ("11.1.0", "{version}", "11.1.0"),
    ],
)
def test_a_tag_of_the_format_gives_its_version(tag: str, tag_format: str, wanted: str) -> None:
    assert parse_tag(tag, tag_format) == Version(wanted)


@pytest.mark.parametrize(
    ("tag", "tag_format"),
    [
        ("1.1.0", "v{version}"),
        ("v1.1.0", "{version}"),
        ("vv1.1.0", "v{version}"),
        ("xv1.1.0", "v{version}"),
        ("v1.1.0\n", "v{version}"),
        ("v1.1.0 ", "v{version}"),
        ("v 1.1.0", "v{version}"),
        ("release1v1.1.0", "release.v{version}"),
        ("v1.1.0.x", "v{version}"),
        ("v", "v{version}"),
        ("v\u0661.0", "v{version}"),
    ],
)
def test_a_tag_of_another_format_has_no_version(tag: str, tag_format: str) -> None:
    assert parse_tag(tag, tag_format) is None


def test_the_tag_of_1_1_0_is_never_that_of_11_1_0() -> None:
    tags = ["11.1.0", "1.1.0.0.1", "1x1x0"]
    assert Version("1.1.0") not in [parse_tag(tag, "{version}") for tag in tags]


def test_a_tag_is_rendered_literally() -> None:
    assert render_tag(Version("1.0rc1"), "{x}-{version}") == "{x}-1.0rc1"


def test_the_last_release_is_the_highest_version_and_not_the_last_tag() -> None:
    tags = ["v1.10.0", "v1.9.0", "v2.0.0rc1", "latest", "9.9.9", "v1.2.0.post1"]
    assert TagRule("v{version}").find_last(tags) == Version("1.10.0")
    assert TagRule("v{version}").find_last(tags, prereleases=True) == Version("2.0.0rc1")


def test_no_tag_of_the_format_means_no_last_release() -> None:
    assert TagRule("v{version}").find_last(["9.9.9", "nightly"]) is None
    assert TagRule("v{version}").find_last(["v1.0rc1"]) is None
