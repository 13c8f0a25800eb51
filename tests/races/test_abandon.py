"""abandon: before publishing it leaves the remote as it was, afterwards it is refused; git decides the race."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from end_to_end.support import World, commands_in, git, make_project, open_world
from shipway.rehearsal.watch import Visit

BEFORE_PUBLISHING = ("plan", "gates", "bump", "build", "check", "claim")


def abandon(world: World, code: int, *words: str) -> str:
    """Abandon from a clone, hold the exit code, and give all that was printed."""
    done = world.run("abandon", "--yes", *words)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("earlier", [False, pytest.param(True, marks=pytest.mark.long)], ids=["first", "after one"])
def test_at_every_point_before_publishing_the_remote_is_as_it_was(tmp_path: Path, earlier: bool) -> None:
    with open_world(make_project(tmp_path / "acme"), flow="direct") as world:
        if earlier:
            world.release("patch")
            git(world.clone, "pull", "--quiet", str(world.bare), "main")
            world.commit({"changelog.d/9.feature.md": "Widgets shine.\n"})
        before = world.snapshot()
        for step in BEFORE_PUBLISHING:
            world.release("minor", "--only", step)
            claimed = step == "claim"
            printed = abandon(world if step != "claim" else world.elsewhere(), 0 if claimed else 12)
            assert ("as it was before the claim" if claimed else "there is nothing to abandon") in printed
            assert world.snapshot() == before, step
        assert "1.3.0 is out." in world.release("minor")


@pytest.mark.long
def test_what_is_publishing_can_only_be_finished(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        for step in ("gates", "build", "check", "claim", "publish"):
            world.release("minor", "--only", step)
        before = world.snapshot()
        assert "1.3.0 is publishing: files of it may be on the index" in abandon(world, 12)
        assert "1.3.0 is on the index, whole" in abandon(world.elsewhere(), 12, "--used-up")
        assert world.snapshot() == before
        [command] = commands_in(world.outcome["next"])
        assert "1.3.0 is out." in world.release(*command[4:])
        assert "there is nothing to abandon" in abandon(world, 12)


@pytest.mark.long
def test_a_version_that_is_used_up_is_let_go_and_the_next_one_comes_out(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        index, wheel = world.stage.index, "acme_widgets-1.3.0-py3-none-any.whl"
        index.add_foreign_file(wheel, b"somebody's")
        index.delete(wheel)
        before = world.remote_refs()
        assert "takes a name only once" in world.release("minor", code=13)
        assert "abandon -- --used-up" in world.outcome["next"] or "abandon --used-up" in world.outcome["next"]
        assert world.claim["phase"] == "publishing"
        assert "add --used-up" in abandon(world, 12)
        assert "yank what the index has of it" in abandon(world, 0, "--used-up")
        assert world.remote_refs() == before
        assert "1.3.1 is out." in world.release("1.3.1")


@pytest.mark.long
def test_nobody_says_yes_and_nothing_is_abandoned(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        for step in ("gates", "build", "check", "claim"):
            world.release("minor", "--only", step)
        before = world.snapshot()
        assert world.run("abandon").returncode == 10
        assert world.snapshot() == before


def test_a_run_whose_claim_is_abandoned_under_its_hands_publishes_nothing(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        other, before, told = world.elsewhere(), world.snapshot(), list[str]()

        def look(visit: Visit) -> Callable[[], None]:
            is_push = visit.method == "POST" and visit.path.endswith("/git-receive-pack")
            if is_push and b"refs/heads/release/" not in visit.head and not told:
                told.append(abandon(other, 0))  # the push that says: publishing
            return lambda: None

        world.stage.forge.switches.watch = look
        assert "the claim was given back by somebody" in world.release("minor", code=18)
        assert world.snapshot() == before
        assert "1.3.0 is out." in world.release("minor")


@pytest.mark.long
def test_a_run_that_says_publishing_first_is_not_abandoned(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        other, told = world.elsewhere(), list[str]()

        def look(visit: Visit) -> Callable[[], None]:
            if visit.method == "POST" and not told:
                told.append(abandon(other, 12))
            return lambda: None

        world.stage.index.switches.watch = look
        world.release("minor")
        assert "files of it may be on the index" in told[0]
