"""A whole release against real servers, in each flow, and again after it is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from end_to_end.support import git, make_project, open_world

STEPS = {
    "publish-first": ["claim", "publish", "confirm", "pull-request", "tag", "evidence", "forge-release", "close"],
    "direct": ["claim", "publish", "confirm", "push", "tag", "evidence", "forge-release", "close"],
}


@pytest.mark.parametrize("flow", ["publish-first", "direct"])
def test_a_release_is_published_tagged_and_leaves_the_clone_as_it_was(tmp_path: Path, flow: str) -> None:
    with open_world(make_project(tmp_path / "acme"), flow=flow) as world:
        before = world.local_state()
        printed = world.release("minor")
        seen = world.snapshot()
        assert world.local_state() == before
        assert "1.3.0 is out." in printed
        assert world.outcome["outcome"] == "done"
        assert [step["step"] for step in world.outcome["steps"]][5:] == STEPS[flow]
        digests = {name: f"sha256:{digest}" for name, digest in seen["files"]}  # type: ignore[attr-defined]
        assert digests == world.outcome["distributions"]
        peeled = git(world.bare, "rev-parse", "v1.3.0^{commit}")
        assert peeled == world.outcome["commit"]
        files = ["-py3-none-any.whl", ".evidence.json", ".tar.gz"]
        names = [f"acme_widgets-1.3.0{end}" for end in files]
        assert seen["releases"] == [("v1.3.0", False, False, "### Features\n\n- Widgets turn. (#7)", names)]


@pytest.mark.parametrize("words", [("minor",), ("1.3.0",), ("minor", "--only", "tag")])
def test_the_same_request_again_says_that_it_was_released_and_changes_nothing(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.release("minor")
        seen = world.snapshot()
        printed = world.release(*words)
        assert world.snapshot() == seen
        assert re.match(r"1\.3\.0 was released from \w+ by Shipway rehearsal\.", printed)


def test_without_a_register_a_second_run_finds_everything_done_and_changes_nothing(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme"), register="false") as world:
        world.release("minor")
        seen = world.snapshot()
        assert not [ref for ref in world.remote_refs() if ref.startswith("refs/shipway/")]
        printed = world.release("minor")
        assert world.snapshot() == seen
        for step in ("bump", "check", "claim", "publish", "pull-request", "tag", "forge-release"):
            assert re.search(rf"^(\w*) +{step} +found: ", printed, re.MULTILINE), step
        assert "release/1.3.0 stays until its pull request is merged" in printed


@pytest.mark.long
def test_without_a_register_a_clone_finishes_what_it_began_before_anything_else(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme"), register="false") as world:
        world.release("minor", "--only", "check", code=12)
        for step in ("gates", "build", "check", "claim", "publish"):
            world.release("minor", "--only", step)
        assert "1.3.0 has begun and is not finished" in world.release("patch", code=19)
        world.commit({"other.txt": "Meanwhile.\n"})
        assert "Going on with 1.3.0" in world.release("minor")


@pytest.mark.parametrize("flow", ["publish-first", pytest.param("direct", marks=pytest.mark.long)])
def test_a_release_goes_on_after_each_completed_step(tmp_path: Path, flow: str) -> None:
    with open_world(make_project(tmp_path / "acme"), flow=flow) as world:
        for step in ["gates", "build", "check", *STEPS[flow]]:
            world.release("minor", "--only", step)
            found = world.run("status", "--json")
            assert found.returncode == 0, found.stderr
        seen = world.snapshot()
        printed = world.release("minor")
        assert world.snapshot() == seen
        assert "1.3.0 was released" in printed
