"""Repositories by REST: branches, refs, commits, tags, checks, who asks; and the page for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shipway.release.outcomes import UsageError
from world.forge_support import Clone, Site, make_source, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


@pytest.mark.parametrize(
    ("token", "push", "admin"), [("maintainer", True, True), ("release", False, False), ("reader", False, False)]
)
def test_the_repository_tells_what_a_token_may_do(site: Site, token: str, push: bool, admin: bool) -> None:
    """A workflow's own token is an app's: it may push, and the answer does not say so."""
    shape = site.api(token).get("")
    assert (shape["permissions"]["push"], shape["permissions"]["admin"]) == (push, admin)
    assert (shape["full_name"], shape["default_branch"]) == ("acme/widgets", "main")
    assert "permissions" not in site.api(None).get("")


def test_a_wrong_token_is_bad_credentials_and_an_unknown_path_is_not_found(site: Site) -> None:
    api = site.api()
    api.token = "wrong"
    answer = api.ask("GET", "")
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")
    assert site.api().ask("GET", "/wonders").status_code == 404
    assert site.api().send("GET", f"{site.forge.api_url}/user").json()["login"] == "github-actions[bot]"
    assert site.api(None).send("GET", f"{site.forge.api_url}/user").status_code == 401


def test_the_same_paths_answer_without_the_prefix(site: Site) -> None:
    assert site.api().send("GET", f"{site.forge.url}/repos/acme/widgets").json()["name"] == "widgets"
    assert site.api().send("GET", f"{site.forge.url}/rate_limit").json()["rate"]["remaining"] > 0
    assert "installed_version" in site.api().send("GET", f"{site.forge.api_url}/meta").json()


def test_branches_say_whether_they_are_protected(site: Site) -> None:
    site.add_branch("release/1")
    listed = {branch["name"]: branch["protected"] for branch in site.api().get("/branches")}
    assert listed == {"main": True, "release/1": False}
    assert site.api().get("/branches/main")["protected"] is True
    assert site.api().get("/branches/release/1")["protected"] is False
    assert site.api().ask("GET", "/branches/nowhere").status_code == 404


def test_refs_are_made_read_and_deleted(site: Site) -> None:
    sent = {"ref": "refs/heads/new", "sha": site.first}
    made = site.api().ask("POST", "/git/refs", json=sent)
    assert (made.status_code, made.json()["object"]["sha"]) == (201, site.first)
    assert site.api().ask("POST", "/git/refs", json=sent).status_code == 422
    assert site.api().get("/git/ref/heads/new")["ref"] == "refs/heads/new"
    assert site.api().ask("GET", "/git/ref/heads/ne").status_code == 404
    assert [ref["ref"] for ref in site.api().get("/git/matching-refs/heads/n")] == ["refs/heads/new"]
    assert site.api("reader").ask("DELETE", "/git/refs/heads/new").status_code == 403
    assert site.api().ask("DELETE", "/git/refs/heads/new").status_code == 204
    assert site.api().ask("DELETE", "/git/refs/heads/new").status_code == 422
    assert site.api("maintainer").ask("DELETE", "/git/refs/heads/main").status_code == 422


@pytest.mark.parametrize(
    "sent", [{"ref": "heads/x"}, {"ref": "refs/heads/a..b"}, {"ref": "refs/heads/x", "sha": "0" * 40}]
)
def test_a_ref_that_cannot_be_is_refused(site: Site, sent: dict[str, str]) -> None:
    assert site.api().ask("POST", "/git/refs", json={"sha": site.first} | sent).status_code == 422


def test_a_new_workflow_is_refused_by_rest_as_well(site: Site) -> None:
    clone = site.clone("maintainer")
    commit = clone.write_workflow("on: release\n")
    clone.git("push", "--quiet", "origin", "HEAD:refs/shipway/x")
    answer = site.api().ask("POST", "/git/refs", json={"ref": "refs/tags/v1", "sha": commit})
    assert (answer.status_code, "workflow" in answer.json()["message"]) == (422, True)


def test_commits_are_listed_and_read(site: Site) -> None:
    commit = site.add_branch("release/1")
    assert [found["sha"] for found in site.api().get("/commits", sha="release/1")] == [commit, site.first]
    assert [found["sha"] for found in site.api().get("/commits")] == [site.first]
    assert site.api().get("/commits/release/1")["parents"][0]["sha"] == site.first
    assert site.api().get(f"/git/commits/{commit}")["message"] == "change on release/1"
    assert site.api().ask("GET", "/commits/nowhere").status_code == 422


def test_tags_lead_to_commits_also_annotated_ones(site: Site) -> None:
    clone = site.clone()
    clone.git("tag", "-a", "-m", "annotated", "v1")
    clone.git("push", "--quiet", "origin", "v1")
    assert {tag["name"]: tag["commit"]["sha"] for tag in site.api().get("/tags")} == {
        "v0": site.first,
        "v1": site.first,
    }
    assert site.api().get("/git/ref/tags/v1")["object"]["type"] == "tag"


def test_check_runs_are_told_by_commit_and_the_last_of_a_name_counts(site: Site) -> None:
    site.forge.add_check_run(site.first, ["lint", "tests"])
    site.forge.add_check_run(site.first, ["lint"], conclusion="failure")
    site.forge.add_check_run(site.first, ["slow"], status="in_progress", conclusion=None)
    listed = site.api().get(f"/commits/{site.first}/check-runs")
    found = {check["name"]: check["conclusion"] for check in listed["check_runs"]}
    assert (listed["total_count"], found) == (3, {"lint": "failure", "tests": "success", "slow": None})
    everything = site.api().get(f"/commits/{site.first}/check-runs", filter="all")
    assert everything["total_count"] == 4
    named = site.api().get("/commits/main/check-runs", check_name="tests", status="completed")
    assert named["total_count"] == 1
    assert site.api().ask("GET", "/commits/nowhere/check-runs").status_code == 422


def test_broken_json_is_a_bad_request(site: Site) -> None:
    url = f"{site.forge.url}/repos/acme/widgets/git/refs"
    assert site.api().send("POST", url, data=b"{").status_code == 400
    assert site.api().send("POST", url, data=b"[]").status_code == 422


def test_the_page_shows_everything_and_escapes_it(site: Site) -> None:
    site.add_branch()
    site.api().open_pull(title="<script>alert(1)</script>", body="<img src=x>")
    site.api().ask("POST", "/issues/1/labels", json={"labels": ["<b>"]})
    draft = site.api().draft("v1", name="One & only", body="</pre>")
    site.api().upload(draft, "a.txt", b"a")
    for path in ("/", "/acme/widgets", "/acme/widgets/pull/1", "/acme/widgets/releases/tag/v1"):
        answer = site.api(None).send("GET", f"{site.forge.url}{path}")
        assert answer.headers["Content-Type"].startswith("text/html")
        for words in ("&lt;script&gt;", "&lt;img src=x&gt;", "[&lt;b&gt;]", "One &amp; only", "&lt;/pre&gt;", "a.txt"):
            assert words in answer.text
        assert "<script>" not in answer.text


def test_asking_for_a_repository_that_the_forge_lacks_is_a_usage_error(site: Site) -> None:
    with pytest.raises(UsageError):
        site.forge.repository("acme/gadgets")
    assert site.forge.repository("acme/widgets") is site.forge.repository()


def test_a_repository_is_reached_whatever_its_folder_was_called(site: Site) -> None:
    name = "acme/odd näme (1)"
    site.forge.create_repository(name, make_source()[0], site.first)
    clone = Clone(site.home)
    clone.git("clone", "--quiet", site.forge.git_url(name), "odd")
    shape = site.api().send("GET", f"{site.forge.api_url}/repos/acme/odd%20n%C3%A4me%20(1)").json()
    assert shape["full_name"] == name
    assert site.api().send("GET", f"{shape['url']}/branches").json()[0]["name"] == "main"
    assert "odd näme (1)" in site.api().send("GET", shape["html_url"]).text
