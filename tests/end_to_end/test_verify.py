"""verify: a release is held against its evidence from any clone, and whatever was changed since is named."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from end_to_end.support import World, commands_in, git, make_project, open_world
from shipway.rehearsal.forge.state import Asset, Release
from shipway.rehearsal.forge.switches import Fault

NAME = "acme_widgets-1.3.0.evidence.json"
SUBJECTS = {
    "tag": "agrees",
    "tree": "agrees",
    "version": "agrees",
    "changelog": "agrees",
    "tag's notes": "agrees",
    "index": "agrees",
    "register": "agrees",
    "forge release": "agrees",
    "forge's notes": "agrees",
}
Document = dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give a world in which 1.3.0 was released; each test leaves it as it was."""
    with open_world(make_project(tmp_path_factory.mktemp("verify") / "acme")) as made:
        made.stage.index.add_foreign_file("acme_widgets-1.2.4.tar.gz", b"the last release")
        made.release("minor")
        yield made


@pytest.fixture(scope="module")
def stranger(world: World) -> World:
    """Give a clone that never released, on a machine that has no token."""
    return replace(world.elsewhere("stranger"), variables=without_token(world))


def without_token(world: World) -> dict[str, str]:
    """Give the variables of somebody who may only look."""
    hidden = ("GITHUB_TOKEN", "TWINE_PASSWORD", "UV_PUBLISH_TOKEN", "GIT_CONFIG_COUNT")
    return {name: value for name, value in world.variables.items() if name not in hidden}


def verify(world: World, *words: str, code: int = 0) -> Document:
    """Verify 1.3.0 and hold the exit code; give the document that was printed."""
    done = world.run("verify", *(words or ("1.3.0",)), "--json")
    assert done.returncode == code, done.stdout + done.stderr
    found: Document = json.loads(done.stdout)
    return found


def verdicts(found: Document) -> dict[str, str]:
    """Give what came of each subject."""
    return {item["subject"]: item["verdict"] for item in found["subjects"]}


def detail(found: Document, subject: str) -> str:
    """Give what was said about one subject."""
    [said] = [item["detail"] for item in found["subjects"] if item["subject"] == subject]
    return str(said)


def release_of(world: World) -> Release:
    """Give the forge release."""
    [found] = world.stage.forge.repository().releases
    return found


def asset_of(world: World, suffix: str) -> Asset:
    """Give one file of the forge release, by the end of its name."""
    [found] = [asset for asset in release_of(world).assets if asset.name.endswith(suffix)]
    return found


def evidence_of(world: World) -> Document:
    """Give the published evidence."""
    found: Document = json.loads(asset_of(world, ".evidence.json").content)
    return found


# --- what agrees ----------------------------------------------------------------------------------


def test_a_stranger_without_a_token_finds_that_everything_agrees(stranger: World) -> None:
    found = verify(stranger)
    assert verdicts(found) == SUBJECTS
    assert (found["outcome"], found["version"], found["tag"]) == ("done", "1.3.0", "v1.3.0")
    assert found["unknown"] == []


def test_verifying_leaves_the_clone_and_the_world_as_they_were(stranger: World) -> None:
    before, objects = stranger.everything(), git(stranger.clone, "count-objects", "-v")
    verify(stranger)
    assert stranger.everything() == before
    assert git(stranger.clone, "count-objects", "-v") == objects


def test_a_shallow_clone_is_enough(world: World, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{world.bare}", "shallow")
    shallow = replace(world, clone=tmp_path / "shallow")
    git(shallow.clone, "remote", "set-url", "origin", world.stage.remote_url)
    assert verdicts(verify(shallow)) == SUBJECTS


def test_people_read_one_line_a_subject(stranger: World) -> None:
    printed = stranger.run("verify", "1.3.0").stdout
    assert [line[:14].strip() for line in printed.splitlines()[1:-1]] == list(SUBJECTS)
    assert printed.splitlines()[0].startswith("acme-widgets 1.3.0   evidence from http")
    assert printed.splitlines()[-1] == "1.3.0 is what its evidence says: 9 subjects agree."


@pytest.mark.parametrize("spelt", ["v1.3.0", "1.3"])
def test_another_spelling_of_the_version_is_understood(stranger: World, spelt: str) -> None:
    assert verify(stranger, spelt)["version"] == "1.3.0"


def test_the_evidence_says_who_what_and_how(world: World) -> None:
    found = evidence_of(world)
    assert found["claim"]["ref"] == "refs/shipway/acme-widgets/main"
    assert (found["claim"]["actor"], found["claim"]["agrees"]) == ("Shipway rehearsal", True)
    assert found["gates"] == [{"name": "gates", "result": "left out by --no-gates"}]
    assert found["pull_request"]["state"] == "open"
    assert found["previous"] == {"version": "1.2.4", "pin": "pip install 'acme-widgets==1.2.4'"}
    assert {"python", "git", "nox", "build", "twine", "towncrier"} <= {tool["name"] for tool in found["tools"]}
    assert found["backend"] == {"name": "tiny", "requires": []}
    done = [step["step"] for step in found["steps"] if step["what"] == "end"]
    assert done == ["plan", "gates", "bump", "build", "check", "claim", "publish", "confirm", "pull-request", "tag"]
    assert [s["detail"] for s in found["steps"] if (s["step"], s["what"]) == ("tag", "act")] == ["push v1.3.0"]
    assert found["unknown"] == []


def test_the_evidence_names_no_secret_no_machine_and_no_folder(world: World) -> None:
    text = asset_of(world, ".evidence.json").content.decode()
    hidden = (str(world.clone), str(world.clone.parent), socket.gethostname(), str(Path.home()), gettempdir())
    secrets = (world.variables["GITHUB_TOKEN"], world.variables["TWINE_PASSWORD"])
    assert [word for word in (*hidden, *secrets) if word in text.replace("localhost", "")] == []
    assert world.claim["owner"]["nonce"] not in text


# --- what differs ---------------------------------------------------------------------------------

Spoiler = Callable[[World], AbstractContextManager[None]]


@contextmanager
def put_back(world: World, ref: str) -> Iterator[None]:
    """Have a ref again what it was."""
    before = git(world.bare, "rev-parse", ref)
    try:
        yield
    finally:
        git(world.bare, "update-ref", ref, before)


def commit_on(world: World, start: str, name: str, text: str) -> str:
    """Make a commit in the bare repository with one file changed; give it."""
    tree = world.clone.parent / "later"
    git(world.bare, "worktree", "add", "--quiet", "--detach", str(tree), start)
    (tree / name).write_text(f"{text}\n", encoding="utf-8")
    git(tree, "commit", "--quiet", "--all", "--message", "Later")
    commit = git(tree, "rev-parse", "HEAD")
    git(world.bare, "worktree", "remove", "--force", str(tree))
    return commit


def retag(world: World, commit: str, notes: str = "### Features\n\n- Widgets turn. (#7)") -> None:
    """Move the tag by force, with notes as they were or others."""
    message = f"Release acme-widgets 1.3.0\n\n{notes}"
    git(world.bare, "tag", "--force", "--annotate", "--cleanup=verbatim", "-m", message, "v1.3.0", commit)


@contextmanager
def moved_tag(world: World) -> Iterator[None]:
    with put_back(world, "refs/tags/v1.3.0"):
        git(world.bare, "update-ref", "refs/tags/v1.3.0", "refs/heads/main")
        yield


@contextmanager
def deleted_tag(world: World) -> Iterator[None]:
    with put_back(world, "refs/tags/v1.3.0"):
        git(world.bare, "update-ref", "-d", "refs/tags/v1.3.0")
        yield


@contextmanager
def tag_on_the_same_tree(world: World) -> Iterator[None]:
    commit = git(world.bare, "rev-parse", "v1.3.0^{commit}")
    other = git(world.bare, "commit-tree", f"{commit}^{{tree}}", "-m", "Rewritten")
    with put_back(world, "refs/tags/v1.3.0"):
        retag(world, other)
        yield


@contextmanager
def changelog_edited(world: World) -> Iterator[None]:
    text = git(world.bare, "show", "v1.3.0:CHANGELOG.md").replace("Widgets turn.", "Widgets spin.")
    with put_back(world, "refs/tags/v1.3.0"):
        commit = commit_on(world, "v1.3.0^{commit}", "CHANGELOG.md", text)
        retag(world, commit)
        yield


@contextmanager
def other_version_in_the_sources(world: World) -> Iterator[None]:
    text = git(world.bare, "show", "v1.3.0:pyproject.toml").replace("1.3.0", "1.3.1")
    with put_back(world, "refs/tags/v1.3.0"):
        commit = commit_on(world, "v1.3.0^{commit}", "pyproject.toml", text)
        retag(world, commit)
        yield


@contextmanager
def other_notes_in_the_tag(world: World) -> Iterator[None]:
    commit = git(world.bare, "rev-parse", "v1.3.0^{commit}")
    with put_back(world, "refs/tags/v1.3.0"):
        retag(world, commit, "Nothing to see.")
        yield


@contextmanager
def lightweight_tag(world: World) -> Iterator[None]:
    with put_back(world, "refs/tags/v1.3.0"):
        git(world.bare, "update-ref", "refs/tags/v1.3.0", git(world.bare, "rev-parse", "v1.3.0^{commit}"))
        yield


@contextmanager
def yanked(world: World) -> Iterator[None]:
    name = "acme_widgets-1.3.0.tar.gz"
    world.stage.index.yank(name, "broken")
    yield
    world.stage.index.unyank(name)


@contextmanager
def another_file_on_the_index(world: World) -> Iterator[None]:
    name = "acme_widgets-1.3.0-py2-none-any.whl"
    world.stage.index.add_foreign_file(name, b"PK other")
    yield
    world.stage.index.delete(name)


@contextmanager
def other_bytes_on_the_index(world: World) -> Iterator[None]:
    """Have the index replace a file, which the embedded one would never do."""
    files, name = world.stage.index.store._files, "acme_widgets-1.3.0-py3-none-any.whl"
    before = files[name]
    files[name] = replace(before, digest="0" * 64)
    yield
    files[name] = before


@contextmanager
def file_deleted_from_the_index(world: World) -> Iterator[None]:
    files, name = world.stage.index.store._files, "acme_widgets-1.3.0.tar.gz"
    before = files.pop(name)
    yield
    files[name] = before


@contextmanager
def asset_replaced(world: World) -> Iterator[None]:
    asset = asset_of(world, ".whl")
    before, asset.content = asset.content, b"PK other"
    yield
    asset.content = before


@contextmanager
def asset_deleted(world: World) -> Iterator[None]:
    assets = release_of(world).assets
    before = [*assets]
    assets.remove(asset_of(world, ".tar.gz"))
    yield
    assets[:] = before


@contextmanager
def text_edited(world: World) -> Iterator[None]:
    release = release_of(world)
    before, release.body = release.body, "Nothing to see."
    yield
    release.body = before


@contextmanager
def flagged_as_prerelease(world: World) -> Iterator[None]:
    release_of(world).prerelease = True
    yield
    release_of(world).prerelease = False


@contextmanager
def register_gone(world: World) -> Iterator[None]:
    with put_back(world, "refs/shipway/acme-widgets/main"):
        git(world.bare, "update-ref", "-d", "refs/shipway/acme-widgets/main")
        yield


@contextmanager
def register_of_somebody_else(world: World) -> Iterator[None]:
    ref = "refs/shipway/acme-widgets/main"
    text = git(world.bare, "show", f"{ref}:claim.json").replace(world.claim["commit"], "0" * 40)
    with put_back(world, ref):
        git(world.bare, "update-ref", ref, commit_on(world, ref, "claim.json", text))
        yield


@contextmanager
def register_nobody_can_read(world: World) -> Iterator[None]:
    ref = "refs/shipway/acme-widgets/main"
    with put_back(world, ref):
        git(world.bare, "update-ref", ref, commit_on(world, ref, "claim.json", "{}"))
        yield


DIFFERENCES: list[tuple[Spoiler, dict[str, str], tuple[str, str]]] = [
    (
        moved_tag,
        {"tag": "differs", "tree": "differs", "version": "differs", "changelog": "differs", "tag's notes": "not held"},
        ("tag", "v1.3.0 is at "),
    ),
    (
        deleted_tag,
        {"tag": "differs"} | dict.fromkeys(("tree", "version", "changelog", "tag's notes"), "not held"),
        ("tag", "the remote has no tag v1.3.0"),
    ),
    (tag_on_the_same_tree, {"tag": "differs"}, ("tree", "the tagged commit has the tree")),
    (
        changelog_edited,
        {"tag": "differs", "tree": "differs", "changelog": "differs"},
        ("changelog", "the section of 1.3.0 in CHANGELOG.md has other notes"),
    ),
    (
        other_version_in_the_sources,
        {"tag": "differs", "tree": "differs", "version": "differs"},
        ("version", "pyproject.toml of the tagged commit says 1.3.1, the evidence says 1.3.0"),
    ),
    (other_notes_in_the_tag, {"tag's notes": "differs"}, ("tag's notes", "the message of v1.3.0 has other notes")),
    (yanked, {"index": "differs"}, ("index", "acme_widgets-1.3.0.tar.gz was yanked")),
    (another_file_on_the_index, {"index": "differs"}, ("index", "py2-none-any.whl is none of the release's")),
    (other_bytes_on_the_index, {"index": "differs"}, ("index", "-py3-none-any.whl has the digest 000000000000, ")),
    (file_deleted_from_the_index, {"index": "differs"}, ("index", "acme_widgets-1.3.0.tar.gz is missing")),
    (asset_replaced, {"forge release": "differs"}, ("forge release", ".whl has the digest")),
    (asset_deleted, {"forge release": "differs"}, ("forge release", ".tar.gz is missing")),
    (text_edited, {"forge's notes": "differs"}, ("forge's notes", "has other notes")),
    (flagged_as_prerelease, {"forge release": "differs"}, ("forge release", "its pre-release flag is wrong")),
    (register_gone, {"register": "differs"}, ("register", "refs/shipway/acme-widgets/main holds nothing")),
    (register_of_somebody_else, {"register": "differs"}, ("register", "claims another commit")),
    (register_nobody_can_read, {"register": "differs"}, ("register", "no claim that can be read")),
]


@pytest.mark.parametrize(("spoil", "changed", "said"), DIFFERENCES, ids=lambda value: getattr(value, "__name__", ""))
def test_what_differs_is_named_and_nothing_else(
    world: World, stranger: World, spoil: Spoiler, changed: dict[str, str], said: tuple[str, str]
) -> None:
    with spoil(world):
        found = verify(stranger, code=13)
    assert verdicts(found) == SUBJECTS | changed
    assert said[1] in detail(found, said[0])
    assert all(subject in found["what"] for subject, verdict in changed.items() if verdict == "differs")


def test_once_it_is_mended_the_remedy_finds_that_everything_agrees(world: World, stranger: World) -> None:
    with text_edited(world):
        remedy = str(verify(stranger, code=13)["next"])
    stranger.follow(remedy)
    assert stranger.outcome["outcome"] == "done"


def test_a_lightweight_tag_at_the_right_commit_is_right_and_has_no_notes_to_hold(world: World, stranger: World) -> None:
    with lightweight_tag(world):
        assert verdicts(verify(stranger)) == SUBJECTS | {"tag's notes": "not held"}
        assert "not held: tag's notes" in stranger.run("verify", "1.3.0").stdout


@pytest.mark.parametrize("field", ["commit", "tree", "notes"])
def test_evidence_that_was_changed_itself_differs_from_everything_it_lies_about(
    world: World, stranger: World, field: str
) -> None:
    asset = asset_of(world, ".evidence.json")
    before = asset.content
    lie = "0" * len(json.loads(before)[field])
    asset.content = json.dumps({**json.loads(before), field: lie}).encode()
    found = verify(stranger, code=13)
    asset.content = before
    lied = {"commit": {"tag", "register"}, "tree": {"tree"}, "notes": {"changelog", "tag's notes", "forge's notes"}}
    assert {subject for subject, verdict in verdicts(found).items() if verdict == "differs"} == lied[field]


# --- what cannot be asked, or is not there --------------------------------------------------------


def test_a_server_that_does_not_answer_is_no_agreement(world: World, stranger: World) -> None:
    world.stage.forge.switches.faults = [Fault("GET */releases/tags/*", status=500, count=99)]
    local = verify(world, code=14)
    assert verdicts(local) == SUBJECTS | {"forge release": "unknown", "forge's notes": "unknown"}
    assert "not published" in local["evidence"]
    assert verify(stranger, code=14)["outcome"] == "unavailable"
    world.stage.forge.switches.faults.clear()


@pytest.mark.long
def test_an_index_that_does_not_answer_leaves_the_other_subjects_be(stranger: World) -> None:
    found = json.loads(stranger.run("verify", "1.3.0", "--json", SHIPWAY_INDEX_URL="http://localhost:1/simple/").stdout)
    assert (found["code"], verdicts(found)) == (14, SUBJECTS | {"index": "unknown"})
    assert "index" in found["what"]


def test_a_quarantined_project_hides_its_files_and_is_not_taken_for_an_empty_one(world: World, stranger: World) -> None:
    world.stage.index.switches.statuses["acme-widgets"] = "quarantined"
    found = verify(stranger, code=14)
    world.stage.index.switches.statuses.clear()
    assert verdicts(found) == SUBJECTS | {"index": "unknown"}
    assert "quarantined" in detail(found, "index")


def test_a_project_that_was_archived_since_has_the_release_still(world: World, stranger: World) -> None:
    world.stage.index.switches.statuses["acme-widgets"] = "archived"
    found = verify(stranger)
    world.stage.index.switches.statuses.clear()
    assert verdicts(found) == SUBJECTS


def test_what_differs_weighs_more_than_what_could_not_be_asked(world: World, stranger: World) -> None:
    with text_edited(world):
        done = stranger.run("verify", "1.3.0", "--json", SHIPWAY_INDEX_URL="http://localhost:1/simple/")
    assert done.returncode == 13


@pytest.mark.parametrize("version", ["1.2.4", "9.9.9"])
def test_a_version_without_evidence_is_told_so(stranger: World, version: str) -> None:
    found = verify(stranger, version, code=12)
    assert found["what"] == f"there is no evidence of acme-widgets {version}"
    stranger.follow(found["next"])


@pytest.mark.parametrize("content", [b"{", b"{}", b"\xff"])
def test_evidence_that_cannot_be_read_is_a_conflict_and_not_absent(
    world: World, stranger: World, content: bytes
) -> None:
    asset = asset_of(world, ".evidence.json")
    before, asset.content = asset.content, content
    found = verify(stranger, code=13)
    asset.content = before
    assert f"{NAME} of http" in found["what"]
    assert commands_in(found["next"])[0][:4] == ["python", "-m", "pip", "install"]


def test_evidence_of_another_version_in_its_place_is_a_conflict(world: World, stranger: World) -> None:
    asset = asset_of(world, ".evidence.json")
    before = asset.content
    asset.content = json.dumps({**json.loads(before), "version": "1.3.1"}).encode()
    found = verify(stranger, code=13)
    asset.content = before
    assert "it is about acme-widgets 1.3.1" in found["what"]


def test_a_release_that_lost_its_evidence_is_held_against_the_local_one(world: World, stranger: World) -> None:
    assets = release_of(world).assets
    before = [*assets]
    assets.remove(asset_of(world, ".evidence.json"))
    found, foreign = verify(world, code=13), verify(stranger, code=12)
    assets[:] = before
    assert verdicts(found) == SUBJECTS | {"forge release": "differs"}
    assert "the evidence is not among its assets" in detail(found, "forge release")
    assert "none among its files" in foreign["why"]


@pytest.mark.parametrize("words", [(), ("latest",)])
def test_a_missing_or_senseless_version_is_answered_with_the_line_to_type(
    stranger: World, words: tuple[str, ...]
) -> None:
    done = stranger.run("verify", *words)
    assert done.returncode == 10
    assert "verify" in done.stderr + done.stdout


def test_without_a_forge_evidence_is_held_where_the_release_was_made(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme"), flow="direct", forge=False, register="false") as world:
        world.release("minor")
        found = verify(world)
        unheld = dict.fromkeys(("register", "forge release", "forge's notes"), "not held")
        assert verdicts(found) == SUBJECTS | unheld
        assert [item["fact"] for item in found["unknown"]] == ["claim", "previous"]
        assert "not published" in world.run("verify", "1.3.0").stdout
        other = verify(world.elsewhere(), code=12)
        assert "without a forge evidence is not published" in other["why"]


def test_a_prerelease_has_no_section_to_hold(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.release("minor", "--pre", "rc")
        found = verify(world, "1.3.0rc1")
        assert verdicts(found) == SUBJECTS | {"changelog": "not held"}


@pytest.mark.long
def test_after_the_next_release_the_register_speaks_of_that_one(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme"), flow="direct") as world:
        world.release("minor")
        git(world.clone, "pull", "--quiet", str(world.bare), "main")
        world.commit({"changelog.d/8.feature.md": "Widgets glow.\n"})
        world.release("minor")
        assert verdicts(verify(world, "1.4.0")) == SUBJECTS
        older = verify(world, "1.3.0")
        assert verdicts(older) == SUBJECTS | {"register": "not held"}
        assert "is about 1.4.0 by now" in detail(older, "register")
        steps = json.loads((world.clone / ".release" / "evidence.json").read_text(encoding="utf-8"))["steps"]
        assert [step["detail"] for step in steps if (step["step"], step["what"]) == ("tag", "act")] == ["push v1.4.0"]


@pytest.mark.long
def test_a_release_that_was_finished_elsewhere_has_evidence_that_says_so_and_agrees(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.stage.forge.switches.faults = [Fault("POST */pulls", status=500)]
        world.release("minor", code=14)
        other = world.elsewhere("other")
        other.release("minor", "--resume")
        assert verdicts(verify(world)) == verdicts(verify(other)) == SUBJECTS
        found = evidence_of(world)
        assert {item["fact"] for item in found["unknown"]} == {"previous", "steps"}
        assert (found["claim"]["actor"], found["claim"]["agrees"]) == ("Somebody other", True)
        assert found["gates"] == [{"name": "gates", "result": "left out by --no-gates"}]
        assert {"python", "git"} <= {tool["name"] for tool in found["tools"]}
