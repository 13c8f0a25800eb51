"""Every fault: it happens to a whole release, ends as the table says, and after its remedy there is one release."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from end_to_end.support import World, commands_in, make_project, open_world, parse_command
from shipway.rehearsal.faults.scenario import Scenario
from shipway.rehearsal.faults.scene import Scene
from shipway.rehearsal.faults.table import FAULTS
from shipway.rehearsal.faults.trial import Trial, try_fault
from shipway.world.environment import Environment

WORDS = ("minor", "--no-gates")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one project for all of them: nobody writes into it."""
    return make_project(tmp_path_factory.mktemp("faults") / "acme")


def open_scene(world: World) -> Scene:
    """Give the scene of a world, in which the real program runs as in the other tests."""
    scene = Scene(world.stage, Environment(world.variables), WORDS, print, "module")
    scene.variables |= world.variables
    return scene


def require_typed(trial: Trial, typed: list[str]) -> None:
    """Hold every command of the printed remedy against what people typed until the end."""
    for command in commands_in(trial.first.remedy):
        parse_command(command)
        line = shlex.join(command)
        assert any(done == line or done.startswith(f"{line} ") for done in typed[1:]), (line, typed)


def require_one_release(world: World, scenario: Scenario, version: str) -> None:
    """Hold what others see against one whole release, and nothing besides."""
    seen = world.snapshot()
    refs, files, pulls, releases = seen["refs"], seen["files"], seen["pulls"], seen["releases"]
    assert isinstance(refs, dict)
    assert isinstance(files, list)
    assert isinstance(pulls, list)
    assert isinstance(releases, list)
    ours = [name for name, _ in files if f"-{version}" in name]
    assert ours == [f"acme_widgets-{version}-py3-none-any.whl", f"acme_widgets-{version}.tar.gz"]
    assert {ref for ref in refs if ref.startswith("refs/tags/")} == {"refs/tags/v1.2.4", f"refs/tags/v{version}"}
    assert [(tag, draft) for tag, draft, *_ in releases] == [(f"v{version}", False)]
    assert set(ours) <= set(releases[0][4])
    branches = {ref for ref in refs if ref.startswith("refs/heads/")} - {"refs/heads/main"}
    open_pulls = [state for _, state, *_ in pulls if state == "open"]
    assert (len(pulls), len(branches)) == ((0, 0) if scenario.flow == "direct" else (1, len(open_pulls)))


SHOWN_FIRST = {"upload-hang-up", "burnt-name", "branch-rule", "pull-request-closed"}
"""One of each kind; the whole table takes minutes."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SHOWN_FIRST else (pytest.mark.long,)) for name in FAULTS]
)
def test_a_release_meets_it_and_ends_as_the_table_says(project: Path, name: str) -> None:
    scenario = FAULTS[name]
    with open_world(project, flow=scenario.flow or "publish-first") as world:
        scene = open_scene(world)
        trial = try_fault(scenario, scene)
        assert trial.problems() == []
        assert (trial.first.code, trial.last.code) == (scenario.code, 0)
        require_typed(trial, scene.typed)
        require_one_release(world, scenario, str(trial.last.facts["version"]))
        assert world.local_state()[2].count("\n") == 0
