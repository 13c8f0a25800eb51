"""Releases and their assets by REST: drafts, publishing, tags, the latest one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from world.forge_support import Site, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def publish(site: Site, tag: str, **fields: object) -> int:
    answer = site.api().ask("POST", "/releases", json={"tag_name": tag} | fields)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_a_draft_makes_no_tag_and_is_found_by_its_id_only(site: Site) -> None:
    draft = site.api().draft("v1", name="One", body="words", target_commitish="main")
    assert (draft["draft"], draft["published_at"]) == (True, None)
    assert "refs/tags/v1" not in site.refs()
    assert site.api().ask("GET", "/releases/tags/v1").status_code == 404
    assert site.api().ask("GET", "/releases/latest").status_code == 404
    assert site.api().get(f"/releases/{draft['id']}")["name"] == "One"


@pytest.mark.parametrize("token", [None, "reader"])
def test_drafts_are_hidden_from_those_who_may_not_push(site: Site, token: str | None) -> None:
    draft = site.api().draft()
    assert [release["id"] for release in site.api("pusher").get("/releases")] == [draft["id"]]
    assert site.api(token).get("/releases") == []
    assert site.api(token).ask("GET", f"/releases/{draft['id']}").status_code == 404
    assert site.api(token).ask("PATCH", f"/releases/{draft['id']}", json={"draft": False}).status_code in (401, 403)


def test_publishing_makes_a_lightweight_tag_at_the_target(site: Site) -> None:
    commit = site.add_branch("release/1")
    draft = site.api().draft("v1", target_commitish=commit)
    published = site.api().ask("PATCH", f"/releases/{draft['id']}", json={"draft": False}).json()
    assert (published["draft"], published["html_url"].endswith("/releases/tag/v1")) == (False, True)
    assert site.refs()["refs/tags/v1"] == commit
    assert site.api().get("/releases/tags/v1")["id"] == draft["id"]


def test_publishing_without_a_target_tags_the_default_branch(site: Site) -> None:
    publish(site, "v1")
    assert site.refs()["refs/tags/v1"] == site.first


def test_publishing_leaves_a_tag_that_is_there_as_it_is(site: Site) -> None:
    clone = site.clone()
    clone.git("tag", "-a", "-m", "annotated", "v1")
    clone.git("push", "--quiet", "origin", "v1")
    before = site.refs()["refs/tags/v1"]
    site.add_branch("release/1")
    publish(site, "v1", target_commitish="release/1")
    assert site.refs()["refs/tags/v1"] == before


@pytest.mark.parametrize(
    "fields", [{"target_commitish": "nowhere"}, {"tag_name": "bad..name"}, {"tag_name": ""}, {"make_latest": "no"}]
)
def test_a_release_that_cannot_be_is_a_validation_error(site: Site, fields: dict[str, str]) -> None:
    answer = site.api().ask("POST", "/releases", json={"tag_name": "v1"} | fields, held=False)
    assert answer.status_code == 422
    assert site.api().get("/releases") == []


def test_one_tag_has_one_published_release(site: Site) -> None:
    publish(site, "v1")
    draft = site.api().draft("v1")
    again = site.api().ask("PATCH", f"/releases/{draft['id']}", json={"draft": False})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "already_exists")
    assert site.api().get(f"/releases/{draft['id']}")["draft"] is True


def test_latest_is_the_one_that_was_made_so(site: Site) -> None:
    publish(site, "v2")
    publish(site, "v1.1", make_latest="false")
    assert site.api().get("/releases/latest")["tag_name"] == "v2"
    publish(site, "v3rc1", prerelease=True)
    assert site.api().get("/releases/latest")["tag_name"] == "v2"
    publish(site, "v3", make_latest="true")
    assert site.api().get("/releases/latest")["tag_name"] == "v3"
    listed = [release["tag_name"] for release in site.api().get("/releases")]
    assert listed == ["v3", "v3rc1", "v1.1", "v2"]


def test_a_release_is_deleted_and_its_tag_stays(site: Site) -> None:
    number = publish(site, "v1")
    assert site.api("reader").ask("DELETE", f"/releases/{number}").status_code == 403
    assert site.api().ask("DELETE", f"/releases/{number}").status_code == 204
    assert site.api().ask("DELETE", f"/releases/{number}").status_code == 404
    assert "refs/tags/v1" in site.refs()


def test_many_releases_come_in_pages(site: Site) -> None:
    for number in range(5):
        site.api().draft(f"v{number}")
    answer = site.api().ask("GET", "/releases", per_page=2, page=3)
    assert len(answer.json()) == 1
    assert answer.links["prev"]["url"].endswith("page=2")


def test_an_asset_keeps_its_bytes_and_tells_their_digest(site: Site) -> None:
    draft, content = site.api().draft(), b"\x00wheel\r\n" * 1000
    answer = site.api().upload(draft, "acme-1.0+local-py3-none-any.whl", content)
    asset = answer.json()
    assert (answer.status_code, asset["state"], asset["size"]) == (201, "uploaded", len(content))
    assert asset["digest"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert asset["name"] == "acme-1.0+local-py3-none-any.whl"
    raw = site.api().send("GET", asset["url"], headers={"Accept": "application/octet-stream"})
    assert raw.status_code == 302
    assert site.api(None).send("GET", raw.headers["Location"]).content == content
    assert site.api().get(f"/releases/{draft['id']}")["assets"][0]["id"] == asset["id"]


def test_an_assets_public_address_works_once_published(site: Site) -> None:
    draft = site.api().draft()
    site.api().upload(draft, "a.txt", b"a")
    url = f"{site.forge.url}/acme/widgets/releases/download/v1/a.txt"
    assert site.api(None).send("GET", url).status_code == 404
    done = site.api().ask("PATCH", f"/releases/{draft['id']}", json={"draft": False}).json()
    assert done["assets"][0]["browser_download_url"] == url
    assert site.api(None).send("GET", url).content == b"a"


def test_an_asset_of_that_name_is_refused_until_the_old_one_is_deleted(site: Site) -> None:
    draft = site.api().draft()
    first = site.api().upload(draft, "a.txt", b"a").json()
    again = site.api().upload(draft, "a.txt", b"b")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "already_exists")
    assert site.api("reader").ask("DELETE", f"/releases/assets/{first['id']}").status_code == 403
    assert site.api().ask("DELETE", f"/releases/assets/{first['id']}").status_code == 204
    assert site.api().upload(draft, "a.txt", b"b").status_code == 201


def test_uploads_need_a_name_a_body_and_the_permission(site: Site) -> None:
    draft = site.api().draft()
    assert site.api().upload(draft, "", b"a", held=False).status_code == 422
    assert site.api("reader").upload(draft, "a.txt", b"a").status_code == 403
    assert site.api(None).upload(draft, "a.txt", b"a").status_code == 401
    assert site.api().upload(draft, "odd name (1).txt", b"a").json()["name"] == "odd.name.1.txt"
    assert site.api().upload(draft, "empty.txt", b"", held=False).status_code == 400


def test_an_immutable_release_takes_no_asset_once_published(site: Site) -> None:
    site.forge.switches.immutable_releases = True
    draft = site.api().draft()
    asset = site.api().upload(draft, "a.txt", b"a").json()
    done = site.api().ask("PATCH", f"/releases/{draft['id']}", json={"draft": False}).json()
    assert done["immutable"] is True
    late = site.api().upload(done, "b.txt", b"b")
    assert (late.status_code, "immutable" in late.text) == (422, True)
    assert site.api().ask("DELETE", f"/releases/assets/{asset['id']}").status_code == 422
    assert site.api().ask("PATCH", f"/releases/{draft['id']}", json={"tag_name": "v2"}).status_code == 422
    assert [found["name"] for found in site.api().get("/releases/tags/v1")["assets"]] == ["a.txt"]


def test_a_failed_upload_leaves_a_starter_that_blocks_the_name_until_deleted(site: Site) -> None:
    site.forge.switches.starter_assets = 1
    draft = site.api().draft()
    assert site.api().upload(draft, "a.txt", b"a").status_code == 502
    left = site.api().get(f"/releases/{draft['id']}")["assets"][0]
    assert (left["state"], left["size"], left["digest"]) == ("starter", 0, None)
    assert site.api().upload(draft, "a.txt", b"a").status_code == 422
    assert site.api().ask("DELETE", f"/releases/assets/{left['id']}").status_code == 204
    assert site.api().upload(draft, "a.txt", b"a").status_code == 201
