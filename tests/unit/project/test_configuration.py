"""Reading the configuration: defaults, detection, overrides, and every problem at once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from shipway.project.configuration import Configuration, read_configuration
from shipway.project.keys import KEYS
from shipway.release.outcomes import ConfigurationError
from shipway.world.environment import Environment

GITHUB = "https://github.com/acme/widgets.git"


def read(
    tmp_path: Path, toml: str = "", *, remote: str | None = GITHUB, variables: dict[str, str] | None = None
) -> Configuration:
    (tmp_path / "pyproject.toml").write_text(toml, encoding="utf-8")
    return read_configuration(tmp_path, Environment(variables or {}), remote)


def problems(tmp_path: Path, toml: str, **more: str | None) -> str:
    variables = {name: value for name, value in more.items() if name.startswith("SHIPWAY_") and value}
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, toml, remote=more.get("remote", GITHUB), variables=variables)
    assert "pyproject.toml" in caught.value.remedy
    return caught.value.what


def test_a_usual_repository_needs_no_configuration(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert (found.flow, found.branch, found.remote) == ("publish-first", "main", "origin")
    assert (found.tag_format, found.release_branch) == ("v{version}", "release/{version}")
    assert (found.forge, found.repository) == ("github", "acme/widgets")
    assert found.forge_url.startswith("https://api.")
    assert (found.index, found.index_url, found.upload_url, found.publisher) == ("default", "", "", "twine")
    assert (found.attestations, found.confirm_timeout) == (False, 120)
    assert (found.pull_request_labels, found.python) == (("release",), ("3.10", "3.11", "3.12"))


def test_every_key_is_a_field_and_every_field_a_key() -> None:
    fields = {field.name for field in dataclasses.fields(Configuration)} - {"sources", "names"}
    assert {key.field for key in KEYS} == fields


def test_each_value_knows_where_it_came_from(tmp_path: Path) -> None:
    found = read(tmp_path, '[tool.shipway]\nbranch = "trunk"\n', variables={"SHIPWAY_REMOTE": "upstream"})
    assert set(found.sources) == {key.name for key in KEYS}
    assert found.sources["branch"] == "pyproject.toml"
    assert found.sources["remote"] == "environment SHIPWAY_REMOTE"
    assert found.sources["forge"] == "detected: the remote is on github.com"
    assert found.sources["flow"] == "default"


def test_a_remote_that_is_no_forge_means_the_direct_flow(tmp_path: Path) -> None:
    for remote in ("/srv/git/widgets.git", "git@git.example:acme/widgets.git", None):
        found = read(tmp_path, remote=remote)
        assert (found.forge, found.flow, found.forge_url) == ("none", "direct", "")
        assert found.sources["flow"] == "detected: there is no forge"


def test_the_server_of_the_run_is_a_forge(tmp_path: Path) -> None:
    variables = {"GITHUB_SERVER_URL": "https://code.example", "GITHUB_API_URL": "https://code.example/api/v3/"}
    found = read(tmp_path, remote="git@code.example:acme/widgets.git", variables=variables)
    assert (found.forge, found.forge_url) == ("github", "https://code.example/api/v3")
    assert found.sources["forge-url"] == "detected: GITHUB_API_URL"


def test_the_address_of_another_server_s_api_is_not_taken(tmp_path: Path) -> None:
    variables = {"GITHUB_SERVER_URL": "https://code.example", "GITHUB_API_URL": "https://code.example/api/v3"}
    assert "code.example" not in read(tmp_path, variables=variables).forge_url


def test_a_forge_on_a_host_of_its_own_has_its_api_there(tmp_path: Path) -> None:
    found = read(tmp_path, '[tool.shipway]\nforge = "github"\n', remote="git@code.example:acme/widgets.git")
    assert (found.forge_url, found.repository) == ("https://code.example/api/v3", "acme/widgets")


def test_the_python_versions_come_from_the_classifiers(tmp_path: Path) -> None:
    lines = [f"Programming Language :: Python :: {v}" for v in ("3", "3.13", "3.9", "3 :: Only")]
    found = read(tmp_path, f'[project]\nname = "x"\nclassifiers = {lines!r}\n')
    assert found.python == ("3.9", "3.13")
    assert found.sources["python"] == "detected: the classifiers"


def test_every_key_can_be_written(tmp_path: Path) -> None:
    toml = """
    [tool.shipway]
    flow = "direct"
    branch = "trunk"
    remote = "upstream"
    tag-format = "acme-{version:1.2.3-rc.1}"
    version-scheme = "YY.MINOR[.MICRO]"
    zero-version = "shifted"
    lower-bump = "block"
    release-branch = "rel-{version}"
    forge = "github"
    forge-url = "http://127.0.0.1:4000/api/v3"
    repository = "other/name"
    index = "https://index.example/simple/"
    index-url = "https://index.example/simple/"
    upload-url = "https://index.example/legacy/"
    publisher = "uv"
    environment = "index"
    attestations = true
    register = false
    pull-request-labels = []
    python = ["3.12", "3.13t", "pypy3.10"]
    gates = ["typecheck"]
    confirm-timeout = 5
    changelog = "conventional"
    changelog-sections = { feat = "New", docs = "" }
    squash-commits = true
    changelog-file = "docs/news.md"
    version-files = []
    development = "patch"
    """
    found = read(tmp_path, toml)
    assert {found.sources[key.name] for key in KEYS} == {"pyproject.toml"}
    assert (found.publisher, found.attestations, found.register, found.confirm_timeout) == ("uv", True, False, 5)
    assert (found.pull_request_labels, found.python) == ((), ("3.12", "3.13t", "pypy3.10"))


def test_variables_override_by_the_type_of_their_key(tmp_path: Path) -> None:
    variables = {
        "SHIPWAY_PULL_REQUEST_LABELS": "release, urgent ,",
        "SHIPWAY_ATTESTATIONS": "True",
        "SHIPWAY_CONFIRM_TIMEOUT": "7",
        "SHIPWAY_PYTHON": "3.12",
        "SHIPWAY_INDEX": "test",
        "SHIPWAY_BRANCH": "",
    }
    found = read(tmp_path, '[tool.shipway]\nattestations = false\nindex = 7\nbranch = "x"', variables=variables)
    assert (found.pull_request_labels, found.attestations) == (("release", "urgent"), True)
    assert (found.confirm_timeout, found.python, found.index) == (7, ("3.12",), "test")
    assert found.branch == "x"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('flwo = "direct"', "'flwo' is not a key of [tool.shipway] (did you mean flow?)"),
        ('tag_format = "x"', "did you mean tag-format?"),
        ('flow = "publish_first"', "did you mean publish-first?"),
        ("flow = 3", "flow takes text, not 3"),
        ('branch = ""', "branch takes text on one line"),
        ('branch = "-x"', "branch '-x' is not a name that git takes"),
        ('branch = "a b; rm"', "is not a name that git takes"),
        ('tag-format = "v1"', "tag-format holds {version} exactly once"),
        ('tag-format = "{version}{version}"', "exactly once"),
        ('tag-format = "v{version:what}"', "exactly once"),
        ('version-scheme = "YYYY.XX"', "or a pattern such as YYYY.MM.MICRO"),
        ('tag-format = "v {version}"', "does not give names that git takes"),
        ('release-branch = "{version}.lock"', "does not give names that git takes"),
        ('release-branch = "main/{version}"', "cannot stand beside branch 'main' in git"),
        ('repository = "acme"', "repository takes owner/name"),
        ('index = "tset"', "did you mean test?"),
        ('index-url = "ftp://x/"', "takes an address that begins with https://"),
        ('upload-url = "https://[x/"', "takes an address that begins with https://"),
        ('forge-url = "https://x:99999/"', "takes an address that begins with https://"),
        ('attestations = "yes"', "attestations takes true or false, not 'yes'"),
        ("attestations = 1", "attestations takes true or false, not 1"),
        ('pull-request-labels = "release"', "takes a list of texts, not 'release'"),
        ("pull-request-labels = [1]", "takes text, not 1"),
        ("python = []", "takes a list of Python versions"),
        ('python = ["3"]', "takes a list of Python versions"),
        ("python = [3.10]", "takes text, not 3.1"),
        ("confirm-timeout = 0", "takes a whole number of seconds above 0"),
        ("confirm-timeout = true", "takes a whole number of seconds above 0, not True"),
        ("confirm-timeout = 1.5", "takes a whole number of seconds above 0, not 1.5"),
        ('branch = "a\\nb"', "on one line"),
        ("branch = 1979-05-27", "branch takes text"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, line: str, said: str) -> None:
    assert said in problems(tmp_path, f"[tool.shipway]\n{line}\n")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    toml = '[tool.shipway]\nflwo = "direct"\npublisher = "rsync"\nconfirm-timeout = "soon"\n'
    what = problems(tmp_path, toml, SHIPWAY_ATTESTATIONS="perhaps")
    assert what.startswith("4 problems:")
    for said in ("flwo", "publisher", "confirm-timeout", "SHIPWAY_ATTESTATIONS takes true or false"):
        assert said in what


def test_publish_first_needs_a_forge(tmp_path: Path) -> None:
    what = problems(tmp_path, '[tool.shipway]\nflow = "publish-first"\n', remote="/srv/widgets.git")
    assert "flow publish-first needs a forge" in what
    assert "the remote is not on a forge" in what


def test_a_forge_that_cannot_be_found_is_a_problem(tmp_path: Path) -> None:
    what = problems(tmp_path, '[tool.shipway]\nforge = "github"\n', remote="/srv/widgets.git")
    assert "forge-url is not set" in what
    assert "repository is not set" in what


@pytest.mark.parametrize("key", ["index", "index-url", "upload-url", "forge-url"])
def test_credentials_in_an_address_are_refused_and_never_shown(tmp_path: Path, key: str) -> None:
    what = problems(tmp_path, f'[tool.shipway]\n{key} = "https://user:canary@index.example/simple/"\n')
    assert f"{key} holds credentials" in what
    assert "canary" not in what


@pytest.mark.parametrize("toml", ["tool = 3", "[tool]\nshipway = 3", "[[tool.shipway]]\nflow = 'direct'"])
def test_a_table_that_is_none_is_a_problem(tmp_path: Path, toml: str) -> None:
    assert "[tool.shipway] is a table" in problems(tmp_path, toml)


def test_broken_toml_is_told_with_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, '[project]\nname = "x\n')
    assert "line 2, column" in caught.value.what
    assert "pyproject.toml" in caught.value.what
    assert caught.value.remedy == "mend line 2 of pyproject.toml"


def test_no_pyproject_at_all_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no pyproject\.toml"):
        read_configuration(tmp_path, Environment({}), None)


def test_a_pyproject_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(ConfigurationError, match="not UTF-8: byte 8"):
        read_configuration(tmp_path, Environment({}), None)
