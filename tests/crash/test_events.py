"""Boundary events: what counts as one, and that its name is the same in every run."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.rehearsal.sweep.events import (
    Event,
    Numbering,
    Point,
    is_build,
    name_of_file,
    name_of_program,
    name_of_request,
)
from shipway.rehearsal.sweep.victim import parse_point, render_point

ROOT = Path("/clone")
OLD, NEW, NONE = "a" * 40, "b" * 40, "0" * 40


def packet(old: str, new: str, ref: str, capabilities: str = "") -> bytes:
    line = f"{old} {new} {ref}{capabilities}"
    return f"{len(line) + 4:04x}{line}".encode()


@pytest.mark.parametrize(
    ("argv", "folder", "name"),
    [
        (["git", "write-tree"], ".", "git write-tree"),
        (["/usr/bin/git", "-c", "core.hooksPath=/dev/null", "clone", "--quiet", "/clone", "x"], ".", "git clone"),
        (["git", "--git-dir=x", "update-ref", "HEAD", OLD], ".release/tmp/bump", "git update-ref in .release/tmp/bump"),
        (["git", "tag", "-F", "-", "v1"], ".release/tmp/tag-4711", "git tag in .release/tmp/tag-N"),
        (
            ["git", "push", "--atomic", "origin", f"{NEW}:refs/heads/x", ":refs/tags/y"],
            ".",
            "git push refs/heads/x refs/tags/y",
        ),
        (["git", "frobnicate"], ".", "git frobnicate"),
    ],
)
def test_a_git_that_writes_is_an_event(argv: list[str], folder: str, name: str) -> None:
    assert name_of_program(argv, folder) == name


@pytest.mark.parametrize(
    "argv",
    [
        ["git", "ls-remote", "origin"],
        ["git", "-c", "a=b", "rev-parse", "HEAD"],
        ["git", "--version"],
        ["uv", "venv"],
        ["git"],
    ],
)
def test_a_program_that_only_reads_is_none(argv: list[str]) -> None:
    assert name_of_program(argv, ".") is None


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/legacy/", "POST /legacy/"),
        ("POST", "/repos/acme/widgets/pulls", "POST /pulls"),
        ("PATCH", "/repos/acme/widgets/releases/1003", "PATCH /releases/N"),
        ("POST", "/api/uploads/repos/acme/widgets/releases/1003/assets", "POST /releases/N/assets"),
        ("GET", "/repos/acme/widgets/pulls", None),
        ("POST", "/acme/widgets.git/git-upload-pack", None),
        ("POST", "/repos/acme/widgets/releases/generate-notes", None),
    ],
)
def test_a_request_that_changes_something_is_an_event(method: str, path: str, name: str | None) -> None:
    assert name_of_request(method, path, b"") == name


def test_a_push_is_named_by_what_it_asks_for() -> None:
    head = packet(NONE, NEW, "refs/shipway/acme/main", "\0 report-status atomic") + packet(
        OLD, NEW, "refs/heads/main\n"
    )
    head += packet(OLD, NONE, "refs/heads/release/1.3.0") + b"0000PACK\x00\x00\x00\x02"
    name = name_of_request("POST", "/acme/widgets.git/git-receive-pack", head)
    wanted = "create refs/shipway/acme/main, move refs/heads/main, delete refs/heads/release/1.3.0"
    assert name == f"POST /git-receive-pack: {wanted}"
    assert name_of_request("POST", "/acme/widgets.git/git-receive-pack", b"0000") == "POST /git-receive-pack: nothing"


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/clone/.release/plan.json", ".release/plan.json"),
        (".release/dist", ".release/dist"),
        ("/clone/.release/tmp/4711/x", ".release/tmp/N/x"),
        ("/clone/.git/config", None),
        ("/clone/src/__pycache__/x.pyc", None),
        ("/elsewhere/plan.json", None),
        ("../elsewhere", None),
    ],
)
def test_a_file_put_in_place_in_the_work_tree_is_an_event(target: str, name: str | None) -> None:
    assert name_of_file(target, ROOT) == name


@pytest.mark.parametrize(
    ("argv", "builds"),
    [
        (["python", "-P", "-m", "build", "--outdir", "x"], True),
        (["uv", "build"], True),
        (["uv", "pip", "install", "build"], False),
        (["python", "-m", "twine", "check"], False),
    ],
)
def test_a_build_is_told_from_other_programs(argv: list[str], builds: bool) -> None:
    assert is_build(argv) is builds


def test_events_of_one_name_are_numbered_and_their_step_is_no_part_of_them() -> None:
    numbering = Numbering()
    first, second = numbering.number("git", "git push", "claim"), numbering.number("git", "git push", "tag")
    assert (first.nth, second.nth) == (1, 2)
    assert first == Event("git", "git push", 1)


def test_a_point_survives_the_way_to_the_victim() -> None:
    point = Point(Event("file", ".release/plan.json", 2), "after")
    assert parse_point(render_point(point)) == point
    assert parse_point(render_point(None)) is None
