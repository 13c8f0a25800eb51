"""Which source a project's version has, and writing the next version into it."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from shipway.project.files import in_folder
from shipway.project.pyproject import read_name
from shipway.project.version_source import find_version_source, write_version
from shipway.project.versions.static import rewrite_version
from shipway.release.outcomes import ConfigurationError

NEXT = Version("1.3.0")


def project(tmp_path: Path, toml: str) -> Path:
    (tmp_path / "pyproject.toml").write_bytes(toml.encode())
    return tmp_path


def read_version(root: Path) -> Version | None:
    return find_version_source(in_folder(root)).read()


def test_name_and_version_are_read_as_written(tmp_path: Path) -> None:
    root = project(tmp_path, '[project]\nname = "Acme.Widgets"\nversion = "1.2.3-rc.1"\n')
    assert (read_name(root), read_version(root)) == ("Acme.Widgets", Version("1.2.3rc1"))


AWKWARD = [
    '[project]\nname = "x"\nversion = "1.2.3"  # keep me\ndescription="1.2.3"\n',
    "[project]\nversion   =   '1.2.3'\n",
    '[project]\r\nname = "x"\r\nversion = "1.2.3"\r\n\r\n[tool.x]\r\nversion = "1.2.3"\r\n',
    '# version = "1.2.3"\n[tool.x]\nversion = "1.2.3"\n[ project ]\n"version" = "1.2.3"\nx = "1.2.3"\n',
    'project.version = "1.2.3"\nproject.name = "x"\n',
    'project = { name = "x", version = "1.2.3", urls = { a = "1.2.3" } }\n',
    '[project]\ndescription = """\n[project]\nversion = "1.2.3"\n"""\nversion = """1.2.3"""\n',
    '[[tool.x]]\nversion = "1.2.3"\n[project]\ndependencies = ["y==1.2.3", "1.2.3"]\nversion = "1.2.3"',
    '\ufeff[project]\nversion = "1.2.3"\n\tbroken = nan\n',
    '[project]\nversion = "1.2.3" \t\n\n\n\n# the end\n   ',
]


@pytest.mark.parametrize("toml", AWKWARD)
def test_only_the_version_changes(tmp_path: Path, toml: str) -> None:
    edited = rewrite_version(toml, NEXT)
    assert read_version(project(tmp_path, edited)) == NEXT
    places = [i for i in range(len(toml)) if toml.startswith("1.2.3", i)]
    assert edited in [toml[:i] + "1.3.0" + toml[i + 5 :] for i in places]


@pytest.mark.parametrize("toml", AWKWARD)
def test_writing_there_and_back_gives_the_same_bytes(tmp_path: Path, toml: str) -> None:
    root = project(tmp_path, toml)
    write_version(root, NEXT)
    assert read_version(root) == NEXT
    write_version(root, Version("1.2.3"))
    assert (root / "pyproject.toml").read_bytes() == toml.encode()


def test_the_same_version_changes_nothing() -> None:
    toml = '[project]\nversion = "1.3.0" # x\n'
    assert rewrite_version(toml, NEXT) == toml


def test_a_version_spelled_with_escapes_is_refused_not_mangled() -> None:
    with pytest.raises(ConfigurationError) as caught:
        rewrite_version('[project]\nversion = "1\\u002e2.3"\n', NEXT)
    assert "cannot be edited" in caught.value.what


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("", "has no [project] table"),
        ("project = 3", "has no [project] table"),
        ("[tool.poetry]\nname = 'x'\nversion = 1\n", "has no version that is text"),
        ('[project]\nname = "x"\n', "has no version"),
        ('[project]\nname = "x"\ndynamic = ["version"]\n', "its version is dynamic"),
        ('[project]\nversion = "1.0"\ndynamic = ["version"]\n', "its version is dynamic"),
        ("[project]\nversion = 1.0\n", "is not text"),
        ('[project]\nversion = "one"\n', "is 'one'"),
        ('[project]\nversion = "1.2.3\\u001b[31m"\n', "is '1.2.3\\x1b[31m'"),
    ],
)
def test_a_version_that_cannot_be_used_is_told_with_a_remedy(tmp_path: Path, toml: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_version(project(tmp_path, toml))
    assert said in caught.value.what
    assert "write" in caught.value.remedy


def test_a_dynamic_version_that_nothing_tells_is_told_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_version(project(tmp_path, '[project]\nname = "x"\ndynamic = ["version"]\n'))
    assert 'take "version" out of dynamic' in caught.value.remedy
    assert "docs/version-sources.md" in caught.value.remedy


DYNAMIC = '[project]\nname = "x"\ndynamic = ["version"]\n'
FOUND = {
    "static": '[project]\nname = "x"\nversion = "1.2.3"\n[tool.hatch.version]\npath = "x.py"\n',
    "hatch": f'{DYNAMIC}[tool.hatch.version]\npath = "x.py"\n',
    "setuptools": f'{DYNAMIC}[tool.setuptools.dynamic]\nversion = {{attr = "x.VERSION"}}\n[tool.setuptools_scm]\n',
    "setuptools-scm": f'{DYNAMIC}[build-system]\nrequires = ["setuptools", "Setuptools_SCM[toml]>=8"]\n',
    "hatch-vcs": f'{DYNAMIC}[tool.hatch.version]\nsource = "vcs"\n',
}


@pytest.mark.parametrize("kind", FOUND)
def test_each_kind_is_found(tmp_path: Path, kind: str) -> None:
    (tmp_path / "x.py").write_text('VERSION = "1.2.3"\n', encoding="utf-8")
    assert find_version_source(in_folder(project(tmp_path, FOUND[kind]))).kind == kind


def test_a_version_is_not_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text('VERSION = "1.2.3"\n', encoding="utf-8")
    root = tmp_path / "inside"
    root.mkdir()
    (root / "x.py").symlink_to(tmp_path / "outside.py")
    with pytest.raises(ConfigurationError, match="leads out"):
        write_version(project(root, FOUND["hatch"]), NEXT)
    assert (tmp_path / "outside.py").read_text(encoding="utf-8") == 'VERSION = "1.2.3"\n'


@pytest.mark.parametrize("name", ["", "-x", "../x", "a b", "x/"])
def test_a_name_that_no_index_takes_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="no name that an index takes"):
        read_name(project(tmp_path, f'[project]\nname = "{name}"\nversion = "1.0"\n'))
