"""Addresses of remotes and names of refs."""

from __future__ import annotations

import subprocess

import pytest

from shipway.project.remote import is_ref_name, remote_repository


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://github.com/acme/widgets", "github.com"),
        ("https://github.com/acme/widgets.git", "github.com"),
        ("https://github.com/acme/widgets/", "github.com"),
        ("https://GitHub.com/acme/widgets", "github.com"),
        ("https://x-access-token:ghs_secret@github.com/acme/widgets.git", "github.com"),
        ("https://host.example:8443/acme/widgets", "host.example:8443"),
        ("http://127.0.0.1:4000/acme/widgets.git", "127.0.0.1:4000"),
        ("ssh://git@host.example:2222/acme/widgets.git", "host.example"),
        ("ssh://host.example/acme/widgets", "host.example"),
        ("git@github.com:acme/widgets.git", "github.com"),
        ("git@github.com:/acme/widgets.git", "github.com"),
        ("github.com:acme/widgets", "github.com"),
    ],
)
def test_owner_and_name_are_read_from_an_address(url: str, host: str) -> None:
    assert remote_repository(url) == (host, "acme/widgets")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/srv/git/widgets.git",
        "../widgets",
        "file:///srv/git/acme/widgets.git",
        "C:/git/widgets",
        "C:\\git\\widgets",
        "https://github.com/widgets",
        "https://github.com/a/b/c",
        "https://github.com/../widgets",
        "https://github.com/acme/wid gets",
        "https://[broken/acme/widgets",
        "https://host:port/acme/widgets",
        "https:///acme/widgets",
        "ftp://host/acme/widgets",
        "ext::sh -c whoami",
        "git@host:acme/$(whoami)",
    ],
)
def test_any_other_address_names_no_repository(url: str) -> None:
    assert remote_repository(url) is None


NAMES = [
    "main",
    "release/1.2.3",
    "v1!2.0+x",
    "-x",
    "a..b",
    "a b",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[",
    "a\\b",
    "/a",
    "a/",
    "a//b",
    "a.",
    "a/.b",
    ".a",
    "a.lock",
    "a.lock/b",
    "a@{b",
    "a@b",
    "a\x7f",
    "a\tb",
    "$(whoami);",
    "ü",
    "",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_refs_are_judged_as_git_judges_them(name: str) -> None:
    git = subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True, check=False)
    assert is_ref_name(name) == (git.returncode == 0)
