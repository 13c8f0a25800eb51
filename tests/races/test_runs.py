"""Whole runs at once, from clones of their own: one wins, and the others are told by whom they were beaten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from end_to_end.support import NOXFILE, World, make_project, open_world
from shipway.rehearsal.watch import Visit

CI = {"GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "7", "GITHUB_ACTOR": "octo"}


def release(world: World, *words: str, **env: str) -> tuple[int, str]:
    """Release from one clone; give code and output."""
    done = world.run("release", *words, "--yes", "--no-gates", **env)
    return done.returncode, done.stdout + done.stderr


def has_built(world: World) -> bool:
    """Whether a clone began to build."""
    journal = world.clone / ".release" / "journal.jsonl"
    return journal.exists() and '"step": "build", "what": "begin"' in journal.read_text("utf-8")


def require_one_release(world: World, version: str = "1.3.0") -> None:
    """Hold the world against exactly one release, of the bytes that were claimed."""
    seen = world.snapshot()
    digests = {file["name"]: file["digest"] for file in world.claim["distributions"]}
    assert dict(seen["files"]) == digests  # type: ignore[call-overload]
    assert [release[:2] for release in seen["releases"]] == [(f"v{version}", False)]  # type: ignore[attr-defined]
    tags = {ref for ref in world.remote_refs() if ref.startswith("refs/tags/")}
    assert tags == {"refs/tags/v1.2.4", f"refs/tags/v{version}"}
    assert world.claim["phase"] == "done"


def test_of_eight_runs_one_wins_and_seven_that_come_while_it_works_build_nothing(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        others = [world.elsewhere(f"other-{number}") for number in range(7)]
        told, once = list[tuple[int, str]](), iter([True])

        def look(visit: Visit) -> Callable[[], None]:
            if visit.method == "POST" and next(once, False):  # the first upload: the winner has claimed
                with ThreadPoolExecutor(7) as pool:
                    told.extend(pool.map(lambda other: release(other, "minor"), others))
            return lambda: None

        world.stage.index.switches.watch = look
        world.release("minor")
        assert [code for code, _ in told] == [18] * 7
        assert all("1.3.0 is held by Shipway rehearsal since " in printed for _, printed in told)
        assert not any(has_built(other) for other in others)
        require_one_release(world)


@pytest.mark.long
def test_of_runs_that_start_at_the_same_moment_one_wins(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        racers = [world, *(world.elsewhere(f"other-{number}") for number in range(3))]
        with ThreadPoolExecutor(len(racers)) as pool:
            told = list(pool.map(lambda racer: release(racer, "minor"), racers))
        assert sorted(code for code, _ in told) == [0, 18, 18, 18], told
        require_one_release(world)


@pytest.mark.long
def test_of_minor_and_patch_at_once_one_wins(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        racers = {"minor": world, "patch": world.elsewhere()}
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda bump: release(racers[bump], bump), racers))
        codes = dict(zip(racers, [code for code, _ in told], strict=True))
        assert sorted(codes.values()) in ([0, 18], [0, 12]), told  # 12: the winner was out before the other one planned
        require_one_release(world, {"minor": "1.3.0", "patch": "1.2.5"}[min(codes, key=lambda bump: codes[bump])])


@pytest.mark.long
def test_a_stalled_planner_whose_turn_comes_after_anothers_release_is_refused(tmp_path: Path) -> None:
    stall = (
        NOXFILE
        + """    import os, pathlib, time
    if "STALL" in os.environ:
        pathlib.Path(os.environ["STALL"]).with_suffix(".waiting").touch()
        while not pathlib.Path(os.environ["STALL"]).exists():
            time.sleep(0.02)
"""
    )
    flag = tmp_path / "go-on"
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": stall})) as world:
        other = world.elsewhere()
        with ThreadPoolExecutor(1) as pool:
            stalled = pool.submit(world.run, "release", "patch", "--yes", STALL=str(flag))
            while not flag.with_suffix(".waiting").exists():
                assert not stalled.done(), stalled.result()
            other.release("minor")
            seen = world.snapshot()
            flag.touch()
            done = stalled.result()
        assert done.returncode == 18, done.stdout + done.stderr
        assert "1.3.0 was released by Somebody elsewhere meanwhile" in done.stdout + done.stderr
        assert world.snapshot() == seen
        require_one_release(world)


@pytest.mark.long
def test_a_rerun_of_the_same_ci_run_while_the_old_one_lives_ends_with_one_release(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        other, told, once = world.elsewhere(), list[tuple[int, str]](), iter([True])

        def look(visit: Visit) -> Callable[[], None]:
            if visit.method == "POST" and next(once, False):  # in the middle of the old one's first upload
                told.append(release(other, "minor", **CI))
            return lambda: None

        world.stage.index.switches.watch = look
        code, printed = release(world, "minor", **CI)
        assert told[0][0] == 0, told
        assert code == 18, printed
        assert "1.3.0 was released by octo" in printed
        require_one_release(world)
