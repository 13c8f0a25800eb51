"""The HTTP door: what is an answer, what is tried again and what is not, how long, and listings."""

from __future__ import annotations

import socket
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from shipway.release.outcomes import UnavailableError
from shipway.world.http import Http
from world.http_support import BEARER, CANARY, CountingClock, Reply, ScriptedServer


def test_an_answer_comes_with_status_headers_and_content(server: ScriptedServer, http: Http) -> None:
    server.on("GET /x", Reply(200, {"a": 1}, {"X-Word": "yes"}))
    answer = http.request("GET", f"{server.url}/x")
    assert (answer.status, answer.json(), answer.headers["x-word"]) == (200, {"a": 1}, "yes")


@pytest.mark.parametrize("status", [301, 400, 401, 404, 409, 422])
def test_a_status_that_says_something_is_an_answer(server: ScriptedServer, http: Http, status: int) -> None:
    server.on("GET /x", Reply(status))
    assert http.request("GET", f"{server.url}/x").status == status
    assert len(server.seen) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_harmless_request_is_sent_again_to_a_busy_server(
    server: ScriptedServer, http: Http, clock: CountingClock, method: str, status: int
) -> None:
    server.on(f"{method} /x", Reply(status), Reply(status), Reply(200))
    assert http.request(method, f"{server.url}/x").status == 200
    assert len(server.seen) == 3
    assert clock.slept == [1, 2]


def test_patience_ends(server: ScriptedServer, http: Http, clock: CountingClock) -> None:
    server.on("GET /x", Reply(503, "down for repair"))
    with pytest.raises(UnavailableError, match="no usable answer") as caught:
        http.request("GET", f"{server.url}/x")
    assert "503: down for repair" in caught.value.why
    assert len(server.seen) == 4
    assert clock.slept == [1, 2, 4]


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("reply", [Reply(503), Reply(500), Reply(hang_up=True), Reply(200, b"{", cut=True)])
def test_a_change_whose_answer_was_lost_is_never_sent_again(
    server: ScriptedServer, http: Http, clock: CountingClock, method: str, reply: Reply
) -> None:
    server.on(f"{method} /x", reply)
    with pytest.raises(UnavailableError, match="was lost") as caught:
        http.request(method, f"{server.url}/x", json={"a": 1})
    assert "not sent twice" in caught.value.why
    assert "run the same command again: it looks" in caught.value.remedy
    assert len(server.seen) == 1
    assert clock.slept == []


@pytest.mark.parametrize("status", [403, 429])
def test_a_change_that_is_asked_to_wait_was_not_done_and_is_sent_when_it_may(
    server: ScriptedServer, http: Http, clock: CountingClock, status: int, tmp_path: Path
) -> None:
    server.on("POST /x", Reply(status, "slow down", {"Retry-After": "7"}), Reply(201))
    (tmp_path / "asset").write_bytes(b"whole")
    with (tmp_path / "asset").open("rb") as stream:
        assert http.request("POST", f"{server.url}/x", data=stream).status == 201
    assert [seen.body for seen in server.seen] == [b"whole", b"whole"]
    assert clock.slept == [7]


def test_a_change_that_is_asked_to_wait_for_long_is_refused_and_not_lost(server: ScriptedServer, http: Http) -> None:
    server.on("POST /x", Reply(429, "slow down", {"Retry-After": "300"}))
    with pytest.raises(UnavailableError, match="refused for now") as caught:
        http.request("POST", f"{server.url}/x")
    assert caught.value.remedy == "run the same command again in 300 s"
    assert len(server.seen) == 1


def test_the_caller_may_forbid_another_try(server: ScriptedServer, http: Http) -> None:
    server.on("GET /x", Reply(503))
    with pytest.raises(UnavailableError):
        http.request("GET", f"{server.url}/x", repeat=False)
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [403, 429, 503])
def test_retry_after_in_seconds_is_honoured(
    server: ScriptedServer, http: Http, clock: CountingClock, status: int
) -> None:
    server.on("GET /x", Reply(status, headers={"Retry-After": "17"}), Reply(200))
    assert http.request("GET", f"{server.url}/x").status == 200
    assert clock.slept == [17]


def test_retry_after_as_a_date_is_honoured(server: ScriptedServer, http: Http, clock: CountingClock) -> None:
    later = format_datetime(clock.now() + timedelta(seconds=30), usegmt=True)
    server.on("GET /x", Reply(503, headers={"Retry-After": later}), Reply(200))
    assert http.request("GET", f"{server.url}/x").status == 200
    assert 25 < clock.slept[0] <= 30


@pytest.mark.parametrize("asked", [["61"], ["40", "40"], ["Fri, 31 Dec 2100 23:59:59 GMT"]])
def test_waiting_is_bounded(server: ScriptedServer, http: Http, clock: CountingClock, asked: list[str]) -> None:
    server.on("GET /x", *(Reply(429, headers={"Retry-After": value}) for value in asked))
    with pytest.raises(UnavailableError, match="refused for now"):
        http.request("GET", f"{server.url}/x")
    assert sum(clock.slept) <= 60


@pytest.mark.parametrize("nonsense", ["soon", "-5", "1e9", "", "٣"])
def test_retry_after_that_makes_no_sense_is_not_obeyed(
    server: ScriptedServer, http: Http, clock: CountingClock, nonsense: str
) -> None:
    encoded = nonsense.encode().decode("latin-1")
    server.on("GET /x", Reply(503, headers={"Retry-After": encoded}), Reply(200))
    assert http.request("GET", f"{server.url}/x").status == 200
    assert clock.slept == [1]


def test_a_cut_answer_is_asked_for_again(server: ScriptedServer, http: Http) -> None:
    server.on("GET /x", Reply(200, b"half", cut=True), Reply(200, b"whole"))
    assert http.request("GET", f"{server.url}/x").content == b"whole"


def test_a_silent_server_is_not_waited_for_without_end(server: ScriptedServer, http: Http) -> None:
    server.on("POST /x", Reply(late=True))
    with pytest.raises(UnavailableError, match="was lost") as caught:
        http.request("POST", f"{server.url}/x", timeout=0.1)
    assert "no answer within 0.1 s" in caught.value.why


def test_nobody_there_is_not_a_lost_answer(http: Http, clock: CountingClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    with pytest.raises(UnavailableError, match="cannot ask POST") as caught:
        http.request("POST", f"http://127.0.0.1:{port}/x")
    assert "refused" in caught.value.why
    assert clock.slept == [1, 2, 4]


def test_an_endless_answer_is_cut_off(server: ScriptedServer, http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shipway.world.http.LARGEST_ANSWER", 1000)
    server.on("GET /x", Reply(200, b"x" * 5000))
    with pytest.raises(UnavailableError, match="no usable answer"):
        http.request("GET", f"{server.url}/x")
    assert len(server.seen) == 1


def test_an_answer_that_is_not_json_means_that_nobody_could_be_asked(server: ScriptedServer, http: Http) -> None:
    server.on("GET /x", Reply(200, "<html>log in first</html>"))
    with pytest.raises(UnavailableError, match="not JSON"):
        http.request("GET", f"{server.url}/x?q=1").json()


def test_a_listing_is_read_to_its_last_page(server: ScriptedServer, http: Http) -> None:
    link = f'<{server.url}/list?page=1>; rel="prev", <{server.url}/list?page=2>; rel="next"'
    server.on("GET /list", Reply(200, [1], {"Link": link}), Reply(200, [2]))
    pages = [page.json() for page in http.pages(f"{server.url}/list?page=1", headers=BEARER)]
    assert pages == [[1], [2]]
    assert all(seen.headers["Authorization"] == f"Bearer {CANARY}" for seen in server.seen)


def test_a_listing_that_leads_back_to_itself_ends(server: ScriptedServer, http: Http) -> None:
    server.on("GET /list", Reply(200, [], {"Link": '</list>; rel="next"'}))
    with pytest.raises(UnavailableError, match="does not end"):
        list(http.pages(f"{server.url}/list"))
    assert len(server.seen) == 1


def test_a_listing_that_leads_to_another_server_does_not_take_the_token_there(
    server: ScriptedServer, http: Http
) -> None:
    server.on("GET /list", Reply(200, [], {"Link": f'<{server.other_url}/list>; rel="next"'}))
    with pytest.raises(UnavailableError, match="does not end"):
        list(http.pages(f"{server.url}/list", headers=BEARER))
    assert len(server.seen) == 1
