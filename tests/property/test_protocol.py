"""Any interleaving of runs, kills, people and lagging listings ends with one release: over a model of the protocol.

``PROTOCOL_EXAMPLES`` is how many schedules are drawn for a property; with it they are other ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from property.protocol_model import Flaw
from property.protocol_schedule import SCHEDULES, Event, Go, Kill, Play
from property.protocol_traces import LIMITS, TRACES

EXAMPLES = int(os.environ.get("PROTOCOL_EXAMPLES", "0"))
DRAWN = settings(
    max_examples=EXAMPLES or 400,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
UNTIL_FOUND = settings(DRAWN, max_examples=4000, phases=[Phase.generate], report_multiple_bugs=False)
FLOWS = st.sampled_from(["publish-first", "direct"])

CAUGHT = {
    Flaw.NO_LEASE: "forgotten|replaced|dropped|went back|abandoned from|not claimed first|has taken over",
    Flaw.LATE_PHASE: "the register never said that it might be",
    Flaw.NO_TAKE_OVER: "another one has taken over",
    Flaw.SAME_NONCE: "another one has taken over",
    Flaw.OWN_BYTES: "the register never said that it might be",
    Flaw.KEPT_BYTES: "the register never said that it might be|the last run ended conflict",
    Flaw.ABANDON_PUBLISHING: "abandoned from publishing",
}
"""Which law each flaw breaks."""


def settle(events: Sequence[Event], flow: str = "publish-first", *, fresh: bool, flaw: Flaw | None = None) -> Play:
    """Let a schedule happen, and one more run; the laws are held all the way and at the end."""
    play = Play(flow=flow, flaw=flaw)
    play.play(events)
    play.conclude(fresh=fresh)
    return play


@DRAWN
@given(SCHEDULES, FLOWS, st.booleans())
def test_any_interleaving_of_two_runs_and_their_kills_ends_with_one_release(
    events: list[Event], flow: str, fresh: bool
) -> None:
    settle(events, flow, fresh=fresh)


@DRAWN
@given(SCHEDULES, FLOWS, st.booleans())
def test_of_minor_and_patch_at_once_one_is_released_and_the_other_is_told(
    events: list[Event], flow: str, fresh: bool
) -> None:
    play = Play({"A": "minor", "B": "patch"}, flow)
    play.play(events)
    play.conclude(fresh=fresh)
    assert play.world.register is not None
    winner = play.world.register.claim.candidate.plan.request
    for who, how in play.ends:
        if how in ("done", "released"):
            assert play.requests[who] == winner
        elif who in play.requests and play.requests[who] != winner:
            assert how in ("held", "unfinished", "blocked", "nothing to release"), f"{who} ended {how}"


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("flow", ["publish-first", "direct"])
def test_a_run_that_is_killed_before_any_access_is_finished_by_the_next(flow: str, fresh: bool) -> None:
    """Without anybody else nothing is left over, and what is over was never begun twice."""
    whole = len(Play(flow=flow).go(Go("A")))
    assert whole > 40
    for accesses in range(whole):
        play = Play(flow=flow)
        play.play([Go("A", accesses), Kill("A")])
        play.conclude(fresh=fresh, strict=True)


@pytest.mark.parametrize("flow", ["publish-first", "direct"])
def test_a_run_that_stalls_before_any_access_may_be_taken_over_at_any_other(flow: str) -> None:
    """One stops, another one goes on with its release and stops, the first wakes up: every pair of places."""
    whole = len(Play(flow=flow).go(Go("A")))
    for first in range(whole):
        for second in range(whole):
            settle([Go("A", first), Go("B", second, resume=True), Go("A"), Go("B")], flow, fresh=False)


@pytest.mark.parametrize("events", TRACES.values(), ids=TRACES)
def test_what_was_written_down_leaves_nothing_over(events: list[Event]) -> None:
    play = Play()
    play.play(events)
    play.conclude(strict=True)


@pytest.mark.parametrize("events", LIMITS.values(), ids=LIMITS)
def test_the_limits_leave_a_second_pull_request_and_nothing_worse(events: list[Event]) -> None:
    play = Play()
    play.play(events)
    with pytest.raises(AssertionError, match="not one pull request"):
        play.conclude(strict=True)
    settle(events, fresh=False)


@pytest.mark.parametrize("flaw", Flaw)
def test_a_protocol_with_a_flaw_is_caught_by_the_same_property(flaw: Flaw) -> None:
    """A property that no wrong protocol breaks would say nothing about the right one."""

    @UNTIL_FOUND
    @given(SCHEDULES, FLOWS, st.booleans())
    def attempt(events: list[Event], flow: str, fresh: bool) -> None:
        settle(events, flow, fresh=fresh, flaw=flaw)

    with pytest.raises(AssertionError, match=CAUGHT[flaw]):
        attempt()
