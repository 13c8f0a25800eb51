"""Real git against the embedded forge: reading, pushing, and who may."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.forge.state import Token, new_secret
from world.forge_support import Clone, Site, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def test_a_public_repository_is_cloned_by_anybody_with_its_branch_and_tags(site: Site) -> None:
    clone = site.clone(None)
    assert clone.git("rev-parse", "HEAD") == site.first
    assert clone.git("tag") == "v0"
    assert clone.git("symbolic-ref", "HEAD") == "refs/heads/main"


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_every_protocol_version_reads_and_pushes(site: Site, version: str) -> None:
    clone = site.clone("release", "-c", f"protocol.version={version}")
    clone.git("config", "protocol.version", version)
    commit = clone.commit("more", a="1")
    clone.git("push", "--quiet", "origin", f"HEAD:refs/heads/version-{version}")
    assert site.refs()[f"refs/heads/version-{version}"] == commit
    clone.git("fetch", "--quiet", "origin", "main")


def test_a_big_push_comes_chunked_and_a_big_fetch_request_by_gzip(site: Site) -> None:
    clone = site.clone()
    blob = base64.b64encode(bytes((i * 7919 + i // 251) % 256 for i in range(400_000))).decode()
    clone.commit("big", blob=blob)
    for number in range(40):
        clone.git("commit", "--quiet", "--allow-empty", "-m", f"commit {number}")
    clone.git("-c", "http.postBuffer=65536", "-c", "core.compression=0", "push", "--quiet", "origin", "HEAD:big")
    site.add_branch("other")
    clone.git("-c", "protocol.version=0", "fetch", "--quiet", "origin", "other")
    assert site.refs()["refs/heads/big"] == clone.git("rev-parse", "HEAD")


def test_a_shallow_fetch_of_one_commit_by_its_name_brings_only_that(site: Site) -> None:
    commit = site.add_branch("release/1")
    empty = Clone(site.home / "empty")
    empty.path.mkdir()
    empty.git("init", "--quiet")
    empty.git("fetch", "--quiet", "--depth=1", site.address(None), commit)
    assert empty.git("rev-list", "--count", "FETCH_HEAD") == "1"
    empty.git("fetch", "--quiet", "--filter=blob:none", site.address(None), "main")


def test_an_atomic_push_with_one_refused_ref_moves_nothing(site: Site) -> None:
    clone = site.clone()
    clone.commit("more", a="1")
    done = clone.run("push", "--atomic", "origin", "HEAD:refs/heads/release/1", "HEAD:main")
    assert done.returncode != 0
    assert set(site.refs()) == {"refs/heads/main", "refs/tags/v0"}
    loose = clone.run("push", "origin", "HEAD:refs/heads/release/1", "HEAD:main")
    assert loose.returncode != 0
    assert "refs/heads/release/1" in site.refs()
    assert site.refs()["refs/heads/main"] == site.first


def test_of_two_leases_on_one_value_one_wins(site: Site) -> None:
    one, two = site.clone(name="one"), site.clone(name="two")
    first, second = one.commit("one", a="1"), two.commit("two", a="2")
    ref = "refs/shipway/widgets/main"
    one.git("push", "--quiet", f"--force-with-lease={ref}:", "origin", f"HEAD:{ref}")
    lost = two.run("push", f"--force-with-lease={ref}:", "origin", f"HEAD:{ref}")
    assert lost.returncode != 0
    assert site.refs()[ref] == first
    two.git("push", "--quiet", f"--force-with-lease={ref}:{first}", "origin", f"HEAD:{ref}")
    assert site.refs()[ref] == second


def test_pushes_that_race_for_one_new_ref_have_one_winner(site: Site) -> None:
    clones = [site.clone(name=f"racer-{number}") for number in range(4)]
    commits = [clone.commit("race", a=str(number)) for number, clone in enumerate(clones)]
    codes: dict[str, int] = {}

    def push(clone: Clone, commit: str) -> None:
        lease = "--force-with-lease=refs/shipway/x:"
        codes[commit] = clone.run("push", lease, "origin", "HEAD:refs/shipway/x").returncode

    racers = [threading.Thread(target=push, args=pair) for pair in zip(clones, commits, strict=True)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert [commit for commit, code in codes.items() if code == 0] == [site.refs()["refs/shipway/x"]]


def test_a_push_without_a_token_is_asked_for_one(site: Site) -> None:
    clone = site.clone(None)
    clone.commit("more")
    assert "could not read Username" in clone.run("push", "origin", "HEAD:x").stderr
    assert [entry.status for entry in site.forge.journal][-1] == 401


def test_a_wrong_token_is_refused_even_for_reading(site: Site) -> None:
    header = f"Authorization: Basic {base64.b64encode(b'x:wrong').decode()}"
    done = Clone(site.home).run("-c", f"http.extraHeader={header}", "ls-remote", site.address(None))
    assert done.returncode != 0
    assert [entry.status for entry in site.forge.journal] == [401]


def test_a_token_that_may_only_read_does_not_push(site: Site) -> None:
    clone = site.clone("reader")
    clone.commit("more")
    done = clone.run("push", "origin", "HEAD:x")
    assert "403" in done.stderr
    assert "denied to reader" in done.stderr
    assert "refs/heads/x" not in site.refs()


def test_a_private_repository_is_not_there_for_strangers(tmp_path: Path) -> None:
    with running_site(tmp_path, private=True) as site:
        done = Clone(site.home).run("ls-remote", site.address(None))
        assert done.returncode != 0
        assert site.clone("reader").git("rev-parse", "HEAD") == site.first
        assert site.api(None).ask("GET", "").status_code == 404
        assert site.api("reader").ask("GET", "").status_code == 200


def test_a_repository_that_is_not_there_is_not_found(site: Site) -> None:
    address = site.address("release").replace("widgets", "gadgets")
    assert "not found" in Clone(site.home).run("ls-remote", address).stderr


def test_the_protected_branch_refuses_a_direct_push_with_githubs_words(site: Site) -> None:
    clone = site.clone()
    clone.commit("more", a="1")
    done = clone.run("push", "origin", "main")
    assert "GH006: Protected branch update failed for refs/heads/main." in done.stderr
    assert "Changes must be made through a pull request." in done.stderr
    assert "[remote rejected] main -> main (hook declined)" in done.stderr
    assert site.refs()["refs/heads/main"] == site.first


def test_the_protected_branch_can_be_neither_rewritten_nor_deleted(site: Site) -> None:
    clone = site.clone()
    clone.git("commit", "--quiet", "--amend", "-m", "rewritten")
    assert "GH006" in clone.run("push", "--force", "origin", "main").stderr
    assert clone.run("push", "origin", ":main").returncode != 0
    assert site.refs()["refs/heads/main"] == site.first


def test_a_maintainers_token_bypasses_the_protection(site: Site) -> None:
    clone = site.clone("maintainer")
    commit = clone.commit("more", a="1")
    clone.git("push", "--quiet", "origin", "main")
    assert site.refs()["refs/heads/main"] == commit


def test_an_unprotected_branch_takes_direct_pushes(site: Site) -> None:
    site.forge.repository().protected.clear()
    clone = site.clone()
    commit = clone.commit("more", a="1")
    clone.git("push", "--quiet", "origin", "main")
    assert site.refs()["refs/heads/main"] == commit


def test_the_refs_of_pull_requests_belong_to_the_forge(site: Site) -> None:
    clone = site.clone()
    assert "deny updating a hidden ref" in clone.run("push", "origin", "HEAD:refs/pull/7/head").stderr


def test_a_token_without_the_permission_cannot_bring_a_new_workflow(site: Site) -> None:
    clone = site.clone()
    clone.write_workflow("on: release\n")
    done = clone.run("push", "origin", "HEAD:refs/heads/release/1", "HEAD:refs/tags/v1")
    assert "refusing to allow a GitHub App to create or update workflow '.github/workflows/ci.yml'" in done.stderr
    assert set(site.refs()) == {"refs/heads/main", "refs/tags/v0"}


def test_workflows_that_some_branch_has_may_be_pushed_by_anybody(site: Site) -> None:
    changed = site.clone("maintainer", name="changed")
    changed.write_workflow("on: release\n")
    changed.git("push", "--quiet", "origin", "HEAD:refs/heads/changed")
    clone = site.clone()
    clone.git("checkout", "--quiet", "origin/changed")
    clone.commit("more", a="1")
    clone.git("push", "--quiet", "origin", "HEAD:refs/tags/v1")
    clone.git("checkout", "--quiet", "main")
    clone.git("push", "--quiet", "origin", "HEAD:refs/heads/old-workflow")


def test_once_no_branch_has_them_old_workflows_are_refused(site: Site) -> None:
    clone = site.clone()
    main = site.clone("maintainer", name="main")
    main.write_workflow("on: release\n")
    main.git("push", "--quiet", "origin", "main")
    clone.commit("made before main moved", a="1")
    assert "'workflows' permission" in clone.run("push", "origin", "HEAD:refs/tags/v1").stderr


def test_a_token_with_the_permission_may_bring_a_new_workflow(site: Site) -> None:
    site.forge.add_token(Token("app", new_secret(), workflows=True))
    clone = site.clone("app")
    clone.write_workflow("on: release\n")
    clone.git("push", "--quiet", "origin", "HEAD:refs/heads/release/1")


def test_a_commit_without_any_workflow_may_be_pushed(site: Site) -> None:
    clone = site.clone()
    clone.git("rm", "--quiet", "-r", ".github")
    clone.commit("no workflows")
    clone.git("push", "--quiet", "origin", "HEAD:refs/shipway/x")
