"""What goes wrong on a bad day, each switch in a test in which it bites."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from shipway.rehearsal.forge.server import EmbeddedForge
from shipway.rehearsal.forge.switches import Fault, ForgeSwitches, lost_answer, secondary_rate_limit
from world.forge_support import Site, running_site

RELEASES = "POST */releases"


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def test_new_things_are_missing_from_listings_for_a_while(tmp_path: Path) -> None:
    with running_site(tmp_path, switches=ForgeSwitches(lag=2)) as site:
        site.add_branch()
        site.api().open_pull()
        draft = site.api().draft()
        assert [len(site.api().get("/pulls")) for _ in range(3)] == [0, 0, 1]
        assert [len(site.api().get("/releases")) for _ in range(3)] == [0, 0, 1]
        assert site.api().get(f"/releases/{draft['id']}")["id"] == draft["id"]


def test_a_failure_before_the_effect_leaves_nothing(site: Site) -> None:
    site.forge.switches.faults.append(Fault(RELEASES, 503, count=2))
    for _ in range(2):
        assert site.api().ask("POST", "/releases", json={"tag_name": "v1"}).status_code == 503
    assert site.api().get("/releases") == []
    assert site.api().ask("POST", "/releases", json={"tag_name": "v1"}).status_code == 201


def test_a_failure_after_the_effect_leaves_it(site: Site) -> None:
    site.forge.switches.faults.append(Fault(RELEASES, 502, after=True))
    assert site.api().ask("POST", "/releases", json={"tag_name": "v1"}).status_code == 502
    assert len(site.api().get("/releases")) == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_hang_up_looks_the_same_before_and_after_the_effect(site: Site, after: bool) -> None:
    site.forge.switches.faults.append(Fault(RELEASES, after=after))
    with pytest.raises(requests.ConnectionError):
        site.api().ask("POST", "/releases", json={"tag_name": "v1"})
    assert len(site.api().get("/releases")) == int(after)
    assert site.forge.journal[-2].status == 0


def test_the_secondary_rate_limit_says_when_to_come_back(site: Site) -> None:
    site.forge.switches.faults.append(secondary_rate_limit(retry_after=7))
    answer = site.api().ask("GET", "/releases")
    assert (answer.status_code, answer.headers["Retry-After"]) == (403, "7")
    assert "secondary rate limit" in answer.json()["message"]
    assert site.api().get("/releases") == []


def test_a_push_whose_answer_is_lost_has_happened(site: Site) -> None:
    clone = site.clone()
    commit = clone.commit("more", a="1")
    site.forge.switches.faults.append(lost_answer("POST */git-receive-pack"))
    assert clone.run("push", "origin", "HEAD:refs/heads/release/1").returncode != 0
    assert site.refs()["refs/heads/release/1"] == commit


def test_a_push_that_fails_before_its_effect_has_not_happened(site: Site) -> None:
    clone = site.clone()
    clone.commit("more", a="1")
    site.forge.switches.faults.append(Fault("* */git-receive-pack", 500))
    assert "500" in clone.run("push", "origin", "HEAD:refs/heads/release/1").stderr
    assert "refs/heads/release/1" not in site.refs()
    clone.git("push", "--quiet", "origin", "HEAD:refs/heads/release/1")


def test_a_slow_answer_outlasts_the_clients_patience(site: Site) -> None:
    site.forge.switches.faults.append(Fault("GET */releases", delay=30))
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{site.forge.api_url}/repos/acme/widgets/releases", timeout=0.2)
    assert site.api().get("/releases") == []


def test_a_watched_request_tells_when_it_comes_and_goes_on(site: Site) -> None:
    seen = threading.Event()
    site.forge.switches.faults.append(Fault(RELEASES, call=seen.set))
    assert site.api().ask("POST", "/releases", json={"tag_name": "v1"}).status_code == 201
    assert seen.is_set()


def test_a_watched_push_has_happened_when_it_is_told(site: Site) -> None:
    clone = site.clone()
    commit = clone.commit("more", a="1")
    seen: list[str | None] = []
    watch = Fault("POST */git-receive-pack", after=True, call=lambda: seen.append(site.refs().get("refs/heads/x")))
    site.forge.switches.faults.append(watch)
    clone.git("push", "--quiet", "origin", "HEAD:refs/heads/x")
    assert seen == [commit]


def test_a_renewed_token_is_known_by_its_fresh_value_alone(site: Site) -> None:
    old = site.api()
    clone = site.clone()
    site.forge.renew_token("release")
    assert old.ask("GET", "/releases").status_code == 401
    assert "Authentication failed" in clone.run("push", "origin", "HEAD:refs/heads/x").stderr
    assert site.api().ask("GET", "/releases").status_code == 200


def test_the_journal_counts_requests_and_keeps_no_secret(site: Site) -> None:
    site.api().get("/releases")
    site.api().get("/releases", per_page=5)
    site.clone()
    assert site.forge.count("GET", "/repos/*/releases") == 2
    assert site.forge.count("POST", "*/git-upload-pack") > 0
    assert site.forge.tokens["release"].value not in repr(site.forge.journal)
    assert site.forge.tokens["release"].value not in repr(site.forge.state)


def test_the_forge_closes_although_clients_keep_their_connections(tmp_path: Path) -> None:
    with requests.Session() as session, EmbeddedForge(tmp_path / "forge") as forge:
        assert session.get(f"{forge.api_url}/rate_limit", timeout=5).status_code == 200
        url = forge.url
        threads = threading.active_count()
        assert threads > 1
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
    assert not [thread for thread in threading.enumerate() if "forge" in thread.name]
