"""A version that a module makes of names, tuples and imports: followed, and rewritten where it is spelled."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.project.version_source import find_version_source
from shipway.project.versions.contract import VersionSource
from shipway.release.outcomes import ConfigurationError

ATTR = '[project]\nname = "acme"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion.attr = "acme.__version__"\n'
INIT = "acme/__init__.py"
INCREMENTAL = "from incremental import Version\n__version__ = Version('acme', 1, 2, 3)\n"


def module(text: str, **more: str) -> VersionSource:
    others = {f"acme/{name}.py": other for name, other in more.items()}
    return find_version_source({"pyproject.toml": ATTR, INIT: text, **others}.get)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("__version__ = (1, 2, 3)\n", "__version__ = (1, 3, 0)\n"),
        ("V = (1, 2, 3)\n__version__ = '.'.join(map(str, V))\n", "V = (1, 3, 0)\n"),
        ("V = [1,2,3]\n__version__ = '.'.join(str(x) for x in V)\n", "V = [1,3,0]\n"),
        ("V = (1, 2, 3, 'final', 0)\n__version__ = '.'.join([str(x) for x in V[:3]])\n", "V = (1, 3, 0, 'final', 0)\n"),
        ("V = (1, 2, 3)\n__version__ = '%d.%d.%s' % V\n", "V = (1, 3, 0)\n"),
        ("A, B = 1, 2\nC = '3'\n__version__ = '%s.%s.%s' % (A, B, C)\n", "A, B = 1, 3\nC = '0'\n"),
        ("A = 1\nB = 2\nC = 3\n__version__ = f'{A}.{B}.{C}'\n", "A = 1\nB = 3\nC = 0\n"),
        ('VERSION = (1, 2, 3, "final", 0)\n__version__ = get_version(VERSION)\n', 'VERSION = (1, 3, 0, "final", 0)\n'),
        ("VERSION = (1, 2, 3)\n__version__ = get_version(VERSION)\n", "VERSION = (1, 3, 0)\n"),
        ("VERSION = '1.2.3'\n__version__ = VERSION\n", "VERSION = '1.3.0'\n"),
        (
            "V = Version(\n    major=1, minor=2, micro=3, releaselevel='final', serial=0\n)\n__version__ = str(V)\n",
            "V = Version(\n    major=1, minor=3, micro=0, releaselevel='final', serial=0\n)\n",
        ),
        ("__version__ = '1.2.3'\nversion_info = (1, 2, 3)\n", "__version__ = '1.3.0'\nversion_info = (1, 3, 0)\n"),
        (
            "__version__ = '1.2.3'\nversion = '1.2.3'\nx = '1.2.3'\n",
            "__version__ = '1.3.0'\nversion = '1.3.0'\nx = '1.2.3'\n",
        ),
        ("V = ('1', '2', '3')\n__version__ = '.'.join(V)\n", "V = ('1', '3', '0')\n"),
        ('V = ("1", "2", "3")\n__version__ = spell(V)\n', 'V = ("1", "3", "0")\n'),
        ('V = Version(1, 2, 3, "final")\n__version__ = V.text()\n', 'V = Version(1, 3, 0, "final")\n'),
        ("__version__ = '1.2.3'\nversion_info = (1, 2)\n", "__version__ = '1.3.0'\nversion_info = (1, 3)\n"),
        ("__version__ = '1.2.3'\nversion_info = (9, 9)\n", "__version__ = '1.3.0'\nversion_info = (9, 9)\n"),
    ],
)
def test_numbers_are_followed_to_where_they_are_written(text: str, after: str) -> None:
    found = module(text)
    assert (found.kind, found.read()) == ("setuptools", Version("1.2.3"))
    edited = found.rewrite(Version("1.3.0"))[INIT]
    assert edited.startswith(after)
    assert module(edited).read() == Version("1.3.0")
    assert module(edited).rewrite(Version("1.2.3")) == {INIT: text}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from ._v import __version__\n", "_v"),
        ("from acme._v import V as __version__\n", "_v"),
        ("from . import _v\n__version__ = _v.V\n", "_v"),
        ("import acme._v\n__version__ = acme._v.V\n", "_v"),
        ("from ._v import *\n", "_v"),
        ("from .core import __version__\n", "_v"),
        ("from ._own import __version__ as version\n__version__ = version.short()\n", "_own"),
    ],
)
def test_imports_are_followed(text: str, name: str) -> None:
    found = module(
        text, _v="__version__ = V = '1.2.3'\n", core="from acme._v import V as __version__\n", _own=INCREMENTAL
    )
    assert (found.files, found.read()) == ((f"acme/{name}.py",), Version("1.2.3"))


@pytest.mark.parametrize(
    "text",
    [
        "V = (1, 2, 3)\nV = (1, 2, 4)\n__version__ = '.'.join(map(str, V))\n",
        "V = (1, x, 3)\n__version__ = '.'.join(map(str, V))\n",
        "V = (1, 2, 'b3')\n__version__ = '.'.join(map(str, V))\n",
        "__version__ = '-'.join(map(str, (1, 2, 3)))\n",
        "A = 1\n__version__ = f'{A}.{B}'\n",
        "A = 1\n__version__ = f'v{A}'\n",
        "__version__ = '%s' % (1, 2)\n",
        "__version__ = Version('acme', 1, x)\n",
        "__version__ = __version__\n",
        "A = B\nB = A\n__version__ = A\n",
        "from . import __version__\n",
        "__version__ = open('VERSION').read()\n",
        "__version__ = x if y else '1.2.3'\n",
        "VERSION = (1, 2, 3, 'odd', 0)\n__version__ = get_version(VERSION)\n",
        "V = ('1', '2', '3rc1')\n__version__ = spell(V)\n",
        "V = Version(1, 2, x, 'final')\n__version__ = V.text()\n",
        "V = Version(1, 2, 3, 'odd')\n__version__ = V.text()\n",
    ],
)
def test_what_cannot_be_followed_is_refused_with_what_to_set(text: str) -> None:
    with pytest.raises(ConfigurationError, match="does not assign __version__ one plain text") as caught:
        module(text)
    assert '__version__ = "1.2.3"' in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("(5, 2, 0, 'final', 0)", "5.2"),
        ("(5, 2, 1, 'rc', 2)", "5.2.1rc2"),
        ("(6, 0, 0, 'alpha', 0)", "6.0.dev0"),
        ("(5, 1, 0, 'beta', 1)", "5.1b1"),
    ],
)
def test_a_tuple_is_read_and_written_as_django_does(text: str, version: str) -> None:
    source = f"from django.utils.version import get_version\nVERSION = {text}\n__version__ = get_version(VERSION)\n"
    found = module(source)
    assert found.read() == Version(version)
    assert found.rewrite(Version(version)) == {INIT: source}
    for following in ("6.1", "6.1.2", "6.1a1", "6.1b2", "6.1rc3", "6.2.dev0"):
        assert module(found.rewrite(Version(following))[INIT]).read() == Version(following)


COVERAGE = (
    "version_info = (7, 6, 2, 'alpha', 0)\n_dev = 1\n# 'candidate'\n__version__ = _make_version(*version_info, _dev)\n"
)
IPYTHON = """\
_version_major = 8
_version_minor = 12
_version_patch = 0
_version_extra = ".dev"
# _version_extra = "rc1"
_ver = [_version_major, _version_minor, _version_patch]
__version__ = ".".join(map(str, _ver))
if _version_extra:
    __version__ = __version__ + _version_extra
"""


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (COVERAGE, "7.6.2a0.dev1"),
        (COVERAGE.replace("_dev = 1", "_dev = 0"), "7.6.2a0"),
        ("V = (4, 5, 4, 'final', 0)\n__version__ = f(*V)\n", "4.5.4"),
        ("V = ('4', '5', '4rc1')\n__version__ = '.'.join(V)\n", "4.5.4rc1"),
        ("V = Version(4, 5, 4, 'rc', 1)\n__version__ = V.text()\n", "4.5.4rc1"),
        ("V = Version(4, 5, 4, 'candidate', 1)\n__version__ = V.text()\n", "4.5.4rc1"),
        (IPYTHON, "8.12.0.dev0"),
        (IPYTHON.replace(".dev", ""), "8.12"),
        (IPYTHON.replace("# _", "_"), "8.12rc1"),
    ],
)
def test_levels_and_parts_of_their_own_are_read_and_written(text: str, version: str) -> None:
    found = module(text)
    assert found.read() == Version(version)
    assert found.rewrite(Version(version)) == {INIT: text}
    for following in ("9.1.2", "9.1.2rc3"):
        edited = found.rewrite(Version(following))[INIT]
        assert module(edited).read() == Version(following)
        assert module(module(edited).rewrite(Version(version))[INIT]).read() == Version(version)


@pytest.mark.parametrize("version", ["24.7.0", "24.7.0rc1", "24.7.0.post1", "24.7.0.dev3", "24.7.0rc2.dev1"])
def test_incrementals_version_is_read_and_written(version: str) -> None:
    text = "from incremental import Version\n\n__version__ = Version(\n    'acme', 1, 2, 3,\n).public()\n"
    edited = module(text).rewrite(Version(version))[INIT]
    assert module(edited).read() == Version(version)
    assert module(edited).rewrite(Version("1.2.3")) == {INIT: text}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("__version__ = (1, 2, 3)\n", "1.3.0rc1"),
        ("A, B = 1, 2\n__version__ = f'{A}.{B}'\n", "1.3.1"),
        ("__version__ = Version('acme', 1, 2, 3)\n", "1.3.0a1"),
        ("V = ('1', '2', '3')\n__version__ = spell(V)\n", "1.3.0rc1"),
        ("V = Version(1, 2, 3, 'final')\n__version__ = V.text()\n", "1.3.0.post1"),
    ],
)
def test_a_version_that_numbers_cannot_spell_is_refused(text: str, version: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        module(text).rewrite(Version(version))
    assert version in caught.value.what
    assert caught.value.remedy


def test_what_a_strangers_module_would_be_warned_of_is_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    assert module("x = '\\d'\ny = 1 is 1\n__version__ = '1.2.3'\n").read() == Version("1.2.3")
    assert not recwarn.list


@pytest.mark.parametrize(
    ("version", "spelled"),
    [
        ("1.3", "major=1, minor=3, micro=0, releaselevel='final', serial=0"),
        ("2.0.0rc2", "major=2, minor=0, micro=0, releaselevel='rc', serial=2"),
        ("2.0.1b1", "major=2, minor=0, micro=1, releaselevel='beta', serial=1"),
    ],
)
def test_parts_that_are_named_keep_their_places(version: str, spelled: str) -> None:
    found = module("__version__ = str(Info(major=1, minor=2, micro=0, releaselevel='final', serial=0))\n")
    assert str(found.read()) == "1.2"
    edited = found.rewrite(Version(version))[INIT]
    assert edited == f"__version__ = str(Info({spelled}))\n"
    assert module(edited).read() == Version(version)


def test_a_part_that_has_no_name_is_refused() -> None:
    found = module("__version__ = str(Info(major=1, minor=2, micro=0))\n")
    with pytest.raises(ConfigurationError, match="has no place"):
        found.rewrite(Version("1.3.0rc1"))


def test_what_is_computed_in_a_block_leaves_the_plain_text_above_it_the_version() -> None:
    later = "if here():\n    try:\n        __version__ += '+g1'\n    except OSError:\n        pass\n"
    later += "else:\n    __version__ = ask()\n"
    found = module(f"__version__ = '1.2.3'\n{later}")
    assert found.read() == Version("1.2.3")
    assert found.rewrite(Version("1.3.0")) == {INIT: f"__version__ = '1.3.0'\n{later}"}


def test_incremental_is_followed_through_the_import_that_spells_it() -> None:
    own = "from incremental import Version\n__version__ = Version('acme', 1, 2, 3)\n"
    found = module("from acme._version import __version__ as version\n__version__ = version.short()\n", _version=own)
    assert (found.read(), found.files) == (Version("1.2.3"), ("acme/_version.py",))


def test_a_module_in_lib_is_found() -> None:
    files = {"setup.cfg": "[metadata]\nname = acme\nversion = attr: acme.release.__version__\n"}
    found = find_version_source({**files, "lib/acme/release.py": "__version__ = '1.2.3'\n"}.get)
    assert found.files == ("lib/acme/release.py",)
