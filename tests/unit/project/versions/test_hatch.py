"""A version that Hatch finds by a regular expression: read, written to the byte, or refused with what to set."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from packaging.version import Version

from shipway.project.version_source import find_version_source
from shipway.project.versions.contract import VersionSource
from shipway.release.outcomes import ConfigurationError

PYPROJECT = '[build-system]\nbuild-backend = "hatchling.build"\n[project]\nname = "x"\ndynamic = ["version"]\n'
TABLE = "[tool.hatch.version]\n"
PATH = f'{TABLE}path = "src/x/__about__.py"\n'


def source(text: str | None, table: str = PATH) -> VersionSource:
    files: Mapping[str, str | None] = {"pyproject.toml": PYPROJECT + table, "src/x/__about__.py": text}
    return find_version_source(files.get)


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ('__version__ = "1.2.3"\n', PATH),
        ('"""1.2.3"""\n\n__version__="v1.2.3"  # 1.2.3\nother = "1.2.3"\n', PATH),
        ("\ufeff#\nVERSION = '1.2.3'", PATH.replace("src/", "./src//")),
        ('x = "\r"\r\n\r\n__version__: str = "1.2.3"\r\n\r\n', PATH),
        ('a\r\nb\n__version__ = "1.2.3"\r\nc\n', PATH),
        ('release "1.2.3";\r\nrelease "1.2.3";\r\n', f"""{PATH}pattern = 'release "(?P<version>[^"]+)";$'\n"""),
        ('__version__ = "1.2.3"\n', f"{PATH}pattern = true\n"),
    ],
)
def test_only_what_the_pattern_finds_changes(text: str, table: str) -> None:
    found = source(text, table)
    assert (found.kind, found.files, found.read()) == ("hatch", ("src/x/__about__.py",), Version("1.2.3"))
    [(path, edited)] = found.rewrite(Version("1.3.0")).items()
    assert edited in [f"{text[:i]}1.3.0{text[i + 5 :]}" for i in range(len(text)) if text.startswith("1.2.3", i)]
    again = source(edited, table)
    assert again.read() == Version("1.3.0")
    assert again.rewrite(Version("1.2.3")) == {path: text}
    assert not found.build_variables(Version("1.3.0"))


@pytest.mark.parametrize(
    ("text", "table", "said", "remedy"),
    [
        ("", "", r"no \[tool\.hatch\.version\]", "write path"),
        ("", f"{TABLE}pattern = true\n", "has no path", "write path"),
        ("", f'{TABLE}source = "code"\npath = "x.py"\n', "source = 'code'", "take source out"),
        ("", f'{TABLE}source = "env"\nvariable = "V"\n', "source = 'env'", "take source out"),
        ("", f'{TABLE}path = "../x.py"\n', "no path inside", "to a file of the project"),
        ("", f'{TABLE}path = "/etc/x.py"\n', "no path inside", "to a file of the project"),
        (None, PATH, "is not there", "write path"),
        ("x = 1\n", PATH, "has no version", '__version__ = "1.2.3"'),
        ("__version__ = 'one'\n", PATH, "is 'one'", "write a version"),
        ("", f'{PATH}pattern = "("\n', "no regular expression", "write pattern"),
        ("", f'{PATH}pattern = "(x)"\n', "no group", "write pattern"),
    ],
)
def test_what_cannot_be_raised_is_told_with_what_to_set(text: str | None, table: str, said: str, remedy: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        source(text, table).read()
    assert remedy in caught.value.remedy


def test_hatchling_builds_itself_by_a_back_end_of_its_own() -> None:
    own = PYPROJECT.replace("hatchling.build", "hatchling.ouroboros")
    files = {"pyproject.toml": own + PATH, "src/x/__about__.py": '__version__ = "1.2.3"\n'}
    assert find_version_source(files.get).files == ("src/x/__about__.py",)
