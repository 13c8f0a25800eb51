"""Remedies: what an error says to do next can be typed as it stands, and after it the release succeeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from end_to_end.bad_inputs import ahead, anonymous, behind, called, diverged, published, shallow, tokenless, written
from end_to_end.support import SOURCE, World, commands_in, git, make_project, open_world, parse_command

NOXFILE = f"""\
import sys

import nox

sys.path.insert(0, {str(SOURCE)!r})
import shipway

@nox.session(tags=["gate"], venv_backend="none")
def fine(session):
    session.log("fine")

shipway.register(skip={{"lint", "typecheck", "tests"}}, steps=True)
"""
LONGEST = 8
"""How many remedies may follow each other, when each leads to the next."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one project whose noxfile has Shipway's own sessions, so that remedies for nox can be typed."""
    return make_project(tmp_path_factory.mktemp("remedies") / "acme", {"noxfile.py": NOXFILE})


def refused(world: World, *words: str, code: int, **env: str) -> str:
    """Run a command that is refused; give its remedy, whose commands of ours all parse."""
    done = world.run(*words, **env)
    printed = done.stdout + done.stderr
    assert done.returncode == code, printed
    found = re.search(r"^  next: (.+)", printed, re.MULTILINE)
    assert found, printed
    for command in commands_in(found[1]):
        parse_command(command)
    return found[1]


def no_fragment(world: World) -> None:
    """Have nothing to tell."""
    world.commit({"changelog.d/7.feature.md": None})


def pushed(world: World) -> None:
    """Commit and push whatever a remedy has made."""
    world.commit({})


def claimed_by_another(world: World) -> None:
    """Have a release branch that somebody else made."""
    git(world.clone, "push", "--quiet", str(world.bare), "main:refs/heads/release/1.3.0")


def tagged_by_another(world: World) -> None:
    """Have the version tagged in another spelling than the one that is set."""
    pyproject = (world.clone / "pyproject.toml").read_text("utf-8")
    world.commit({"pyproject.toml": f'{pyproject}\n[tool.shipway]\ntag-format = "v{{version}}"\n'})
    git(world.clone, "push", "--quiet", str(world.bare), "main:refs/tags/release-1.3.0")


def spelled_anew(world: World) -> None:
    """Have a release since whose tag is spelled in another way, and is not here."""
    pyproject = (world.clone / "pyproject.toml").read_text("utf-8")
    world.commit({"pyproject.toml": pyproject.replace('version = "1.2.4"', 'version = "1.2.5"')})
    git(world.clone, "push", "--quiet", str(world.bare), "main:refs/tags/release-1.2.5")
    world.commit({"changelog.d/8.feature.md": "Widgets rest.\n"})


SIMPLE: dict[str, tuple[str, int, Callable[[World], object], str]] = {
    "a shallow clone": ("publish-first", 12, shallow, "git fetch --unshallow"),
    "a dirty tree": ("publish-first", 12, written("README.md", "Changed.\n"), "git stash"),
    "behind": ("publish-first", 12, behind, "git pull"),
    "ahead": ("direct", 12, ahead, "git push"),
    "diverged": ("direct", 12, diverged, "git pull --rebase"),
    "a detached HEAD": ("publish-first", 12, called("switch", "--quiet", "--detach"), "git switch"),
    "another branch": ("publish-first", 12, called("switch", "--quiet", "-c", "side"), "git switch"),
    "no remote": ("publish-first", 12, called("remote", "remove", "origin"), "git remote add"),
    "no fragments": ("publish-first", 17, no_fragment, "shipway changelog add"),
    "a branch of somebody": ("publish-first", 13, claimed_by_another, "git push origin --delete"),
    "tags spelled anew": ("publish-first", 12, spelled_anew, "git fetch --tags"),
    "a tag of somebody": ("publish-first", 13, tagged_by_another, "git push origin --delete"),
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=(pytest.mark.long,) if number % 3 else ()) for number, name in enumerate(SIMPLE)]
)
def test_after_the_remedy_the_same_command_succeeds(project: Path, name: str) -> None:
    flow, code, arrange, begins = SIMPLE[name]
    with open_world(project, flow=flow) as world:
        arrange(world)
        command = ("release", "minor", "--yes", "--no-gates")
        remedy = refused(world, *command, code=code)
        assert begins in remedy
        world.follow(remedy, ADDRESS=world.stage.remote_url)
        if name == "no fragments":
            pushed(world)
        assert "1.3.0 is out." in world.release("minor")


def test_an_identity_is_given_as_the_remedy_says(project: Path, tmp_path: Path) -> None:
    with open_world(project) as world:
        anonymous(world)
        del world.variables["GIT_CONFIG_GLOBAL"]
        world.variables["HOME"] = str(tmp_path)
        remedy = refused(world, "release", "minor", "--yes", "--no-gates", code=12)
        world.follow(remedy, NAME="A. Maintainer", EMAIL="maintainer@example.invalid")
        assert "1.3.0 is out." in world.release("minor")
        assert (
            git(world.bare, "log", "-1", "--format=%an <%ae>", "v1.3.0") == "A. Maintainer <maintainer@example.invalid>"
        )


def test_a_token_is_given_as_the_remedy_says(project: Path) -> None:
    with open_world(project) as world:
        token = world.variables["GITHUB_TOKEN"]
        tokenless(world)
        remedy = refused(world, "release", "minor", "--yes", "--no-gates", code=12)
        assert "or set GITHUB_TOKEN" in remedy
        assert "1.3.0 is out." in world.release("minor", GITHUB_TOKEN=token)


def test_a_used_version_leads_to_the_next_free_one(project: Path) -> None:
    with open_world(project) as world:
        published("1.3.0")(world)
        published("1.3.1")(world)
        world.follow(refused(world, "release", "minor", "--yes", "--no-gates", code=13))
        assert "v1.3.2" in git(world.bare, "tag", "--list").split()


def follow_to_the_end(world: World, *words: str) -> list[str]:
    """Type a command and then each remedy that comes, until one succeeds; give all that was typed."""
    typed = [" ".join(words)]
    for _ in range(LONGEST):
        done = world.run(*words)
        if done.returncode == 0:
            return typed
        found = re.search(r"^  next: (.+)", done.stdout, re.MULTILINE)
        assert found, done.stdout + done.stderr
        [command] = commands_in(found[1])
        request = parse_command(command)
        assert request, found[1]
        words = tuple(command[3:] if command[0] == "python" else [command[2], *command[4:]])
        typed.append(" ".join(words))
    raise AssertionError(typed)


def test_from_no_words_at_all_the_remedies_lead_to_a_release(project: Path) -> None:
    with open_world(project) as world:
        assert follow_to_the_end(world, "release") == ["release", "release minor", "release minor --yes"]
        assert world.outcome["version"] == "1.3.0"


@pytest.mark.parametrize("typo", ["relaese minor --yes", "release minro --yes", "release minor --yse"])
def test_the_remedy_of_a_typo_is_the_line_without_it(project: Path, typo: str) -> None:
    with open_world(project) as world:
        assert refused(world, *typo.split(), code=10) == "python -m shipway release minor --yes"


@pytest.mark.long
def test_a_step_out_of_turn_leads_to_the_one_before(project: Path) -> None:
    with open_world(project) as world:
        world.variables["CI"] = "true"
        assert refused(world, "publish", "minor", code=12) == "python -m shipway release minor --only gates"
        assert world.run("release", "minor", "--dry-run").returncode == 0
        typed = []
        while (done := world.run("tag", "minor")).returncode != 0:
            typed.append(done.stdout.rpartition("next: ")[2].strip())
            assert world.run(*commands_in(typed[-1])[0][3:]).returncode == 0
        steps = ("claim", "publish", "pull-request")
        assert typed == [f"python -m shipway release minor --only {step}" for step in steps]


def test_publish_on_its_own_leads_back_to_build(project: Path) -> None:
    with open_world(project) as world:
        typed = [follow_to_the_end(world, "publish")[-1] for _ in range(3)]
        assert typed == ["build", "check", "publish --yes"]


@pytest.mark.long
def test_an_unfinished_release_is_finished_by_the_remedy_of_another(project: Path) -> None:
    with open_world(project) as world:
        nowhere = {"SHIPWAY_UPLOAD_URL": "http://localhost:1/legacy/"}
        assert world.run("release", "minor", "--yes", **nowhere).returncode == 14
        remedy = refused(world, "release", "patch", "--yes", code=19)
        world.follow(remedy)
        assert "v1.3.0" in git(world.bare, "tag", "--list").split()


def reopen(world: World, number: int) -> None:
    """Reopen a pull request as a person does."""
    forge = world.stage.forge
    address = f"{forge.api_url}/repos/{world.stage.repository}/pulls/{number}"
    headers = {"Authorization": f"Bearer {forge.tokens['maintainer'].value}"}
    assert requests.patch(address, json={"state": "open"}, headers=headers, timeout=10).status_code == 200


@pytest.mark.long
def test_a_closed_pull_request_is_reopened_by_a_person_and_the_release_goes_on(project: Path) -> None:
    with open_world(project) as world:
        forge = world.stage.forge
        forge.switches.refused_refs = ["refs/tags/*"]
        assert "allow the tag v1.3.0" in refused(world, "release", "minor", "--yes", code=12)
        forge.switches.refused_refs = []
        forge.close_pull_request(1)
        remedy = refused(world, "release", "minor", "--yes", code=12)
        assert remedy.startswith("reopen http")
        reopen(world, 1)
        assert "1.3.0 is out." in world.run("release", "minor", "--yes").stdout


@pytest.mark.long
def test_a_conflict_with_main_is_resolved_by_a_person_and_the_release_goes_on(project: Path) -> None:
    with open_world(project, flow="direct") as world:
        world.stage.forge.switches.refused_refs = ["refs/heads/main"]
        assert "allow the push, or merge" in refused(world, "release", "minor", "--yes", code=12)
        world.stage.forge.switches.refused_refs = []
        world.commit({"changelog.d/7.feature.md": "Widgets turn and spin.\n"})
        remedy = refused(world, "release", "minor", "--yes", code=12)
        assert remedy.startswith("git fetch && git merge origin/release/1.3.0, resolve, push main")
        world.follow("git fetch")
        git(world.clone, "merge", "--quiet", "origin/release/1.3.0", check=False)
        git(world.clone, "rm", "--quiet", "changelog.d/7.feature.md")
        git(world.clone, "commit", "--quiet", "--message", "Merge the release")
        world.follow("git push origin main")
        assert "1.3.0 is out." in world.run("release", "minor", "--yes").stdout
