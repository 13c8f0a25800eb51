"""publish and confirm: the whole-set gate, each uploader, and an index that lags, refuses or was touched by others."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.rehearsal.index.model import Failure
from shipway.release.outcomes import BlockedError, ConflictError, UnavailableError
from shipway.release.states import Blocked, Conflict, Done, Todo, Unknown
from steps.support import Scene, open_scene
from world.index_support import make_wheel

WHEEL, SDIST = "acme_widgets-1.3.0-py3-none-any.whl", "acme_widgets-1.3.0.tar.gz"


@pytest.mark.parametrize("publisher", ["twine", "uv"])
def test_every_file_is_uploaded_once_and_with_the_candidates_digest(tmp_path: Path, publisher: str) -> None:
    with open_scene(tmp_path, publisher=publisher) as scene:
        assert isinstance(scene.observe("publish"), Todo)
        scene.settle("publish", "confirm")
        listed = {file.name: file.digest for file in scene.world.stage.index.files}
        assert listed == {file.name: file.digest for file in scene.settlement.candidate.distributions}
        scene.settle("publish", "confirm")
        assert scene.world.stage.index.count("upload") == 2


def test_only_the_missing_file_is_uploaded(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        upload_by_hand(scene, SDIST)
        assert str(scene.observe("publish")).count("upload") == 1
        scene.settle("publish")
        assert scene.world.stage.index.count("upload", 200) == 2


def test_another_builds_wheel_blocks_the_whole_set_before_the_first_byte(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        other = make_wheel(tmp_path, version="1.3.0", marker="another build")
        scene.world.stage.index.add_foreign_file(WHEEL, other.read_bytes())
        assert isinstance(scene.observe("publish"), Conflict)
        with pytest.raises(ConflictError, match="another|wanted"):
            scene.settle("publish")
        assert scene.world.stage.index.count("upload") == 0


def test_a_file_that_is_not_ours_blocks_the_whole_set(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        name = "acme_widgets-1.3.0-cp311-cp311-linux_x86_64.whl"
        scene.world.stage.index.add_foreign_file(name, b"not ours")
        with pytest.raises(ConflictError, match="another build"):
            scene.settle("publish")


def test_bytes_that_changed_on_disk_are_never_uploaded(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        (scene.settlement.dist / WHEEL).write_bytes(b"something else")
        with pytest.raises(BlockedError, match="not what was built"):
            scene.settle("publish")
        assert scene.world.stage.index.files == ()


def test_an_external_publisher_is_waited_for_and_believed_by_digest(tmp_path: Path) -> None:
    with open_scene(tmp_path, publisher="external") as scene:
        with pytest.raises(BlockedError, match="another uploader"):
            scene.settle("publish")
        for name in (SDIST, WHEEL):
            upload_by_hand(scene, name)
        assert scene.settle("publish") == [Done("2 files on the index, digests agree")]


def test_an_upload_whose_answer_was_lost_is_found_done(tmp_path: Path) -> None:
    with open_scene(tmp_path, publisher="uv") as scene:
        failure = Failure("upload", status=503, times=1, skip=1, after=True)
        scene.world.stage.index.switches.failures.append(failure)
        scene.settle("publish")
        assert {file.name for file in scene.world.stage.index.files} == {WHEEL, SDIST}


def test_a_burnt_name_is_told_with_the_indexs_own_words_and_leads_to_the_next_version(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        upload_by_hand(scene, WHEEL)
        scene.world.stage.index.delete(WHEEL)
        with pytest.raises(ConflictError) as caught:
            scene.settle("publish")
        assert "400 Bad Request" in caught.value.why
        assert caught.value.remedy.endswith("nox -s release -- 1.3.1")


@pytest.mark.parametrize("status", ["quarantined", "archived"])
def test_a_project_that_takes_no_uploads_blocks(tmp_path: Path, status: str) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.index.add_foreign_file("acme_widgets-1.0-py3-none-any.whl", b"old")
        scene.world.stage.index.switches.statuses["acme-widgets"] = status
        assert isinstance(scene.observe("publish"), Blocked)


def test_a_yanked_file_blocks(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.settle("publish")
        scene.world.stage.index.yank(WHEEL)
        with pytest.raises(BlockedError, match="yanked"):
            scene.settle("publish")


def test_an_index_that_cannot_be_asked_is_unknown_and_never_absent(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.index.switches.failures.append(Failure("project", status=500, times=99))
        assert isinstance(scene.observe("publish"), Unknown)
        with pytest.raises(UnavailableError):
            scene.settle("publish")
        assert scene.world.stage.index.count("upload") == 0


def test_an_index_that_lags_is_waited_for(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        scene.world.stage.index.switches.lag = 3
        scene.settle("publish", "confirm")
        assert [entry.what for entry in scene.told].count("wait") >= 2


def test_a_confirm_that_never_succeeds_does_not_converge(tmp_path: Path) -> None:
    with open_scene(tmp_path, confirm_timeout="1") as scene:
        assert isinstance(scene.observe("confirm"), Todo)
        with pytest.raises(Exception, match="confirm") as caught:
            scene.settle("confirm")
        assert caught.value.code == 16  # type: ignore[attr-defined]


def upload_by_hand(scene: Scene, name: str) -> None:
    """Upload one of the candidate's files as another program would."""
    scene.settlement.doors.uploader.__class__(
        "twine",
        scene.world.stage.index.upload_url,
        scene.world.stage.index.simple_url,
        None,
        scene.settlement.doors.processes,
    ).upload([scene.settlement.dist / name])
