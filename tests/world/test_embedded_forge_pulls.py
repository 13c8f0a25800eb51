"""Pull requests, labels and reviews by REST: as GitHub answers, and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from world.forge_support import Site, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def test_a_pull_request_remembers_its_ends(site: Site) -> None:
    commit = site.add_branch()
    pull = site.api().open_pull()
    assert (pull["number"], pull["state"], pull["merged"]) == (1, "open", False)
    assert (pull["head"]["ref"], pull["head"]["sha"], pull["head"]["label"]) == ("release/1", commit, "acme:release/1")
    assert (pull["base"]["ref"], pull["base"]["sha"]) == ("main", site.first)
    assert (pull["commits"], pull["changed_files"], pull["additions"]) == (1, 1, 1)
    assert site.refs()["refs/pull/1/head"] == commit
    assert site.api().get("/pulls/1")["mergeable"] is True


def test_an_open_pull_request_follows_its_branch(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    clone = site.clone("release", "--branch", "release/1")
    commit = clone.commit("more", b="2")
    clone.git("push", "--quiet", "origin", "HEAD:release/1")
    assert site.api().get("/pulls/1")["head"]["sha"] == commit
    assert site.forge.pull(1).created_head != commit


def test_deleting_the_branch_closes_the_pull_request(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    site.clone().git("push", "--quiet", "origin", ":release/1")
    pull = site.api().get("/pulls/1")
    assert (pull["state"], pull["merged"]) == ("closed", False)


def test_pushing_the_head_to_main_merges_the_pull_request(site: Site) -> None:
    commit = site.add_branch()
    site.api().open_pull()
    clone = site.clone("maintainer")
    clone.git("push", "--quiet", "origin", f"{commit}:main")
    pull = site.api().get("/pulls/1")
    assert (pull["merged"], pull["merge_commit_sha"]) == (True, commit)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"head": "nowhere"}, "head"),
        ({"head": "stranger:release/1"}, "head"),
        ({"base": "nowhere"}, "base"),
        ({"title": ""}, "title"),
        ({"head": "main"}, "No commits between main and main"),
    ],
)
def test_a_pull_request_that_cannot_be_is_a_validation_error(site: Site, fields: dict[str, str], words: str) -> None:
    site.add_branch()
    sent = {"head": "release/1", "base": "main", "title": "x"} | fields
    answer = site.api().ask("POST", "/pulls", json=sent)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_second_open_pull_request_for_the_same_ends_is_refused(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    answer = site.api().ask("POST", "/pulls", json={"head": "release/1", "base": "main", "title": "x"})
    assert (answer.status_code, "already exists for acme:release/1" in answer.text) == (422, True)
    site.forge.close_pull_request(1)
    assert site.api().open_pull()["number"] == 2


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("reader", 403), ("pusher", 403)])
def test_opening_needs_the_permission(site: Site, token: str | None, status: int) -> None:
    site.add_branch()
    answer = site.api(token).ask("POST", "/pulls", json={"head": "release/1", "base": "main", "title": "x"})
    assert answer.status_code == status
    assert site.api().get("/pulls") == []


def test_the_setting_against_actions_opening_pull_requests_is_said_in_githubs_words(site: Site) -> None:
    site.add_branch()
    site.forge.switches.refuse_pull_requests = True
    answer = site.api().ask("POST", "/pulls", json={"head": "release/1", "base": "main", "title": "x"})
    words = "GitHub Actions is not permitted to create or approve pull requests."
    assert (answer.status_code, answer.json()["message"]) == (403, words)


def test_listing_filters_by_head_and_state_and_ignores_a_head_without_its_owner(site: Site) -> None:
    for branch in ("release/1", "release/2"):
        site.add_branch(branch)
        site.api().open_pull(branch)
    site.forge.close_pull_request(2)

    def numbers(**query: str) -> list[int]:
        return [pull["number"] for pull in site.api().get("/pulls", **query)]

    assert numbers() == [1]
    assert numbers(state="closed") == [2]
    assert numbers(state="all") == [2, 1]
    assert numbers(state="all", direction="asc") == [1, 2]
    assert numbers(state="all", head="acme:release/2") == [2]
    assert numbers(state="all", head="acme:nowhere") == []
    assert numbers(state="all", head="release/2") == [2, 1]
    assert numbers(state="all", base="other") == []


def test_a_listing_comes_in_pages_that_the_link_header_joins(site: Site) -> None:
    for number in range(3):
        site.add_branch(f"release/{number}")
        site.api().open_pull(f"release/{number}")
    answer, seen = site.api().ask("GET", "/pulls", per_page=2), []
    assert set(answer.links) == {"next", "last"}
    while True:
        seen += [pull["number"] for pull in answer.json()]
        if "next" not in answer.links:
            break
        answer = site.api().send("GET", answer.links["next"]["url"])
    assert seen == [3, 2, 1]
    assert set(answer.links) == {"prev", "first"}


def test_title_body_and_state_can_be_changed(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    changed = site.api().ask("PATCH", "/pulls/1", json={"title": "new", "body": "text"}).json()
    assert (changed["title"], changed["body"]) == ("new", "text")
    assert site.api().ask("PATCH", "/pulls/1", json={"state": "closed"}).json()["state"] == "closed"
    assert site.api().ask("PATCH", "/pulls/1", json={"state": "open"}).json()["state"] == "open"
    assert site.api("pusher").ask("PATCH", "/pulls/1", json={"state": "closed"}).status_code == 403
    assert site.api().ask("PATCH", "/pulls/1", json={"base": "nowhere"}).status_code == 422
    assert site.api().ask("GET", "/pulls/9").status_code == 404


def test_labels_are_made_as_they_are_added(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    answer = site.api().ask("POST", "/issues/1/labels", json={"labels": ["release", "<b>"]})
    assert [label["name"] for label in answer.json()] == ["release", "<b>"]
    site.api().ask("POST", "/issues/1/labels", json={"labels": ["release"]})
    assert [label["name"] for label in site.api().get("/pulls/1")["labels"]] == ["release", "<b>"]
    assert len(site.api().get("/issues/1/labels")) == 2
    assert site.api().ask("POST", "/issues/1/labels", json={"labels": "release"}, held=False).status_code == 422


def test_labelling_needs_a_permission(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    answer = site.api("pusher").ask("POST", "/issues/1/labels", json={"labels": ["release"]})
    assert (answer.status_code, answer.json()["message"]) == (403, "Resource not accessible by integration")
    site.forge.switches.refuse_labels = True
    assert site.api().ask("POST", "/issues/1/labels", json={"labels": ["release"]}).status_code == 403
    assert site.forge.pull(1).labels == []


def test_reviews_are_kept_and_nobody_approves_their_own(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    own = site.api().ask("POST", "/pulls/1/reviews", json={"event": "APPROVE"})
    assert (own.status_code, "your own pull request" in own.text) == (422, True)
    made = site.api("maintainer").ask("POST", "/pulls/1/reviews", json={"event": "APPROVE", "body": "good"})
    assert (made.status_code, made.json()["state"]) == (200, "APPROVED")
    site.forge.review(1, "CHANGES_REQUESTED")
    states = [review["state"] for review in site.api().get("/pulls/1/reviews")]
    assert states == ["APPROVED", "CHANGES_REQUESTED"]
    assert site.api().ask("POST", "/pulls/1/reviews", json={"event": "SHRUG"}, held=False).status_code == 422
