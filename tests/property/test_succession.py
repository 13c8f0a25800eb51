"""The next version on a line: whatever is tagged, it goes up and is new."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from shipway.release.outcomes import BlockedError
from shipway.release.request import Request
from shipway.release.succession import choose_version

NUMBERS = st.integers(0, 3)
FINALS = st.builds(lambda a, b, c: Version(f"{a}.{b}.{c}"), NUMBERS, NUMBERS, NUMBERS)
PRERELEASES = st.builds(
    lambda final, kind, n: Version(f"{final}{kind}{n}"), FINALS, st.sampled_from(["a", "rc"]), NUMBERS
)


@given(FINALS, st.sets(PRERELEASES), st.sampled_from(["major", "minor", "patch"]), st.sampled_from([None, "a", "rc"]))
def test_a_level_gives_a_version_above_what_the_project_says_and_not_tagged(
    current: Version, tagged: set[Version], level: str, pre: str | None
) -> None:
    """Only an alpha after a release candidate is refused: it would go down."""
    try:
        chosen = choose_version(Request(level, pre), current, tagged)
    except BlockedError:
        assert pre == "a"
        return
    assert chosen > current
    assert chosen not in tagged


@given(FINALS, PRERELEASES)
def test_final_finishes_the_newest_prerelease(current: Version, newest: Version) -> None:
    if newest <= current:
        return
    assert choose_version(Request("final"), current, [newest]) == Version(newest.base_version)


def test_prereleases_are_counted_on_from_their_tags() -> None:
    tagged = [Version("1.2.4"), Version("1.3.0rc1")]
    assert choose_version(Request("minor", "rc"), Version("1.2.4"), tagged) == Version("1.3.0rc2")
    assert choose_version(Request("patch"), Version("1.2.4"), tagged) == Version("1.2.5")


def test_a_version_written_by_hand_may_be_released_once() -> None:
    assert choose_version(Request("0.1.0"), Version("0.1.0"), []) == Version("0.1.0")
    with pytest.raises(BlockedError):
        choose_version(Request("0.1.0"), Version("0.1.0"), [Version("0.1.0")])
