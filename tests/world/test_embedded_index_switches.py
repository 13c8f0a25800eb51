"""Each switch of the embedded index bites."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from shipway.rehearsal.index.model import Failure, IndexSwitches
from shipway.rehearsal.index.server import EmbeddedIndex
from shipway.world.clock import Clock
from world.index_support import look, make_wheel, post, server_context, twine, uv_publish


@pytest.fixture(name="index")
def running_index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        yield index


@pytest.fixture(name="wheel")
def tiny_wheel(tmp_path: Path) -> Path:
    return make_wheel(tmp_path / "dist")


def test_a_new_file_shows_only_after_the_lag(index: EmbeddedIndex, wheel: Path) -> None:
    index.switches.lag = 2
    post(index, wheel)
    assert len(index.files) == 1
    assert [look(index).status_code for _ in range(3)] == [404, 404, 200]


def test_a_lagging_file_of_a_known_project_is_missing_from_its_page(
    index: EmbeddedIndex, wheel: Path, tmp_path: Path
) -> None:
    post(index, wheel)
    index.switches.lag = 1
    post(index, make_wheel(tmp_path / "dist", version="1.1"), version="1.1")
    assert [look(index).json()["versions"] for _ in range(2)] == [["1.0"], ["1.0", "1.1"]]


def test_a_lag_without_end_lasts_until_it_is_released(index: EmbeddedIndex, wheel: Path) -> None:
    index.switches.lag = None
    post(index, wheel)
    assert [look(index).status_code for _ in range(4)] == [404] * 4
    assert requests.get(index.simple_url, timeout=10).text.count("<a ") == 0
    index.reveal()
    assert look(index).status_code == 200


class SetClock(Clock):
    """A clock whose counter stands where a test puts it."""

    at = 0.0

    def monotonic(self) -> float:
        """Give what was set."""
        return self.at


def test_a_lag_in_seconds_lasts_however_often_the_page_is_asked_for(tmp_path: Path, wheel: Path) -> None:
    clock = SetClock()
    with EmbeddedIndex(tmp_path / "index", switches=IndexSwitches(lag_seconds=20), clock=clock) as index:
        post(index, wheel)
        assert [look(index).status_code for _ in range(5)] == [404] * 5
        assert requests.get(index.simple_url, timeout=10).text.count("<a ") == 0
        clock.at = 20.0
        assert look(index).status_code == 200


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failure_before_the_effect_leaves_nothing(index: EmbeddedIndex, wheel: Path, status: int) -> None:
    index.switches.failures.append(Failure("upload", status, times=2))
    assert [post(index, wheel).status_code for _ in range(2)] == [status, status]
    assert index.files == ()
    assert post(index, wheel).status_code == 200


def test_a_failure_after_the_effect_leaves_the_file(index: EmbeddedIndex, wheel: Path) -> None:
    index.switches.failures.append(Failure("upload", 503, after=True))
    assert post(index, wheel).status_code == 503
    assert len(index.files) == 1
    assert post(index, wheel).status_code == 200


def test_too_many_requests_come_with_retry_after(index: EmbeddedIndex) -> None:
    index.switches.failures.append(Failure("project", 429, retry_after=3))
    answer = look(index)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")


def test_a_failure_can_hit_the_second_upload_only(index: EmbeddedIndex, wheel: Path, tmp_path: Path) -> None:
    index.switches.failures.append(Failure("upload", 500, skip=1))
    second = make_wheel(tmp_path / "dist", version="1.1")
    assert [post(index, wheel).status_code, post(index, second, version="1.1").status_code] == [200, 500]
    assert [file.version for file in index.files] == ["1.0"]


@pytest.mark.parametrize("after", [False, True])
def test_the_index_can_hang_up_before_and_after_the_upload_is_stored(
    index: EmbeddedIndex, wheel: Path, after: bool
) -> None:
    index.switches.failures.append(Failure("upload", None, after=after))
    with pytest.raises(requests.ConnectionError):
        post(index, wheel)
    assert len(index.files) == after
    assert (index.journal[0].route, index.journal[0].status) == ("upload", 0)


def test_an_expired_token_uploads_nothing(index: EmbeddedIndex, wheel: Path) -> None:
    index.expire(index.token)
    assert post(index, wheel).status_code == 403
    assert post(index, wheel, token=index.grant("acme-widgets")).status_code == 200


def test_a_person_can_yank_and_take_it_back(index: EmbeddedIndex, wheel: Path) -> None:
    post(index, wheel)
    index.yank(wheel.name, "broken")
    assert look(index).json()["files"][0]["yanked"] == "broken"
    index.unyank(wheel.name)
    assert look(index).json()["files"][0]["yanked"] is False


def test_twine_repeats_after_a_503_that_came_after_the_effect(
    index: EmbeddedIndex, wheel: Path, tmp_path: Path
) -> None:
    index.switches.failures.append(Failure("upload", 503, after=True))
    assert twine(tmp_path, index, wheel).returncode == 0
    assert [entry.status for entry in index.journal] == [503, 200]


def test_uv_stops_after_a_503_that_came_after_the_effect(index: EmbeddedIndex, wheel: Path, tmp_path: Path) -> None:
    index.switches.failures.append(Failure("upload", 503, after=True))
    assert uv_publish(tmp_path, index, str(wheel)).returncode != 0
    assert len(index.files) == 1


@pytest.mark.parametrize(
    "path", ["/", "/simple/", "/simple/acme-widgets/", "/_/oidc/audience", "/ci/id-token", "/files/" + "0" * 64 + "/x"]
)
def test_every_route_can_fail(index: EmbeddedIndex, path: str) -> None:
    requests.get(index.url + path, timeout=10)
    index.switches.failures.append(Failure(index.journal[0].route, 502))
    assert requests.get(index.url + path, timeout=10).status_code == 502


def test_an_index_of_html_only_ignores_what_the_client_asks_for(index: EmbeddedIndex, wheel: Path) -> None:
    post(index, wheel)
    index.switches.html_only = True
    answer = look(index)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert wheel.name in answer.text


def test_pages_may_be_kept_for_as_long_as_the_switch_says(tmp_path: Path, wheel: Path) -> None:
    with EmbeddedIndex(tmp_path / "index", switches=IndexSwitches(max_age=600)) as index:
        post(index, wheel)
        assert look(index).headers["Cache-Control"] == "max-age=600, public"
        index.switches.max_age = 0
        assert look(index).headers["Cache-Control"] == "no-cache"


def test_a_foreign_file_is_there_past_every_rule(index: EmbeddedIndex, wheel: Path) -> None:
    index.add_foreign_file(wheel.name, b"somebody else's bytes")
    assert look(index).json()["files"][0]["size"] == 21
    assert post(index, wheel).status_code == 400
    with pytest.raises(ValueError, match="no distribution's file name"):
        index.add_foreign_file("../x.whl", b"")


@pytest.mark.parametrize("secure", [False, True])
def test_an_index_with_a_silent_client_ends_at_once_and_leaves_no_thread(tmp_path: Path, secure: bool) -> None:
    context, trust = server_context(tmp_path)
    before = threading.active_count()
    with EmbeddedIndex(tmp_path, tls=context if secure else None) as index:
        port = int(index.url.rpartition(":")[2])
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"GET / HT")
        assert requests.get(index.url, verify=trust["SSL_CERT_FILE"], timeout=10).status_code == 200
    assert client.recv(10) == b""
    client.close()
    assert threading.active_count() == before


def test_an_index_that_lost_its_disk_says_so(index: EmbeddedIndex, wheel: Path) -> None:
    stored = index.add_foreign_file(wheel.name, wheel.read_bytes())
    stored.path.unlink()
    answer = requests.get(look(index).json()["files"][0]["url"], timeout=10)
    assert (answer.status_code, "directory" in answer.reason) == (500, True)


def test_two_indexes_run_side_by_side(tmp_path: Path, wheel: Path) -> None:
    with EmbeddedIndex(tmp_path / "one") as one, EmbeddedIndex(tmp_path / "two") as two:
        assert one.url != two.url
        post(one, wheel)
        assert (len(one.files), len(two.files)) == (1, 0)
        assert post(two, wheel, token=one.token).status_code == 403
