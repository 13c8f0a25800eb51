"""forge-release where listings lag, answers are lost, and people publish, delete and double what we made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shipway.rehearsal.forge.state import Asset, Release
from shipway.rehearsal.forge.switches import Fault, lost_answer
from shipway.release.outcomes import BlockedError, ConflictError, UnavailableError
from shipway.release.states import Conflict, Done, Skipped, Todo
from steps.support import Scene, git, open_scene
from world.http_support import CountingClock

EVIDENCE = "acme_widgets-1.3.0.evidence.json"


@pytest.fixture(name="scene")
def one_scene(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene where the forge release is next, and where waiting takes no time."""
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag", "evidence")
        hasten(scene)
        yield scene


class HurriedClock(CountingClock):
    """A clock that goes on by what was slept, at once."""

    def monotonic(self) -> float:
        """Give the seconds that were slept so far."""
        return sum(self.slept)


def hasten(scene: Scene) -> HurriedClock:
    """Let waiting take no time; give the clock."""
    clock = HurriedClock()
    scene.settlement = replace(scene.settlement, doors=replace(scene.settlement.doors, clock=clock))
    return clock


def releases(scene: Scene) -> list[Release]:
    """Give what the forge has, drafts too."""
    return scene.world.stage.forge.repository().releases


def draft(scene: Scene, *, target: str | None = None, tag: str = "v1.3.0", assets: int = 0) -> int:
    """Have another run make a draft, with some of our files; give its id."""
    forge = scene.settlement.doors.forge
    assert forge is not None
    words = {"tag": tag, "target": target or scene.commit, "name": "", "body": "words"}
    made = forge.create_draft(**words, prerelease=False)
    for path in sorted(scene.settlement.dist.iterdir())[:assets]:
        forge.upload_asset(made.id, path)
    return made.id


def forget(scene: Scene) -> None:
    """Be another clone, which does not know the draft's id."""
    (scene.settlement.handover.directory / "reports" / "forge-release.json").unlink(missing_ok=True)


def test_of_two_drafts_the_fuller_one_is_published_and_the_other_goes(scene: Scene) -> None:
    empty, half = draft(scene), draft(scene, assets=1)
    scene.settle("forge-release")
    [left] = releases(scene)
    assert (left.id, left.draft, len(left.assets)) == (half, False, 3)
    assert left.id != empty


def test_of_two_equal_drafts_the_older_one_stays(scene: Scene) -> None:
    older, _ = draft(scene, assets=1), draft(scene, assets=1)
    scene.settle("forge-release")
    assert [release.id for release in releases(scene)] == [older]


def test_a_draft_beside_a_published_release_is_a_double_whatever_it_holds(scene: Scene) -> None:
    scene.settle("forge-release")
    [published] = releases(scene)
    draft(scene, assets=2)
    assert isinstance(scene.observe("forge-release"), Todo)
    scene.settle("forge-release")
    assert releases(scene) == [published]


def test_a_double_that_a_person_has_published_meanwhile_is_not_deleted(scene: Scene) -> None:
    kept, double = draft(scene, assets=1), draft(scene)
    step = scene.steps["forge-release"]
    todo = step.observe()
    assert isinstance(todo, Todo)
    next(release for release in releases(scene) if release.id == double).draft = False
    with pytest.raises(BlockedError, match="is published"):
        step.act(todo)
    scene.settle("forge-release")
    assert [(release.id, release.draft, len(release.assets)) for release in releases(scene)] == [(double, False, 3)]
    assert kept != double


def test_a_persons_own_draft_for_the_tag_is_left_alone(scene: Scene) -> None:
    theirs = draft(scene, target="main")
    scene.settle("forge-release")
    assert {release.id: release.draft for release in releases(scene)}[theirs] is True
    assert sorted(release.draft for release in releases(scene)) == [False, True]


def test_our_draft_is_ours_still_when_a_person_has_edited_where_it_points(scene: Scene) -> None:
    made = draft(scene, assets=1)
    releases(scene)[0].target = "main"
    scene.settle("forge-release")
    assert [release.id for release in releases(scene)] == [made]


def test_of_drafts_with_our_bytes_only_those_at_our_commit_are_doubles(scene: Scene) -> None:
    edited, ours = draft(scene, target="main", assets=1), draft(scene, assets=2)
    scene.settle("forge-release")
    assert {release.id: release.draft for release in releases(scene)} == {edited: True, ours: False}


def test_a_draft_that_the_listing_does_not_show_yet_is_known_by_its_id(scene: Scene) -> None:
    scene.world.stage.forge.switches.lag = 1000
    scene.settle("forge-release")
    [found] = releases(scene)
    assert (found.draft, len(found.assets)) == (False, 3)
    assert isinstance(scene.observe("forge-release"), Done)


def test_a_draft_whose_answer_was_lost_is_waited_for_in_the_listing(scene: Scene) -> None:
    switches = scene.world.stage.forge.switches
    switches.lag = 5
    switches.faults = [lost_answer("POST */releases")]
    scene.settle("forge-release")
    assert [(release.draft, len(release.assets)) for release in releases(scene)] == [(False, 3)]
    assert scene.world.stage.forge.count("POST", "*/releases") == 1


def test_the_next_run_waits_too_before_it_drafts_again(scene: Scene) -> None:
    switches = scene.world.stage.forge.switches
    switches.lag = 30
    switches.faults = [lost_answer("POST */releases")]
    with pytest.raises(UnavailableError, match="was lost"):
        scene.settle("forge-release")
    scene.settle("forge-release")
    assert [(release.draft, len(release.assets)) for release in releases(scene)] == [(False, 3)]
    assert scene.world.stage.forge.count("POST", "*/releases") == 1


def test_a_listing_that_lags_beyond_all_patience_makes_a_double_that_goes_once_it_shows(scene: Scene) -> None:
    switches = scene.world.stage.forge.switches
    switches.lag = 60
    switches.faults = [lost_answer("POST */releases")]
    with pytest.raises(UnavailableError, match="was lost"):
        scene.settle("forge-release")
    scene.settle("forge-release")
    assert sorted(release.draft for release in releases(scene)) == [False, True]
    for release in releases(scene):
        release.lag = 0
    scene.settle("forge-release")
    assert [(release.draft, len(release.assets)) for release in releases(scene)] == [(False, 3)]


def test_a_draft_that_was_refused_is_asked_for_again_at_once(scene: Scene) -> None:
    scene.world.stage.forge.switches.faults = [Fault("POST */releases", status=403, message="Not for you")]
    with pytest.raises(BlockedError, match="may not create"):
        scene.settle("forge-release")
    clock = hasten(scene)
    scene.settle("forge-release")
    assert clock.slept == []


def test_a_draft_that_a_person_deleted_is_made_again_at_once(scene: Scene) -> None:
    scene.world.stage.forge.switches.faults = [Fault("PATCH */releases/*", status=500)]
    with pytest.raises(UnavailableError):
        scene.settle("forge-release")
    releases(scene).clear()
    clock = hasten(scene)
    scene.settle("forge-release")
    assert ([release.draft for release in releases(scene)], clock.slept) == ([False], [])


def test_a_draft_that_goes_away_before_it_is_published_ends_in_done_with_the_next_run(scene: Scene) -> None:
    gone = Fault("GET */releases/*", count=2, call=lambda: None)
    gone.call = lambda: releases(scene).clear() if gone.count == 0 else None
    draft(scene, assets=2)
    scene.world.stage.forge.switches.faults = [gone]
    with pytest.raises(BlockedError, match=r"deleted by somebody|is gone"):
        scene.settle("forge-release")
    scene.settle("forge-release")
    assert [(release.draft, len(release.assets)) for release in releases(scene)] == [(False, 3)]


def test_a_draft_that_a_person_published_is_filled_and_never_flipped(scene: Scene) -> None:
    draft(scene, assets=1)
    releases(scene)[0].draft = False
    scene.settle("forge-release")
    assert len(releases(scene)[0].assets) == 3
    assert scene.world.stage.forge.count("PATCH") == 0


def test_a_draft_published_while_we_uploaded_is_not_flipped_either(scene: Scene) -> None:
    draft(scene)

    def publish() -> None:
        releases(scene)[0].draft = False

    fault = Fault("POST */assets*", call=publish)
    scene.world.stage.forge.switches.faults = [fault]
    scene.settle("forge-release")
    assert (releases(scene)[0].draft, len(releases(scene)[0].assets)) == (False, 3)
    assert scene.world.stage.forge.count("PATCH") == 0


def test_an_unchangeable_release_that_was_published_too_early_is_told_and_stops_nobody(scene: Scene) -> None:
    draft(scene, assets=2)
    releases(scene)[0].draft, releases(scene)[0].immutable = False, True
    state = scene.observe("forge-release")
    assert isinstance(state, Skipped)
    assert f"without {EVIDENCE}" in state.reason
    scene.settle("forge-release")
    assert len(releases(scene)) == 1


def test_other_bytes_in_what_cannot_be_changed_are_a_conflict_that_asks_for_the_next_version(scene: Scene) -> None:
    draft(scene, assets=2)
    releases(scene)[0].draft, releases(scene)[0].immutable = False, True
    releases(scene)[0].assets[0].content = b"other"
    state = scene.observe("forge-release")
    assert isinstance(state, Conflict)
    assert "next version" in state.remedy


def test_nothing_is_published_without_the_tag(scene: Scene) -> None:
    git(scene.world.bare, "update-ref", "-d", "refs/tags/v1.3.0")
    with pytest.raises(BlockedError, match=r"the tag v1\.3\.0 is not on the remote"):
        scene.settle("forge-release")
    assert releases(scene)[0].draft
    assert "refs/tags/v1.3.0" not in scene.world.remote_refs()
    scene.settle("tag", "forge-release")
    assert git(scene.world.bare, "cat-file", "-t", "refs/tags/v1.3.0") == "tag"


def test_nothing_is_published_beside_a_tag_that_is_elsewhere(scene: Scene) -> None:
    git(scene.world.bare, "update-ref", "refs/tags/v1.3.0", "refs/heads/main")
    with pytest.raises(ConflictError, match=r"v1\.3\.0 is at"):
        scene.settle("forge-release")
    assert releases(scene)[0].draft


# --- evidence as an asset -------------------------------------------------------------------------


def evidence_of(scene: Scene) -> Asset:
    """Give the evidence on the forge."""
    [found] = [asset for asset in releases(scene)[0].assets if asset.name == EVIDENCE]
    return found


def change(scene: Scene, **fields: object) -> None:
    """Have other evidence on the forge, with some fields of its own."""
    asset = evidence_of(scene)
    asset.content = json.dumps({**json.loads(asset.content), **fields}).encode()


def test_evidence_that_tells_another_course_of_events_about_the_same_release_is_fine(scene: Scene) -> None:
    scene.settle("forge-release")
    step = {"time": "2026-01-02T03:04:05+00:00", "phase": "mark", "step": "tag", "what": "act"}
    change(scene, steps=[step | {"state": "todo", "detail": "push", "seconds": 0.5}])
    assert isinstance(scene.observe("forge-release"), Done)


@pytest.mark.parametrize("fields", [{"version": "1.4.0"}, {"commit": "0" * 40}, {"tag": "v2"}, {"schema": "x"}])
def test_published_evidence_about_something_else_is_a_conflict_with_a_remedy(
    scene: Scene, fields: dict[str, str]
) -> None:
    scene.settle("forge-release")
    change(scene, **fields)
    state = scene.observe("forge-release")
    assert isinstance(state, Conflict)
    assert "delete that asset" in state.remedy
    releases(scene)[0].assets.remove(evidence_of(scene))
    scene.settle("forge-release")
    assert json.loads(evidence_of(scene).content)["commit"] == scene.commit


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]", b"{}"])
def test_evidence_in_a_draft_that_cannot_be_read_is_replaced(scene: Scene, content: bytes) -> None:
    scene.world.stage.forge.switches.faults = [Fault("PATCH */releases/*", status=500)]
    with pytest.raises(UnavailableError):
        scene.settle("forge-release")
    evidence_of(scene).content = content
    forget(scene)
    scene.settle("forge-release")
    assert json.loads(evidence_of(scene).content)["commit"] == scene.commit
    assert len(releases(scene)[0].assets) == 3


def test_evidence_about_another_commit_in_a_draft_is_replaced(scene: Scene) -> None:
    scene.world.stage.forge.switches.faults = [Fault("PATCH */releases/*", status=500)]
    with pytest.raises(UnavailableError):
        scene.settle("forge-release")
    change(scene, commit="0" * 40)
    scene.settle("forge-release")
    assert json.loads(evidence_of(scene).content)["commit"] == scene.commit


def test_a_forge_release_without_evidence_at_hand_is_not_made(scene: Scene) -> None:
    (scene.settlement.handover.directory / "evidence.json").unlink()
    with pytest.raises(BlockedError, match="no evidence to attach") as caught:
        scene.settle("forge-release")
    assert "--only evidence" in caught.value.remedy
    assert releases(scene)[0].draft
    scene.settle("evidence", "forge-release")
    assert len(releases(scene)[0].assets) == 3


def test_a_version_with_an_epoch_gets_a_release_like_any_other(tmp_path: Path) -> None:
    with open_scene(tmp_path, version="1!1.3.0") as scene:
        scene.settle("claim", "tag", "evidence", "forge-release")
        assert len(releases(scene)[0].assets) == 3
        assert isinstance(scene.observe("forge-release"), Done)
