"""Going on with a release that was begun elsewhere: who may, who is told to wait, and what is never made again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from end_to_end.support import REGISTER, World, commands_in, git, make_project, open_world, parse_command
from shipway.parser import Request
from shipway.rehearsal.watch import Visit

CI = {"GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "7", "GITHUB_ACTOR": "octo"}


def claim_in(world: World, **env: str) -> None:
    """Get a release as far as its claim, as a run that dies right after it."""
    for step in ("gates", "build", "check", "claim"):
        world.release("minor", "--only", step, code=0, **env)


def steps_run(world: World) -> list[str]:
    """Give the steps of the candidate that were made in a clone, by the journal: found ones were not."""
    journal = world.clone / ".release" / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines() if journal.exists() else []
    return [line for line in lines if '"step": "build"' in line and '"what": "begin"' in line]


@pytest.mark.long
def test_another_clone_is_told_who_holds_the_release_before_anything_is_built(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world)
        other, before = world.elsewhere(), world.snapshot()
        printed = other.release("minor", code=18)
        assert "held: 1.3.0 is held by Shipway rehearsal since 20" in printed
        assert world.snapshot() == before
        assert steps_run(other) == []
        [command] = commands_in(other.outcome["next"])
        assert parse_command(command) == Request("release", "module", bump="minor", no_gates=True, resume=True)
        assert "1.3.0 is out." in other.release(*command[4:])
        assert steps_run(other) == []


def test_a_release_goes_on_from_a_fresh_clone_after_main_moved_with_the_very_bytes(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world)
        digests = {file["name"]: file["digest"] for file in world.claim["distributions"]}
        world.commit({"other.txt": "Meanwhile.\n"})
        other = world.elsewhere()
        printed = other.release("minor", "--resume")
        assert "Taking over 1.3.0" in printed
        assert "Taking 1.3.0 from the register" in printed
        assert dict(world.snapshot()["files"]) == digests  # type: ignore[call-overload]
        assert world.claim["phase"] == "done"
        seen = world.snapshot()
        assert "1.3.0 was released" in other.release("minor")
        git(world.clone, "reset", "--quiet", "--hard", "HEAD^")
        assert "1.3.0 was released" in world.release("minor")
        assert world.snapshot() == seen


@pytest.mark.long
def test_whoever_comes_to_resume_what_is_done_meanwhile_is_told_so(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.release("minor")
        world.commit({"other.txt": "Meanwhile.\n"})
        seen = world.snapshot()
        assert "1.3.0 was released" in world.elsewhere().release("minor", "--resume")
        assert "is tagged, but main says 1.2.4" in world.elsewhere("third").release("minor", code=12)
        assert world.snapshot() == seen
        world.stage.forge.merge_pull_request(1)
        assert "1.3.0 was released" in world.elsewhere("fourth").release("minor", "--resume")
        assert "nothing to release" in world.elsewhere("fifth").release("minor", code=17)


def test_the_same_ci_run_goes_on_silently_on_another_machine(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world, **CI)
        assert world.claim["owner"]["actor"] == "octo"
        assert world.elsewhere().release("minor", code=18, **{**CI, "GITHUB_RUN_ID": "8"})
        printed = world.elsewhere("again").release("minor", code=0, **CI)
        assert "Taking over" not in printed
        assert "1.3.0 is out." in printed


@pytest.mark.long
def test_a_new_ci_run_goes_on_aloud_once_the_forge_says_that_the_old_one_has_ended(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world, **CI)
        world.stage.forge.add_run(7)
        other = world.elsewhere()
        assert "is held by octo" in other.release("minor", code=18, **{**CI, "GITHUB_RUN_ID": "8"})
        world.stage.forge.end_run(7)
        printed = other.release("minor", code=0, **{**CI, "GITHUB_RUN_ID": "8"})
        assert "the forge says that its run has ended" in printed
        assert "1.3.0 is out." in printed


@pytest.mark.long
def test_a_work_tree_that_lost_its_nonce_is_a_stranger_until_a_person_says_otherwise(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world)
        shutil.rmtree(world.clone / ".release")
        world.release("minor", code=18)
        assert "1.3.0 is out." in world.release("minor", "--resume")


@pytest.mark.long
def test_damaged_files_of_the_candidate_are_taken_from_the_register_again(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world)
        for path in (world.clone / ".release" / "dist").iterdir():
            path.write_bytes(b"something else")
        (world.clone / ".release" / "reports" / "check.json").unlink()
        assert "Taking 1.3.0 from the register" in world.release("minor")


@pytest.mark.long
def test_another_request_is_refused_until_the_first_is_finished(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world)
        assert "1.3.0 has begun and is not finished" in world.release("patch", code=19)
        assert world.elsewhere().release("patch", "--resume", code=19)
        world.release("1.3.0")
        assert world.claim["phase"] == "done"


def test_two_terminals_in_one_work_tree_do_not_meet(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        during: list[str] = []

        def look(visit: Visit) -> Callable[[], None]:
            if visit.method == "POST" and not during:
                before = (world.clone / ".release" / "journal.jsonl").read_text("utf-8")
                during.append(world.release("minor", code=18))
                assert not (world.clone / ".release" / "outcome.json").exists()
                assert (world.clone / ".release" / "journal.jsonl").read_text("utf-8") == before
            return lambda: None

        world.stage.index.switches.watch = look
        world.release("minor")
        assert "another run works in this work tree: process " in during[0]


@pytest.mark.parametrize("step", ["claim", pytest.param("publish", marks=pytest.mark.long)])
def test_status_shows_a_release_that_was_begun_elsewhere_and_changes_nothing(tmp_path: Path, step: str) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world)
        if step == "publish":
            world.release("minor", "--only", step)
        other, before = world.elsewhere(), world.snapshot()
        done = other.run("status")
        assert done.returncode == 0, done.stdout + done.stderr
        phase = {"claim": "claimed", "publish": "publishing"}[step]
        assert f"claim     {phase} by Shipway rehearsal since " in done.stdout
        assert "To go on: python -m shipway release minor --no-gates" in done.stdout
        assert world.snapshot() == before
        assert not (other.clone / ".release" / "plan.json").exists()


@pytest.mark.long
def test_an_open_pull_request_of_the_last_release_blocks_the_next_plan_and_names_itself(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.release("minor")
        other = world.elsewhere()
        world.commit({"changelog.d/9.feature.md": "Widgets shine.\n"})
        git(other.clone, "pull", "--quiet")
        assert "/pull/1 into main" in other.release("patch", code=12)
        world.stage.forge.merge_pull_request(1)
        git(other.clone, "pull", "--quiet")
        assert "1.3.1 is out." in other.release("patch")
        assert "refs/heads/release/1.3.0" not in world.remote_refs()


@pytest.mark.long
def test_a_shallow_clone_cannot_go_on(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.commit({"other.txt": "History.\n"})
        claim_in(world)
        shallow = world.elsewhere("whole")
        git(shallow.clone, "fetch", "--quiet", "--depth", "1", str(world.bare), "main")
        assert "this clone is shallow" in shallow.release("minor", "--resume", code=12)


@pytest.mark.parametrize("hides", [True, False])
@pytest.mark.long
def test_a_server_that_hides_or_refuses_the_register_is_named_with_what_is_lost(tmp_path: Path, hides: bool) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        switches = world.stage.forge.switches
        (switches.hidden_refs if hides else switches.refused_refs).append("refs/shipway" if hides else "refs/shipway/*")
        printed = world.release("minor", code=12)
        assert f"the remote refuses {REGISTER}" in printed
        assert "no other clone can go on" in printed
        assert "register = false in [tool.shipway]" in printed
        assert world.stage.index.files == ()
        assert "1.3.0 is out." in world.release("minor", SHIPWAY_REGISTER="false")


def tamper(world: World, name: str) -> None:
    """Have somebody with push permission write other bytes into the register."""
    place = world.clone.parent / "mischief"
    git(world.clone.parent, "clone", "--quiet", str(world.bare), str(place))
    git(place, "fetch", "--quiet", "origin", REGISTER)
    git(place, "checkout", "--quiet", "FETCH_HEAD")
    target = place / name
    target.write_bytes(b"{}")
    git(place, "add", "--all")
    tree = git(place, "write-tree")
    commit = git(place, "commit-tree", tree, "-p", "FETCH_HEAD^1", "-m", "Mischief")
    git(world.bare, "fetch", "--quiet", str(place), f"+{commit}:{REGISTER}")


@pytest.mark.parametrize("kind", ["dist", "reports"])
@pytest.mark.long
def test_bytes_that_the_claim_does_not_speak_of_are_never_taken(tmp_path: Path, kind: str) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        claim_in(world)
        name = f"dist/{world.claim['distributions'][0]['name']}" if kind == "dist" else "reports/build.json"
        tamper(world, name)
        printed = world.elsewhere().release("minor", "--resume", code=13)
        assert "that its claim does not speak of" in printed
        assert world.stage.index.files == ()


@pytest.mark.long
def test_another_uploader_gets_its_turn_only_once_nobody_can_abandon_any_more(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme"), publisher="external") as world:
        assert "another uploader has to publish acme_widgets-1.3.0" in world.release("minor", code=12)
        assert world.claim["phase"] == "publishing"
        assert world.run("abandon", "--yes").returncode == 12
        assert "1.3.0 is out." in world.release("minor", SHIPWAY_PUBLISHER="twine")


@pytest.mark.long
def test_a_later_job_of_the_same_ci_run_publishes_and_tags_from_the_register_without_being_told_what(
    tmp_path: Path,
) -> None:
    with open_world(make_project(tmp_path / "acme"), flow="direct") as world:
        claim_in(world, **CI)
        digests = {file["name"]: file["digest"] for file in world.claim["distributions"]}
        for job in ("publish", "tag"):
            other = world.elsewhere(job, **CI)
            if job == "tag":
                assert "push comes before" in other.run(job, "--yes").stdout + other.outcome["what"]
                world.release("minor", "--only", "push", code=0, **CI)
            done = other.run(job, "--yes")
            assert done.returncode == 0, done.stdout + done.stderr
            assert steps_run(other) == []
        assert dict(world.snapshot()["files"]) == digests  # type: ignore[call-overload]
        assert "refs/tags/v1.3.0" in world.remote_refs()


@pytest.mark.long
def test_a_rule_that_keeps_the_release_branch_keeps_no_release_from_being_done(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme"), flow="direct") as world:
        rules = world.stage.forge.switches.refused_refs

        def look(visit: Visit) -> Callable[[], None]:
            if visit.method == "POST" and not rules:  # the claim has made the branch; from now on it stays
                rules.append("refs/heads/release/*")
            return lambda: None

        world.stage.index.switches.watch = look
        assert "release/1.3.0 stays: the remote refuses to delete it" in world.release("minor")
        assert world.claim["phase"] == "done"
        assert "1.3.0 was released" in world.release("minor")
        assert "refs/heads/release/1.3.0" in world.remote_refs()
