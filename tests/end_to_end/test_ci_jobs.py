"""One release by the jobs of a workflow: each on a machine of its own, with nothing but files and the claim."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from end_to_end.support import World, git, make_project, open_world

GIT_LOGIN = ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0")


class Run:
    """A run of the workflow: its variables, and one folder for each job."""

    def __init__(self, world: World, number: str = "7") -> None:
        self.world = world
        self.variables = {name: value for name, value in world.variables.items() if name not in GIT_LOGIN}
        self.variables |= {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_RUN_ID": number,
            "GITHUB_ACTOR": "octo",
            "GITHUB_SERVER_URL": world.stage.forge.url,
            "GITHUB_API_URL": world.stage.forge.api_url,
            "GITHUB_REPOSITORY": world.stage.repository,
            "GITHUB_REF_NAME": "main",
            "GITHUB_SHA": git(world.bare, "rev-parse", "main"),
        }

    def job(self, name: str, *words: str, checkout: bool = True, code: int = 0) -> World:
        """Run one command on a new machine, which may have found the candidate that another job left."""
        place = self.world.clone.parent / name
        if checkout:
            git(self.world.bare.parent, "clone", "--quiet", str(self.world.bare), str(place))
            git(place, "remote", "set-url", "origin", self.world.stage.remote_url)
        else:
            place.mkdir()
        candidate = self.world.clone.parent / "candidate"
        if name == "claim":
            shutil.copytree(candidate, place / ".release")
        machine = World(self.world.stage, place, self.variables)
        done = machine.run(*words)
        assert done.returncode == code, done.stdout + done.stderr
        if name == "build":
            shutil.copytree(place / ".release", candidate)
        return machine


@pytest.fixture
def run(tmp_path: Path) -> object:
    with open_world(make_project(tmp_path / "acme")) as world:
        yield Run(world)


def test_a_release_goes_from_job_to_job(run: Run) -> None:
    run.job("build", "release", "minor", "--dry-run", "--no-gates")
    assert not [ref for ref in run.world.remote_refs() if "shipway" in ref]
    run.job("claim", "release", "minor", "--no-gates", "--only", "claim")
    assert run.world.claim["phase"] == "claimed"
    assert not run.world.stage.index.files

    empty = run.job("publish", "publish", checkout=False)
    assert {file.name for file in run.world.stage.index.files} == {
        "acme_widgets-1.3.0-py3-none-any.whl",
        "acme_widgets-1.3.0.tar.gz",
    }
    there = {path.name for path in (empty.clone / ".release" / "tmp" / "repository").iterdir()}
    assert there == {".git", ".release", "pyproject.toml"}, "more than configuration was checked out"

    run.job("finish", "release", "minor", "--no-gates", "--yes")
    assert run.world.claim["phase"] == "done"
    run.job("verify", "verify", "1.3.0")


def test_the_release_commit_is_handed_over_as_a_file(run: Run) -> None:
    built = run.job("build", "release", "minor", "--dry-run", "--no-gates")
    commit = built.outcome["commit"]
    claimed = run.job("claim", "release", "minor", "--no-gates", "--only", "claim")
    assert claimed.outcome["commit"] == commit
    assert run.world.claim["commit"] == commit


def test_a_candidate_without_its_commit_is_not_claimed(run: Run) -> None:
    run.job("build", "release", "minor", "--dry-run", "--no-gates")
    (run.world.clone.parent / "candidate" / "reports" / "commit.bundle").unlink()
    run.job("claim", "release", "minor", "--no-gates", "--only", "claim", code=12)
    assert not [ref for ref in run.world.remote_refs() if "shipway" in ref]


def test_a_second_dispatch_is_refused_by_the_claim(run: Run) -> None:
    run.job("build", "release", "minor", "--dry-run", "--no-gates")
    run.job("claim", "release", "minor", "--no-gates", "--only", "claim")
    second = Run(run.world, "8").job("build-again", "release", "minor", "--dry-run", "--no-gates", code=18)
    assert "is held by octo" in str(second.outcome["what"])


def test_nothing_is_published_where_nothing_is_claimed(run: Run) -> None:
    empty = run.job("publish", "publish", checkout=False, code=12)
    assert not run.world.stage.index.files
    assert not (empty.clone / "dist").exists()


def test_a_folder_that_is_no_repository_stays_one_on_a_laptop(run: Run) -> None:
    place = run.world.clone.parent / "laptop"
    place.mkdir()
    ended = World(run.world.stage, place, run.world.variables).run("publish")
    assert ended.returncode == 12
    assert "is not in a git repository" in ended.stdout
    assert not list(place.iterdir())
