"""The next version: by what a person says, what the line has come to, and what its content asks for."""

from __future__ import annotations

from datetime import date

import pytest
from packaging.version import Version

from shipway.release.decision import Decision, Policy, Standing, decide
from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.request import Request
from shipway.release.standing import BEGUN

DAY = date(2024, 5, 3)


def decided(
    words: str, written: str, tagged: str, level: str = "", *, asked: str = "", policy: Policy | None = None
) -> Decision:
    """Decide by words as they are typed: ``-`` for no bump, the kind of pre-release after it."""
    bump, *pre = words.split()
    known = [Version(text) for text in tagged.split()]
    current = Version(written) if written else None
    standing = Standing(current, max(known, default=None), known, DAY, asked)
    return decide(Request(bump.strip("-"), pre[0] if pre else None), standing, level, policy or Policy())


@pytest.mark.parametrize(
    ("written", "tagged", "level", "wanted"),
    [
        ("1.2.3", "1.2.3", "patch", "1.2.4"),
        ("1.2.3", "1.2.3", "minor", "1.3.0"),
        ("1.2.3", "1.2.3", "major", "2.0.0"),
        ("1.2.3", "1.2.3", "", "1.2.4"),
        ("", "1.2.3", "minor", "1.3.0"),
        ("", "1!1.2.3", "minor", "1!1.3.0"),
        ("1.2.3+local", "1.2.3", "minor", "1.3.0"),
        ("1.2.1", "1.2 1.2.1", "minor", "1.3"),
        ("1.2.1", "1.0 1.2 1.2.1", "major", "2.0"),
        ("1.2.0", "1.1.0 1.2.0", "minor", "1.3.0"),
        ("1.2.3.4", "1.2.3.4", "patch", "1.2.4.0"),
        # What the files say
        ("1.3.0", "1.2.3", "patch", "1.3.0"),
        ("1.2.4", "1.2.3", "minor", "1.2.4"),
        ("1.5.1", "1.4.2", "patch", "1.5.2"),
        ("1.5.0.dev0", "1.4.2", "patch", "1.5.0"),
        ("1.4.3.dev0", "1.4.2", "patch", "1.4.3"),
        ("1.4.3.dev0", "1.4.2", "minor", "1.5.0"),
        ("1.4.3.dev0", "1.4.2", "major", "2.0.0"),
        ("1.4.2", "1.4.1 1.4.2 1.5.0", "patch", "1.5.1"),
        # Nothing is released yet
        ("0.1.0", "", "minor", "0.1.0"),
        ("0.1.0.dev0", "", "minor", "0.1.0"),
        ("1.0.0rc1", "", "minor", "1.0.0rc1"),
        ("0.0.0", "", "", "0.1.0"),
        ("", "", "major", "0.1.0"),
        # A pre-release is out
        ("2.0.0rc1", "1.4.2 2.0.0rc1", "patch", "2.0.0"),
        ("", "1.4.2 2.0.0rc1", "patch", "2.0.0"),
        ("1.4.2", "1.4.2 1.4.3rc1", "minor", "1.5.0"),
        ("", "1.0.0rc1", "patch", "1.0.0"),
        ("1.3.dev0", "1.2.0", "patch", "1.3.0"),
        ("3.0.0.dev0", "2.0 2.11 2.11.3", "patch", "3.0.0"),
        ("", "2.0 2.11.3 3.0.0rc1", "patch", "3.0.0"),
        ("5.4.1", "5.3 5.4 5.4.1", "major", "6.0"),
        ("5.4.1", "5.3.0 5.4.0 5.4.1", "major", "6.0.0"),
        # No release is ever final
        ("0.41b0", "0.40b0 0.41b0", "minor", "0.42b0"),
        ("0.42b0.dev0", "0.40b0 0.41b0", "patch", "0.42b0"),
        ("0.43b0.dev0", "0.40b0 0.41b0 0.42b0 0.42b1", "patch", "0.43b0"),
        ("", "20.8b0 20.8b1 21.4b0 21.4b1 21.5b0 21.5b1", "minor", "21.6b0"),
        # Since the last release, which was not of this kind
        ("1.4.2.post0", "1.4.1 1.4.2", "patch", "1.4.3"),
        ("1.5.0b1.post0", "1.4.2 1.5.0b1", "patch", "1.5.0"),
        ("1.4.2.post0", "1.4.1 1.4.1.post0 1.4.2", "patch", "1.4.2.post0"),
        ("", "0.1.0a1 0.1.0a2 0.2.0a1", "minor", "0.2.0"),
        # Before 1.0.0
        ("0.1.0", "0.1.0", "major", "0.2.0"),
        ("0.1.0", "0.1.0", "minor", "0.2.0"),
        ("0.1.0", "0.1.0", "patch", "0.1.1"),
    ],
)
def test_auto_gives_the_version_that_content_files_and_tags_lead_to(
    written: str, tagged: str, level: str, wanted: str
) -> None:
    found = decided("auto", written, tagged, level)
    assert str(found.version) == wanted
    assert found.reasons


@pytest.mark.parametrize("asked", ["2.4", "2.4.0"])
def test_content_may_ask_for_the_version_that_the_files_say_and_that_is_not_out(asked: str) -> None:
    assert str(decided("auto", "2.4.0+dev", "2.3.0 2.3.1", "minor", asked=asked).version) == "2.4.0"


@pytest.mark.parametrize(
    ("zero", "level", "wanted"),
    [
        ("minor", "major", "0.2.0"),
        ("minor", "minor", "0.2.0"),
        ("minor", "patch", "0.1.5"),
        ("shifted", "major", "0.2.0"),
        ("shifted", "minor", "0.1.5"),
        ("shifted", "patch", "0.1.5"),
        ("features", "major", "1.0.0"),
        ("features", "minor", "0.1.5"),
        ("major", "major", "1.0.0"),
        ("major", "minor", "0.2.0"),
    ],
)
def test_what_a_level_means_before_1_0_is_a_choice(zero: str, level: str, wanted: str) -> None:
    found = decided("auto", "0.1.4", "0.1.4", level, policy=Policy(zero=zero))
    assert str(found.version) == wanted


@pytest.mark.parametrize("level", ["", "patch", "minor", "major"])
def test_anything_leads_to_1_0_where_there_is_no_0(level: str) -> None:
    assert str(decided("auto", "0.4.1", "0.4.1", level, policy=Policy(zero="none")).version) == "1.0.0"
    assert str(decided("auto", "1.0.0", "1.0.0", "patch", policy=Policy(zero="none")).version) == "1.0.1"


@pytest.mark.parametrize(
    ("words", "tagged", "starts", "wanted"),
    [
        ("auto rc", "1.2.0", 1, "1.3.0rc1"),
        ("auto rc", "1.2.0", 0, "1.3.0rc0"),
        ("minor rc", "1.2.0", 0, "1.3.0rc0"),
        ("auto rc", "1.2.0rc0 1.2.0", 1, "1.3.0rc0"),
        ("auto rc", "1.2.0rc1 1.2.0", 0, "1.3.0rc1"),
        ("auto rc", "1.2.0a0 1.2.0", 1, "1.3.0rc1"),
        ("auto rc", "1.2.0 1.3.0rc0", 1, "1.3.0rc1"),
        ("auto rc", "1.2.0 1.3.0b0", 0, "1.3.0rc0"),
        ("auto dev", "1.2.0", 0, "1.3.0.dev1"),
    ],
)
def test_the_first_prerelease_is_counted_as_those_before(words: str, tagged: str, starts: int, wanted: str) -> None:
    assert str(decided(words, "1.2.0", tagged, "minor", policy=Policy(starts=starts)).version) == wanted


def test_auto_makes_a_prerelease_where_the_tool_does() -> None:
    assert str(decided("auto", "2.0.0b1", "1.4.0 2.0.0b1", "minor", policy=Policy(pre="b")).version) == "2.0.0b2"
    assert str(decided("final", "2.0.0b1", "1.4.0 2.0.0b1", "minor", policy=Policy(pre="b")).version) == "2.0.0"


@pytest.mark.parametrize(
    ("tagged", "level", "wanted"),
    [
        ("1.4.0", "minor", "1.5.0"),
        ("1.4.0 2.0.0b1", "minor", "2.0.0b2"),
        ("1.4.0 2.0.0b1", "patch", "2.0.0b2"),
        ("1.4.0 1.4.1a1", "minor", "1.5.0a1"),
        ("0.3.0a1 0.3.0a2", "minor", "0.3.0a3"),
        ("0.3.0a1 0.3.1a1 0.4.0a1", "minor", "0.4.0a2"),
        ("1.4.0 2.0.0b1 2.0.0", "patch", "2.0.1"),
    ],
)
def test_auto_goes_on_with_prereleases_that_are_begun_where_the_tool_does(tagged: str, level: str, wanted: str) -> None:
    found = decided("auto", tagged.rsplit(maxsplit=1)[-1], tagged, level, policy=Policy(pre=BEGUN))
    assert str(found.version) == wanted


def test_a_person_may_go_to_1_0_at_any_time() -> None:
    assert str(decided("major", "0.1.4", "0.1.4").version) == "1.0.0"


@pytest.mark.parametrize(
    ("words", "written", "tagged", "wanted"),
    [
        ("- rc", "1.3.0rc1", "1.2.3", "1.3.0rc2"),
        ("- rc", "1.2.3", "1.2.3 1.3.0rc1", "1.3.0rc2"),
        ("- rc", "1.3.0.dev0", "1.2.3", "1.3.0rc1"),
        ("- b", "1.3.0a2", "1.2.3", "1.3.0b1"),
        ("- dev", "1.3.0.dev1", "1.2.3", "1.3.0.dev2"),
        ("- post", "1.2.3", "1.2.3", "1.2.3.post1"),
        ("- post", "1.2.3", "1.2.3 1.2.3.post1", "1.2.3.post2"),
        ("auto rc", "1.2.3", "1.2.3", "1.3.0rc1"),
        ("auto rc", "1.2.3", "1.2.3 1.3.0rc1", "1.3.0rc2"),
        ("auto rc", "1.2.3", "1.2.3 1.2.4rc1", "1.3.0rc1"),
        ("auto dev", "1.2.3", "1.2.3", "1.3.0.dev1"),
        ("auto post", "1.2.3", "1.2.3", "1.2.3.post1"),
        ("auto rc", "1.3.0", "1.2.3", "1.3.0rc1"),
        ("minor rc", "1.2.3", "1.2.3 1.3.0rc1", "1.3.0rc2"),
    ],
)
def test_a_prerelease_goes_on_where_the_line_is(words: str, written: str, tagged: str, wanted: str) -> None:
    assert str(decided(words, written, tagged, "minor").version) == wanted


@pytest.mark.parametrize(
    ("words", "written", "tagged", "wanted"),
    [
        ("minor", "1.3.0", "1.2.3", "1.3.0"),
        ("patch", "1.3.0", "1.2.3", "1.3.0"),
        ("final", "1.3.0", "1.2.3", "1.3.0"),
        ("final", "0.1.0", "", "0.1.0"),
        ("1.3.0", "1.3.0", "1.2.3", "1.3.0"),
        ("0.1.0", "0.1.0", "", "0.1.0"),
        ("minor", "1.2.4", "1.2.3", "1.3.0"),
        ("minor", "0.1.0", "", "0.2.0"),
        ("minor", "0.0.0", "1.2.3", "1.3.0"),
        ("patch", "", "1.0.0rc2", "1.0.0"),
        ("1.2.10", "1.2.3", "1.2.3", "1.2.10"),
        ("1.2.4", "1.3.0.dev0", "1.2.3", "1.2.4"),
        ("1.3.0rc1", "1.3.0", "1.2.3", "1.3.0rc1"),
        ("1.3.0rc2", "1.3.0", "1.2.3 1.3.0rc1", "1.3.0rc2"),
        ("- rc", "1.3.0", "1.2.3 1.3.0rc1", "1.3.0rc2"),
        ("minor rc", "1.3.0", "1.2.3", "1.3.0rc1"),
        ("auto b", "1.3.0", "1.2.3", "1.3.0b1"),
        ("v1.3", "1.2.3", "1.2.3", "1.3"),
    ],
)
def test_a_word_goes_on_from_what_was_released(words: str, written: str, tagged: str, wanted: str) -> None:
    assert str(decided(words, written, tagged).version) == wanted


@pytest.mark.parametrize(
    ("words", "written", "tagged", "said"),
    [
        ("- rc", "1.2.3", "1.2.3", "no pre-release to go on from"),
        ("- a", "1.3.0rc1", "1.3.0rc1", "goes down"),
        ("1.2.2", "1.2.3", "1.2.3", "goes down"),
        ("1.2.3", "1.2.3", "1.2.3", "is the version already"),
        ("1.2.4", "1.2.3", "1.2.3 1.3.0", "goes down"),
        ("1.2.4", "1.3.0", "1.2.3", "goes down"),
        ("1.2.2", "1.3.0.dev0", "1.2.3", "goes down"),
        ("1.3.0a1", "1.3.0b1", "1.2.3", "goes down"),
        ("final", "1.2.3", "1.2.3", "is the version already"),
        ("1.3.0rc1", "1.3.0", "1.2.3 1.3.0", "goes down"),
        ("1.2.9rc1", "1.3.0", "1.2.3", "goes down"),
    ],
)
def test_what_does_not_go_up_is_blocked(words: str, written: str, tagged: str, said: str) -> None:
    with pytest.raises(BlockedError, match=said) as caught:
        decided(words, written, tagged)
    assert caught.value.remedy


@pytest.mark.parametrize("words", ["-", "minro", "minor beta", "auto beta", "- beta", "1.3.0+local", "minor post"])
def test_words_that_mean_nothing_are_refused(words: str) -> None:
    with pytest.raises(UsageError) as caught:
        decided(words, "1.2.3", "1.2.3", "minor")
    assert caught.value.remedy


def test_the_content_may_ask_for_a_version() -> None:
    assert str(decided("auto", "1.2.3", "1.2.3", "patch", asked="3.0.0").version) == "3.0.0"
    assert decided("minor", "1.2.3", "1.2.3", "patch", asked="3.0.0").warnings == ("the content asks for '3.0.0'",)
    assert str(decided("auto", "1.3.0.dev0", "1.2.3", "patch", asked="1.3").version) == "1.3.0"
    for asked in ("1.0.0", "minor", "no version at all\x1b[31m"):
        with pytest.raises(BlockedError) as caught:
            decided("auto", "1.2.3", "1.2.3", "patch", asked=asked)
        assert "\x1b" not in caught.value.render()


@pytest.mark.parametrize("words", ["patch", "1.2.4", "patch rc"])
def test_a_bump_below_what_the_content_asks_for_is_told_or_refused(words: str) -> None:
    (warning,) = decided(words, "1.2.3", "1.2.3", "minor").warnings
    assert "minor, which is 1.3.0" in warning
    with pytest.raises(BlockedError):
        decided(words, "1.2.3", "1.2.3", "minor", policy=Policy(lower="block"))
    assert decided(words, "1.2.3", "1.2.3", "patch", policy=Policy(lower="block")).warnings == ()


def test_where_other_tools_go_on_the_reason_says_so() -> None:
    (reason,) = decided("patch", "1.0.0rc2", "1.0.0rc2").reasons
    assert reason == "1.0.0rc2 is not final, so patch finishes 1.0.0; uv would go on to 1.0.1"
    (reason,) = decided("minor", "2.0.0rc1", "1.4.0 2.0.0rc1").reasons
    assert reason == "2.0.0rc1 is not final, so minor finishes 2.0.0; uv would go on to 2.1.0"


@pytest.mark.parametrize(
    ("written", "tagged", "bump"),
    [("1.2.3", "1.2.3", "minor"), ("", "", "first"), ("2.0.0rc1", "1.4.2 2.0.0rc1", "major")],
)
def test_the_bump_is_named_by_what_was_released_before(written: str, tagged: str, bump: str) -> None:
    assert decided("auto", written, tagged, "minor").bump == bump


@pytest.mark.parametrize(
    ("words", "scheme", "written", "tagged", "level", "wanted"),
    [
        ("auto", "YY.MM.MICRO", "24.1.0", "24.1.0", "major", "24.5.0"),
        ("minor", "YY.MM.MICRO", "24.5.0", "24.5.0", "", "24.5.1"),
        ("patch", "YY.MM.MICRO", "24.1.0", "24.1.0", "", "24.1.1"),
        ("auto", "YY.MINOR[.MICRO]", "24.1.dev0", "23.3 23.3.1 24.0", "patch", "24.1"),
        ("auto", "YY.MINOR[.MICRO]", "24.0", "23.3 23.3.1 24.0", "patch", "24.0.1"),
        ("auto", "YY.MINOR[.MICRO]", "24.0", "23.3 23.3.1 24.0", "minor", "24.1"),
        ("auto", "YY.MINOR[.MICRO]", "23.3.1", "23.0 23.1 23.3 23.3.1", "patch", "24.0"),
        ("auto", "YY.MINOR.MICRO", "23.2.0.dev0", "23.1.0", "patch", "24.1.0"),
        ("auto", "YYYY.MM.MICRO", "2024.6.0.dev0", "2024.4.0 2024.4.3", "", "2024.6.0"),
        ("auto", "YY.MINOR[.MICRO]", "24.0.dev0", "23.1 23.2 23.3 23.3.1", "patch", "24.0"),
        ("auto", "YY.MM.MICRO", "24.4.0rc1", "24.3.0 24.4.0rc1", "minor", "24.4.0"),
        ("auto", "YY.MM.MICRO", "", "24.3.0 24.4.0rc1", "minor", "24.4.0"),
        ("auto", "YY.MM.MICRO", "24.3.0", "24.3.0 24.4.0.dev3", "minor", "24.5.0"),
        ("minor", "YY.MINOR[.MICRO]", "24.0.dev0", "23.1 23.2 23.3 23.3.1", "patch", "24.0"),
        ("auto", "YYYY.MM.MICRO", "2024.5.0.dev0", "2024.3.1 2024.4.1", "", "2024.5.0"),
        ("auto", "YYYY.MM.MICRO", "2024.5.2", "2024.4.0", "", "2024.5.2"),
        ("auto", "YYYY.MM.DD", "", "2024.5.3", "", "2024.5.3.1"),
        ("auto", "YYYY.MM.DD", "", "2024.6.1", "", "2024.6.1.1"),
        ("auto", "YYYY.MM.MICRO", "", "", "", "2024.5.0"),
        ("auto rc", "YY.MM.MICRO", "24.1.0", "24.1.0", "", "24.5.0rc1"),
        ("2024.7.0", "YYYY.MM.MICRO", "2024.5.2", "2024.5.2", "", "2024.7.0"),
    ],
)
def test_a_calendar_goes_by_the_day(
    *, words: str, scheme: str, written: str, tagged: str, level: str, wanted: str
) -> None:
    found = decided(words, written, tagged, level, policy=Policy(scheme=scheme))
    assert str(found.version) == wanted
