"""Bad input: each kind is a clear error with its exit code and a remedy, and nothing at all has changed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from end_to_end.bad_inputs import BLOCKED, CONFIGURATION, USAGE, Case
from end_to_end.support import World, commands_in, git, make_project, open_world, parse_command


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one project for all; every test clones its own."""
    return make_project(tmp_path_factory.mktemp("bad") / "acme")


@pytest.fixture(scope="module")
def calm(project: Path) -> Iterator[World]:
    """Open one world for all that is refused before anybody looks around."""
    with open_world(project) as world:
        yield world


@pytest.mark.parametrize("name", USAGE)
def test_words_that_mean_nothing_are_refused(calm: World, name: str) -> None:
    refuse(calm, USAGE[name])


@pytest.mark.parametrize("name", [*CONFIGURATION, *BLOCKED])
def test_what_stands_in_the_way_is_refused(project: Path, name: str) -> None:
    case = {**CONFIGURATION, **BLOCKED}[name]
    with open_world(project) as world:
        case.arrange(world)
        refuse(world, case)


def refuse(world: World, case: Case) -> None:
    """Hold that a case is refused in the right words, with a remedy, and that nothing has changed."""
    before = world.everything()
    done = world.run(*case.words.split(), **case.env)
    printed = done.stdout + done.stderr
    assert done.returncode == case.code, printed
    assert "Traceback" not in printed
    assert re.search(case.says, printed, re.DOTALL), printed
    remedy = re.search(r"^  next: (.+)", printed, re.MULTILINE)
    assert remedy, printed
    assert re.search(case.following, remedy[1]), printed
    for command in commands_in(remedy[1]):
        parse_command(command)
    assert world.everything() == before
    assert "hush-hush" not in printed
    left = world.clone / ".release" / "outcome.json"
    assert not left.exists() or world.outcome["code"] == case.code


def test_outside_of_a_repository_nothing_is_done(project: Path, tmp_path: Path) -> None:
    with open_world(project) as world:
        world.clone = tmp_path
        done = world.run("release", "minor", "--yes", GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.returncode == 12, done.stdout
    assert "is not in a git repository" in done.stdout
    assert "next: run it in the repository" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_repository_of_another_user_is_none_until_git_trusts_it(project: Path, tmp_path: Path) -> None:
    home = {"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"), "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    with open_world(project) as world:
        done = world.run("version", **home)
        assert done.returncode == 12, done.stdout
        assert "git does not trust" in done.stdout
        remedy = shlex.split(done.stdout.partition("next: ")[2])
        subprocess.run(remedy, env={**os.environ, **home}, check=True)
        assert world.run("version", **home).returncode == 0


def test_a_repository_without_files_is_told(project: Path, tmp_path: Path) -> None:
    git(project, "clone", "--quiet", "--bare", str(project), str(tmp_path / "bare" / "acme.git"))
    with open_world(project) as world:
        world.clone = tmp_path / "bare" / "acme.git"
        done = world.run("version")
        assert done.returncode == 12, done.stdout
        assert "acme.git is a repository without files" in done.stdout
        add, _, _ = done.stdout.partition("next: ")[2].partition(" && ")
        subprocess.run(shlex.split(add), cwd=world.clone, check=True)
        world.clone = tmp_path / "bare" / "work"
        assert world.run("version").returncode == 0


def test_a_folder_of_the_repository_is_as_good_as_its_top(project: Path) -> None:
    with open_world(project) as world:
        world.clone = world.clone / "acme_widgets"
        done = world.run("plan", "minor")
        assert done.returncode == 0, done.stdout
        assert not (world.clone / ".release").exists()


def test_a_broken_leftover_of_an_earlier_run_is_made_again(project: Path) -> None:
    with open_world(project) as world:
        assert world.run("plan", "minor").returncode == 0
        for name in ("plan.json", "reports/gates.json", "reports/bump.json"):
            (world.clone / ".release" / name).parent.mkdir(exist_ok=True)
            (world.clone / ".release" / name).write_bytes(b"{\xff")
        assert "1.3.0 is out." in world.release("minor")
