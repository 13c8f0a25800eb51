"""towncrier's configuration, and the program itself run with our command lines."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from shipway.changelog.sections import body_of, find_section, is_empty
from shipway.project.fragments import add_fragment, list_fragments
from shipway.project.towncrier import Towncrier, build_command, draft_command, find_towncrier
from shipway.release.outcomes import ConfigurationError

DAY = date(2026, 1, 2)
NEXT = Version("1.2.0")
PROJECT = '[project]\nname = "acme"\nversion = "1.1.0"\n'


def configured(root: Path, toml: str, file: str = "pyproject.toml") -> Towncrier:
    (root / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    with (root / file).open("a", encoding="utf-8") as config:
        config.write(toml)
    found = find_towncrier(root)
    assert found is not None
    return found


def run(root: Path, argv: list[str]) -> str:
    done = subprocess.run(argv, cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def git(root: Path, *words: str) -> str:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.invalid"]
    return run(root, ["git", *identity, *words])


def test_a_project_without_towncrier_has_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    assert find_towncrier(tmp_path) is None


def test_defaults_are_those_that_towncrier_documents(tmp_path: Path) -> None:
    found = configured(tmp_path, "[tool.towncrier]\n")
    assert found.folders == (tmp_path / "acme" / "newsfragments",)
    assert found.words == ("feature", "bugfix", "doc", "removal", "misc")
    assert (found.changelog, found.extension, found.source) == ("NEWS.rst", ".rst", "pyproject.toml")


def test_the_package_tells_the_folder(tmp_path: Path) -> None:
    found = configured(tmp_path, '[tool.towncrier]\npackage = "acme_pkg"\npackage_dir = "src"\n')
    assert found.folders == (tmp_path / "src" / "acme_pkg" / "newsfragments",)


def test_a_file_of_its_own_wins(tmp_path: Path) -> None:
    (tmp_path / "towncrier.toml").write_text('[tool.towncrier]\ndirectory = "news"\n', encoding="utf-8")
    found = configured(tmp_path, '[tool.towncrier]\ndirectory = "other"\n')
    assert (found.folders, found.source) == ((tmp_path / "news",), "towncrier.toml")


def test_types_are_read_in_both_forms(tmp_path: Path) -> None:
    listed = '[[tool.towncrier.type]]\nname = "Added"\n[[tool.towncrier.type]]\nname = "Y"\ndirectory = "fixed"\n'
    found = configured(tmp_path, f'[tool.towncrier]\ndirectory = "d"\n{listed}')
    assert found.words == ("added", "fixed")
    tables = "[tool.towncrier.fragment.zap]\n[tool.towncrier.fragment.bug]\nname = 'Bugs'\n"
    found = configured(tmp_path, f'[tool.towncrier]\ndirectory = "d"\n{listed}{tables}')
    assert [(kind.word, kind.heading) for kind in found.types] == [("bug", "Bugs"), ("zap", "Zap")]


def test_sections_are_folders_too_and_the_one_without_a_path_is_the_first(tmp_path: Path) -> None:
    sections = '[[tool.towncrier.section]]\nname = "Web"\npath = "web"\n[[tool.towncrier.section]]\npath = ""\n'
    found = configured(tmp_path, f'[tool.towncrier]\ndirectory = "d"\n{sections}')
    assert found.folders == (tmp_path / "d", tmp_path / "d" / "web")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('directory = "../news"', "directory in pyproject.toml leads out of the project's folder"),
        ('directory = "/news"', "leads out of the project's folder"),
        ('filename = "../NEWS.md"', "filename in pyproject.toml leads out"),
        ('directory = "a\\u0000b"', "directory in pyproject.toml is no path"),
        ("directory = 3", "directory in pyproject.toml is text"),
        ("ignore = 3", "ignore in pyproject.toml is a list"),
        ('issue_pattern = "["', "issue_pattern in pyproject.toml is no regular expression"),
        ('type = ["x"]', "type in pyproject.toml is a list of tables"),
        ('section = "x"', "section in pyproject.toml is a list of tables"),
    ],
)
def test_configuration_that_cannot_be_used_is_told(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configured(tmp_path, f"[tool.towncrier]\n{line}\n")
    assert said in caught.value.what
    assert caught.value.remedy == "mend [tool.towncrier] in pyproject.toml"


def test_broken_toml_of_its_own_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"towncrier\.toml is broken.*line 1"):
        configured(tmp_path, "[tool", "towncrier.toml")


def test_a_file_for_each_version_gets_its_name(tmp_path: Path) -> None:
    toml = '[tool.towncrier]\ndirectory = "d"\nsingle_file = false\nfilename = "news/{name}-{version}.md"\n'
    found = configured(tmp_path, toml)
    assert found.changelog_path(NEXT, DAY) == tmp_path / "news" / "acme-1.2.0.md"
    assert found.extension == ".md"


@pytest.mark.parametrize("name", ["{x}.md", "{}.md", "{version.x}.md", "{.md"])
def test_a_file_name_that_is_no_pattern_is_told(tmp_path: Path, name: str) -> None:
    toml = f'[tool.towncrier]\ndirectory = "d"\nsingle_file = false\nfilename = "{name}"\n'
    with pytest.raises(ConfigurationError, match="is no pattern"):
        configured(tmp_path, toml).changelog_path(NEXT, DAY)


MARKDOWN = '[tool.towncrier]\ndirectory = "changelog.d"\nfilename = "CHANGELOG.md"\n'
TITLED = MARKDOWN + 'title_format = "## {version} ({project_date})"\n'
STYLES = {
    "markdown": MARKDOWN,
    "titled": TITLED,
    "rst": '[tool.towncrier]\ndirectory = "changelog.d"\n',
    "titled rst": '[tool.towncrier]\ndirectory = "changelog.d"\ntitle_format = "{name} {version} ({project_date})"\n',
    "untitled": MARKDOWN + "title_format = false\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_the_real_towncrier_drafts_and_builds_what_we_read_back(tmp_path: Path, style: str) -> None:
    found = configured(tmp_path, STYLES[style])
    add_fragment(found, "feature", "A thing.\n\nWith 1.1.0 in it.")
    add_fragment(found, "bugfix", "Another.", "12")
    draft = body_of(run(tmp_path, draft_command(NEXT, DAY)), NEXT)
    assert "A thing." in draft
    assert "Another. (#12)" in draft
    assert not is_empty(draft)
    assert len(list_fragments(found).fragments) == 2
    run(tmp_path, build_command(NEXT, DAY))
    assert list_fragments(found).fragments == ()
    changelog = found.changelog_path(NEXT, DAY).read_text(encoding="utf-8")
    if style != "untitled":
        assert find_section(changelog, NEXT) == draft
        assert find_section(changelog, Version("1.1.0")) is None


@pytest.mark.parametrize("style", ["markdown", "titled", "rst", "titled rst"])
def test_sections_of_several_releases_stay_apart(tmp_path: Path, style: str) -> None:
    found = configured(tmp_path, STYLES[style])
    for number in (1, 11, 2):
        add_fragment(found, "feature", f"Thing {number}.")
        run(tmp_path, build_command(Version(f"1.{number}.0"), DAY))
    changelog = found.changelog_path(NEXT, DAY).read_text(encoding="utf-8")
    for number in (1, 11, 2):
        section = find_section(changelog, Version(f"1.{number}.0"))
        assert section is not None
        assert section.count("Thing") == 1
        assert f"- Thing {number}." in section


@pytest.mark.parametrize("style", STYLES)
def test_a_draft_without_fragments_is_empty(tmp_path: Path, style: str) -> None:
    configured(tmp_path, STYLES[style])
    assert is_empty(body_of(run(tmp_path, draft_command(NEXT, DAY)), NEXT))


def test_folders_of_the_project_never_stand_in_for_what_towncrier_needs(tmp_path: Path) -> None:
    if "-P" not in draft_command(NEXT, DAY):
        pytest.skip("Python 3.10 has no -P")
    configured(tmp_path, MARKDOWN)
    for name in ("click", "towncrier", "jinja2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit(9)", encoding="utf-8")
    run(tmp_path, draft_command(NEXT, DAY))


def test_in_a_git_tree_the_changelog_and_the_spent_fragments_are_staged(tmp_path: Path) -> None:
    found = configured(tmp_path, TITLED)
    add_fragment(found, "feature", "Kept in git.")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "x")
    loose = add_fragment(found, "bugfix", "Not in git.", "ü;$(whoami)")
    run(tmp_path, build_command(NEXT, DAY))
    staged = git(tmp_path, "status", "--porcelain").splitlines()
    assert [line[:2] for line in staged] == ["A ", "D "]
    assert not loose.exists()
