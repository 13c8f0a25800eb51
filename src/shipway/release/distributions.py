"""Distributions: what a wheel and an sdist have to hold, and what they must not (PEP 427, 625, 503).

Pure: file names, member names and metadata go in, problems come out as sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from shipway.release.strays import is_unsafe, stray_names

Kind = Literal["sdist", "wheel"]

DATA = re.compile(r"[^/]+\.data/(?:purelib|platlib)/(.*)")
MODULE = re.compile(r"([^/.]+)(?:\.py|(?:\.[A-Za-z0-9_-]+)*\.(?:so|pyd))")
ONE_MACHINE = re.compile(r"linux_(?!armv[67]l)\w+")
"""Platform tags that promise nothing about the C library; the big index takes none of these."""
MOST_SHOWN = 5


@dataclass(frozen=True)
class Distribution:
    """A file for an index: its name, SHA-256 digest in hex, size in bytes and kind."""

    name: str
    digest: str
    size: int
    kind: Kind


def kind_of(filename: str) -> Kind | None:
    """Tell from its name what kind of distribution a file is; None for any other file."""
    if filename.endswith(".whl"):
        return "wheel"
    return "sdist" if filename.endswith(".tar.gz") else None


def metadata_member(filename: str) -> str:
    """Give the name of the member that holds a distribution's metadata, by the name of its file."""
    if kind_of(filename) == "wheel":
        return f"{_info_folder(filename)}METADATA"
    return f"{filename.removesuffix('.tar.gz')}/PKG-INFO"


def top_level_names(names: Iterable[str]) -> tuple[str, ...]:
    """Give what a wheel lets people import: its top-level packages and modules, sorted."""
    found = set()
    for raw in names:
        matched = DATA.fullmatch(raw)
        parts = (matched[1] if matched else raw).split("/")
        module = MODULE.fullmatch(parts[-1])
        if module is not None:
            found.add(parts[0] if len(parts) > 1 else module[1])
    return tuple(sorted(name for name in found if name.isidentifier()))


def inspect_wheel(names: Sequence[str], metadata: str, filename: str, *, name: str, version: Version) -> list[str]:
    """Judge a wheel by its members and the text of its METADATA; gives the problems, none if it is fine."""
    problems = _file_name_problems(filename, _parse_wheel, name, version)
    problems += _metadata_problems(metadata, "METADATA", name, version)
    folder = _info_folder(filename)
    missing = [member for member in ("METADATA", "WHEEL", "RECORD") if folder + member not in names]
    if missing:
        problems.append(f"{folder} lacks {', '.join(missing)}")
    others = {top for top in (member.partition("/")[0] for member in names) if top.endswith(".dist-info")}
    if others - {folder.rstrip("/")}:
        problems.append(f"it holds another {_listed(others - {folder.rstrip('/')})}")
    problems += _platform_problems(filename)
    stubs = any(member.partition("/")[0].endswith("-stubs") for member in names)
    if not stubs and not top_level_names(names):
        problems.append("it holds nothing that can be imported")
    return problems + _member_problems(names, tests_may=False)


def inspect_sdist(names: Sequence[str], metadata: str, filename: str, *, name: str, version: Version) -> list[str]:
    """Judge an sdist by its members and the text of its PKG-INFO; gives the problems, none if it is fine."""
    problems = _file_name_problems(filename, parse_sdist_filename, name, version)
    problems += _metadata_problems(metadata, "PKG-INFO", name, version)
    folder = f"{filename.removesuffix('.tar.gz')}/"
    outside = [member for member in names if not f"{member}/".startswith(folder)]
    if outside:
        problems.append(f"not everything is in {folder}: {_listed(outside)}")
    problems += [f"{folder} lacks {need}" for need in ("PKG-INFO", "pyproject.toml") if folder + need not in names]
    return problems + _member_problems(names, tests_may=True)


def _info_folder(filename: str) -> str:
    return f"{'-'.join(filename.split('-')[:2])}.dist-info/"


def _parse_wheel(filename: str) -> tuple[str, Version]:
    name, version, _, _ = parse_wheel_filename(filename)
    return name, version


def _platform_problems(filename: str) -> list[str]:
    """Refuse a compiled wheel that fits the machine it was built on, and perhaps no other (PEP 600, 656)."""
    platforms = filename.removesuffix(".whl").rpartition("-")[2].split(".")
    found = [platform for platform in platforms if ONE_MACHINE.fullmatch(platform)]
    wanted = "an index takes manylinux or musllinux wheels, which cibuildwheel or auditwheel make"
    return [f"its platform tag {found[0]} fits only machines like this one: {wanted}"] if found else []


def _file_name_problems(
    filename: str, parse: Callable[[str], tuple[str, Version]], name: str, version: Version
) -> list[str]:
    try:
        found_name, found_version = parse(filename)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        return [f"its file name is not well formed: {error}"]
    problems = _disagreements("its file name", found_name, found_version, name, version)
    spelled = f"{canonicalize_name(name).replace('-', '_')}-{version}"
    if not problems and not filename.startswith((f"{spelled}-", f"{spelled}.tar.gz")):
        problems.append(f"its file name is not normalised: it has to begin with {spelled}")
    return problems


def _metadata_problems(metadata: str, file: str, name: str, version: Version) -> list[str]:
    from packaging.metadata import parse_email

    raw, _ = parse_email(metadata)
    found_name, found_version = raw.get("name"), raw.get("version")
    if not found_name or not found_version:
        return [f"its {file} has no name and version"]
    try:
        return _disagreements(f"its {file}", found_name, Version(found_version), name, version)
    except InvalidVersion:
        return [f"its {file} has a version that is none: {found_version!r}"]


def _disagreements(place: str, found_name: str, found_version: Version, name: str, version: Version) -> list[str]:
    problems = []
    if canonicalize_name(found_name) != canonicalize_name(name):
        problems.append(f"{place} names {found_name}, not {name}")
    if found_version != version:
        problems.append(f"{place} has version {found_version}, not {version}")
    return problems


def _member_problems(names: Sequence[str], *, tests_may: bool) -> list[str]:
    problems = []
    unsafe = [member for member in names if is_unsafe(member)]
    if unsafe:
        problems.append(f"members would be unpacked elsewhere: {_listed(repr(member) for member in unsafe)}")
    strays = stray_names(names, tests_may=tests_may)
    if strays:
        problems.append(f"it holds what nobody means to publish: {_listed(strays)}")
    files = [member for member in names if not member.endswith("/")]
    twice = sorted({member for member in files if files.count(member) > 1}) if len(set(files)) < len(files) else []
    if twice:
        problems.append(f"it holds members of the same name: {_listed(twice)}")
    return problems


def _listed(names: Iterable[str]) -> str:
    """Give names as an error lists them: the first few, and how many more."""
    ordered = sorted(names)
    more = f" and {len(ordered) - MOST_SHOWN} more" if len(ordered) > MOST_SHOWN else ""
    return ", ".join(ordered[:MOST_SHOWN]) + more
