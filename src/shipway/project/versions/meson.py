"""A version that meson-python reads: the one in ``project()`` of ``meson.build``."""

from __future__ import annotations

import re
from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import find_table
from shipway.project.versions.contract import VersionSource, require_inside
from shipway.project.versions.written import Place, WrittenVersion
from shipway.release.outcomes import ConfigurationError

FILE = "meson.build"
CALL = re.compile(r"^[ \t]*project[ \t]*\(", re.MULTILINE)
TOKEN = re.compile(
    r"#[^\n]*|'''.*?'''|(?P<key>\bversion\b\s*:\s*)?'(?P<text>(?:[^'\\\n]|\\.)*)'"
    r"|\bversion\b\s*:\s*(?P<files>files\s*\(\s*'(?P<file>[^'\n]+)'\s*\))|(?P<open>[(\[])|(?P<close>[)\]])",
    re.DOTALL,
)

PRINTED = re.compile(r"\bversion\b\s*:\s*run_command\s*\(\s*\[?\s*(?:'python3?'\s*,\s*)?'(?P<script>[\w./-]+\.py)'")


def find_meson(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find the version in ``meson.build``; `ConfigurationError` where it is computed."""
    if (find_table(pyproject, "build-system") or {}).get("build-backend") != "mesonpy":
        return None
    text = find(FILE)
    place = _in_call(text, find) if text is not None else None
    script = _script(text) if text is not None and place is None else ""
    if script:
        return _printed(script, find)
    if place is None:
        what = f"{FILE} has no version that is a plain text" if text is not None else f"{FILE} is not there"
        remedy = f"write version: '1.2.3' into project() of {FILE}, or version = \"1.2.3\" under [project]"
        raise ConfigurationError(what, why="the version is dynamic, and meson-python reads it there", remedy=remedy)
    return WrittenVersion("meson", place.written, (place,))


def _script(text: str) -> str:
    """Give the program of the project that prints the version; "" for none."""
    call = CALL.search(text)
    found = PRINTED.search(text, call.end()) if call else None
    return found["script"] if found else ""


def _printed(script: str, find: Find) -> VersionSource | None:
    """Give the version of the package that a program is in, which prints it; None where that has none in plain."""
    from shipway.project.versions.setup_py import find_inside

    parts = require_inside(script, f"version in {FILE}").split("/")[:-1]
    for depth in range(len(parts), 0, -1):
        found = find_inside("/".join(parts[:depth]), find)
        if found is not None:
            return WrittenVersion("meson", found.told, found.places, f"printed by {script} for {FILE}")
    return None


def _in_call(text: str, find: Find) -> Place | None:
    """Find the argument within the call, past comments and other texts."""
    call, depth = CALL.search(text), 1
    for token in TOKEN.finditer(text, call.end()) if call else ():
        depth += bool(token["open"]) - bool(token["close"])
        if depth == 0:
            return None
        if depth == 1 and token["key"]:
            return Place(FILE, text, *token.span("text"), "version of project()")
        if depth == 1 and token["files"]:
            path = require_inside(token["file"], f"version in {FILE}")
            held = find(path) or ""
            start = len(held) - len(held.lstrip())
            return Place(path, held, start, start + len(held.strip()), f"version of project() in {FILE}")
    return None
