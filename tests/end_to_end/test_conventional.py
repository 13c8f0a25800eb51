"""Releases whose notes are Conventional Commits: found, shown, released, squashed, and released again."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from end_to_end.support import PYPROJECT, World, git, make_project, open_world
from end_to_end.test_hostile_text import COMMANDS, HOSTILE, on_github, require_calm

PLAIN = PYPROJECT[: PYPROJECT.index("[tool.towncrier]")]
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.4] - 2026-01-01\n\n- Old.\n"
FILES: Mapping[str, str | None] = {"pyproject.toml": PLAIN, "changelog.d/7.feature.md": None, "CHANGELOG.md": CHANGELOG}


def commit(world: World, *messages: str) -> list[str]:
    """Commit and push messages; give the short ids."""
    for message in messages:
        git(world.clone, "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message)
    git(world.clone, "push", "--quiet", str(world.bare), "HEAD")
    return git(world.clone, "rev-list", "--reverse", f"--max-count={len(messages)}", "HEAD").splitlines()


def test_two_releases_of_conventional_commits_with_a_squash_between(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", FILES)) as world:
        commit(world, "docs: say more", "chore: tidy")
        refused = world.run("plan", "minor")
        assert refused.returncode == 17
        assert "'docs: say more' has the type docs" in refused.stdout
        assert "Nothing is noted yet" in world.run("changelog").stdout
        assert world.run("changelog", "add", "feature", "x").returncode == 10
        turn, rest, _ = commit(world, "feat(cli): turn", "fix: rest\n\nBREAKING CHANGE: no sleep\nany more", "Fix typo")
        notes = (
            f"### Breaking changes\n\n- no sleep any more ({rest[:7]})\n\n"
            f"### Added\n\n- **cli:** turn ({turn[:7]})\n\n### Fixed\n\n- rest ({rest[:7]})"
        )
        assert world.run("changelog").stdout.endswith(f"{notes}\n")
        planned = world.run("plan", "minor").stdout
        assert (
            "changelog-source = conventional (detected: 4 of the last 6 commits; 1 of 5 commits are not by" in planned
        )
        before = world.local_state()
        world.release("minor")
        assert world.local_state() == before
        assert [shown[3] for shown in world.snapshot()["releases"]] == [notes]  # type: ignore[attr-defined]
        written = git(world.bare, "show", "v1.3.0:CHANGELOG.md")
        day = written.partition("## [1.3.0] - ")[2][:10]
        assert written == CHANGELOG.strip().replace("## [1.2.4]", f"## [1.3.0] - {day}\n\n{notes}\n\n## [1.2.4]")
        verified = world.run("verify", "1.3.0")
        assert verified.returncode == 0, verified.stdout
        world.stage.forge.merge_pull_request(1, "squash")
        git(world.clone, "pull", "--quiet", str(world.bare), "main")
        assert world.run("plan", "minor").returncode == 17
        (faster,) = commit(world, "perf: faster")
        world.release("patch")
        found = git(world.bare, "show", "v1.3.1:CHANGELOG.md")
        assert f"## [1.3.1] - {day}\n\n### Changed\n\n- faster ({faster[:7]})\n\n## [1.3.0]" in found


def test_what_a_refusal_says_to_do_makes_a_release(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", {**FILES, "cliff.toml": ""})) as world:
        refused = world.run("plan", "patch")
        assert refused.returncode == 17
        git(world.clone, "config", f"url.{world.bare}.pushInsteadOf", world.stage.remote_url)
        remedy = refused.stdout.rpartition("next: ")[2]
        subprocess.run(["sh", "-c", remedy], cwd=world.clone, env=world.variables, capture_output=True, check=True)
        git(world.clone, "config", "--unset", f"url.{world.bare}.pushInsteadOf")
        assert world.run("plan", "patch").returncode == 0


def test_hostile_commits_are_planned_and_obeyed_by_nobody(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", FILES)) as world:
        on_github(world)
        commit(world, *(f"feat: {text}\n\nBREAKING CHANGE: {text}" for text in (HOSTILE, *COMMANDS)))
        for words in (["plan", "minor"], ["changelog"]):
            done = world.run(*words)
            assert done.returncode == 0, done.stdout + done.stderr
            require_calm(done.stdout + done.stderr)
            assert "<script>" not in done.stdout.replace("`<script>`", "")


@pytest.mark.long
def test_a_rehearsal_of_conventional_commits_ends_as_the_release_would(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", FILES)) as world:
        commit(world, "feat: turn")
        for words in (["--merge", "squash"], ["--flow", "direct"], ["--pre", "rc"]):
            done = world.run("rehearse", "minor", *words)
            assert done.returncode == 0, done.stdout + done.stderr
