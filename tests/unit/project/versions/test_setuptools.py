"""A version that setuptools reads from a module or a file: never imported, written to the byte, or refused."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.project.version_source import find_version_source
from shipway.project.versions.contract import VersionSource
from shipway.release.outcomes import ConfigurationError

PYPROJECT = '[project]\nname = "x"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = '
ATTR = '{attr = "acme.__version__"}\n'
INIT = "src/acme/__init__.py"


def module(text: str, table: str = ATTR, path: str = INIT) -> VersionSource:
    return find_version_source({"pyproject.toml": PYPROJECT + table, path: text}.get)


@pytest.mark.parametrize(
    "text",
    [
        '__version__ = "1.2.3"\n',
        '"""1.2.3"""\r\n\r\n__version__: str = \'1.2.3\'  # 1.2.3\r\nx = "1.2.3"\r\n',
        '\ufeffname = "äöü 🐍"; __version__ = version = r"""1.2.3"""; y = 1\n',
        '__version__ = (\n    "1.2.3"  # "1.2.3"\n)\n\x0c\nraise SystemExit("imported")\n',
        'if True:\n    if True:\n        __version__ = "1.2.3"\nclass A:\n    __version__ = "1"\n',
        'import sys\r__version__ = "1.2.3"\rdef f():\r    __version__ = "9"\r',
    ],
)
def test_only_the_literal_changes(text: str) -> None:
    found = module(text)
    assert (found.kind, found.files, found.read()) == ("setuptools", (INIT,), Version("1.2.3"))
    [(path, edited)] = found.rewrite(Version("1.3.0")).items()
    assert module(edited).read() == Version("1.3.0")
    assert module(edited).rewrite(Version("1.2.3")) == {path: text}
    assert not found.build_variables(Version("1.3.0"))


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("acme/__init__.py", ATTR),
        ("src/acme.py", ATTR),
        ("src/acme/core/about.py", '{attr = "acme.core.about.__version__"}\n'),
        ("lib/acme/__init__.py", f'{ATTR}[tool.setuptools]\npackage-dir = {{"" = "lib"}}\n'),
        ("odd/__init__.py", f'{ATTR}[tool.setuptools]\npackage-dir = {{acme = "odd"}}\n'),
        ("python/acme.py", f'{ATTR}[tool.setuptools.packages.find]\nwhere = ["python"]\n'),
    ],
)
def test_a_module_is_found_where_setuptools_finds_it(path: str, table: str) -> None:
    found = module('__version__ = "1.2.3"\n', table, path)
    assert (found.files, found.read()) == ((path,), Version("1.2.3"))


@pytest.mark.parametrize("text", ["1.2.3", "1.2.3\n", "\ufeff 1.2.3\r\n\r\n"])
@pytest.mark.parametrize("table", ['{file = "VERSION"}\n', '{file = ["VERSION"]}\n'])
def test_a_file_that_is_the_version_keeps_what_is_around_it(text: str, table: str) -> None:
    found = module(text, table, "VERSION")
    assert found.read() == Version("1.2.3")
    assert found.rewrite(Version("1.3.0")) == {"VERSION": text.replace("1.2.3", "1.3.0")}


@pytest.mark.parametrize(
    "text",
    [
        "__version__ = '.'.join(('1', '2'))\n",
        "from acme._version import __version__\n",
        "import importlib.metadata\n__version__ = importlib.metadata.version('acme')\n",
        "__version__ = '1.2.3'\n__version__ += '.dev1'\n",
        "__version__ = '1.2.3'\ntry:\n    from acme.v import __version__\nexcept ImportError:\n    pass\n",
        "if True:\n    __version__ = '1.2.3'\nelse:\n    __version__ = '1'\n",
        "__version__ = '1.2.3'\nfor __ in ():\n    if __:\n        __version__ = '1'\n",
        "__version__ = '1.' '2.3'\n",
        "__version__ = '1\\x2e2.3'\n",
        "__version__ = f'1.2.3'\n",
        "__version__ = b'1.2.3'\n",
        "__version__ = ('1', '2', '3')\n",
        "def f():\n    __version__ = '1.2.3'\n",
        "",
    ],
)
def test_what_is_computed_is_refused_with_what_to_set(text: str) -> None:
    with pytest.raises(ConfigurationError, match="does not assign __version__ one plain text") as caught:
        module(text)
    assert '__version__ = "1.2.3"' in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "table", "said"),
    [
        ("", '{attr = "other.__version__"}\n', "is not there"),
        ("", '{attr = "acme.../x"}\n', "no name of an attribute"),
        ("", '{file = ["A", "B"]}\n', "neither an attr nor one file"),
        ("", '"1.2.3"\n', "neither an attr nor one file"),
        ("", '{file = "../VERSION"}\n', "no path inside"),
        ("", '{file = "VERSION"}\n', "is not there"),
        ("", f'{ATTR}[tool.setuptools]\npackage-dir = {{"" = "../lib"}}\n', "no path inside"),
        ("x = = 1\n", ATTR, "is broken"),
        ("__version__ = 'one'\n", ATTR, "is 'one'"),
    ],
)
def test_what_leads_nowhere_is_told(text: str, table: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        module(text, table).read()
    assert caught.value.remedy
