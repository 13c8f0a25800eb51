"""What cannot be raised: every kind says what was seen, and what to set."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from shipway.project.files import in_folder
from shipway.project.pyproject import find_name
from shipway.project.version_source import find_version_source
from shipway.release.outcomes import ConfigurationError
from unit.project.versions.kinds import CARGO, DYNAMIC, FLIT, MATURIN, SCIKIT, backend, hatch, pdm, setup


@pytest.mark.parametrize(
    ("files", "said", "remedy"),
    [
        (
            {"pyproject.toml": pdm('[tool.pdm.version]\nsource = "call"\ngetter = "x:y"\n')},
            "source = 'call'",
            'source = "file"',
        ),
        ({"pyproject.toml": pdm('[tool.pdm.version]\nsource = "file"\n')}, "has no path", "write path"),
        ({"pyproject.toml": pdm('[tool.pdm.version]\npath = "x.py"\n')}, "x.py is not there", "write path"),
        ({"pyproject.toml": FLIT}, "acme_widgets does not assign", "acme_widgets/__init__.py"),
        (
            {"pyproject.toml": '[build-system]\nbuild-backend = "flit_core.buildapi"\n'},
            "which module",
            "[tool.flit.module]",
        ),
        ({"pyproject.toml": MATURIN}, "Cargo.toml is not there", "add Cargo.toml"),
        ({"pyproject.toml": MATURIN, "Cargo.toml": "[package]\n"}, "has no version", "under [package]"),
        ({"pyproject.toml": MATURIN, "Cargo.toml": "[package\n"}, "Cargo.toml is broken", "mend"),
        ({"pyproject.toml": backend("mesonpy", DYNAMIC)}, "meson.build is not there", "version: '1.2.3'"),
        (
            {"pyproject.toml": backend("mesonpy", DYNAMIC), "meson.build": "project('x', version: run_command('v'))\n"},
            "no version that is a plain text",
            "version: '1.2.3'",
        ),
        ({"pyproject.toml": f'{DYNAMIC}{SCIKIT}provider = "my.own"\n'}, "provider = 'my.own'", "metadata.regex"),
        (
            {
                "pyproject.toml": f"{DYNAMIC}{SCIKIT}"
                'provider = "scikit_build_core.metadata.regex"\nresult = "{a}.{b}"\n'
            },
            "several parts",
            "metadata.regex",
        ),
        (
            {"pyproject.toml": hatch('source = "code"\npath = "x.py"\n'), "x.py": "__version__ = f()\n"},
            "source = 'code'",
            "take source",
        ),
        ({"pyproject.toml": hatch('source = "nodejs"\n')}, "package.json is not there", "write"),
        ({"pyproject.toml": hatch('source = "nodejs"\n'), "package.json": "{"}, "package.json is broken", "mend"),
        ({"setup.cfg": "[metadata]\nversion = attr: x.y\n"}, "module of attr x.y is not there", "attr: PACKAGE"),
        ({"setup.cfg": "[metadata]\nversion = attr: x/y\n"}, "no name of an attribute", "attr: PACKAGE"),
        ({"setup.cfg": "[metadata]\nversion = file: V\n"}, "V is not there", "attr: PACKAGE"),
        ({"setup.cfg": "[metadata]\nversion = file: ../V\n"}, "no path inside", "set"),
        ({"setup.cfg": "version = 1\n"}, "setup.cfg is broken", "mend"),
        ({"setup.cfg": "[flake8]\n"}, "neither setup.py nor setup.cfg", "setup()"),
        ({"setup.py": setup("version=compute()")}, "setup.py computes the version", 'version="1.2.3"'),
        ({"setup.py": setup("zip_safe=False")}, "neither setup.py nor setup.cfg", "setup()"),
        ({}, "there is no pyproject.toml here", "run in the project's folder"),
        ({"pyproject.toml": "[tool.black]\n"}, "has no [project] table", "write a [project] table"),
        (
            {
                "pyproject.toml": '[build-system]\nbuild-backend = "poetry.core.masonry.api"\n'
                '[tool.poetry]\nname = "x"\n'
            },
            "no version",
            "[tool.poetry]",
        ),
    ],
)
def test_what_cannot_be_raised_is_told_with_what_to_set(files: dict[str, str], said: str, remedy: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        find_version_source(files.get).read()
    assert said in caught.value.what
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"setup.py": "N = 'acme'\nsetup(name=N)\n"}, "acme"),
        ({"setup.py": "setup(name=about['__title__'], packages=['acme', 'acme.core'])\n"}, "acme"),
        (
            {"setup.py": "META = 'src/acme/v.py'\nsetup(name=f('title'))\n", "src/acme/v.py": "__title__ = 'acme'\n"},
            "acme",
        ),
        ({"setup.py": 'print "2"\nsetup(\n    name="acme",\n)\n'}, "acme"),
        ({"setup.py": "setup()\n", "setup.cfg": "[metadata]\nname = acme\n"}, "acme"),
        ({"pyproject.toml": backend("maturin", ""), "Cargo.toml": CARGO}, "acme"),
        ({"pyproject.toml": '[tool.flit.metadata]\nmodule = "acme"\n'}, "acme"),
        ({"pyproject.toml": '[tool.flit.metadata]\nmodule = "acme"\ndist-name = "acme-x"\n'}, "acme-x"),
        ({"pyproject.toml": "[tool.black]\n", "setup.py": "setup(name='acme')\n"}, "acme"),
    ],
)
def test_the_name_is_found_without_a_project_table(files: dict[str, str], name: str) -> None:
    assert find_name(files.get) == name


def test_a_setup_py_that_computes_its_name_is_told() -> None:
    with pytest.raises(ConfigurationError, match="name"):
        find_name({"setup.py": "setup(name=f())\n"}.get)


def test_a_file_that_is_too_large_is_not_read() -> None:
    files = {"setup.py": setup('version=open("VERSION").read()'), "VERSION": "1.2.3" + " " * 1_000_000}
    with pytest.raises(ConfigurationError, match="computes the version"):
        find_version_source(files.get)


def test_a_literal_wins_over_a_plug_in_that_is_only_required() -> None:
    required = '[build-system]\nrequires = ["setuptools", "setuptools_scm"]\n'
    files = {"pyproject.toml": required, "setup.cfg": "[metadata]\nname = x\nversion = 1.2.3\n"}
    assert find_version_source(files.get).read() == Version("1.2.3")
    files["setup.cfg"] = "[metadata]\nname = x\n"
    assert find_version_source(files.get).kind == "setuptools-scm"


def test_a_module_that_a_plug_in_writes_from_tags_need_not_be_there() -> None:
    attr = f'{DYNAMIC}[tool.setuptools.dynamic]\nversion.attr = "acme._version.version"\n'
    found = find_version_source({"pyproject.toml": f"{attr}[tool.setuptools_scm]\n"}.get)
    assert (found.kind, found.read()) == ("setuptools-scm", None)
    for more in ("", '[tool.poetry]\nversion = "1.2.3"\n'):
        with pytest.raises(ConfigurationError, match=r"module of attr acme\._version\.version is not there"):
            find_version_source({"pyproject.toml": attr + more, "setup.cfg": "[metadata]\nversion = 1\n"}.get)


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "../x", "x" * 5000])
def test_a_name_that_makes_no_path_is_no_traceback(tmp_path: Path, name: str) -> None:
    text = f'print "2"\nsetup(\n    name="{name}",\n    version=find_version("{name}", "{name}.py"),\n)\n'
    for written in (text, text.replace('print "2"\n', "")):
        (tmp_path / "setup.py").write_text(written, encoding="utf-8")
        with pytest.raises(ConfigurationError):
            find_version_source(in_folder(tmp_path))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").symlink_to("pyproject.toml")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml cannot be read"):
        find_version_source(in_folder(tmp_path))
