"""Which tags are releases, and how the next one is named."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.release.spelling import read_form
from shipway.release.tagnames import Seen, TagRule, find_form, split_tag
from shipway.release.version import parse_tag, render_tag


def seen(tags: str) -> list[Seen]:
    """Give tags as if each was made after the one before."""
    return [Seen(tag, date) for date, tag in enumerate(tags.split(), start=1)]


@pytest.mark.parametrize(
    ("tags", "name", "form", "following"),
    [
        ("v1.2.2 v1.2.3", "acme", "v{version}", "v1.2.4"),
        ("1.2.2 1.2.3", "acme", "{version}", "1.2.4"),
        ("1.2 1.3 v2.0 v2.1", "acme", "v{version}", "v1.2.4"),
        ("v0.4.9 v0.4.10 0.5.0 0.5.1", "acme", "{version}", "1.2.4"),
        ("1.0 2.0 v2.0 v2.1 v2.2", "acme", "v{version}", "v1.2.4"),
        ("1.2.3 v1.2.3 1.2.4 v1.2.4", "acme", "v{version}", "v1.2.4"),
        ("acme-v1.0 acme-v1.1", "acme", "acme-v{version}", "acme-v1.2.4"),
        ("acme-1.0 acme-1.1", "Acme", "acme-{version}", "acme-1.2.4"),
        ("acme/v1.0 acme/v1.1", "acme", "acme/v{version}", "acme/v1.2.4"),
        ("acme@1.0 acme@1.1", "acme", "acme@{version}", "acme@1.2.4"),
        ("acme-core_1.0 acme-core_1.1", "acme.core", "acme-core_{version}", "acme-core_1.2.4"),
        (
            "acme_core-v1.0 acme_other-v9.0 acme_other-v9.1 v0.1",
            "acme-core",
            "acme_core-v{version}",
            "acme_core-v1.2.4",
        ),
        ("a-v1.0 a-v1.1 b-v2.0 b-v2.1 v3.0", "acme", "v{version}", "v1.2.4"),
        ("v1.0 pool-v2.0 pool-v2.1", "acme", "v{version}", "v1.2.4"),
        (
            "acme-python-1.0 acme-python-1.1 acme-ruby-1.0 acme-ruby-1.1",
            "acme",
            "acme-python-{version}",
            "acme-python-1.2.4",
        ),
        ("python-v1.0 rust-v1.0 rust-v1.1 python-v1.1", "acme", "python-v{version}", "python-v1.2.4"),
        ("lxml-1.0 lxml-1.1", "acme", "lxml-{version}", "lxml-1.2.4"),
        ("release-1.0 release-1.1", "acme", "release-{version}", "release-1.2.4"),
        ("release/v1.0", "acme", "release/v{version}", "release/v1.2.4"),
        ("rel_1_0 rel_1_0_1", "acme", "rel_{version:1_2_3}", "rel_1_2_4"),
        ("REL_1_0 REL_1_0_1 REL_1_1_0b1", "acme", "REL_{version:1_2_3}", "REL_1_2_4"),
        ("1_0 1_0_1", "acme", "{version:1_2_3}", "1_2_4"),
        ("v1.2.3.final v1.2.4.final", "acme", "v{version}.final", "v1.2.4.final"),
        ("V1.0 V1.1", "acme", "V{version}", "V1.2.4"),
        ("v1.0.0-rc.1 v1.0.0", "acme", "v{version:1.2.3-rc.1}", "v1.2.4"),
        ("v1 v2 v1.0.0 v2.0.0", "acme", "v{version}", "v1.2.4"),
        ("v1.0 nightly release-556 build-77 docs-9.0", "acme", "v{version}", "v1.2.4"),
        ("41 42 43", "acme", "{version}", "1.2.4"),
        ("2024.03.02 2024.04.15", "acme", "{version:2024.04.02}", "1.02.04"),
        ("2022.12.07", "acme", "{version:2022.01.07}", "1.02.04"),
        ("v1.0 v2.0-alpha", "acme", "v{version:1.2.3-alpha.1}", "v1.2.4"),
        ("2024.03.02 2024.3.5 2024.04.15", "acme", "{version:2024.04.15}", "1.02.4"),
    ],
)
def test_the_next_tag_is_named_as_the_newest_are(tags: str, name: str, form: str, following: str) -> None:
    assert find_form(seen(tags), [name]) == form
    assert render_tag(Version("1.2.4"), form) == following


@pytest.mark.parametrize(
    ("tags", "following"), [("v1.0.0-rc.1", "v2.0.0-beta.2"), ("v1.0.0-b.1", "v2.0.0-b.2"), ("v1.0.0rc1", "v2.0.0b2")]
)
def test_a_kind_of_prerelease_that_no_tag_shows_is_named_as_the_others_are(tags: str, following: str) -> None:
    assert render_tag(Version("2.0.0b2"), find_form(seen(tags), ["acme"]) or "") == following


@pytest.mark.parametrize("tags", ["", "nightly latest", "release-556 build-123", "before-1.0 backup-2.0", "2023-01-05"])
def test_where_no_tag_is_a_release_none_says_how_the_next_is_named(tags: str) -> None:
    assert find_form(seen(tags), ["acme"]) is None
    assert TagRule(strict=False).find_releases(tags.split()) == {}


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1.2.3", "1.2.3"),
        ("v1.0.0-rc.1", "1.0.0rc1"),
        ("1.0.0-beta.2", "1.0.0b2"),
        ("1.0.0-alpha", "1.0.0a0"),
        ("2024.01.02", "2024.1.2"),
        ("v1.2.3.final", "1.2.3"),
        ("rel_1_2_3", "1.2.3"),
        ("rel_1_3_0b1", "1.3.0b1"),
        ("v.1.0", "1.0"),
        ("2023.10.post1", "2023.10.post1"),
        ("1.2.3-1", "1.2.3.post1"),
        ("0.59.0dev0", "0.59.0.dev0"),
        ("py3-tool-1.0", "1.0"),
    ],
)
def test_a_version_is_found_however_it_is_spelled(tag: str, version: str) -> None:
    split = split_tag(tag)
    assert split is not None
    assert split.version == Version(version)


@pytest.mark.parametrize(
    "tag",
    ["nightly", "v", "v1.2.x", "a1b2c3", "{version}1.0", "1.0-before-merge", "1.2.3+cu118", "v\u0661.0", "9" * 999],
)
def test_what_is_no_version_is_passed_over(tag: str) -> None:
    assert TagRule(strict=False).find_releases([tag]) == {}


def test_all_the_formats_of_the_past_count_and_other_names_do_not() -> None:
    tags = ["0.9", "v1.0", "release-1.1", "acme-1.2", "other-9.0", "v1", "nightly-3.0"]
    found = TagRule(names=("acme",), strict=False).find_releases(tags)
    assert sorted(map(str, found.values())) == ["0.9", "1.0", "1.1", "1.2"]


def test_where_several_are_released_from_one_repository_a_name_is_needed() -> None:
    tags = ["v0.9", "acme-v1.0", "other-v9.0", "other-v9.1"]
    assert [*TagRule(names=("acme",), strict=False).find_releases(tags)] == ["acme-v1.0"]
    assert [*TagRule(names=("third",), strict=False).find_releases(tags)] == ["v0.9"]


@pytest.mark.parametrize(
    ("form", "version", "tag"),
    [
        ("rel_{version:1_2_3}", "1.3.0b1", "rel_1_3_0b1"),
        ("v{version:1.2.3-rc.1}", "2.0.0rc2", "v2.0.0-rc.2"),
        ("v{version:1.2.3-rc.1}", "2.0.0", "v2.0.0"),
        ("{version:1.2.3-beta.1}", "2.0.0a3", "2.0.0-alpha.3"),
        ("{version:1.2.3-b1}", "2.0.0a3", "2.0.0-a3"),
        ("{version:2024.01.02}", "2024.5.3", "2024.05.03"),
        ("{version:2024.01.02}", "2024.5.3.1", "2024.05.03.1"),
        ("{version:2024.01.0}", "2024.5.3rc1", "2024.05.3rc1"),
        ("{version}", "1!2.0.post3.dev4", "1!2.0.post3.dev4"),
    ],
)
def test_a_version_is_spelled_as_the_example_is(form: str, version: str, tag: str) -> None:
    assert render_tag(Version(version), form) == tag
    assert parse_tag(tag, form) == Version(version)


def test_a_place_that_cannot_be_read_spells_the_plain_way() -> None:
    assert read_form("v{version:what}").render(Version("1.0rc1")) == "v1.0rc1"


def test_the_last_release_may_be_tagged_in_an_older_format() -> None:
    tags = ["2.0.0", "2.0.0^{}", "v1.9.0", "v1.9.1", "latest"]
    assert TagRule("v{version}", ("acme",), strict=False).find_last(tags) == Version("2.0.0")
    assert TagRule("v{version}", ("acme",)).find_last(tags) == Version("1.9.1")
