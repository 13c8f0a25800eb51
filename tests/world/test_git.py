"""The git door against real git: objects without refs, signing, leases, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from end_to_end.support import GIT, git, make_project
from shipway.release.outcomes import BlockedError, UnavailableError
from shipway.world.environment import Environment
from shipway.world.git import Git, refusals
from shipway.world.process import Processes

DATE = "2026-01-02T03:04:05+00:00"
WHO = {
    "GIT_AUTHOR_NAME": "A. Maintainer",
    "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "A. Maintainer",
    "GIT_COMMITTER_EMAIL": "a@example.invalid",
}


def door(root: Path, **variables: str) -> Git:
    """Open git for a folder, with nobody's configuration."""
    return Git(root, Processes(Environment({**os.environ, **GIT, **WHO, **variables})))


@pytest.fixture
def here(tmp_path: Path) -> Git:
    """Give a project with a bare remote beside it."""
    root = make_project(tmp_path / "acme")
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(root, "push", "--quiet", "origin", "main")
    return door(root)


def test_a_throw_away_clone_leaves_no_trace(here: Git, tmp_path: Path) -> None:
    before = (git(here.root, "worktree", "list"), git(here.root, "branch", "--all"), here.changed_paths())
    with here.checkout("HEAD", tmp_path / "scratch") as clone:
        assert (clone.root / "pyproject.toml").is_file()
        assert clone.find_branch() is None
    assert not (tmp_path / "scratch").exists()
    assert (git(here.root, "worktree", "list"), git(here.root, "branch", "--all"), here.changed_paths()) == before


def test_a_tree_comes_over_with_what_other_programs_staged(here: Git, tmp_path: Path) -> None:
    with here.checkout("HEAD", tmp_path / "scratch") as clone:
        (clone.root / "staged.txt").write_text("staged in the clone\n")
        git(clone.root, "add", "staged.txt")
        (clone.root / "loose.txt").write_text("not staged\n")
        (clone.root / "README.md").unlink()
        tree = here.take_tree(clone)
    names = git(here.root, "ls-tree", "-r", "--name-only", tree).splitlines()
    assert {"staged.txt", "loose.txt"} < set(names)
    assert "README.md" not in names
    assert git(here.root, "cat-file", "blob", f"{tree}:staged.txt") == "staged in the clone"


def test_the_same_commit_is_made_again(here: Git) -> None:
    head = here.find_commit("HEAD") or ""
    made = {here.commit_tree(here.tree_of(head), [head], "Release\n", DATE) for _ in range(2)}
    assert len(made) == 1
    assert git(here.root, "show", "--no-patch", "--format=%an <%ae> %cI", made.pop()) == (
        "A. Maintainer <a@example.invalid> 2026-01-02T03:04:05+00:00"
    )


def test_without_an_identity_a_commit_is_refused_with_the_command_that_sets_one(here: Git, tmp_path: Path) -> None:
    nobody = {name: value for name, value in {**os.environ, **GIT}.items() if not name.startswith("GIT_AUTHOR")}
    nobody |= {"HOME": str(tmp_path), "EMAIL": ""}
    strict = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.useConfigOnly", "GIT_CONFIG_VALUE_0": "true"}
    lost = Git(here.root, Processes(Environment({**nobody, **strict})))
    with pytest.raises(BlockedError) as caught:
        lost.commit_tree(here.tree_of("HEAD"), [], "Release\n", DATE)
    assert "git config" in caught.value.remedy


def test_ci_without_an_identity_commits_as_the_forges_bot(here: Git, tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    strict = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.useConfigOnly", "GIT_CONFIG_VALUE_0": "true"}
    ci = Environment({**variables, **GIT, **strict, "HOME": str(tmp_path), "GITHUB_ACTIONS": "true"})
    commit = Git(here.root, Processes(ci)).commit_tree(here.tree_of("HEAD"), [], "Release\n", DATE)
    assert git(here.root, "show", "--no-patch", "--format=%an", commit) == "github-actions[bot]"


@pytest.fixture
def signing(here: Git, tmp_path: Path) -> Git:
    """Configure the project to sign commits and tags with an SSH key."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("signing is not tested here: there is no ssh-keygen on this machine")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(key)], check=True)
    (tmp_path / "signers").write_text(f"a@example.invalid {key.with_suffix('.pub').read_text()}")
    settings = {"gpg.format": "ssh", "user.signingkey": str(key), "commit.gpgsign": "true", "tag.gpgsign": "true"}
    for name, value in {**settings, "gpg.ssh.allowedSignersFile": str(tmp_path / "signers")}.items():
        git(here.root, "config", name, value)
    return here


def test_commit_and_tag_are_signed_where_git_is_configured_to_sign(signing: Git, tmp_path: Path) -> None:
    commit = signing.commit_tree(signing.tree_of("HEAD"), ["HEAD"], "Release\n", DATE)
    git(signing.root, "verify-commit", commit)
    tag = signing.make_tag("v1.3.0", commit, "Release\n\n# not a comment\n", DATE, tmp_path / "bare")
    git(signing.root, "update-ref", "refs/tags/v1.3.0", tag)
    git(signing.root, "verify-tag", "v1.3.0")
    assert "# not a comment" in git(signing.root, "cat-file", "tag", "v1.3.0")


def test_a_tag_is_made_without_a_local_ref(here: Git, tmp_path: Path) -> None:
    before = git(here.root, "for-each-ref")
    tag = here.make_tag("v1.3.0", here.find_commit("HEAD") or "", "Release\n", DATE, tmp_path / "bare")
    assert git(here.root, "cat-file", "-t", tag) == "tag"
    assert git(here.root, "for-each-ref") == before


def test_a_push_is_all_or_nothing_and_only_against_what_was_seen(here: Git) -> None:
    head = here.find_commit("HEAD") or ""
    other = here.commit_tree(here.tree_of(head), [head], "Other\n", DATE)
    refused = here.push(
        {"refs/heads/a": head, "refs/heads/main": other}, {"refs/heads/a": "", "refs/heads/main": other}
    )
    assert refused.code != 0
    assert refusals(refused)
    assert set(here.remote_refs("refs/heads/*")) == {"refs/heads/main"}
    done = here.push({"refs/heads/a": head, "refs/heads/main": other}, {"refs/heads/a": "", "refs/heads/main": head})
    assert done.code == 0
    assert here.remote_refs("refs/heads/*") == {"refs/heads/a": head, "refs/heads/main": other}


def test_reading_asks_the_server_that_writing_goes_to(here: Git, tmp_path: Path) -> None:
    git(here.root, "config", "remote.origin.url", str(tmp_path / "mirror-that-is-not-there"))
    git(here.root, "config", "remote.origin.pushurl", str(tmp_path / "remote.git"))
    assert "refs/heads/main" in here.remote_refs("refs/heads/*")


def test_an_address_with_credentials_stands_in_no_argument_and_no_error(here: Git) -> None:
    git(here.root, "remote", "set-url", "origin", "http://user:canary-secret@127.0.0.1:9/acme.git")
    with pytest.raises(UnavailableError) as caught:
        here.remote_refs("refs/heads/*")
    assert "canary-secret" not in caught.value.render()


def test_a_remote_that_is_not_there_is_unavailable_and_an_unnamed_one_blocks(here: Git) -> None:
    git(here.root, "remote", "set-url", "origin", "/nowhere/at/all")
    with pytest.raises(UnavailableError):
        here.remote_refs("refs/heads/*")
    git(here.root, "remote", "remove", "origin")
    with pytest.raises(BlockedError, match="no git remote named origin"):
        door(here.root).remote_refs("refs/heads/*")


def test_a_fetch_moves_no_ref_and_stays_whole(here: Git, tmp_path: Path) -> None:
    commit = git(tmp_path / "remote.git", *_identity(), "commit-tree", "main^{tree}", "-p", "main", "-m", "Else")
    git(tmp_path / "remote.git", "update-ref", "refs/heads/main", commit)
    before = git(here.root, "for-each-ref")
    here.fetch(commit)
    assert git(here.root, "for-each-ref") == before
    assert here.contains(commit, "HEAD")
    assert not here.is_shallow()


def test_merging_without_a_work_tree_names_conflicts(here: Git) -> None:
    base = here.find_commit("HEAD") or ""
    sides = [_side(here, base, "README.md", f"# {side}\n") for side in ("ours", "theirs")]
    assert here.merge_trees(*sides) == (None, ["README.md"])
    tree, conflicts = here.merge_trees(sides[0], _side(here, base, "other.txt", "x\n"))
    assert conflicts == []
    assert tree is not None


def _identity() -> tuple[str, ...]:
    return ("-c", "user.name=E", "-c", "user.email=e@example.invalid")


def _side(here: Git, base: str, name: str, text: str) -> str:
    """Make a commit on top of a base in which one file differs."""
    with here.checkout(base, here.root.parent / "side") as clone:
        (clone.root / name).write_text(text)
        tree = here.take_tree(clone)
    return here.commit_tree(tree, [base], "Side\n", DATE)
