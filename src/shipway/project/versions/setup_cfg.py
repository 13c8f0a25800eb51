"""The version under ``[metadata]`` in ``setup.cfg``: written there, or in a module or a file that it names."""

from __future__ import annotations

from typing import Any

from shipway.project.files import Find
from shipway.project.versions.contract import VersionSource, require_inside
from shipway.project.versions.ini import SETUP_CFG, Ini, find_value, read_setup_cfg
from shipway.project.versions.modules import is_attr, paths_of, read_attr, read_whole
from shipway.project.versions.written import Place, WrittenVersion
from shipway.release.outcomes import ConfigurationError

SETTING = f"[metadata] version in {SETUP_CFG}"
KIND = "setup.cfg"
SET_ATTR = f"set version = attr: PACKAGE.MODULE.__version__ under [metadata] in {SETUP_CFG}"


def find_setup_cfg(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find the version that ``setup.cfg`` tells; `ConfigurationError` for what cannot be written."""
    del pyproject
    ini = read_setup_cfg(find)
    told = ini.get("metadata", {}).get("version", "").strip()
    if not told:
        return None
    if told.startswith("attr:"):
        return _find_attr(told.removeprefix("attr:").strip(), ini, find)
    if told.startswith("file:"):
        path = require_inside(told.removeprefix("file:").strip(), SETTING)
        found = read_whole(path, find, f"{SETTING}, file")
        if found is None:
            what = f"{path} is not there, and {SETTING} says that it is the version"
            raise ConfigurationError(what, remedy=f"write the version into {path}, or {SET_ATTR}")
        return WrittenVersion(KIND, found.told, found.places, f"{SETTING}, file")
    text = find(SETUP_CFG) or ""
    span = find_value(text, "metadata", "version", told)
    if span is None:
        what = f"{SETTING} is written in a way that cannot be edited"
        raise ConfigurationError(
            what, remedy=f"write version = 1.2.3 on a line of its own under [metadata] in {SETUP_CFG}"
        )
    return WrittenVersion(KIND, told, (Place(SETUP_CFG, text, *span, "[metadata] version"),))


def _find_attr(attr: str, ini: Ini, find: Find) -> VersionSource:
    if not is_attr(attr):
        what = f"attr in {SETTING} is {attr[:60]!r}, which is no name of an attribute"
        raise ConfigurationError(what, remedy=SET_ATTR)
    options, found = ini.get("options", {}), ini.get("options.packages.find", {})
    lines = [line for line in options.get("package_dir", "").splitlines() if "=" in line]
    folders = {line.partition("=")[0].strip(): line.partition("=")[2].strip() for line in lines}
    where = [name for name in found.get("where", "").split() if name]
    looked = list(paths_of(attr.rpartition(".")[0], folders, where, f"package_dir in {SETUP_CFG}"))
    source = read_attr(attr, looked, find, SET_ATTR, f"{SETTING}, attr {attr}")
    return WrittenVersion(KIND, source.told, source.places, source.setting)
