"""claim, pull-request, push and close: the release commit on the remote, and its way to main."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.rehearsal.forge.switches import lost_answer
from shipway.release.outcomes import BlockedError, ConflictError, UnavailableError
from shipway.release.states import Blocked, Conflict, Done, Skipped, Todo
from steps.support import git, move_main, open_scene


def test_a_claim_puts_the_release_commit_on_the_remote_and_is_found_again(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim")
        assert scene.world.remote_refs()["refs/heads/release/1.3.0"] == scene.commit
        assert scene.settle("claim") == [Done(f"release/1.3.0 holds {scene.commit[:9]}")]


def test_a_release_branch_of_somebody_else_is_a_conflict_and_stays(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        git(scene.world.clone, "push", "--quiet", str(scene.world.bare), "HEAD:refs/heads/release/1.3.0")
        before = scene.world.remote_refs()
        with pytest.raises(ConflictError, match="release/1.3.0"):
            scene.settle("claim")
        assert scene.world.remote_refs() == before


def test_a_branch_rule_refuses_the_claim_before_anything_is_published(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.forge.switches.refused_refs.append("refs/heads/release/*")
        with pytest.raises(BlockedError, match="refuses release/1.3.0"):
            scene.settle()
        assert scene.world.stage.index.files == ()


def test_a_remote_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        git(scene.world.clone, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
        with pytest.raises(UnavailableError):
            scene.settle("claim")


def test_the_pull_request_carries_labels_and_a_marker(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "pull-request")
        [pull] = scene.world.stage.forge.repository().pulls
        assert pull.labels == ["release"]
        assert f"<!-- shipway release acme-widgets 1.3.0 {scene.commit} -->" in pull.body


def test_a_missing_permission_to_label_fails_no_release(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.forge.switches.refuse_labels = True
        _, state = scene.settle("claim", "pull-request")
        assert isinstance(state, Done)
        assert "may not label" in state.found
        assert scene.world.stage.forge.repository().pulls[0].labels == []


def test_a_token_that_may_not_open_pull_requests_blocks_with_the_permission_it_needs(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.forge.switches.refuse_pull_requests = True
        with pytest.raises(BlockedError) as caught:
            scene.settle("claim", "pull-request")
        assert "pull request" in f"{caught.value.what} {caught.value.remedy}".lower()


def test_a_pull_request_whose_answer_was_lost_is_opened_once(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.forge.switches.faults.append(lost_answer("POST /repos/*/pulls"))
        scene.settle("claim")
        with pytest.raises(UnavailableError):
            scene.settle("pull-request")
        scene.settle("pull-request")
        assert len(scene.world.stage.forge.repository().pulls) == 1


def test_a_listing_that_lags_opens_no_second_pull_request(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.forge.switches.lag = 2
        scene.settle("claim", "pull-request")
        assert len(scene.world.stage.forge.repository().pulls) == 1


def test_a_pull_request_closed_by_a_person_blocks_until_it_is_reopened(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "pull-request")
        scene.world.stage.forge.close_pull_request(1)
        state = scene.observe("pull-request")
        assert isinstance(state, Blocked)
        assert "reopen" in state.remedy


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merged_pull_request_is_done_however_it_was_merged(tmp_path: Path, method: str) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "pull-request")
        scene.world.stage.forge.merge_pull_request(1, method)
        assert scene.observe("pull-request") == Done("#1 is merged")


def test_content_that_main_has_already_needs_no_pull_request(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        git(scene.world.clone, "push", "--quiet", str(scene.world.bare), f"{scene.commit}:refs/heads/main")
        assert scene.observe("pull-request") == Done("main has its content already")


def test_a_prerelease_opens_no_pull_request(tmp_path: Path) -> None:
    with open_scene(tmp_path, version="1.3.0rc1") as scene:
        assert isinstance(scene.observe("pull-request"), Skipped)


def test_main_is_fast_forwarded(tmp_path: Path) -> None:
    with open_scene(tmp_path, flow="direct") as scene:
        scene.settle("claim", "push")
        assert scene.world.remote_refs()["refs/heads/main"] == scene.commit


def test_main_that_moved_on_gets_a_merge_commit_and_loses_nothing(tmp_path: Path) -> None:
    with open_scene(tmp_path, flow="direct") as scene:
        meanwhile = move_main(scene)
        scene.settle("claim", "push")
        parents = git(scene.world.bare, "rev-list", "--parents", "-1", "main").split()[1:]
        assert parents == [meanwhile, scene.commit]
        assert scene.settle("push") == [Done(f"main has {scene.commit[:9]}")]


def test_a_content_conflict_on_main_blocks_and_changes_nothing(tmp_path: Path) -> None:
    with open_scene(tmp_path, flow="direct") as scene:
        changed = (scene.world.clone / "pyproject.toml").read_text().replace("1.2.4", "9.9")
        move_main(scene, "pyproject.toml", changed)
        before = scene.world.remote_refs()
        with pytest.raises(BlockedError, match="conflicts in pyproject.toml"):
            scene.settle("push")
        assert scene.world.remote_refs() == before


def test_a_rule_that_refuses_a_push_to_main_blocks_with_its_words(tmp_path: Path) -> None:
    with open_scene(tmp_path, flow="direct") as scene:
        scene.settle("claim")
        scene.world.stage.forge.switches.refused_refs.append("refs/heads/main")
        with pytest.raises(BlockedError, match="refuses a push to main"):
            scene.settle("push")


def test_close_deletes_the_helper_branch_only_when_nobody_needs_it(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "pull-request", "tag")
        assert scene.observe("close") == Done("release/1.3.0 stays until its pull request is merged")
        scene.world.stage.forge.merge_pull_request(1)
        assert isinstance(scene.observe("close"), (Todo, Done))
        scene.settle("close")
        assert "refs/heads/release/1.3.0" not in scene.world.remote_refs()


def test_a_claim_is_not_made_again_after_the_tag_took_over(tmp_path: Path) -> None:
    with open_scene(tmp_path, flow="direct") as scene:
        scene.settle()
        assert scene.observe("claim") == Done(f"v1.3.0 holds {scene.commit[:9]}")
        assert not isinstance(scene.observe("claim"), Conflict)


def test_plain_git_without_a_forge_goes_all_the_way(tmp_path: Path) -> None:
    with open_scene(tmp_path, flow="direct", forge=False) as scene:
        states = dict(zip(scene.steps, scene.settle(), strict=True))
        assert isinstance(states["forge-release"], Skipped)
        assert scene.world.remote_refs()["refs/heads/main"] == scene.commit
