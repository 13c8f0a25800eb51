"""Independent clients agree with the embedded forge: PyGithub, and gh over TLS."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import github
import pytest
import trustme

from world.forge_support import NAME, Site, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


@pytest.fixture(name="hub")
def pygithub(site: Site) -> Iterator[github.Github]:
    auth = github.Auth.Token(site.forge.tokens["release"].value)
    with github.Github(
        base_url=site.forge.api_url, auth=auth, seconds_between_requests=0, seconds_between_writes=0, retry=None
    ) as hub:
        yield hub


def test_pygithub_takes_a_pull_request_from_opening_to_merging(site: Site, hub: github.Github) -> None:
    commit = site.add_branch()
    repository = hub.get_repo(NAME)
    assert not repository.permissions.push  # as for every app's token, though it may write
    pull = repository.create_pull(base="main", head="release/1", title="Release", body="words")
    pull.add_to_labels("release")
    assert [label.name for label in pull.get_labels()] == ["release"]
    found = list(repository.get_pulls(state="all", head="acme:release/1"))
    assert [(one.number, one.head.sha, one.user.login) for one in found] == [(1, commit, "github-actions[bot]")]
    pull.edit(body="more words")
    assert pull.merge(merge_method="rebase", sha=commit).merged
    assert repository.get_pull(1).merged
    assert [review.state for review in pull.get_reviews()] == []


def test_pygithub_takes_a_release_from_draft_to_published(site: Site, hub: github.Github) -> None:
    repository = hub.get_repo(NAME)
    file = site.home / "a-1.0.tar.gz"
    file.write_bytes(b"bytes" * 100)
    release = repository.create_git_release("v1", "One", "notes", draft=True, target_commitish=site.first)
    asset = release.upload_asset(str(file))
    assert asset.digest is not None
    assert asset.digest.startswith("sha256:")
    release.update_release("One", "notes", draft=False, make_latest="true")
    assert repository.get_latest_release().tag_name == "v1"
    assert {tag.name: tag.commit.sha for tag in repository.get_tags()} == {"v0": site.first, "v1": site.first}
    assert [one.name for one in repository.get_release("v1").get_assets()] == ["a-1.0.tar.gz"]
    downloaded = site.home / "downloaded"
    asset.download_asset(str(downloaded))
    assert downloaded.read_bytes() == b"bytes" * 100
    asset.delete_asset()
    assert list(release.get_assets()) == []


def test_pygithub_reads_branches_refs_commits_and_checks(site: Site, hub: github.Github) -> None:
    repository = hub.get_repo(NAME)
    assert [(branch.name, branch.protected) for branch in repository.get_branches()] == [("main", True)]
    assert repository.get_branch("main").commit.sha == site.first
    assert repository.get_git_ref("heads/main").object.sha == site.first
    repository.create_git_ref("refs/heads/new", site.first).delete()
    site.forge.add_check_run(site.first, ["lint"])
    assert [check.name for check in repository.get_commit(site.first).get_check_runs()] == ["lint"]
    assert repository.get_git_commit(site.first).message == "change on main"
    assert hub.get_user().login == "github-actions[bot]"
    with pytest.raises(github.UnknownObjectException):
        repository.get_pull(9)


def gh(site: Site, certificate: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("gh")
    host = site.forge.url.partition("//")[2]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(site.home),
        "GH_HOST": host,
        "GH_ENTERPRISE_TOKEN": site.forge.tokens["release"].value,
        "GH_CONFIG_DIR": str(site.home / "gh"),
        "SSL_CERT_FILE": str(certificate),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "NO_COLOR": "1",
    }
    return subprocess.run(
        [str(program), *words],
        cwd=site.home,
        env=environment | {"GH_REPO": f"{host}/{NAME}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(name="secure", scope="module")
def tls_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    home = tmp_path_factory.mktemp("secure")
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    certificate = home / "ca.pem"
    authority.cert_pem.write_to_path(str(certificate))
    with running_site(home / "site", tls=context) as site:
        yield site, certificate


def test_gh_makes_shows_and_downloads_a_release_over_tls(secure: tuple[Site, Path]) -> None:
    site, certificate = secure
    file = site.home / "file.bin"
    file.write_bytes(b"\x00\x01" * 5000)
    made = gh(site, certificate, "release", "create", "v1", str(file), "--title", "One", "--notes", "words")
    assert made.returncode == 0, made.stderr
    assert made.stdout.strip() == f"{site.forge.url}/{NAME}/releases/tag/v1"
    shown = gh(site, certificate, "release", "view", "v1", "--json", "tagName,isDraft,assets,body")
    release = json.loads(shown.stdout)
    assert (release["tagName"], release["isDraft"], release["body"]) == ("v1", False, "words")
    assert [asset["name"] for asset in release["assets"]] == ["file.bin"]
    done = gh(site, certificate, "release", "download", "v1", "--dir", "down")
    assert done.returncode == 0, done.stderr
    assert (site.home / "down" / "file.bin").read_bytes() == file.read_bytes()
    assert site.refs()["refs/tags/v1"] == site.first


def test_gh_api_reads_lists_and_writes_over_tls(secure: tuple[Site, Path]) -> None:
    site, certificate = secure
    ref = gh(site, certificate, "api", f"repos/{NAME}/git/ref/heads/main", "--jq", ".object.sha")
    assert ref.stdout.strip() == site.first
    made = gh(
        site, certificate, "api", f"repos/{NAME}/git/refs", "-f", "ref=refs/heads/by-gh", "-f", f"sha={site.first}"
    )
    assert made.returncode == 0, made.stderr
    names = gh(site, certificate, "api", "--paginate", f"repos/{NAME}/branches?per_page=1", "--jq", ".[].name")
    assert {"by-gh", "main"} <= set(names.stdout.split())
    refused = gh(site, certificate, "api", f"repos/{NAME}/pulls/99")
    assert "HTTP 404" in refused.stderr


def test_git_pushes_over_tls(secure: tuple[Site, Path]) -> None:
    site, certificate = secure
    clone = site.clone(None, "-c", f"http.sslCAInfo={certificate}")
    commit = clone.commit("more", a="1")
    clone.git("config", "http.sslCAInfo", str(certificate))
    clone.git("push", "--quiet", site.address("release"), "HEAD:refs/heads/over-tls")
    assert site.refs()["refs/heads/over-tls"] == commit


def test_a_client_that_does_not_trust_the_authority_gets_nothing(secure: tuple[Site, Path]) -> None:
    site, certificate = secure
    empty = certificate.with_name("empty.pem")
    empty.write_text(trustme.CA().cert_pem.bytes().decode(), encoding="utf-8")
    done = gh(site, empty, "api", "rate_limit")
    assert done.returncode != 0
    assert "certificate" in done.stderr
