"""The model tells the truth: traces replayed with real commands on a real stage go the same way, access by access."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from end_to_end.support import make_project, open_world
from property.protocol_real import RealPlay
from property.protocol_schedule import Event, Play
from property.protocol_sight import Owners, makers_of, prepare, see_model, see_real
from property.protocol_traces import DIRECT, LIMITS, MINOR_AND_PATCH, TRACES


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(trace, id=name, marks=(pytest.mark.long,) if number % 3 else ())
        for number, (name, trace) in enumerate(TRACES.items())
    ],
)
def test_the_real_protocol_goes_the_way_of_the_model(tmp_path: Path, events: list[Event]) -> None:
    replay(tmp_path, events)


@pytest.mark.parametrize("events", LIMITS.values(), ids=LIMITS)
def test_the_limits_are_those_of_the_real_protocol(tmp_path: Path, events: list[Event]) -> None:
    replay(tmp_path, events)


def test_main_is_pushed_once_by_two_runs(tmp_path: Path) -> None:
    replay(tmp_path, DIRECT, flow="direct")


def test_of_minor_and_patch_one_is_released(tmp_path: Path) -> None:
    replay(tmp_path, MINOR_AND_PATCH, B="patch")


def replay(folder: Path, events: Sequence[Event], *, flow: str = "publish-first", **requests: str) -> None:
    """Let the same happen in the model and in the real world, and compare after every event."""
    model, owners, others = Play(requests=requests, flow=flow), Owners(), Owners()
    with open_world(make_project(folder / "acme"), flow=flow, publisher="uv") as world:
        real = RealPlay(world, requests)
        for who in "AB":
            prepare(model, who)
            real.prepare(who)
        makers = makers_of(model)
        try:
            for event in events:
                assert real.happen(event) == model.happen(event), event
                assert real.ends == model.ends, event
                assert see_real(real, others) == see_model(model, makers, owners), event
        finally:
            real.close()
