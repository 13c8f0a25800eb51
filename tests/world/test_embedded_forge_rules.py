"""Rules on refs: globs that refuse, tags that stay, refs that hide; for git and for REST alike."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.forge.state import RefRule
from world.forge_support import Site, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def test_a_refused_ref_is_refused_to_everybody_and_others_are_not(site: Site) -> None:
    site.forge.switches.refused_refs.append("refs/heads/release/*")
    clone = site.clone("maintainer")
    done = clone.run("push", "origin", "HEAD:refs/heads/release/1", "HEAD:refs/heads/free")
    assert "GH013: Repository rule violations found for refs/heads/release/1." in done.stderr
    assert "refs/heads/release/1" not in site.refs()
    assert "refs/heads/free" in site.refs()


def test_a_refused_ref_is_refused_by_rest_too(site: Site) -> None:
    site.forge.switches.refused_refs.append("refs/tags/*")
    answer = site.api().ask("POST", "/git/refs", json={"ref": "refs/tags/v1", "sha": site.first})
    assert (answer.status_code, "GH013" in answer.json()["message"]) == (422, True)
    assert "refs/tags/v1" not in site.refs()


def test_publishing_a_release_makes_no_tag_that_the_rules_refuse(site: Site) -> None:
    site.forge.switches.refused_refs.append("refs/tags/*")
    answer = site.api().ask("POST", "/releases", json={"tag_name": "v1"})
    assert answer.status_code == 422
    assert site.api().get("/releases") == []


def test_a_tag_rule_keeps_tags_from_moving_and_vanishing(site: Site) -> None:
    rule = RefRule("refs/tags/v*", frozenset({"update", "force", "delete"}), detail="Tags stay.")
    site.forge.repository().rules.append(rule)
    clone = site.clone()
    clone.git("push", "--quiet", "origin", "HEAD:refs/tags/v1")
    commit = clone.commit("more", a="1")
    moved = clone.run("push", "--force", "origin", "HEAD:refs/tags/v1")
    assert "GH013: Repository rule violations found for refs/tags/v1." in moved.stderr
    assert "Tags stay." in moved.stderr
    assert clone.run("push", "origin", ":refs/tags/v1").returncode != 0
    assert site.api().ask("DELETE", "/git/refs/tags/v1").status_code == 422
    assert site.refs()["refs/tags/v1"] == site.first
    site.clone("maintainer", name="boss").git("push", "--quiet", "--force", "origin", f"{site.first}:refs/tags/v1")
    assert commit not in site.refs().values()


def test_a_rule_of_signed_commits_refuses_branches_with_unsigned_ones(site: Site) -> None:
    site.forge.switches.signed_commits = True
    clone = site.clone()
    clone.git("push", "--quiet", "origin", "HEAD:refs/heads/old")
    clone.commit("unsigned", a="1")
    done = clone.run("push", "origin", "HEAD:refs/heads/release/1")
    assert "GH013: Repository rule violations found for refs/heads/release/1." in done.stderr
    assert "Commits must have verified signatures." in done.stderr
    clone.git("push", "--quiet", "origin", "HEAD:refs/shipway/x/main", "HEAD:refs/tags/v1")
    clone.git("push", "--quiet", "origin", ":refs/heads/old")
    assert "refs/heads/old" not in site.refs()


def test_a_rule_of_signed_commits_takes_signed_ones(site: Site, tmp_path: Path) -> None:
    site.forge.switches.signed_commits = True
    clone = site.clone()
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in {"gpg.format": "ssh", "user.signingkey": str(key), "commit.gpgSign": "true"}.items():
        clone.git("config", name, value)
    commit = clone.commit("signed", a="1")
    clone.git("push", "--quiet", "origin", "HEAD:refs/heads/release/1")
    assert site.refs()["refs/heads/release/1"] == commit


def test_a_creation_rule_refuses_new_tags_only(site: Site) -> None:
    site.forge.repository().rules.append(RefRule("refs/tags/*", frozenset({"create"})))
    clone = site.clone()
    assert clone.run("push", "origin", "HEAD:refs/tags/v1").returncode != 0
    clone.commit("more", a="1")
    clone.git("push", "--quiet", "--force", "origin", "HEAD:refs/tags/v0")


def test_hidden_refs_read_as_absent_although_they_are_there(site: Site) -> None:
    clone = site.clone()
    clone.git("push", "--quiet", "origin", "HEAD:refs/shipway/x")
    assert "refs/shipway/x" in clone.git("ls-remote", "origin")
    site.forge.switches.hidden_refs.append("refs/shipway")
    assert "refs/shipway/x" not in clone.git("ls-remote", "origin")
    assert "refs/shipway/x" in site.refs()


def test_the_tag_of_an_immutable_release_stays_even_for_a_maintainer(site: Site) -> None:
    site.forge.switches.immutable_releases = True
    assert site.api().ask("POST", "/releases", json={"tag_name": "v1"}).json()["immutable"] is True
    clone = site.clone("maintainer")
    clone.commit("more", a="1")
    assert "immutable release" in clone.run("push", "--force", "origin", "HEAD:refs/tags/v1").stderr
    assert site.refs()["refs/tags/v1"] == site.first


def test_a_branch_name_full_of_shell_words_is_only_a_name(site: Site) -> None:
    name = "refs/heads/$(touch${IFS}owned)`id`;&|'\"x"
    clone = site.clone()
    clone.git("push", "--quiet", "origin", f"HEAD:{name}")
    assert name in site.refs()
    assert not list(site.home.rglob("owned"))
