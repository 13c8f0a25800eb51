"""A project of every kind of version source, at 1.2.3: its files, and which of them another version changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NAMED = '[project]\nname = "acme-widgets"\n'
DYNAMIC = f'{NAMED}dynamic = ["version"]\n'
MODULE = '"""Widgets: not 1.2.3."""\n\n__version__ = "1.2.3"  # 1.2.3\nother = "1.2.3"\n'
INIT = "src/acme_widgets/__init__.py"
SETUP = "from setuptools import setup\n"
LOCK = (
    'version = 4\n\n[[package]]\nname = "acme"\nversion = "1.2.3"\n\n'
    '[[package]]\nname = "other"\nversion = "1.2.3"\nsource = "registry"\n'
)


@dataclass(frozen=True)
class Sample:
    """One project; ``edited`` are the files that a release writes."""

    kind: str
    files: Mapping[str, str]
    edited: tuple[str, ...] = ("pyproject.toml",)


def backend(name: str, text: str) -> str:
    """Give a ``pyproject.toml`` with a build back-end."""
    return f'[build-system]\nrequires = []\nbuild-backend = "{name}"\n\n{text}'


def setup(arguments: str, before: str = "") -> str:
    """Give a ``setup.py``."""
    return f'{SETUP}{before}\nsetup(\n    name="acme-widgets",\n    {arguments},\n)\n'


def hatch(table: str) -> str:
    """Give a project that hatchling builds."""
    return backend("hatchling.build", f"{DYNAMIC}[tool.hatch.version]\n{table}")


def pdm(table: str) -> str:
    """Give a project that PDM builds."""
    return backend("pdm.backend", f"{DYNAMIC}{table}")


SCIKIT = "[tool.scikit-build.metadata.version]\n"
FLIT = backend("flit_core.buildapi", DYNAMIC)
MATURIN = backend("maturin", DYNAMIC)
CARGO = '[package]\nname = "acme"\nversion = "1.2.3"\n\n[dependencies]\nother = "1.2.3"\n'

WRITTEN = {
    "pep 621": Sample("static", {"pyproject.toml": f'{NAMED}version = "1.2.3"\n'}),
    "uv_build": Sample("static", {"pyproject.toml": backend("uv_build", f'{NAMED}version = "1.2.3"\n')}),
    "poetry": Sample(
        "poetry", {"pyproject.toml": '[tool.poetry]\nname = "acme-widgets"\nversion = "1.2.3"\nx = "1.2.3"\n'}
    ),
    "poetry 2": Sample("poetry", {"pyproject.toml": f'{DYNAMIC}[tool.poetry]\nversion = "1.2.3"\n'}),
    "hatch path": Sample("hatch", {"pyproject.toml": hatch(f'path = "{INIT}"\n'), INIT: MODULE}, (INIT,)),
    "hatch pattern": Sample(
        "hatch",
        {"pyproject.toml": hatch("path = 'V'\npattern = 'v=(?P<version>.+);'\n"), "V": "x=1.2.3;v=1.2.3;\n"},
        ("V",),
    ),
    "hatch code": Sample(
        "hatch", {"pyproject.toml": hatch(f'source = "code"\npath = "{INIT}"\n'), INIT: MODULE}, (INIT,)
    ),
    "hatch nodejs": Sample(
        "hatch",
        {
            "pyproject.toml": hatch('source = "nodejs"\n'),
            "package.json": '{"a": {"version": "1.2.3"}, "version": "1.2.3"}',
        },
        ("package.json",),
    ),
    "setuptools attr": Sample(
        "setuptools",
        {
            "pyproject.toml": f'{DYNAMIC}[tool.setuptools.dynamic]\nversion.attr = "acme_widgets.__version__"\n',
            INIT: MODULE,
        },
        (INIT,),
    ),
    "setuptools attr of an import": Sample(
        "setuptools",
        {
            "pyproject.toml": f'{DYNAMIC}[tool.setuptools.dynamic]\nversion.attr = "acme_widgets.__version__"\n',
            INIT: "from acme_widgets._version import __version__\n",
            "src/acme_widgets/_version.py": MODULE,
        },
        ("src/acme_widgets/_version.py",),
    ),
    "setuptools file": Sample(
        "setuptools",
        {"pyproject.toml": f'{DYNAMIC}[tool.setuptools.dynamic]\nversion.file = "VERSION"\n', "VERSION": "1.2.3\n"},
        ("VERSION",),
    ),
    "setup.cfg": Sample(
        "setup.cfg",
        {
            "setup.cfg": "[x]\nversion = 1.2.3\n[metadata]\nname = acme-widgets\nVersion: 1.2.3\n"
            "\n[y]\nversion = 1.2.3\n"
        },
        ("setup.cfg",),
    ),
    "setup.cfg attr": Sample(
        "setup.cfg",
        {
            "setup.cfg": "[metadata]\nname = acme-widgets\nversion = attr: acme.__version__\n"
            "[options]\npackage_dir =\n  = lib\n",
            "lib/acme/__init__.py": MODULE,
        },
        ("lib/acme/__init__.py",),
    ),
    "setup.cfg file": Sample(
        "setup.cfg",
        {"setup.cfg": "[metadata]\nname = acme-widgets\nversion = file: VERSION.txt\n", "VERSION.txt": "1.2.3"},
        ("VERSION.txt",),
    ),
    "setup.cfg beside a tool's pyproject": Sample(
        "setup.cfg",
        {
            "pyproject.toml": "[tool.black]\n",
            "setup.py": "import setuptools\nsetuptools.setup()\n",
            "setup.cfg": "[metadata]\nname = acme-widgets\nversion = 1.2.3\n",
        },
        ("setup.cfg",),
    ),
    "setup.py": Sample("setup.py", {"setup.py": setup('version="1.2.3", x="1.2.3"')}, ("setup.py",)),
    "setup.py constant": Sample(
        "setup.py", {"setup.py": setup("version=V", 'V = "1.2.3"\nW = "1.2.3"\n')}, ("setup.py",)
    ),
    "setup.py dictionary": Sample(
        "setup.py",
        {"setup.py": f'{SETUP}def main():\n    kw = dict(name="acme-widgets", version="1.2.3")\n    setup(**kw)\n'},
        ("setup.py",),
    ),
    "setup.py import": Sample(
        "setup.py",
        {"setup.py": setup("version=acme.__version__", "import acme\n"), "acme/__init__.py": MODULE},
        ("acme/__init__.py",),
    ),
    "setup.py regex": Sample(
        "setup.py",
        {
            "setup.py": setup(
                "version=v",
                'import re\nwith open("acme/__init__.py") as f:\n    v = re.search("\\d", f.read()).group(0)\n',
            ),
            "acme/__init__.py": MODULE,
        },
        ("acme/__init__.py",),
    ),
    "setup.py exec": Sample(
        "setup.py",
        {
            "setup.py": setup(
                'version=about["__version__"]',
                'import os\nabout = {}\nexec(open(os.path.join("here", "acme", "__about__.py")).read(), about)\n'
                'with open(os.path.join(here, "acme", "__about__.py")) as f:\n    exec(f.read(), about)\n',
            ),
            "acme/__about__.py": MODULE,
        },
        ("acme/__about__.py",),
    ),
    "setup.py function": Sample(
        "setup.py",
        {"setup.py": setup('version=find_version("src", "acme", "__init__.py")'), "src/acme/__init__.py": MODULE},
        ("src/acme/__init__.py",),
    ),
    "setup.py function's return": Sample(
        "setup.py",
        {"setup.py": setup("version=get_version()", 'VERSION = "1.2.3"\ndef get_version():\n    return VERSION\n')},
        ("setup.py",),
    ),
    "setup.py package's name": Sample(
        "setup.py",
        {
            "setup.py": setup("version=__import__(package).__version__", 'package = "acme"\n'),
            "acme/__init__.py": MODULE,
        },
        ("acme/__init__.py",),
    ),
    "setup.py package's name under a condition": Sample(
        "setup.py",
        {
            "setup.py": 'import os\nfrom setuptools import setup\nname, package = "acme-widgets", "acme"\n'
            'if os.environ.get("OTHER"):\n    name, package = "acme2", "acme2"\ngiven = {}\n'
            'with open(os.path.join(package, "_version.py")) as file:\n    exec(file.read(), None, given)\n'
            'setup(name=name, version=given["__version__"])\n',
            "acme/_version.py": MODULE,
        },
        ("acme/_version.py",),
    ),
    "setup.py path": Sample(
        "setup.py",
        {"setup.py": setup('version=get(pathlib.Path("acme") / "about.py")'), "acme/about.py": MODULE},
        ("acme/about.py",),
    ),
    "setup.py VERSION": Sample(
        "setup.py", {"setup.py": setup('version=open("VERSION").read().strip()'), "VERSION": "1.2.3\n"}, ("VERSION",)
    ),
    "setup.py of Python 2": Sample(
        "setup.py", {"setup.py": setup('version="1.2.3"', 'print "building"\n')}, ("setup.py",)
    ),
    "flit": Sample("flit", {"pyproject.toml": FLIT, "acme_widgets/__init__.py": MODULE}, ("acme_widgets/__init__.py",)),
    "flit src": Sample("flit", {"pyproject.toml": FLIT, INIT: MODULE}, (INIT,)),
    "flit module": Sample(
        "flit", {"pyproject.toml": f'{FLIT}[tool.flit.module]\nname = "acme"\n', "acme.py": MODULE}, ("acme.py",)
    ),
    "flit of old": Sample(
        "flit",
        {
            "pyproject.toml": '[build-system]\nrequires = ["flit"]\n[tool.flit.metadata]\nmodule = "acme"\n',
            "acme.py": MODULE,
        },
        ("acme.py",),
    ),
    "flit version.py": Sample(
        "flit",
        {"pyproject.toml": FLIT, "acme_widgets/__init__.py": "", "acme_widgets/version.py": MODULE},
        ("acme_widgets/version.py",),
    ),
    "pdm": Sample(
        "pdm", {"pyproject.toml": pdm(f'[tool.pdm.version]\nsource = "file"\npath = "{INIT}"\n'), INIT: MODULE}, (INIT,)
    ),
    "pdm of old": Sample(
        "pdm", {"pyproject.toml": pdm(f'[tool.pdm]\nversion = {{from = "{INIT}"}}\n'), INIT: MODULE}, (INIT,)
    ),
    "maturin": Sample(
        "maturin", {"pyproject.toml": MATURIN, "Cargo.toml": CARGO, "Cargo.lock": LOCK}, ("Cargo.toml", "Cargo.lock")
    ),
    "maturin elsewhere": Sample(
        "maturin",
        {"pyproject.toml": f'{MATURIN}[tool.maturin]\nmanifest-path = "rust/Cargo.toml"\n', "rust/Cargo.toml": CARGO},
        ("rust/Cargo.toml",),
    ),
    "maturin workspace": Sample(
        "maturin",
        {
            "pyproject.toml": f'{MATURIN}[tool.maturin]\nmanifest-path = "rust/py/Cargo.toml"\n',
            "rust/py/Cargo.toml": '[package]\nname = "acme"\nversion.workspace = true\n',
            "Cargo.toml": '[workspace]\nmembers = ["rust/py"]\n[workspace.package]\nversion = "1.2.3"\n',
            "Cargo.lock": LOCK,
        },
        ("Cargo.toml", "Cargo.lock"),
    ),
    "meson": Sample(
        "meson",
        {
            "pyproject.toml": backend("mesonpy", DYNAMIC),
            "meson.build": "# project('x', version: '1.2.3')\nproject('acme', 'c',\n  meson_version: '>=1.2.3', # (\n"
            "  version: '1.2.3',\n)\nx = dependency('y', version: '1.2.3')\n",
        },
        ("meson.build",),
    ),
    "meson-script": Sample(
        "meson",
        {
            "pyproject.toml": backend("mesonpy", DYNAMIC),
            "meson.build": "project(\n  'acme',\n  version: "
            "run_command(['acme/build/version.py'], check: true).stdout(),\n)\n",
            "acme/build/version.py": "print(open('../__init__.py').read())\n",
            "acme/__init__.py": '__version__ = "1.2.3"\n',
        },
        ("acme/__init__.py",),
    ),
    "scikit-build": Sample(
        "scikit-build",
        {
            "pyproject.toml": backend("scikit_build_core.build", DYNAMIC)
            + f'{SCIKIT}provider = "scikit_build_core.metadata.regex"\ninput = "{INIT}"\n',
            INIT: MODULE,
        },
        (INIT,),
    ),
    "incremental": Sample(
        "module",
        {
            "pyproject.toml": f"{DYNAMIC}[tool.incremental]\n",
            INIT: "",
            "src/acme_widgets/_version.py": 'from incremental import Version\n__version__ = Version("acme", 1, 2, 3)\n',
        },
        ("src/acme_widgets/_version.py",),
    ),
}
"""Every way of writing a version down."""

ASKS_GIT = """\
from pdm.backend.hooks.version import default_version_formatter, get_version_from_scm


def get_version() -> str:
    return default_version_formatter(get_version_from_scm("."))
"""
"""Code of a project that takes the version from tags."""

TAGGED = {
    "setuptools-scm": (
        {"pyproject.toml": f"{DYNAMIC}[tool.setuptools_scm]\n"},
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_ACME_WIDGETS",
    ),
    "setuptools-scm of setup.py": (
        {"setup.py": setup("use_scm_version=True")},
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_ACME_WIDGETS",
    ),
    "hatch-vcs": ({"pyproject.toml": hatch('source = "vcs"\n')}, "SETUPTOOLS_SCM_PRETEND_VERSION"),
    "pdm-scm": ({"pyproject.toml": pdm('[tool.pdm.version]\nsource = "scm"\n')}, "PDM_BUILD_SCM_VERSION"),
    "pdm-scm of old": (
        {"pyproject.toml": backend("pdm.pep517.api", f"{DYNAMIC}[tool.pdm]\nversion = {{use_scm = true}}\n")},
        "PDM_PEP517_SCM_VERSION",
    ),
    "pdm-call": (
        {
            "pyproject.toml": pdm('[tool.pdm.version]\nsource = "call"\ngetter = "scripts.get_version:get_version"\n'),
            "scripts/get_version.py": ASKS_GIT,
        },
        "",
    ),
    "hatch-code": (
        {
            "pyproject.toml": hatch('source = "code"\npath = "scripts/get_version.py"\nexpression = "get_version()"\n'),
            "scripts/get_version.py": ASKS_GIT,
        },
        "",
    ),
    "uv-dynamic-versioning": (
        {"pyproject.toml": hatch('source = "uv-dynamic-versioning"\n')},
        "UV_DYNAMIC_VERSIONING_BYPASS",
    ),
    "poetry-dynamic-versioning": (
        {
            "pyproject.toml": '[tool.poetry]\nname = "acme-widgets"\nversion = "0.0.0"\n'
            "[tool.poetry-dynamic-versioning]\nenable = true\n"
        },
        "POETRY_DYNAMIC_VERSIONING_BYPASS",
    ),
    "pbr": (
        {
            "setup.py": f'{SETUP}setup(setup_requires=["pbr"], pbr=True)\n',
            "setup.cfg": "[metadata]\nname = acme-widgets\n",
        },
        "PBR_VERSION",
    ),
    "flit-scm": ({"pyproject.toml": backend("flit_scm:buildapi", DYNAMIC)}, "SETUPTOOLS_SCM_PRETEND_VERSION"),
    "scikit-build-scm": (
        {"pyproject.toml": f'{DYNAMIC}{SCIKIT}provider = "scikit_build_core.metadata.setuptools_scm"\n'},
        "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_ACME_WIDGETS",
    ),
    "versioningit": ({"pyproject.toml": f"{DYNAMIC}[tool.versioningit]\n"}, ""),
    "versioneer": ({"setup.py": setup("version=versioneer.get_version()", "import versioneer\n")}, ""),
    "setuptools-git-versioning": (
        {"pyproject.toml": f"{DYNAMIC}[tool.setuptools-git-versioning]\nenabled = true\n"},
        "",
    ),
}
"""Every way of leaving the version to git tags, and the variable that tells the back-end; "" for none."""
