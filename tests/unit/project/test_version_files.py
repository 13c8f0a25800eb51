"""Further files that spell the version: found, kept in step in their own spelling, and held against each other."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.project.version_source import find_version_source, read_versions, require_agreement
from shipway.release.outcomes import BlockedError, ConfigurationError

NEXT, CANDIDATE = Version("1.3.0"), Version("1.3.0rc1")
PYPROJECT = '[project]\nname = "acme"\nversion = "1.2.3"\n'


def project(listed: str = "", **files: str) -> dict[str, str]:
    """Give a project with further files; ``listed`` is what ``version-files`` names."""
    shipway = f"[tool.shipway]\nversion-files = [{listed}]\n" if listed else ""
    return {"pyproject.toml": PYPROJECT + shipway, **files}


@pytest.mark.parametrize(
    ("path", "text", "final", "candidate"),
    [
        ("CITATION.cff", "cff-version: 1.2.0\nversion: 1.2.3\n", "version: 1.3.0", "version: 1.3.0rc1"),
        (
            "package.json",
            '{"x": {"version": "1.2.3"},\n "version": "1.2.3"}\n',
            ' "version": "1.3.0"}',
            ' "version": "1.3.0-rc.1"}',
        ),
        ("codemeta.json", '{"version": "1.2.3"}', '"1.3.0"', '"1.3.0-rc.1"'),
        ("rust/Cargo.toml", '[package]\nversion = "1.2.3"\n', '"1.3.0"', '"1.3.0-rc.1"'),
        (
            "docs/conf.py",
            "version = '1.2'\r\nrelease = '1.2.3'\r\n",
            "version = '1.3'\r\nrelease = '1.3.0'",
            "'1.3.0rc1'",
        ),
        (
            "README.md",
            "badge/v1.2.3-blue (not 11.2.3, 1.2.3.4 or 1.2.30)\n",
            "v1.3.0-blue (not 11.2.3, 1.2.3.4",
            "v1.3.0rc1-blue",
        ),
        ("VERSION", "1.2.3", "1.3.0", "1.3.0rc1"),
    ],
)
def test_a_file_is_kept_in_step_in_its_own_spelling(path: str, text: str, final: str, candidate: str) -> None:
    files = project(f'"{path}"', **{path: text})
    source = find_version_source(files.get)
    assert (source.kind, source.files) == ("static", ("pyproject.toml", path))
    assert read_versions(files.get).agrees
    assert final in source.rewrite(NEXT)[path]
    assert candidate in source.rewrite(CANDIDATE)[path]
    edited = {**files, **source.rewrite(CANDIDATE)}
    require_agreement(edited.get)
    assert {**edited, **find_version_source(edited.get).rewrite(Version("1.2.3"))} == files


def test_a_pattern_says_what_of_a_file_counts() -> None:
    files = project("'x.h:#define V \"(?P<version>.+)\"'", **{"x.h": '#define V "1.2.3"\n#define W "1.2.3"\n'})
    assert find_version_source(files.get).rewrite(NEXT)["x.h"] == '#define V "1.3.0"\n#define W "1.2.3"\n'


@pytest.mark.parametrize(
    ("listed", "said", "remedy"),
    [
        ('"none.txt"', "none.txt is not there", "version-files"),
        ('"other.txt"', "other.txt has no version", "give a pattern"),
        ('"../x"', "no path inside", "set version-files"),
        ('"other.txt:(x"', "no regular expression", "pattern"),
        ('"other.txt:(x)"', "no group", "pattern"),
        ('"package.json"', "has no text under version", "write"),
    ],
)
def test_a_file_without_a_version_is_told(listed: str, said: str, remedy: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        find_version_source(project(listed, **{"other.txt": "nothing", "package.json": "{}"}).get)
    assert remedy in caught.value.remedy


def test_a_disagreement_is_one_table() -> None:
    files = project(
        '"CITATION.cff", "package.json"', **{"CITATION.cff": "version: 1.2.2\n", "package.json": '{"version": "1.2.3"}'}
    )
    assert not read_versions(files.get).agrees
    with pytest.raises(BlockedError) as caught:
        require_agreement(files.get)
    lines = [line.split() for line in caught.value.what.splitlines()[1:]]
    assert lines == [
        ["pyproject.toml", "[project]", "version", "1.2.3"],
        ["CITATION.cff", "version", "1.2.2", "differs"],
        ["package.json", "version", "1.2.3"],
    ]
    assert "write 1.2.3" in caught.value.remedy


TOOLS = {
    "bump-my-version": {
        ".bumpversion.toml": '[tool.bumpversion]\ncurrent_version = "1.2.3"\n'
        '[[tool.bumpversion.files]]\nfilename = "a.txt"\n'
        '[[tool.bumpversion.files]]\nfilename = "b.txt"\nsearch = "b={current_version}"\n'
        '[[tool.bumpversion.files]]\nfilename = "CHANGES.md"\nsearch = "Unreleased"\n',
        "a.txt": "1.2.3 and 1.2.3\n",
        "b.txt": "1.2.3 b=1.2.3\n",
        "CHANGES.md": "Unreleased\n1.2.3\n",
    },
    "bump2version": {
        ".bumpversion.cfg": "[bumpversion]\ncurrent_version = 1.2.3\n[bumpversion:file:a.txt]\n"
        "[bumpversion:file(x):b.txt]\nsearch = b={current_version}\n",
        "a.txt": "1.2.3\n",
        "b.txt": "b=1.2.3\n",
    },
    "commitizen": {
        "cz.toml": '[tool.commitizen]\nversion = "1.2.3"\nversion_files = ["a.txt", "b.txt:^b"]\n',
        "a.txt": "1.2.3\n",
        "b.txt": "a 1.2.3\nb 1.2.3\n",
    },
    "tbump": {
        "tbump.toml": '[version]\ncurrent = "1.2.3"\n[[file]]\nsrc = "a.txt"\n'
        '[[file]]\nsrc = "b.txt"\nsearch = "b={current_version}"\n',
        "a.txt": "1.2.3\n",
        "b.txt": "b=1.2.3\n",
    },
    "release-please": {
        ".release-please-manifest.json": '{"sub": "1.2.3", ".": "1.2.3"}\n',
        "release-please-config.json": '{"packages": {".": {"extra-files": ["a.txt", {"type": "json", "path": "b.json", '
        '"jsonpath": "$.x.version"}, {"type": "xml", "path": "c.xml", "xpath": "//v"}]}}}',
        "a.txt": "1.2.3\n1.2.3 # x-release-please-version\n",
        "b.json": '{"x": {"version": "1.2.3"}, "version": "1.2.3"}',
        "c.xml": "<v>1.2.3</v>",
    },
    "release-please in .github": {
        ".github/release-please-manifest.json": '{".": "1.2.3"}\n',
        ".github/release-please-config.json": '{"packages": {".": {"extra-files": ["a.txt", "b.txt"]}}}',
        "a.txt": "1.2.3\n1.2.3 # x-release-please-version\n",
        "b.txt": "1.2.3\n<!-- x-release-please-start-version -->\n\nsay 1.2.3\n<!-- x-release-please-end -->\n1.2.3\n",
    },
}
EDITED = {
    "bump-my-version": (".bumpversion.toml", "a.txt", "b.txt"),
    "bump2version": (".bumpversion.cfg", "a.txt", "b.txt"),
    "commitizen": ("cz.toml", "a.txt", "b.txt"),
    "tbump": ("tbump.toml", "a.txt", "b.txt"),
    "release-please": (".release-please-manifest.json", "a.txt", "b.json"),
    "release-please in .github": (".github/release-please-manifest.json", "a.txt", "b.txt"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_what_another_tool_is_told_is_kept_in_step(tool: str) -> None:
    files = project(**TOOLS[tool])
    source = find_version_source(files.get)
    assert source.files == ("pyproject.toml", *EDITED[tool])
    edited = {**files, **source.rewrite(NEXT)}
    require_agreement(edited.get)
    assert {**edited, **find_version_source(edited.get).rewrite(Version("1.2.3"))} == files
    for text in (edited["b.json"] if "b.json" in edited else edited["b.txt"]).splitlines():
        assert text.count("1.3.0") <= 1
    assert edited.get("CHANGES.md", "1.2.3").endswith("1.2.3\n") or "CHANGES.md" not in edited


def test_release_please_changes_what_its_marks_enclose() -> None:
    files = project(**TOOLS["release-please in .github"])
    first, *_, said, _, last = find_version_source(files.get).rewrite(NEXT)["b.txt"].splitlines()
    assert (first, said, last) == ("1.2.3", "say 1.3.0", "1.2.3")


def test_python_semantic_release_names_keys_and_variables() -> None:
    table = (
        '[tool.semantic_release]\nversion_variables = ["a.py:__version__", "none.py:x"]\n'
        'version_toml = ["pyproject.toml:project.version", "b.toml:x.version"]\n'
    )
    files = {
        "pyproject.toml": PYPROJECT + table,
        "a.py": '__version__: str = "1"\n__version__ = "1.2.3"\n',
        "b.toml": '[x]\nversion = "1.2.3"\n',
    }
    source = find_version_source(files.get)
    assert source.files == ("pyproject.toml", "b.toml", "a.py")
    assert source.rewrite(NEXT)["a.py"] == '__version__: str = "1"\n__version__ = "1.3.0"\n'


def test_python_semantic_release_in_setup_cfg_names_variables() -> None:
    setup_cfg = "[semantic_release]\nversion_variable = a.py:__version__,b.py:VERSION\n"
    files = project(**{"setup.cfg": setup_cfg, "a.py": "__version__ = '1.2.3'\n", "b.py": "VERSION='1.2.3'\n"})
    assert find_version_source(files.get).files == ("pyproject.toml", "a.py", "b.py")


def test_bumpver_names_patterns() -> None:
    table = (
        '[tool.bumpver]\ncurrent_version = "1.2.3"\n[tool.bumpver.file_patterns]\n"a.txt" = ["a={pep440_version}"]\n'
    )
    files = {"pyproject.toml": PYPROJECT + table, "a.txt": "1.2.3 a=1.2.3\n"}
    edited = find_version_source(files.get).rewrite(NEXT)
    assert edited["a.txt"] == "1.2.3 a=1.3.0\n"
    assert edited["pyproject.toml"] == files["pyproject.toml"].replace("1.2.3", "1.3.0")


def test_a_file_is_the_same_however_its_path_is_written() -> None:
    table = '[tool.bumpversion]\ncurrent_version = "1.2.3"\n[[tool.bumpversion.files]]\nfilename = "./pyproject.toml"\n'
    assert find_version_source({"pyproject.toml": PYPROJECT + table}.get).files == ("pyproject.toml",)


def test_a_tool_that_nobody_uses_any_more_stops_nothing() -> None:
    files = project(**{".bumpversion.toml": '[tool.bumpversion]\ncurrent_version = "0.9.0"\n'})
    agreement = read_versions(files.get)
    assert agreement.agrees
    assert agreement.warnings == (
        "[tool.bumpversion] in .bumpversion.toml, current_version says 0.9.0, not 1.2.3: it is left as it is",
    )
    assert find_version_source(files.get).files == ("pyproject.toml",)


@pytest.mark.parametrize(
    "text", ["", "[", "{", "[tool.commitizen]\nversion_files = 3\n", '[tool.commitizen]\nversion_files = ["../x:y"]\n']
)
@pytest.mark.parametrize(
    "file", ["cz.toml", ".bumpversion.cfg", "tbump.toml", ".release-please-manifest.json", "release-please-config.json"]
)
def test_another_tools_broken_file_is_its_own_affair(file: str, text: str) -> None:
    files = project(**{".release-please-manifest.json": "{}", file: text})
    assert find_version_source(files.get).files == ("pyproject.toml",)


def test_a_version_from_tags_is_written_into_the_files_that_the_project_names() -> None:
    table = '[tool.setuptools_scm]\n[tool.shipway]\nversion-files = ["CITATION.cff"]\n'
    files = {
        "pyproject.toml": f'[project]\nname = "acme"\ndynamic = ["version"]\n{table}',
        "CITATION.cff": "version: 1.2.3\n",
    }
    source = find_version_source(files.get)
    assert (source.read(), source.files) == (None, ("CITATION.cff",))
    assert source.rewrite(NEXT) == {"CITATION.cff": "version: 1.3.0\n"}
    assert read_versions(files.get).agrees


def test_of_a_lock_file_among_the_extra_files_only_the_marked_line_counts() -> None:
    files = project(**TOOLS["release-please"])
    lock = "".join(f'name = "other-{n}"\nversion = "{n}.0.1"\n' for n in range(12_000))
    assert (
        find_version_source({**files, "a.txt": f"{lock}1.2.3 # x-release-please-version\n"}.get).files[-1] == "b.json"
    )
