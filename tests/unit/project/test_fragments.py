"""Listing fragments, naming those that would be lost, and adding one."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from shipway.project.fragments import add_fragment, list_fragments, parse_fragment_name
from shipway.project.towncrier import DEFAULT_TYPES, FragmentType, Towncrier, draft_command
from shipway.release.outcomes import UsageError


@pytest.fixture
def towncrier(tmp_path: Path) -> Towncrier:
    folder = tmp_path / "changelog.d"
    folder.mkdir()
    toml = '[tool.towncrier]\ndirectory = "changelog.d"\nfilename = "CHANGELOG.md"\n'
    (tmp_path / "pyproject.toml").write_text(toml, encoding="utf-8")
    types = tuple(FragmentType(word, heading) for word, heading in DEFAULT_TYPES.items())
    return Towncrier("pyproject.toml", tmp_path, (folder,), types, "CHANGELOG.md", "acme")


def put(towncrier: Towncrier, *names: str) -> None:
    for name in names:
        (towncrier.folders[0] / name).write_text(f"{name}\n", encoding="utf-8")


def lost(towncrier: Towncrier) -> dict[str, str]:
    return {found.path.name: found.why for found in list_fragments(towncrier).misnamed}


def test_fragments_are_listed_with_kind_issue_and_text(towncrier: Towncrier) -> None:
    put(towncrier, "12.feature.md", "12.feature.1.md", "007.bugfix", "+ab12.misc.md", "fix-1.2.doc.rst")
    found = [(f.path.name, f.kind, f.issue, f.text) for f in list_fragments(towncrier).fragments]
    assert found == [
        ("+ab12.misc.md", "misc", "", "+ab12.misc.md\n"),
        ("007.bugfix", "bugfix", "7", "007.bugfix\n"),
        ("12.feature.1.md", "feature", "12", "12.feature.1.md\n"),
        ("12.feature.md", "feature", "12", "12.feature.md\n"),
        ("fix-1.2.doc.rst", "doc", "fix-1.2", "fix-1.2.doc.rst\n"),
    ]


def test_no_folder_means_no_fragments(towncrier: Towncrier) -> None:
    towncrier.folders[0].rmdir()
    assert list_fragments(towncrier).fragments == ()


def test_misnamed_fragments_are_named_with_the_closest_type(towncrier: Towncrier) -> None:
    put(towncrier, "12.featrue.md", "12.md", "feature", "12.Feature.md", "notes.txt", "12,feature.md")
    found = lost(towncrier)
    assert set(found) == {"12.featrue.md", "12.md", "feature", "12.Feature.md", "notes.txt", "12,feature.md"}
    assert "did you mean feature?" in found["12.featrue.md"]
    assert "did you mean feature?" in found["12.Feature.md"]
    assert "feature, bugfix, doc, removal, misc" in found["12.md"]


def test_files_that_are_left_out_on_purpose_are_fine(towncrier: Towncrier) -> None:
    put(towncrier, ".gitkeep", ".gitignore", "README", "ReadMe.md", "README.rst", ".keep", ".DS_Store")
    put(towncrier, "Template.jinja", "notes.TXT")
    (towncrier.folders[0] / "__pycache__").mkdir()
    own = replace(towncrier, template="Template.jinja")
    assert set(lost(own)) == {"notes.TXT"}
    assert set(lost(replace(own, ignore=("*.txt",)))) == {".DS_Store"}


def test_what_towncrier_would_stumble_over_is_misnamed_too(towncrier: Towncrier) -> None:
    put(towncrier, "12.feature.md", "12.feature.rst", "x1.bugfix.md", "+a.misc.md", "+b.misc.md")
    (towncrier.folders[0] / "13.doc.md").mkdir()
    (towncrier.folders[0] / "more").mkdir()
    found = lost(replace(towncrier, issue_pattern=r"\d+"))
    assert set(found) == {"12.feature.rst", "x1.bugfix.md", "13.doc.md", "more"}
    assert "same entry as 12.feature.md" in found["12.feature.rst"]
    assert "issue_pattern" in found["x1.bugfix.md"]


def test_folders_of_other_sections_are_fine(towncrier: Towncrier) -> None:
    web = towncrier.folders[0] / "web"
    web.mkdir()
    (web / "1.doc.md").write_text("x", encoding="utf-8")
    listing = list_fragments(replace(towncrier, folders=(*towncrier.folders, web)))
    assert [f.path.name for f in listing.fragments] == ["1.doc.md"]
    assert listing.misnamed == ()


@pytest.mark.parametrize(
    "name",
    ["1.feature", "1.feature.md", "1.feature.2.md", "1.2.3.bugfix.rst", "x.doc.misc.md", ".doc", "a", "01.doc", "a.b"],
)
def test_names_are_read_as_towncrier_reads_them(name: str) -> None:
    from towncrier._builder import parse_newfragment_basename  # type: ignore[import-untyped]

    theirs = parse_newfragment_basename(name, DEFAULT_TYPES)
    assert parse_fragment_name(name, DEFAULT_TYPES) == (None if theirs[1] is None else theirs)


def test_a_fragment_without_an_issue_gets_a_random_name(towncrier: Towncrier) -> None:
    paths = {add_fragment(towncrier, "feature", "Text.") for _ in range(5)}
    assert len(paths) == 5
    assert all(re.fullmatch(r"\+[0-9a-f]{8}\.feature\.md", path.name) for path in paths)
    assert {path.read_bytes() for path in paths} == {b"Text.\n"}


def test_a_second_fragment_of_an_issue_gets_a_counter(towncrier: Towncrier) -> None:
    names = [add_fragment(towncrier, "bugfix", f"Text {i}.", "12").name for i in range(3)]
    assert names == ["12.bugfix.md", "12.bugfix.1.md", "12.bugfix.2.md"]
    put(towncrier, "13.bugfix.rst")
    assert add_fragment(towncrier, "bugfix", "Text.", "13").name == "13.bugfix.1.md"
    assert lost(towncrier) == {}


def test_the_configured_style_of_names_is_kept(towncrier: Towncrier) -> None:
    assert add_fragment(replace(towncrier, changelog="NEWS.rst"), "doc", "T", "1").name == "1.doc.rst"
    assert add_fragment(replace(towncrier, add_extension=False), "doc", "T", "2").name == "2.doc"
    bare = add_fragment(replace(towncrier, orphan_prefix="x-", end_with_newline=False), "doc", "T\n")
    assert bare.name.startswith("x-")
    assert bare.read_bytes() == b"T"


def test_adding_leaves_nothing_else_behind(towncrier: Towncrier) -> None:
    folder = towncrier.folders[0]
    folder.rmdir()
    path = add_fragment(towncrier, "doc", "T")
    assert list(folder.iterdir()) == [path]


HOSTILE = ["`$(whoami)` ; rm -rf / | cat", "::error::x", "## 9.9.9\n\n- fake", "{{ 7*7 }} {% raise %}", "日本 🎉", "-x"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_arrives_in_the_notes_as_text(towncrier: Towncrier, text: str) -> None:
    path = add_fragment(towncrier, "feature", text)
    assert path.read_text(encoding="utf-8") == f"{text}\n"
    argv = draft_command(Version("1.2.0"), date(2026, 1, 2))
    done = subprocess.run(argv, cwd=towncrier.root, capture_output=True, encoding="utf-8", check=True)
    assert f"- {text.splitlines()[0]}" in done.stdout


@pytest.mark.parametrize(
    ("kind", "text", "issue", "said"),
    [
        ("featrue", "T", "", "'featrue' is no type of fragment (did you mean feature?)"),
        ("", "T", "", "'' is no type of fragment"),
        ("../x", "T", "", "is no type of fragment"),
        ("feature", "", "", "needs a text"),
        ("feature", " \n\t", "", "needs a text"),
        ("feature", "a\x1b[31mb", "", "control characters"),
        ("feature", "a\x00b", "", "control characters"),
        ("feature", "a\ud800b", "", "control characters"),
        ("feature", "T", "../../etc/passwd", "cannot be part of a file's name"),
        ("feature", "T", "a/b", "cannot be part"),
        ("feature", "T", "a\\b", "cannot be part"),
        ("feature", "T", "a.b", "cannot be part"),
        ("feature", "T", "-rf", "cannot be part"),
        ("feature", "T", ".x", "cannot be part"),
        ("feature", "T", "a\nb", "cannot be part"),
        ("feature", "T", "a\x00", "cannot be part"),
        ("feature", "T", "x" * 300, "cannot be part"),
        ("feature", "T", "secret", "secret.feature.md would be ignored"),
        ("feature", "T", "abc", "is not like issue_pattern"),
    ],
)
def test_a_fragment_that_would_be_lost_or_unsafe_is_refused(
    towncrier: Towncrier, kind: str, text: str, issue: str, said: str
) -> None:
    strict = replace(towncrier, ignore=("SECRET*",), issue_pattern=r"\d+|secret")
    with pytest.raises(UsageError) as caught:
        add_fragment(strict, kind, text, issue)
    assert said in caught.value.what
    assert caught.value.remedy
    assert list(towncrier.folders[0].iterdir()) == []


def test_shell_metacharacters_in_an_issue_are_only_characters(towncrier: Towncrier) -> None:
    path = add_fragment(towncrier, "doc", "T", "$(whoami);&'`")
    assert path.name == "$(whoami);&'`.doc.md"
    assert [f.issue for f in list_fragments(towncrier).fragments] == ["$(whoami);&'`"]


def test_a_project_without_orphans_wants_an_issue(towncrier: Towncrier) -> None:
    with pytest.raises(UsageError, match="wants an issue"):
        add_fragment(replace(towncrier, orphan_prefix=""), "doc", "T")
