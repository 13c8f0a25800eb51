"""The files that other release tools are told to write the version into, and where they note it themselves.

bump-my-version and bump2version, bumpver, commitizen, python-semantic-release, tbump, release-please. What they name
is kept in step; what cannot be understood of it is left alone, for it is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table, parse_toml
from shipway.project.version_files import VERSION, Named
from shipway.project.versions.contract import require_inside
from shipway.project.versions.ini import SETUP_CFG, Ini, find_value, parse_ini
from shipway.project.versions.json_text import parse_json
from shipway.release.outcomes import ConfigurationError

MANIFESTS = (
    ".release-please-manifest.json",
    ".github/.release-please-manifest.json",
    ".github/release-please-manifest.json",
)
RELEASE_PLEASE = ("release-please-config.json", ".github/release-please-config.json")
BLOCK = ("x-release-please-start-version", "x-release-please-end")
PLACEHOLDER = re.compile(r"\{current_version\}")
ASSIGNED = r"[\"']?\b{name}\b[\"']?[ \t]*(?::=|[:=])[ \t]*[\"']?v?(?P<version>{version})[\"']?"
"""What python-semantic-release takes for a variable with a version."""
MOST_NAMED = 100


def named_by_tools(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    """Give every file that one of the tools names, those that are paths of the project."""
    readers = (_bump_my_version, _bump2version, _commitizen, _semantic_release, _bumpver, _tbump, _release_please)
    count = 0
    for read in readers:
        with suppress(ConfigurationError, LookupError, TypeError, AttributeError):
            for named in read(pyproject, find):
                count += 1
                path = _inside(named.path)
                if path and count <= MOST_NAMED:
                    yield replace(named, path=path)


def _tables(pyproject: dict[str, Any], find: Find, tool: str, *files: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the tables of a tool, each with its file."""
    texts = [(file, find(file)) for file in files]
    documents = [(PYPROJECT, pyproject), *((file, parse_toml(text, file)) for file, text in texts if text is not None)]
    for file, document in documents:
        table = find_table(document, "tool", tool)
        if table is not None:
            yield file, table


def _bump_my_version(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    for file, table in _tables(pyproject, find, "bumpversion", ".bumpversion.toml"):
        by = f"[tool.bumpversion] in {file}"
        if isinstance(table.get("current_version"), str):
            yield Named(file, f"{by}, current_version", keys=("tool", "bumpversion", "current_version"), note=True)
        general = table.get("search", "{current_version}")
        for entry in table.get("files", []):
            if isinstance(entry, dict) and isinstance(entry.get("filename"), str):
                if isinstance(entry.get("key_path"), str):
                    yield Named(entry["filename"], by, keys=tuple(entry["key_path"].split(".")))
                elif not entry.get("regex", table.get("regex")):
                    yield from _searched(entry["filename"], str(entry.get("search", general)), by)


def _bump2version(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    del pyproject
    for file in (".bumpversion.cfg", SETUP_CFG):
        text = find(file)
        ini: Ini = parse_ini(text, file) if text is not None else {}
        if text is None or "bumpversion" not in ini:
            continue
        current = ini["bumpversion"].get("current_version", "")
        if current and find_value(text, "bumpversion", "current_version", current):
            pattern = rf"(?s:\[bumpversion\][^\[]*?^current_version[ \t]*[=:][ \t]*)(?P<version>{VERSION})"
            yield Named(file, f"[bumpversion] in {file}, current_version", pattern=pattern, note=True)
        for section, values in ini.items():
            named = re.fullmatch(r"bumpversion:file(?:\(.*\))?:(.+)", section)
            if named:
                yield from _searched(named[1].strip(), values.get("search", "{current_version}"), f"[{section}]")


def _searched(path: str, search: str, by: str) -> Iterator[Named]:
    """Give a file and the text around the version there; one without the version is about something else."""
    parts = PLACEHOLDER.split(search)
    if search == "{current_version}":
        yield Named(path, by)
    elif len(parts) > 1:
        rest = "".join(f"{VERSION}{re.escape(part)}" for part in parts[2:])
        yield Named(path, by, pattern=f"{re.escape(parts[0])}(?P<version>{VERSION}){re.escape(parts[1])}{rest}")


def _commitizen(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    for file, table in _tables(pyproject, find, "commitizen", ".cz.toml", "cz.toml"):
        by = f"[tool.commitizen] in {file}"
        if isinstance(table.get("version"), str) and table.get("version_provider", "commitizen") == "commitizen":
            yield Named(file, f"{by}, version", keys=("tool", "commitizen", "version"), note=True)
        for item in table.get("version_files", []):
            path, _, lines = str(item).partition(":")
            yield Named(path.strip(), f"{by}, version_files", lines=lines.strip())


def _semantic_release(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    for file, table in [*_tables(pyproject, find, "semantic_release"), *_old_semantic_release(find)]:
        by = f"[tool.semantic_release] in {file}"
        toml, variables = (
            table.get("version_toml", []),
            table.get("version_variables", table.get("version_variable", [])),
        )
        for item in toml.split(",") if isinstance(toml, str) else toml:
            path, keys = str(item).split(":")[:2]
            yield Named(path.strip(), f"{by}, version_toml", keys=tuple(keys.strip().split(".")))
        for item in variables.split(",") if isinstance(variables, str) else variables:
            path, variable = str(item).split(":")[:2]
            pattern = ASSIGNED.format(name=re.escape(variable.strip()), version=VERSION)
            yield Named(path.strip(), f"{by}, version_variables", pattern=pattern)


def _old_semantic_release(find: Find) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the section that python-semantic-release had in ``setup.cfg``."""
    text = find(SETUP_CFG)
    section = parse_ini(text, SETUP_CFG).get("semantic_release") if text is not None else None
    if section is not None:
        yield SETUP_CFG, dict(section)


def _bumpver(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    for file, table in _tables(pyproject, find, "bumpver"):
        by = f"[tool.bumpver] in {file}"
        if isinstance(table.get("current_version"), str):
            yield Named(file, f"{by}, current_version", keys=("tool", "bumpver", "current_version"), note=True)
        for path, patterns in (table.get("file_patterns") or {}).items():
            for pattern in patterns:
                search = re.sub(r"\{(?:pep440_)?version\}", "{current_version}", str(pattern))
                yield from _searched(path, search, by)


def _tbump(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    text = find("tbump.toml")
    own = parse_toml(text, "tbump.toml") if text is not None else {}
    for file, table, keys in (
        (PYPROJECT, find_table(pyproject, "tool", "tbump") or {}, ("tool", "tbump", "version", "current")),
        ("tbump.toml", own, ("version", "current")),
    ):
        if isinstance((find_table(table, "version") or {}).get("current"), str):
            yield Named(file, f"tbump in {file}, current", keys=keys, note=True)
        for entry in table.get("file", []):
            if isinstance(entry, dict) and isinstance(entry.get("src"), str):
                yield from _searched(entry["src"], str(entry.get("search", "{current_version}")), f"tbump in {file}")


def _release_please(pyproject: dict[str, Any], find: Find) -> Iterator[Named]:
    del pyproject
    for manifest in MANIFESTS:
        text = find(manifest)
        if text is not None and "." in _object(manifest, text):
            yield Named(manifest, manifest, keys=(".",), note=True)
    name = next((one for one in RELEASE_PLEASE if find(one) is not None), "")
    options = _object(name, find(name) or "") if name else {}
    package = (options.get("packages") or {}).get(".") or {}
    for item in package.get("extra-files", options.get("extra-files", [])):
        entry = item if isinstance(item, dict) else {"path": item}
        path, place = str(entry.get("path", "")), str(entry.get("jsonpath", ""))
        if re.fullmatch(r"\$(?:\.[\w-]+)+", place) and path.endswith((".json", ".toml")):
            yield Named(path, name, keys=tuple(place.split(".")[1:]))
        elif path and not place and not entry.get("xpath") and not entry.get("glob"):
            yield Named(path, name, lines="x-release-please-version", block=BLOCK)


def _object(file: str, text: str) -> dict[str, Any]:
    """Parse a JSON object; empty for what is none."""
    document = parse_json(file, text)
    return document if isinstance(document, dict) else {}


def _inside(path: str) -> str:
    """Give a path of the project in one spelling; "" for any other."""
    try:
        return require_inside(path, "a file's path")
    except ConfigurationError:
        return ""
