"""Versions that come from git tags: nothing is written down.

What a back-end's own look at the tags would say is never trusted: the build is told the version, by the variable that
the back-end reads. Where there is no such variable, the tag is put on the commit in the tree that is built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from shipway.project.files import Find
from shipway.project.pyproject import find_name, find_table
from shipway.project.versions.contract import VersionSource, require_inside
from shipway.project.versions.ini import SETUP_CFG, read_setup_cfg
from shipway.project.versions.written import Place, rewrite_places
from shipway.release.outcomes import ConfigurationError

SCM = "setuptools-scm"
VARIABLES = {
    SCM: "SETUPTOOLS_SCM_PRETEND_VERSION",
    "hatch-vcs": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "flit-scm": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "scikit-build-scm": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "pdm-scm": "PDM_BUILD_SCM_VERSION",
    "uv-dynamic-versioning": "UV_DYNAMIC_VERSIONING_BYPASS",
    "poetry-dynamic-versioning": "POETRY_DYNAMIC_VERSIONING_BYPASS",
    "pbr": "PBR_VERSION",
    "versioningit": "",
    "versioneer": "",
    "setuptools-git-versioning": "",
    "hatch-code": "",
    "pdm-call": "",
}
"""Every kind, and the variable by which its back-end learns the version; "" where it looks at tags alone."""
NAMED = re.compile(r"\s*([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)")
"""What a requirement begins with."""
REQUIRED = {
    SCM: SCM,
    "setuptools-scm-git-archive": SCM,
    "vcs-versioning": SCM,
    "versioningit": "versioningit",
    "pbr": "pbr",
    "setuptools-git-versioning": "setuptools-git-versioning",
    "versioneer": "versioneer",
}
CALLED = {
    "use_scm_version": SCM,
    "pbr": "pbr",
    "setuptools_git_versioning": "setuptools-git-versioning",
    "version_config": "setuptools-git-versioning",
}
"""Arguments of ``setup()`` that leave the version to a plug-in."""
COMPUTED = {
    "versioneer": r"\bversioneer\s*\.\s*get_version",
    SCM: r"\bsetuptools_scm\b.*\bget_version\b|\buse_scm_version\b",
    "versioningit": r"\bversioningit\b",
}
"""How ``version=`` in ``setup()`` is computed from tags."""
HATCH = {"vcs": "hatch-vcs", "uv-dynamic-versioning": "uv-dynamic-versioning", "versioningit": "versioningit"}
"""Sources of ``[tool.hatch.version]`` that look at tags."""

CODE = {"hatch": ("code", "path", "hatch-code"), "pdm": ("call", "getter", "pdm-call")}
"""Sources that run code of the project: the word for it, the key that names the code, and what the kind is called."""
ASKS_GIT = re.compile(r"\bget_version_from_scm\b|\bsetuptools_scm\b|\bdunamai\b|\bgit\W{1,6}(?:describe|tag)\b")
"""What code does that takes the version from tags."""

BACKENDS = {"flit_scm:buildapi": "flit-scm", "pbr.build": "pbr"}


@dataclass(frozen=True)
class TaggedVersion:
    """A version that only a tag tells; ``places`` are further files that the project wants to spell it."""

    kind: str
    setting: str
    variable: str = ""
    prefix: str = "v"
    places: tuple[Place, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The further files; none by itself."""
        return tuple(dict.fromkeys(place.path for place in self.places))

    @property
    def place(self) -> str:
        """Git's tags, and the setting that says so."""
        return f"git tags, {self.setting}"

    def read(self) -> None:
        """Tell nothing: what is written nowhere cannot be read."""
        return

    def rewrite(self, version: Version) -> Mapping[str, str]:
        """Change the further files alone."""
        return rewrite_places(self.places, version)

    def build_variables(self, version: Version) -> Mapping[str, str]:
        """Tell the back-end the version; nothing where it knows no variable."""
        return {self.variable: str(version)} if self.variable else {}

    def build_tag(self, version: Version) -> str:
        """Give the tag that a back-end without a variable has to find; "" where it is told by one."""
        return "" if self.variable else f"{self.prefix}{version}"


def find_plugged(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find a plug-in that wins over whatever else is written: poetry-dynamic-versioning, when it is on."""
    del find
    table = find_table(pyproject, "tool", "poetry-dynamic-versioning")
    if table is None or table.get("enable") is not True:
        return None
    kind = "poetry-dynamic-versioning"
    return TaggedVersion(kind, f"[tool.{kind}]", VARIABLES[kind])


def find_tagged(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find a back-end that is told in ``pyproject.toml`` to take the version from git tags."""
    backend = (find_table(pyproject, "build-system") or {}).get("build-backend")
    source = (find_table(pyproject, "tool", "hatch", "version") or {}).get("source")
    if isinstance(source, str) and source in HATCH:
        kind = HATCH[source]
        return TaggedVersion(kind, f"[tool.hatch.version] source {source}", VARIABLES[kind])
    pdm = find_table(pyproject, "tool", "pdm", "version") or {}
    if pdm.get("source") == "scm" or pdm.get("use_scm") is True:
        variable = "PDM_PEP517_SCM_VERSION" if backend == "pdm.pep517.api" else VARIABLES["pdm-scm"]
        return TaggedVersion("pdm-scm", "[tool.pdm.version] source scm", variable)
    provider = (find_table(pyproject, "tool", "scikit-build", "metadata", "version") or {}).get("provider")
    if provider == "scikit_build_core.metadata.setuptools_scm":
        return _named("scikit-build-scm", "provider in [tool.scikit-build.metadata.version]", pyproject, find)
    if isinstance(backend, str) and backend in BACKENDS:
        return _named(BACKENDS[backend], f"build-backend {backend}", pyproject, find)
    for name, kind in (
        ("setuptools_scm", SCM),
        ("setuptools-scm", SCM),
        ("versioningit", "versioningit"),
        ("setuptools-git-versioning", "setuptools-git-versioning"),
        ("versioneer", "versioneer"),
    ):
        table = find_table(pyproject, "tool", name)
        if table is not None and table.get("enabled") is not False:
            return _named(kind, f"[tool.{name}]", pyproject, find)
    return None


def find_asking(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find code of the project that a back-end is told to run for the version, where it asks git for tags."""
    for tool, (source, key, kind) in CODE.items():
        table = find_table(pyproject, "tool", tool, "version") or {}
        told = table.get(key)
        if table.get("source") != source or not isinstance(told, str):
            continue
        module = told.partition(":")[0]
        path = module if module.endswith(".py") else f"{module.replace('.', '/')}.py"
        if ASKS_GIT.search(find(require_inside(path, f"{key} in [tool.{tool}.version]")) or ""):
            return TaggedVersion(kind, f"{path}, as [tool.{tool}.version] says", VARIABLES[kind])
    return None


def find_required(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find a plug-in of setuptools that is required for the build, and so tells the version that nothing else does."""
    for requirement in _required(pyproject):
        kind = REQUIRED.get(requirement)
        if kind:
            return _named(kind, f"{kind} in build-system.requires", pyproject, find)
    return None


def find_called(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find what ``setup()`` or ``setup.cfg`` leave to git tags: use_scm_version, pbr, versioneer."""
    from shipway.project.versions.setup_call import SETUP_PY, read_setup_call

    call = read_setup_call(find)
    words = set(call.arguments) if call else set()
    for word, kind in CALLED.items():
        if word in words:
            return _named(kind, f"{word} in {SETUP_PY}", pyproject, find)
    for kind, called in COMPUTED.items() if call and "version" in words else ():
        if re.search(called, call.module.text if call else ""):
            return _named(kind, f"{kind} in {SETUP_PY}", pyproject, find)
    if "version" not in words and "versioneer" in read_setup_cfg(find):
        return _named("versioneer", f"[versioneer] in {SETUP_CFG}", pyproject, find)
    return None


def _named(kind: str, setting: str, pyproject: dict[str, Any], find: Find) -> VersionSource:
    """Give the source, with the project's name in setuptools-scm's variable, and versioneer's own prefix of tags."""
    if VARIABLES[kind] == VARIABLES[SCM] and kind != "flit-scm":
        return TaggedVersion(kind, setting, _variable_of(find))
    if kind == "versioneer":
        told = (find_table(pyproject, "tool", "versioneer") or {}).get("tag_prefix")
        prefix = str(told if told is not None else read_setup_cfg(find).get("versioneer", {}).get("tag_prefix", ""))
        return TaggedVersion(kind, setting, prefix=prefix.strip("'\""))
    return TaggedVersion(kind, setting, VARIABLES[kind])


def _variable_of(find: Find) -> str:
    """Give setuptools-scm's variable for this project; the one for all where setup.py computes the name."""
    try:
        name = re.sub("[^A-Z0-9]", "_", _normal(find_name(find)).upper())
    except ConfigurationError:
        return VARIABLES[SCM]
    return f"{VARIABLES[SCM]}_FOR_{name}"


def _required(pyproject: dict[str, Any]) -> list[str]:
    requires = (find_table(pyproject, "build-system") or {}).get("requires")
    found = [NAMED.match(str(item)) for item in requires] if isinstance(requires, list) else []
    return [_normal(name[1]) for name in found if name is not None]


def _normal(name: str) -> str:
    """Give a name as PEP 503 compares it; packaging's own word for it takes longer to import than all the rest."""
    return re.sub(r"[-_.]+", "-", name).lower()
