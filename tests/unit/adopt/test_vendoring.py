"""Vendoring: the manifest, what is copied over what, and how a noxfile is pointed to the copy."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from shipway.adopt.noxfile import render_noxfile, render_tasks
from shipway.adopt.presence import script_needs
from shipway.adopt.script_block import render_script_block, with_needs
from shipway.adopt.vendoring.copying import Edition, plan_copying, read_edition
from shipway.adopt.vendoring.manifest import (
    MANIFEST,
    Differences,
    Manifest,
    compare,
    parse_manifest,
    read_digests,
    read_manifest,
    render_manifest,
)
from shipway.adopt.vendoring.place import find_folders, find_place
from shipway.adopt.vendoring.pointing import point, point_files
from shipway.release.outcomes import BlockedError, ConfigurationError, UsageError

DIGEST = "0" * 64
GOOD = Manifest("1.2.3", ("nox>=2026", "rich; python_version > '3'"), {"b.py": DIGEST, "a/c.py": DIGEST})


def package(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a package."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def edition(folder: Path, files: Mapping[str, str]) -> Edition:
    """Make an edition of these files."""
    return Edition(package(folder, files), Manifest("2.0", (), read_digests(folder)))


def test_a_manifest_is_read_as_it_was_written_and_is_the_same_text_each_time() -> None:
    text = render_manifest(GOOD)
    assert parse_manifest(text) == GOOD
    assert render_manifest(parse_manifest(text)) == text
    assert list(json.loads(text)["files"]) == ["a/c.py", "b.py"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema": 2}, "has schema 2, and this edition knows 1"),
        ({"version": "1; rm -rf ."}, "for a version"),
        ({"version": None}, "None for a version"),
        ({"needs": "nox"}, "does not list"),
        ({"needs": ["nox", "--index-url x"]}, "for a requirement"),
        ({"needs": [1]}, "1 for a requirement"),
        ({"files": {}}, "lists no files"),
        ({"files": {"a.py": "short"}}, "no digest for 'a.py'"),
    ],
)
def test_a_manifest_that_means_nothing_is_refused(changes: dict[str, object], said: str) -> None:
    document = {**json.loads(render_manifest(GOOD)), **changes}
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_manifest(json.dumps(document))


@pytest.mark.parametrize(("text", "said"), [("{", "is no JSON"), ("[]", "holds no table"), ("", "is no JSON")])
def test_a_manifest_that_is_no_table_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_manifest(text)


def test_every_file_counts_but_the_manifest_and_what_python_keeps(tmp_path: Path) -> None:
    names = ("a.py", "sub/b.yml", ".hidden", "c.pyc", MANIFEST, "__pycache__/a.pyc", "sub/__pycache__/b.pyc")
    package(tmp_path, dict.fromkeys(names, ""))
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "folder").symlink_to(tmp_path / "sub")
    found = read_digests(tmp_path)
    assert set(found) == {"a.py", "sub/b.yml", ".hidden", "c.pyc", "link.py", "folder"}
    assert found["link.py"] == found["folder"] == ""  # equal to nothing that a manifest can say


def test_differences_are_told_apart() -> None:
    found = compare({"a": "1", "b": "2", "d": "4"}, {"a": "1", "b": "9", "c": "3"})
    assert found == Differences(edited=("b",), missing=("c",), added=("d",))
    assert found.are_any
    assert not compare({"a": "1"}, {"a": "1"}).are_any
    assert not Differences(missing=("a",)).hold_work


def test_copying_makes_the_folder_hold_the_edition_and_nothing_else(tmp_path: Path) -> None:
    old = {"same.py": "1", "moved.py": "1", "gone.py": "1", "was/folder.py": "1", "file": "1"}
    new = {"same.py": "1", "moved.py": "2", "new/file.py": "2", "was": "2", "file/inside.py": "2"}
    there = package(tmp_path / "there", old)
    package(there, {"was/__pycache__/folder.pyc": "", "__pycache__/same.pyc": ""})
    known = read_digests(there)
    wanted = edition(tmp_path / "new", new)
    copying = plan_copying(there, wanted, known)
    assert copying.is_change
    assert copying.lost == ()
    copying.carry_out()
    assert read_digests(there) == wanted.manifest.files
    assert read_manifest(there) == wanted.manifest
    assert (there / "__pycache__").is_dir()
    assert not plan_copying(there, wanted, wanted.manifest.files).is_change


def test_what_is_in_no_edition_is_named_before_it_is_lost(tmp_path: Path) -> None:
    there = package(tmp_path / "there", {"edited.py": "1", "half.py": "1", "same.py": "1"})
    known = read_digests(there)
    package(there, {"edited.py": "mine", "added.py": "mine", "half.py": "2"})
    wanted = edition(tmp_path / "new", {"edited.py": "2", "half.py": "2", "same.py": "1"})
    copying = plan_copying(there, wanted, known)
    assert copying.lost == ("edited.py", "added.py")  # half.py: a run that died had come that far


def test_a_link_is_replaced_and_what_it_led_to_stays(tmp_path: Path) -> None:
    elsewhere = package(tmp_path / "elsewhere", {"a.py": "theirs"})
    there = package(tmp_path / "there", {})
    there.mkdir()
    (there / "a.py").symlink_to(elsewhere / "a.py")
    (there / "sub").symlink_to(elsewhere)
    wanted = edition(tmp_path / "new", {"a.py": "2", "sub/a.py": "2"})
    copying = plan_copying(there, wanted, {})
    assert set(copying.lost) == {"a.py", "sub"}
    copying.carry_out()
    assert read_digests(there) == wanted.manifest.files
    assert (elsewhere / "a.py").read_text("utf-8") == "theirs"


def test_the_running_source_is_an_edition_with_the_needs_of_the_package() -> None:
    manifest = read_edition().manifest
    assert "nox" in {re.split(r"[<>=;~! ]", need)[0] for need in manifest.needs}
    assert not any(need.startswith("shipway") for need in manifest.needs)
    assert {"__init__.py", "py.typed", "adopt/workflows/templates/ci.yml"} < set(manifest.files)
    assert not any("__pycache__" in name or name == MANIFEST for name in manifest.files)


@pytest.mark.parametrize("name", ["scripts", "own/tools", "./scripts/", ".tools", "werkzeuge-2", "a/b/c"])
def test_any_folder_of_the_repository_will_do(tmp_path: Path, name: str) -> None:
    place = find_place(tmp_path, name)
    assert place.package == tmp_path / name / "shipway"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/../..", "/etc", "a b", "-x", "a;b", "$HOME", "a\nb", ".git", "a/.."]
)
def test_a_folder_outside_or_one_that_a_shell_would_obey_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        find_place(tmp_path, name)


def test_the_copy_that_is_there_is_found_and_is_the_only_one(tmp_path: Path) -> None:
    assert find_place(tmp_path, None).folder == "scripts"
    package(tmp_path / "own" / "tools" / "shipway", {MANIFEST: ""})
    package(tmp_path / ".release" / "clone" / "shipway", {MANIFEST: ""})
    assert find_folders(tmp_path) == ["own/tools"]
    assert find_place(tmp_path, None).folder == "own/tools"
    with pytest.raises(BlockedError, match="vendored in own/tools already"):
        find_place(tmp_path, "scripts")
    package(tmp_path / "scripts" / "shipway", {MANIFEST: ""})
    with pytest.raises(BlockedError, match="several copies"):
        find_place(tmp_path, None)
    assert find_place(tmp_path, "scripts").folder == "scripts"


def test_a_place_that_a_link_leads_away_from_is_refused(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "repository" / "scripts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BlockedError, match="leads elsewhere"):
        find_place(tmp_path / "repository", None)


INSTALLED = '''\
# /// script
# requires-python = ">=3.10"
# dependencies = ["nox==2026.10.20", "shipway[sign]==1.0", "mine"]
# ///
"""Ours."""
import nox
from shipway import register

register()
'''


def test_a_noxfile_that_has_shipway_installed_is_pointed_to_the_folder() -> None:
    needs = script_needs(("nox>=2026.8", "rich>=14"))
    pointed = point(INSTALLED, "own/tools")
    assert pointed is not None
    after = with_needs(pointed, needs, {"shipway[sign]==1.0"})
    assert after.index('sys.path.insert(0, str(Path(__file__).parent / "own/tools"))') < after.index("from shipway")
    assert after.index("import sys\nfrom pathlib import Path\n") < after.index("sys.path.insert")
    block = after.partition("# ///\n")[0]
    assert '"nox==2026.10.20"' in block  # in the repository's own words
    assert '"mine"' in block
    assert '"rich>=14"' in block
    assert 'requires-python = ">=3.10"' in block
    assert "shipway" not in block
    assert point(after, "own/tools") == after
    assert with_needs(after, needs) == after
    ast.parse(after)


@pytest.mark.parametrize("text", [render_noxfile(("nox",), "scripts"), render_tasks("scripts")])
def test_what_is_pointed_already_stays(text: str) -> None:
    assert point(text, "scripts") == text


@pytest.mark.parametrize(
    "text", ["try:\n    import shipway\nexcept ImportError:\n    pass\n", "def f():\n    import shipway\n"]
)
def test_an_import_that_is_no_line_of_its_own_is_left_to_a_person(tmp_path: Path, text: str) -> None:
    (tmp_path / "noxfile.py").write_text(text, encoding="utf-8")
    pointed = point_files(tmp_path, "scripts", ("rich",), ())
    assert [proposal.name for proposal in pointed.proposals] == ["tasks.py"]
    assert 'sys.path.insert(0, str(Path(__file__).parent / "scripts"))' in pointed.remarks[0]


def test_the_needs_of_the_edition_before_leave_the_block() -> None:
    text = render_script_block(("nox", "rich>=13", "invoke>=2", "mine")) + "import nox\n"
    after = with_needs(text, ("nox", "rich>=14"), ("nox", "rich>=13", "invoke>=2"))
    assert after == render_script_block(("nox", "mine", "rich>=14")) + "import nox\n"


def test_a_block_without_dependencies_gets_them_and_one_that_is_no_toml_is_refused() -> None:
    text = '#!/usr/bin/env python\n# /// script\n# requires-python = ">=3.10"\n# ///\nimport nox\n'
    assert '# requires-python = ">=3.10"\n# dependencies = [\n#     "nox",\n# ]\n# ///\n' in with_needs(text, ("nox",))
    with pytest.raises(ConfigurationError, match="script block"):
        with_needs("# /// script\n# dependencies = [\n# ///\n", ("nox",))


def test_a_file_that_is_no_python_is_said(tmp_path: Path) -> None:
    (tmp_path / "noxfile.py").write_text("def (:\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"noxfile\.py is not Python"):
        point_files(tmp_path, "scripts", (), ())
