"""Merging: what main is afterwards, for each method, and when the forge refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.forge.routes import RefusalError
from world.forge_support import Site, running_site

METHODS = ("merge", "squash", "rebase")


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def move_main(site: Site, **files: str) -> str:
    return site.add_branch("main", **files)


@pytest.mark.parametrize("method", METHODS)
def test_after_a_merge_main_has_both_sides(site: Site, method: str) -> None:
    head = site.add_branch("release/1", a="released")
    site.api().open_pull()
    moved = move_main(site, b="meanwhile")
    merged = site.forge.merge_pull_request(1, method)
    git = site.forge.repository().git
    assert site.refs()["refs/heads/main"] == merged
    assert git.read("show", f"{merged}:a") == "released"
    assert git.read("show", f"{merged}:b") == "meanwhile"
    parents = git.commits(merged, limit=1)[0].parents
    assert parents == ((moved, head) if method == "merge" else (moved,))
    pull = site.api().get("/pulls/1")
    assert (pull["merged"], pull["state"], pull["merge_commit_sha"]) == (True, "closed", merged)
    assert pull["head"]["sha"] == head
    assert site.api().ask("GET", "/pulls/1/merge").status_code == 204


@pytest.mark.parametrize("method", METHODS)
def test_even_where_main_did_not_move_the_method_shows(site: Site, method: str) -> None:
    head = site.add_branch("release/1", a="released")
    site.api().open_pull()
    merged = site.forge.merge_pull_request(1, method)
    git = site.forge.repository().git
    assert merged != head
    assert git.read("rev-parse", f"{merged}^{{tree}}") == git.read("rev-parse", f"{head}^{{tree}}")


def test_the_messages_are_githubs(site: Site) -> None:
    for branch in ("release/1", "release/2"):
        site.add_branch(branch, **{branch.replace("/", ""): "x"})
        site.api().open_pull(branch, title=f"Release {branch[-1]}")
    git = site.forge.repository().git
    merged = git.commits(site.forge.merge_pull_request(1), limit=1)[0]
    assert merged.message == "Merge pull request #1 from acme/release/1\n\nRelease 1"
    assert merged.author["name"] == "maintainer"
    squashed = git.commits(site.forge.merge_pull_request(2, "squash"), limit=1)[0]
    assert squashed.message == "change on release/2 (#2)"
    assert (squashed.author["name"], squashed.committer["name"]) == ("tester", "GitHub")


def test_a_squash_of_several_commits_lists_them(site: Site) -> None:
    clone = site.clone()
    clone.commit("one", a="1")
    clone.commit("two", b="2")
    clone.git("push", "--quiet", "origin", "HEAD:release/1")
    site.api().open_pull()
    squashed = site.forge.repository().git.commits(site.forge.merge_pull_request(1, "squash"), limit=1)[0]
    assert squashed.message == "Release 1 (#1)\n\n* one\n\n* two"


@pytest.mark.parametrize("method", METHODS)
def test_a_conflict_is_not_mergeable_and_leaves_everything(site: Site, method: str) -> None:
    site.add_branch("release/1", README="ours\n")
    site.api().open_pull()
    moved = move_main(site, README="theirs\n")
    assert site.api().get("/pulls/1")["mergeable"] is False
    with pytest.raises(RefusalError, match="not mergeable") as refusal:
        site.forge.merge_pull_request(1, method)
    assert refusal.value.status == 405
    assert site.refs()["refs/heads/main"] == moved
    assert site.forge.repository().git.read("worktree", "list").count("\n") == 0


def test_rest_merges_with_the_right_head_only(site: Site) -> None:
    commit = site.add_branch()
    site.api().open_pull()
    stale = site.api().ask("PUT", "/pulls/1/merge", json={"sha": site.first})
    assert (stale.status_code, "Head branch was modified" in stale.text) == (409, True)
    sent = {"sha": commit, "merge_method": "squash", "commit_title": "Out", "commit_message": "Text"}
    answer = site.api().ask("PUT", "/pulls/1/merge", json=sent)
    assert (answer.status_code, answer.json()["merged"]) == (200, True)
    assert site.api().get(f"/commits/{answer.json()['sha']}")["commit"]["message"] == "Out\n\nText"
    assert site.api().ask("PUT", "/pulls/1/merge").status_code == 405


def test_rest_refuses_a_method_that_is_off_or_unknown_and_a_weak_token(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    site.forge.repository().merge_methods.remove("merge")
    assert site.api().ask("PUT", "/pulls/1/merge").status_code == 405
    assert site.api().get("")["allow_merge_commit"] is False
    unknown = site.api().ask("PUT", "/pulls/1/merge", json={"merge_method": "octopus"}, held=False)
    assert unknown.status_code == 422
    assert site.api("reader").ask("PUT", "/pulls/1/merge").status_code == 403
    assert site.refs()["refs/heads/main"] == site.first


def test_rest_waits_for_the_required_review(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    site.forge.repository().required_reviews = 1
    refused = site.api().ask("PUT", "/pulls/1/merge")
    assert (refused.status_code, "approving review" in refused.text) == (405, True)
    site.forge.review(1)
    assert site.api().ask("PUT", "/pulls/1/merge").status_code == 200


def test_a_pull_request_closed_by_a_person_is_not_merged(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    site.forge.close_pull_request(1)
    assert site.api().get("/pulls/1")["state"] == "closed"
    assert site.api().ask("PUT", "/pulls/1/merge").status_code == 405


def test_the_branch_can_be_deleted_with_the_merge(site: Site) -> None:
    site.add_branch()
    site.api().open_pull()
    site.forge.repository().delete_branch_on_merge = True
    site.forge.merge_pull_request(1)
    assert "refs/heads/release/1" not in site.refs()
    reopened = site.api().ask("PATCH", "/pulls/1", json={"state": "open"})
    assert reopened.status_code == 422
