"""Main is the truth afterwards: however the pull request is merged, main says what was published."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from end_to_end.support import PYPROJECT, World, git, make_project, open_world

NAMES = ("pyproject.toml", "CHANGELOG.md")


def published(world: World) -> dict[str, str]:
    """Read the version file and the changelog out of the sdist on the index."""
    sdist = next(file for file in world.stage.index.files if file.name.endswith(".tar.gz"))
    with tarfile.open(fileobj=io.BytesIO(sdist.path.read_bytes())) as archive:
        members = {name: archive.extractfile(f"acme_widgets-1.3.0/{name}") for name in NAMES}
        return {name: member.read().decode() for name, member in members.items() if member}


@pytest.mark.parametrize("method", ["merge", "squash", pytest.param("rebase", marks=pytest.mark.long)])
def test_after_the_merge_main_equals_what_was_published(tmp_path: Path, method: str) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.release("minor")
        number = world.stage.forge.repository(world.stage.repository).pulls[0].number
        world.stage.forge.merge_pull_request(number, method)
        main = {name: git(world.bare, "show", f"main:{name}") for name in NAMES}
        assert main == {name: text.strip() for name, text in published(world).items()}
        assert git(world.bare, "ls-tree", "--name-only", "main", "changelog.d/") == ""
        seen = world.remote_refs()
        world.release("minor")
        assert world.remote_refs() == {ref: commit for ref, commit in seen.items() if ref != "refs/heads/release/1.3.0"}


@pytest.mark.long
def test_with_a_development_version_main_goes_on_with_it_and_the_next_release_follows(tmp_path: Path) -> None:
    text = f'{PYPROJECT}\n[tool.shipway]\ndevelopment = "minor"\n'
    with open_world(make_project(tmp_path / "acme", {"pyproject.toml": text})) as world:
        world.release("minor")
        world.stage.forge.merge_pull_request(1, "squash")
        fetch_and_reset(world)
        assert 'version = "1.4.0.dev0"' in (world.clone / "pyproject.toml").read_text("utf-8")
        world.commit({"changelog.d/9.feature.md": "Widgets fly.\n"})
        world.release("minor")
        assert "refs/tags/v1.4.0" in world.remote_refs()


def test_the_tags_tree_is_the_tree_that_was_built(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.release("minor")
        tree = git(world.bare, "ls-tree", "-r", "--name-only", "v1.3.0").splitlines()
        sdist = next(file for file in world.stage.index.files if file.name.endswith(".tar.gz"))
        with tarfile.open(fileobj=io.BytesIO(sdist.path.read_bytes())) as archive:
            built = {name.partition("/")[2]: archive.extractfile(name) for name in archive.getnames()}
            for name in tree:
                member = built[name]
                assert member is not None
                assert member.read().decode().strip() == git(world.bare, "show", f"v1.3.0:{name}"), name


def test_the_next_release_follows_a_merged_one_and_is_refused_before_the_merge(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.release("minor")
        git(world.clone, "commit", "--allow-empty", "--quiet", "--message", "Work goes on")
        git(world.clone, "push", "--quiet", str(world.bare), "main")
        blocked = world.release("patch", code=12)
        assert "v1.3.0 is tagged, but main says 1.2.4" in blocked
        world.stage.forge.merge_pull_request(1, "squash")
        fetch_and_reset(world)
        for bump in ("patch", "auto"):
            assert "holds no fragment" in world.release(bump, code=17)
        assert world.run("changelog", "add", "bugfix", "Widgets stop.").returncode == 0
        git(world.clone, "add", "--all")
        git(world.clone, "commit", "--quiet", "--message", "Fix")
        git(world.clone, "push", "--quiet", str(world.bare), "main")
        assert "1.3.1 is out." in world.release("patch")


def fetch_and_reset(world: World) -> None:
    """Bring the clone's main to the forge's."""
    git(world.clone, "fetch", "--quiet", str(world.bare), "main")
    git(world.clone, "reset", "--quiet", "--hard", "FETCH_HEAD")


def test_an_old_line_is_patched_while_a_higher_one_is_out_and_is_not_latest(tmp_path: Path) -> None:
    project = make_project(tmp_path / "acme")
    git(project, "switch", "--quiet", "--create", "two")
    for message in ("Work on two", "Release 2.0.0"):
        git(project, "commit", "--allow-empty", "--quiet", "--message", message)
    git(project, "tag", "v2.0.0")
    git(project, "switch", "--quiet", "main")
    with open_world(project) as world:
        world.release("patch")
        assert world.outcome["previous"] == "1.2.4"
        [release] = world.stage.forge.repository().releases
        assert (release.tag, release.latest) == ("v1.2.5", "false")


def test_a_stored_plan_is_not_used_once_its_base_is_no_longer_fit(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        assert world.run("plan", "minor", "--no-gates").returncode == 0
        (world.clone / "dirt.txt").write_text("not committed\n")
        assert "the work tree has changes" in world.release("minor", code=12)
        (world.clone / "dirt.txt").unlink()
        git(world.clone, "commit", "--allow-empty", "--quiet", "--message", "Ahead")
        git(world.clone, "push", "--quiet", str(world.bare), "main")
        git(world.clone, "reset", "--quiet", "--hard", "HEAD^")
        assert "main is behind origin" in world.release("minor", code=12)


def test_a_claimed_commit_that_is_not_here_any_more_is_brought_from_the_remote(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        for step in ("gates", "build", "check", "claim"):
            world.release("minor", "--only", step)
        digests = {path.name: path.read_bytes() for path in (world.clone / ".release" / "dist").iterdir()}
        git(world.clone, "reflog", "expire", "--expire=now", "--all")
        git(world.clone, "gc", "--quiet", "--prune=now")
        assert "found: " in world.release("minor")
        assert {file.name: file.path.read_bytes() for file in world.stage.index.files} == digests
