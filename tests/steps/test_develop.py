"""The next development version: on main after a push, or in the pull request, once; main says nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from end_to_end.support import git
from shipway.release.outcomes import BlockedError
from shipway.release.states import Done, Skipped
from steps.support import Scene, open_scene

NEXT = "1.4.0.dev0"


@contextmanager
def open_development(folder: Path, flow: str = "publish-first") -> Iterator[Scene]:
    """Open a scene whose plan goes on with a development version."""
    with open_scene(folder, flow=flow) as scene:
        candidate = scene.settlement.candidate
        plan = replace(candidate.plan, development=NEXT)
        scene.settlement = replace(scene.settlement, candidate=replace(candidate, plan=plan))
        yield scene


def version_at(scene: Scene, ref: str) -> str:
    """Read the version that a ref of the remote says."""
    text = git(scene.world.bare, "show", f"{ref}:pyproject.toml")
    return next(line.partition('"')[2].rstrip('"') for line in text.splitlines() if line.startswith("version"))


def move_main_on(scene: Scene, old: str = "", new: str = "") -> str:
    """Have somebody push another commit above the release, with a change of ``pyproject.toml``; give it."""
    clone = scene.world.clone
    git(clone, "fetch", "--quiet", str(scene.world.bare), "main")
    git(clone, "checkout", "--quiet", "-B", "by-hand", "FETCH_HEAD")
    text = (clone / "pyproject.toml").read_text("utf-8").replace(old, new) if old else ""
    (clone / ("pyproject.toml" if old else "other.txt")).write_text(text or "Meanwhile.\n", encoding="utf-8")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "Meanwhile")
    git(clone, "push", "--quiet", str(scene.world.bare), "HEAD:main")
    return git(clone, "rev-parse", "HEAD")


def test_a_plan_without_one_has_no_such_step(tmp_path: Path) -> None:
    with open_scene(tmp_path) as scene:
        assert "develop" not in scene.steps


def test_the_pull_request_brings_release_and_development_version(tmp_path: Path) -> None:
    with open_development(tmp_path) as scene:
        scene.settle()
        [pull] = scene.world.stage.forge.repository().pulls
        assert pull.head_branch == f"next/{NEXT}"
        assert version_at(scene, f"next/{NEXT}") == NEXT
        assert git(scene.world.bare, "rev-parse", f"next/{NEXT}^") == scene.commit
        assert git(scene.world.bare, "rev-parse", "v1.3.0^{}") == scene.commit
        assert isinstance(scene.observe("develop"), Done)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_after_the_merge_nothing_is_left_to_do(tmp_path: Path, method: str) -> None:
    with open_development(tmp_path) as scene:
        scene.settle()
        [pull] = scene.world.stage.forge.repository().pulls
        scene.world.stage.forge.merge_pull_request(pull.number, method)
        assert version_at(scene, "main") == NEXT
        git(scene.world.bare, "update-ref", "-d", f"refs/heads/next/{NEXT}")
        assert isinstance(scene.observe("develop"), Skipped)
        assert isinstance(scene.observe("pull-request"), Done)


def test_main_is_pushed_to_after_the_release_and_keeps_what_came_meanwhile(tmp_path: Path) -> None:
    with open_development(tmp_path, flow="direct") as scene:
        scene.settle("claim", "publish", "confirm", "push")
        meanwhile = move_main_on(scene)
        scene.settle()
        assert version_at(scene, "main") == NEXT
        assert git(scene.world.bare, "rev-parse", "main^") == meanwhile
        assert version_at(scene, "v1.3.0") == "1.3.0"


def test_a_version_that_a_person_wrote_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with open_development(tmp_path, flow="direct") as scene:
        scene.settle("claim", "publish", "confirm", "push")
        move_main_on(scene, "1.3.0", "2.0.0.dev0")
        assert isinstance(scene.observe("develop"), Done)


def test_a_rule_that_refuses_it_blocks_with_its_words(tmp_path: Path) -> None:
    with open_development(tmp_path, flow="direct") as scene:
        scene.settle("claim", "publish", "confirm", "push")
        scene.world.stage.forge.switches.refused_refs.append("refs/heads/main")
        with pytest.raises(BlockedError, match="refuses a push to main") as caught:
            scene.settle("develop")
        assert "run again" in caught.value.remedy
