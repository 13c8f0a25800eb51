"""Vendoring with the real program: a copy is made, each way to spoil it blocks, and the remedy, typed, mends it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from end_to_end.support import git, make_project
from fronts.fronts_support import Ended
from fronts.ways_support import Way, Wheel, needs, open_way, wheel

__all__ = ["wheel"]  # a fixture

PACKAGE = "scripts/shipway"
QUIET = {"CI": "1"}
"""CI has said yes: nobody is asked."""
IGNORED = {".gitignore": "dist/\n__pycache__/\n"}
INSTALLED = """\
import nox
import shipway

shipway.register(skip={"lint"})
"""


@pytest.fixture(scope="module")
def vendored(tmp_path_factory: pytest.TempPathFactory, wheel: Wheel) -> Path:
    """Make one repository with a vendored copy, from the wheel, with the needs installed and Shipway not."""
    root = make_project(tmp_path_factory.mktemp("vendored") / "acme", {"noxfile.py": None, **IGNORED})
    way = open_way(root, wheel, *needs())
    made = way.shell(f"uvx shipway@{wheel.version} vendor", **QUIET)
    assert made.code == 0, made.output
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Vendor Shipway")
    return root


@pytest.fixture
def way(vendored: Path, wheel: Wheel, tmp_path: Path) -> Way:
    """Give a clone of that repository, with the same environment."""
    git(tmp_path, "clone", "--quiet", str(vendored), "acme")
    return Way(tmp_path / "acme", vendored.parent / f"{vendored.name}-environment" / "bin", wheel)


def itself(way: Way, *words: str, **env: str) -> Ended:
    """Run the vendored copy itself, which opens no connection."""
    return way.program("python", "-m", "shipway", *words, PYTHONPATH=str(way.root / "scripts"), UV_OFFLINE="1", **env)


def from_source(way: Way, *words: str, **env: str) -> Ended:
    """Run another copy: the source that the wheel was built from."""
    return way.program("python", "-m", "shipway", *words, PYTHONPATH=str(way.wheel.source), **env)


def remedy_of(ended: Ended) -> str:
    """Give the command that an outcome ends with."""
    found = re.search(r"^  next: (.+)", ended.output, re.MULTILINE)
    assert found, ended.output
    return found[1]


def status(way: Way) -> str:
    """Say what differs from the commit."""
    return git(way.root, "status", "--porcelain")


def write(way: Way, name: str, text: str) -> None:
    """Write a file of the vendored package."""
    (way.root / PACKAGE / name).write_text(text, encoding="utf-8")


def test_a_copy_holds_the_package_alone_and_its_manifest_every_file(vendored: Path, wheel: Wheel) -> None:
    manifest = json.loads((vendored / PACKAGE / "vendored.json").read_text("utf-8"))
    assert (manifest["schema"], manifest["version"]) == (1, wheel.version)
    names = set(git(vendored, "ls-files", PACKAGE).split())
    assert names == {f"{PACKAGE}/{name}" for name in (*manifest["files"], "vendored.json")}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((vendored / PACKAGE / name).read_bytes()).hexdigest() == digest
        assert (vendored / PACKAGE / name).read_bytes() == (wheel.source / "shipway" / name).read_bytes()
    block = (vendored / "noxfile.py").read_text("utf-8").partition("# ///\n")[0]
    assert "nox>=" in block
    assert "rich>=" in block
    assert "shipway" not in block


def test_vendor_shows_few_lines_asks_and_writes_nothing_twice(tmp_path: Path, wheel: Wheel, vendored: Path) -> None:
    root = make_project(tmp_path / "acme", {"noxfile.py": INSTALLED, **IGNORED})
    way = Way(root, vendored.parent / f"{vendored.name}-environment" / "bin", wheel)
    asked = from_source(way, "vendor")
    assert asked.code == 10, asked.output
    assert "nobody can be asked here whether to write them" in asked.output
    assert len(asked.stdout.splitlines()) < 70
    assert remedy_of(asked) == "python -m shipway vendor --yes"
    dry = from_source(way, "vendor", "--dry-run")
    assert dry.code == 0, dry.output
    assert "Dry run: nothing was written." in dry.stdout
    assert status(way) == ""
    done = from_source(way, "vendor", "--yes", "--json")
    assert done.code == 0, done.output
    document = json.loads(done.stdout)
    assert document["files"] == ["noxfile.py", "tasks.py"]
    assert len(document["written"]) > 100
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Vendor")
    for words in (("vendor",), ("vendor", "--update")):
        again = from_source(way, *words)
        assert again.code == 0, again.output
        assert "nothing to write" in again.stdout
    assert itself(way, "vendor").code == 0
    assert status(way) == ""
    assert "shipway.register(skip=" in (root / "noxfile.py").read_text("utf-8")
    listing = way.program("nox", "-l", UV_OFFLINE="1")
    assert "- vendor -> " in listing.stdout, listing.output


DAMAGE: dict[str, tuple[str, Callable[[Way], None]]] = {
    "edited": ("edited: scripts/shipway/changelog/headings.py", lambda way: write(way, "changelog/headings.py", "1\n")),
    "edited, and it will not load": ("edited: scripts/shipway/engine.py", lambda way: write(way, "engine.py", "(\n")),
    "missing": (
        "missing: scripts/shipway/adopt/workflows/templates/ci.yml",
        lambda way: (way.root / PACKAGE / "adopt/workflows/templates/ci.yml").unlink(),
    ),
    "missing, and it cannot run": (
        "missing: scripts/shipway/timeline.py",
        lambda way: (way.root / PACKAGE / "timeline.py").unlink(),
    ),
    "added": ("added: scripts/shipway/own.py", lambda way: write(way, "own.py", "")),
    "a broken manifest": ("vendored.json is no JSON", lambda way: write(way, "vendored.json", "{")),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_the_copy_itself_blocks_on_damage_and_the_remedy_mends_it(way: Way, name: str) -> None:
    said, damage = DAMAGE[name]
    assert itself(way, "vendor", "--check").code == 0
    damage(way)
    blocked = itself(way, "vendor", "--check")
    assert blocked.code == 12, blocked.output
    assert said in blocked.output
    assert "Traceback" not in blocked.output
    remedy = remedy_of(blocked)
    assert remedy.startswith("uvx shipway@")
    mended = way.shell(remedy, **QUIET)
    assert mended.code == 0, mended.output
    assert itself(way, "vendor", "--check").code == 0
    assert status(way) == ""


def test_every_file_that_differs_is_named_for_people_and_for_programs(way: Way) -> None:
    shutil.rmtree(way.root / PACKAGE / "rehearsal")
    write(way, "own.py", "")
    blocked = itself(way, "vendor", "--check", "--json")
    assert blocked.code == 12, blocked.output
    document = json.loads(blocked.stdout)
    gone = git(way.root, "ls-files", "--deleted").split()
    assert len(gone) > 10
    assert [f"{PACKAGE}/{name}" for name in document["missing"]] == gone
    assert document["added"] == ["own.py"]
    assert all(f"missing: {name}" in blocked.stderr for name in gone)


def test_the_nox_session_blocks_as_a_gate_of_ci_would(way: Way) -> None:
    write(way, "own.py", "")
    blocked = way.program("nox", "-s", "vendor", "--", "--check", UV_OFFLINE="1")
    assert blocked.code == 1, blocked.output
    assert "added: scripts/shipway/own.py" in blocked.output


def test_an_update_from_another_copy_moves_it_and_removes_what_is_gone(way: Way) -> None:
    manifest = json.loads((way.root / PACKAGE / "vendored.json").read_text("utf-8"))
    text = "# of an edition before this one\n"
    for name in ("once/there.py", "flows.py"):
        (way.root / PACKAGE / name).parent.mkdir(exist_ok=True)
        write(way, name, text)
        manifest["files"][name] = hashlib.sha256(text.encode()).hexdigest()
    write(way, "vendored.json", json.dumps({**manifest, "version": "1.0"}))
    refused = from_source(way, "vendor", **QUIET)
    assert refused.code == 12, refused.output
    assert remedy_of(refused) == "python -m shipway vendor --update"
    moved = from_source(way, "vendor", "--update", **QUIET)
    assert moved.code == 0, moved.output
    assert f"Shipway 1.0 -> {way.wheel.version}" in moved.stdout
    assert not (way.root / PACKAGE / "once").exists()
    assert itself(way, "--version").stdout == f"shipway {way.wheel.version}\n"
    assert from_source(way, "vendor", "--check").code == itself(way, "vendor", "--check").code == 0
    assert status(way) == ""


def test_an_update_never_loses_an_edit_that_nobody_has_let_go_of(way: Way) -> None:
    write(way, "flows.py", "# mine\n")
    write(way, "own.py", "# mine\n")
    refused = from_source(way, "vendor", "--update", **QUIET)
    assert refused.code == 12, refused.output
    for name in ("flows.py", "own.py"):
        assert f"not from any edition: {PACKAGE}/{name}" in refused.stdout
        assert (way.root / PACKAGE / name).read_text("utf-8") == "# mine\n"
    remedy = remedy_of(refused)
    assert remedy == "python -m shipway vendor --update --discard"
    mended = way.shell(remedy, PYTHONPATH=str(way.wheel.source), **QUIET)
    assert mended.code == 0, mended.output
    assert f"discarded: {PACKAGE}/flows.py" in mended.stdout
    assert itself(way, "vendor", "--check").code == 0


@pytest.mark.long
def test_an_edit_that_the_manifest_agrees_with_is_seen_by_another_copy_of_that_version(way: Way) -> None:
    manifest = json.loads((way.root / PACKAGE / "vendored.json").read_text("utf-8"))
    write(way, "own.py", "")
    manifest["files"]["own.py"] = hashlib.sha256(b"").hexdigest()
    write(way, "vendored.json", json.dumps(manifest))
    assert itself(way, "vendor", "--check").code == 0
    blocked = from_source(way, "vendor", "--check")
    assert blocked.code == 12, blocked.output
    assert f"added: {PACKAGE}/own.py" in blocked.stdout
    assert way.shell(remedy_of(blocked), PYTHONPATH=str(way.wheel.source), **QUIET).code == 0
    assert from_source(way, "vendor", "--check").code == 0


def test_the_copy_cannot_update_itself_and_says_what_can(way: Way) -> None:
    refused = itself(way, "vendor", "--update", **QUIET)
    assert refused.code == 12, refused.output
    assert remedy_of(refused) == "uvx shipway@latest vendor --update"


@pytest.mark.parametrize(
    ("words", "said", "remedy"),
    [
        (("--discard",), "--discard belongs to --update", "python -m shipway vendor --update --discard"),
        (("--check", "--update"), "--check looks, and --update writes", "python -m shipway vendor --check"),
    ],
)
def test_words_that_contradict_each_other_are_refused(way: Way, words: tuple[str, ...], said: str, remedy: str) -> None:
    refused = from_source(way, "vendor", *words)
    assert refused.code == 10, refused.output
    assert said in refused.output
    assert remedy_of(refused) == remedy


def test_where_nothing_is_vendored_check_and_update_block_and_the_remedy_vendors(tmp_path: Path, way: Way) -> None:
    bare = Way(make_project(tmp_path / "bare"), way.programs, way.wheel)
    for word in ("--check", "--update"):
        blocked = from_source(bare, "vendor", "--into", "own", word)
        assert blocked.code == 12, blocked.output
        assert "there is no own/shipway" in blocked.output
    assert bare.shell(remedy_of(blocked), PYTHONPATH=str(way.wheel.source), **QUIET).code == 0
    assert from_source(bare, "vendor", "--check").code == 0


def test_files_that_git_would_leave_out_block_and_the_remedy_brings_them_in(tmp_path: Path, way: Way) -> None:
    ignored = {".gitignore": "release/\n__pycache__/\nbuild.py"}
    bare = Way(make_project(tmp_path / "bare", ignored), way.programs, way.wheel)
    blocked = from_source(bare, "vendor", "--into", "own/tools", **QUIET)
    assert blocked.code == 12, blocked.output
    assert "git ignores own/tools/shipway/" in blocked.output
    assert status(bare) == ""
    assert bare.shell(remedy_of(blocked)).code == 0
    assert from_source(bare, "vendor", "--into", "own/tools", **QUIET).code == 0
    git(bare.root, "add", "--all")
    names = git(bare.root, "ls-files").split()
    assert "own/tools/shipway/release/plan.py" in names
    assert "own/tools/shipway/steps/build.py" in names
    assert not any("__pycache__" in name for name in names)


@pytest.mark.long
def test_init_and_workflows_of_a_vendored_copy_name_its_folder(way: Way) -> None:
    path = {"PYTHONPATH": str(way.root / "scripts")}
    made = way.program("python", "-m", "shipway", "init", **QUIET, **path)
    assert made.code == 0, made.output
    assert "PYTHONPATH=scripts " in (way.root / ".github" / "workflows" / "release.yml").read_text("utf-8")
    pins = (way.root / ".github" / "requirements" / "shipway.txt").read_text("utf-8")
    assert "shipway==" not in pins
    assert "\nrich==" in f"\n{pins}"
    for ended in (itself(way, "workflows", "--check"), from_source(way, "workflows", "--check")):
        assert ended.code == 0, ended.output


def test_a_vendored_copy_that_is_broken_blocks_init_with_a_remedy(way: Way) -> None:
    write(way, "vendored.json", "{}")
    blocked = itself(way, "init", **QUIET)
    assert blocked.code == 12, blocked.output
    assert remedy_of(blocked) == "uvx shipway@latest vendor --update --discard"


@pytest.mark.long
def test_the_remedy_where_nobody_can_be_asked_keeps_what_was_typed(way: Way) -> None:
    write(way, "own.py", "")
    refused = from_source(way, "vendor", "--update", "--discard")
    assert refused.code == 10, refused.output
    assert remedy_of(refused) == "python -m shipway vendor --update --discard --yes"
    assert (way.root / PACKAGE / "own.py").exists()
