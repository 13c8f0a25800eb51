"""The register door against real git: bytes kept to the letter, compare and swap, and servers that hide or refuse."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

import pytest

from end_to_end.support import git
from shipway.release.outcomes import ConflictError, UnavailableError
from shipway.world.git import Lost, Refused, Unanswered, Won
from world.register_support import BYTES, clone_of, make_claim, make_remote, register_in

REF = "refs/shipway/acme-widgets/main"


def test_a_claim_is_read_elsewhere_as_it_was_written_with_every_byte(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here, there = clone_of(remote, "here"), clone_of(remote, "there")
    git(there.root, "config", "core.autocrlf", "true")
    (there.root / ".git" / "info" / "attributes").write_text("* text eol=crlf\n")
    claim, files = make_claim(here, "a")
    mine, theirs = register_in(here), register_in(there)
    commit = mine.write(claim, files, "")
    assert mine.swap("", commit) == Won()
    found = theirs.find()
    assert found is not None
    assert (found.tip, found.claim, found.before) == (commit, claim, "")
    unpacked = theirs.unpack(commit)
    assert (unpacked / "dist" / claim.distributions[0].name).read_bytes() == BYTES + b"a"
    assert (unpacked / "notes.md").read_bytes() == b"- Widgets turn.\r\n"


def test_nothing_of_a_clone_changes_but_the_folder_of_the_register(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here, there = clone_of(remote, "here"), clone_of(remote, "there")
    claim, files = make_claim(here, "a")
    register = register_in(here)
    register.swap("", register.write(claim, files, ""))

    def state() -> tuple[object, ...]:
        git_dir = there.root / ".git"
        kept = [p for p in sorted(git_dir.rglob("*")) if p.is_file() and "shipway" not in p.parts]
        return [(p, p.read_bytes()) for p in kept], git(there.root, "for-each-ref"), there.is_shallow()

    before = state()
    tip = register_in(there).find_tip()
    register_in(there).unpack(register_in(there).read(tip).tip)
    assert state() == before


def test_of_two_claims_one_wins_and_the_other_learns_who(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here, there = clone_of(remote, "here"), clone_of(remote, "there")
    (mine, my_files), (theirs, their_files) = make_claim(here, "a"), make_claim(there, "b")
    first, second = register_in(here), register_in(there)
    won = first.write(mine, my_files, "")
    lost = second.write(theirs, their_files, "")
    branch = mine.candidate.branch_ref
    assert first.swap("", won, {branch: ("", mine.commit)}) == Won()
    assert second.swap("", lost, {"refs/heads/other": ("", theirs.commit)}) == Lost(won)
    refs = git(remote, "for-each-ref", "--format=%(refname)").splitlines()
    assert branch in refs
    assert "refs/heads/other" not in refs, "all updates of a push, or none"


def test_a_swap_that_is_repeated_by_its_winner_has_won_again(tmp_path: Path) -> None:
    here = clone_of(make_remote(tmp_path), "here")
    claim, files = make_claim(here, "a")
    register = register_in(here)
    commit = register.write(claim, files, "")
    assert register.swap("", commit) == Won()
    assert register.swap("", commit) == Won()


def test_a_claim_moves_on_hands_over_and_is_done_with_its_bytes_let_go(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here = clone_of(remote, "here")
    claim, files = make_claim(here, "a")
    register = register_in(here)
    register.swap("", register.write(claim, files, ""))
    held = register.find()
    assert held is not None
    publishing = register.rewrite(held, claim.moved_to("publishing"))
    assert register.swap(held.tip, publishing) == Won()
    assert set(git(remote, "ls-tree", "-r", "--name-only", REF).splitlines()) == {*files, "claim.json", "plan.json"}
    done = register.finish(claim.moved_to("done"))
    assert register.swap(publishing, done) == Won()
    assert git(remote, "ls-tree", "-r", "--name-only", REF).splitlines() == ["claim.json", "plan.json"]
    assert git(remote, "show", "--no-patch", "--format=%P", REF) == claim.commit


def test_what_was_before_a_claim_comes_along_and_can_be_put_back(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here, there = clone_of(remote, "here"), clone_of(remote, "there")
    last, files = make_claim(here, "a", "1.2.9")
    register = register_in(here)
    done = register.finish(last.moved_to("done"))
    register.swap("", done)
    claim, files = make_claim(here, "b")
    commit = register.write(claim, files, done)
    assert register.swap(done, commit) == Won()
    other = register_in(there)
    held = other.find()
    assert held is not None
    assert held.before == done
    assert other.swap(held.tip, held.before) == Won()
    assert git(remote, "rev-parse", REF) == done


def test_a_rule_of_the_server_is_a_refusal_and_not_a_loss(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here = clone_of(remote, "here")
    (remote / "hooks" / "update").write_text("#!/bin/sh\necho 'signed commits only' >&2\nexit 1\n")
    (remote / "hooks" / "update").chmod(0o755)
    claim, files = make_claim(here, "a")
    register = register_in(here)
    swapped = register.swap("", register.write(claim, files, ""))
    assert isinstance(swapped, Refused)
    assert "signed commits only" in swapped.why


@pytest.mark.parametrize("setting", ["receive.hideRefs", "uploadpack.hideRefs"])
def test_a_server_that_hides_the_register_is_found_out(tmp_path: Path, setting: str) -> None:
    remote = make_remote(tmp_path)
    here = clone_of(remote, "here")
    git(remote, "config", setting, "refs/shipway")
    claim, files = make_claim(here, "a")
    register = register_in(here)
    assert isinstance(register.swap("", register.write(claim, files, "")), Refused)


def test_a_remote_that_went_away_leaves_it_open_who_has_won(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here = clone_of(remote, "here")
    claim, files = make_claim(here, "a")
    register = register_in(here)
    commit = register.write(claim, files, "")
    remote.rename(tmp_path / "gone.git")
    assert isinstance(register.swap("", commit), Unanswered)
    with pytest.raises(UnavailableError, match="could not be asked"):
        register.find()


def test_objects_that_were_thrown_away_are_brought_again(tmp_path: Path) -> None:
    remote = make_remote(tmp_path)
    here = clone_of(remote, "here")
    claim, files = make_claim(here, "a")
    register = register_in(here)
    register.swap("", register.write(claim, files, ""))
    rmtree(register.place)
    assert register_in(here).find() is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [("claim.json", "{}"), ("claim.json", "no json"), ("claim.json", '{"schema": 99}'), ("plan.json", "[]"), ("x", "")],
)
def test_what_is_no_claim_is_a_conflict_and_never_nothing(tmp_path: Path, name: str, text: str) -> None:
    remote = make_remote(tmp_path)
    here = clone_of(remote, "here")
    claim, files = make_claim(here, "a")
    register = register_in(here)
    register.swap("", register.write(claim, files, ""))
    hostile = tmp_path / "hostile"
    git(tmp_path, "clone", "--quiet", str(remote), str(hostile))
    git(hostile, "fetch", "--quiet", "origin", REF)
    git(hostile, "checkout", "--quiet", "FETCH_HEAD")
    (hostile / name).write_text(text)
    if name == "x":
        git(hostile, "rm", "--quiet", "claim.json")
    git(hostile, "add", "--all")
    git(hostile, "commit", "--quiet", "--message", "Mischief")
    git(hostile, "push", "--quiet", "--force", "origin", f"HEAD:{REF}")
    with pytest.raises(ConflictError, match="holds no claim that can be read"):
        register_in(here).find()
