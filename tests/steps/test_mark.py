"""tag and forge-release: a tag that does not lie, and a release that is whole before anyone sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.rehearsal.forge.state import Release
from shipway.rehearsal.forge.switches import Fault
from shipway.release.outcomes import BlockedError, ConflictError, UnavailableError
from shipway.release.states import Blocked, Conflict, Done, Todo
from steps.support import Scene, git, open_scene

EVIDENCE = "acme_widgets-1.3.0.evidence.json"


def release_of(scene: Scene) -> Release:
    """Give the one release on the forge."""
    [found] = scene.world.stage.forge.repository().releases
    return found


def test_the_tag_is_annotated_at_the_release_commit_with_the_notes(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag")
        assert git(scene.world.bare, "cat-file", "-t", "v1.3.0") == "tag"
        assert git(scene.world.bare, "rev-parse", "v1.3.0^{commit}") == scene.commit
        assert "Widgets turn. (#7)" in git(scene.world.bare, "cat-file", "tag", "v1.3.0")
        assert git(scene.world.clone, "tag", "--list", "v1.3.0") == ""


@pytest.mark.parametrize("spelling", ["v1.3.0", "1.3.0", "v1.3", "release-1.3.0"])
def test_the_version_under_any_spelling_elsewhere_is_a_conflict(tmp_path: Path, spelling: str) -> None:
    with open_scene(tmp_path) as scene:
        git(scene.world.clone, "push", "--quiet", str(scene.world.bare), f"HEAD:refs/tags/{spelling}")
        state = scene.observe("tag")
        assert isinstance(state, Conflict)
        assert f"{spelling} at" in state.found
        with pytest.raises(ConflictError):
            scene.settle("tag")


def test_a_tag_whose_number_only_ends_alike_is_no_conflict(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        git(scene.world.clone, "push", "--quiet", str(scene.world.bare), "HEAD:refs/tags/v11.3.0")
        assert isinstance(scene.observe("tag"), Todo)


def test_a_tag_rule_blocks_with_its_words(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.forge.switches.refused_refs.append("refs/tags/*")
        scene.settle("claim")
        with pytest.raises(BlockedError, match="refuses the tag v1.3.0"):
            scene.settle("tag")


def test_a_forge_release_has_the_section_the_files_and_is_published_last(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag", "evidence", "forge-release")
        found = release_of(scene)
        assert (found.draft, found.prerelease, found.body) == (False, False, scene.settlement.plan.notes)
        held = {asset.name: asset.content for asset in found.assets}
        evidence = {EVIDENCE: (scene.settlement.handover.directory / "evidence.json").read_bytes()}
        assert held == evidence | {path.name: path.read_bytes() for path in scene.settlement.dist.iterdir()}
        changes = [f"{e.method} {e.path}" for e in scene.world.stage.forge.journal if e.method in ("POST", "PATCH")]
        releases = [change.split("/")[-1] for change in changes if "/releases" in change and "notes" not in change]
        assert changes[-1].startswith("PATCH")
        assert releases[0] == "releases"


def test_immutable_releases_get_their_assets_while_they_are_drafts(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.forge.switches.immutable_releases = True
        scene.settle("claim", "tag", "evidence", "forge-release")
        assert len(release_of(scene).assets) == 3
        assert isinstance(scene.observe("forge-release"), Done)


def test_a_draft_that_was_left_half_way_is_taken_up_again(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag")
        fault = Fault("POST */assets*", status=500, count=1)
        scene.world.stage.forge.switches.faults.append(fault)
        with pytest.raises(UnavailableError):
            scene.settle("evidence", "forge-release")
        assert release_of(scene).draft
        scene.settle("evidence", "forge-release")
        assert not release_of(scene).draft
        assert len(release_of(scene).assets) == 3


def test_an_upload_that_broke_off_is_replaced(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag")
        scene.world.stage.forge.switches.starter_assets = 1
        with pytest.raises(UnavailableError):
            scene.settle("evidence", "forge-release")
        scene.settle("evidence", "forge-release")
        assert sorted(asset.state for asset in release_of(scene).assets) == ["uploaded"] * 3


def test_an_asset_with_other_bytes_is_a_conflict(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag", "evidence", "forge-release")
        release_of(scene).assets[0].content = b"other"
        assert isinstance(scene.observe("forge-release"), Conflict)


def test_a_release_deleted_by_a_person_is_made_again(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag", "evidence", "forge-release")
        scene.world.stage.forge.repository().releases.clear()
        scene.settle("evidence", "forge-release")
        assert len(release_of(scene).assets) == 3


def test_a_prerelease_is_flagged_and_never_latest(tmp_path: Path) -> None:
    with open_scene(tmp_path, version="1.3.0rc1") as scene:
        scene.settle("claim", "tag", "evidence", "forge-release")
        assert release_of(scene).prerelease
        assert release_of(scene).latest != "true"
        release_of(scene).prerelease = False
        assert isinstance(scene.observe("forge-release"), Blocked)


@pytest.mark.parametrize(("other", "latest"), [("v1.2.9", "true"), ("v2.0.0", "false"), ("v2.0.0rc1", "true")])
def test_latest_is_only_for_the_highest_final_line(tmp_path: Path, other: str, latest: str) -> None:
    with open_scene(tmp_path) as scene:
        git(scene.world.clone, "push", "--quiet", str(scene.world.bare), f"HEAD:refs/tags/{other}")
        scene.settle("claim", "tag", "evidence", "forge-release")
        assert release_of(scene).latest == latest


def test_drafts_hidden_from_a_weak_token_are_unknown_and_never_absent(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("claim", "tag")
        weak = scene.world.stage.forge.tokens["reader"].value
        scene.world.variables["GITHUB_TOKEN"] = weak
        from shipway.commands.workplace import open_workplace
        from shipway.world.environment import Environment

        place = open_workplace(scene.world.clone, Environment(scene.world.variables))
        scene.settlement = type(scene.settlement)(
            scene.settlement.candidate, place.configuration, place.handover, place.doors, scene.settlement.dist
        )
        with pytest.raises(UnavailableError):
            scene.settle("evidence", "forge-release")
        assert scene.world.stage.forge.repository().releases == []
