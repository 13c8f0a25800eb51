"""Fixtures of the tests that talk HTTP: a scripted server, a clock that costs no time, and the door between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shipway.world.http import Http
from world.http_support import CountingClock, ScriptedServer, http_with


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def clock() -> CountingClock:
    return CountingClock()


@pytest.fixture
def http(clock: CountingClock) -> Http:
    return http_with(clock)
