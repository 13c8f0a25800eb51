"""What the doctor reads of servers: whose a project on the index is, and what time they say it is."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from shipway.adopt.doctor.facts import Unasked
from shipway.adopt.doctor.index_links import parse_links, read_links
from shipway.adopt.doctor.reading_machine import parse_skew, read_skew
from shipway.release.outcomes import UnavailableError
from shipway.world.clock import Clock
from shipway.world.environment import Environment
from shipway.world.http import Http
from shipway.world.index_project import IndexFile, IndexProject
from world.http_support import CountingClock, Reply, ScriptedServer

METADATA = """\
Metadata-Version: 2.4
Name: acme-widgets
Home-page: https://acme.invalid
Project-URL: Source, https://forge.invalid/acme/widgets
Project-URL: Docs, https://docs.invalid

Project-URL: not, https://this.invalid
"""


def client() -> Http:
    return Http(Environment({}), CountingClock())


def test_links_are_those_of_the_head_alone() -> None:
    assert parse_links(METADATA) == (
        "https://forge.invalid/acme/widgets",
        "https://docs.invalid",
        "https://acme.invalid",
    )


def files(url: str, *names: str) -> IndexProject:
    return IndexProject("a", "active", tuple(IndexFile(n, f"{url}/{n}#sha256=0", "", None, False, None) for n in names))


def test_links_are_read_of_the_newest_wheel() -> None:
    with ScriptedServer() as server:
        server.on("GET /a-10.0-py3-none-any.whl.metadata", Reply(body=METADATA))
        project = files(server.url, "a-9.0-py3-none-any.whl", "a-10.0-py3-none-any.whl", "a-11.tar.gz", "odd.whl")
        assert "https://docs.invalid" in read_links(client(), project)


def test_an_index_without_metadata_tells_no_links_and_one_that_fails_tells_nothing() -> None:
    with ScriptedServer() as server:
        server.on("GET /a-1-py3-none-any.whl.metadata", Reply(404), Reply(403))
        project = files(server.url, "a-1-py3-none-any.whl")
        assert read_links(client(), project) == ()
        with pytest.raises(UnavailableError, match="403"):
            read_links(client(), project)
    assert read_links(client(), files("https://x.invalid", "a-1.tar.gz")) == ()


def test_a_servers_time_is_held_against_our_clock() -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert parse_skew("Fri, 02 Jan 2026 03:05:35 GMT", now) == -90
    assert parse_skew("Fri, 02 Jan 2026 03:04:00 -0000", now) == 5


def test_a_server_that_tells_no_time_is_no_answer() -> None:
    with pytest.raises(UnavailableError, match="what time"):
        parse_skew("yesterday", datetime.now(timezone.utc))


def test_a_server_on_this_machine_has_our_time() -> None:
    with ScriptedServer() as server:
        server.on("HEAD /", Reply())
        skew = read_skew(Http(Environment({}), Clock()), f"{server.url}/")
    assert not isinstance(skew, Unasked)
    assert abs(skew) < 5
