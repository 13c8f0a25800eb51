"""How a version is spelled: the next one as the one before."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.project.versions.spelling import spell, spell_numbers, spell_semver, spell_short
from shipway.release.outcomes import ConfigurationError


@pytest.mark.parametrize(
    ("version", "like", "text"),
    [
        ("1.3.0", "1.2.3", "1.3.0"),
        ("1.3.0rc1", "1.2.3", "1.3.0rc1"),
        ("1.3", "v1.2", "v1.3"),
        ("1.2.0", "1.2", "1.2"),
        ("1.2.3rc2", "1.2.3-rc.1", "1.2.3-rc.2"),
        ("1.2.3b1", "1.2.3-alpha.4", "1.2.3-beta.1"),
        ("1.2.3b1", "1.2.3-a4", "1.2.3-b1"),
        ("1.2.3", "1.2.3-rc.1", "1.2.3"),
        ("1.2.3.post1", "1.2.3-rc.1", "1.2.3.post1"),
        ("2024.6.1", "2024.05.12", "2024.06.1"),
        ("2024.10.0", "2024.05.12", "2024.10.0"),
        ("2024.6.1.post1", "2024.05.01", "2024.06.01.post1"),
        ("1!2.0", "1!1.0", "1!2.0"),
        ("1.0", "nonsense", "1.0"),
    ],
)
def test_the_next_version_is_spelled_as_the_one_before(version: str, like: str, text: str) -> None:
    assert spell(Version(version), like) == text


@pytest.mark.parametrize(
    ("version", "like", "text"),
    [
        ("1.3.0rc1", "1.2.3", "1.3.0-rc.1"),
        ("1.3.0a1.dev2", "1.2.3", "1.3.0-alpha.1.dev.2"),
        ("1.3.dev0", "1.2.3", "1.3.0-dev.0"),
        ("1.3", "1.2.3", "1.3.0"),
        ("1.3.0b2", "1.2.3-b1", "1.3.0-b2"),
    ],
)
def test_semver_is_spelled_where_only_semver_is_read(version: str, like: str, text: str) -> None:
    assert spell_semver(Version(version), like) == text
    assert Version(text) == Version(version)


@pytest.mark.parametrize("version", ["1.2.3.post1", "1!1.0", "1.0+local", "1.2.3.4"])
def test_what_semver_cannot_spell_is_refused(version: str) -> None:
    with pytest.raises(ConfigurationError, match="SemVer has no spelling"):
        spell_semver(Version(version), "1.2.3")


def test_a_short_version_keeps_its_parts() -> None:
    assert [spell_short(Version("2.3.4"), like) for like in ("1.2", "1", "2.3")] == ["2.3", "2", "2.3"]


@pytest.mark.parametrize(
    ("version", "like", "text"),
    [
        ("1.3.0", "(1, 2, 3)", "(1, 3, 0)"),
        ("1.3.0rc1", "(1, 2, 3)", "(1, 3, 0)"),
        ("1.3.0rc1", "(1, 2, 3, 'final', 0)", "(1, 3, 0, 'rc', 1)"),
        ("1.3.0b2", '(1, 2, 3, "a", 1)', '(1, 3, 0, "b", 2)'),
        ("1.3.0", '(1, 2, 3, "", 0)', '(1, 3, 0, "", 0)'),
        ("1.3", "[1,\n 2,\n 3,\n]", "[1,\n 3,\n 0,\n]"),
    ],
)
def test_a_tuple_keeps_its_shape(version: str, like: str, text: str) -> None:
    assert spell_numbers(Version(version), like) == text
