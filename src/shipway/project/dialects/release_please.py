"""release-please: its configuration of a manifest, or what its workflow or its app was told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from shipway.changelog.convention import Convention, Kind, Zero
from shipway.project.dialects.reading import Options, flag, read_json, read_text, table, word, words
from shipway.project.files import Find

CONFIG = "release-please-config.json"
MANIFEST = ".release-please-manifest.json"
APP = ".github/release-please.yml"
WORKFLOWS = tuple(
    f".github/workflows/{name}.{ending}"
    for name in ("release-please", "release", "publish", "ci", "main", "releases", "release_please", "cd", "python")
    for ending in ("yml", "yaml")
)
BREAKING = "\u26a0 BREAKING CHANGES"
PYTHON = (
    ("feat", "Features", False),
    ("fix", "Bug Fixes", False),
    ("perf", "Performance Improvements", False),
    ("deps", "Dependencies", False),
    ("revert", "Reverts", False),
    ("docs", "Documentation", False),
    ("style", "Styles", True),
    ("chore", "Miscellaneous Chores", True),
    ("refactor", "Code Refactoring", True),
    ("test", "Tests", True),
    ("build", "Build System", True),
    ("ci", "Continuous Integration", True),
)
"""What it shows of Python projects where it is told nothing: type, title, and whether it is hidden."""
OTHERS = tuple((word, title, hidden or word == "docs") for word, title, hidden in PYTHON if word != "deps")
"""What it shows of projects of other kinds."""
ALWAYS = {"always-bump-patch": "patch", "always-bump-minor": "minor", "always-bump-major": "major"}


def find_release_please(find: Find, package: str = "") -> Convention | None:
    """Find what release-please would do; ``package`` is the path of one of several, None where it is not used."""
    config = read_json(find, CONFIG)
    if config or read_text(find, MANIFEST):
        path, options = _package(config, package)
        return _convention(options, path, CONFIG if config else MANIFEST)
    return _by_workflow(find)


def _package(config: Options, package: str) -> tuple[str, dict[str, Any]]:
    """Give the path and the options of a package: the one that is asked for, the root's, or the only one."""
    packages = table(config, "packages") or {}
    path = package if package in packages else "." if "." in packages or len(packages) != 1 else next(iter(packages))
    return path, {**config, **(table(packages, path) or {})}


def _convention(options: Options, path: str, source: str) -> Convention:
    sections = _sections(options.get("changelog-sections"))
    if not sections:
        sections = PYTHON if word(options, "release-type", "python") == "python" else OTHERS
    shown = Kind("minor"), Kind("patch")
    kinds = {
        name: Kind(hidden=title) if hidden else Kind(shown[name not in ("feat", "feature")].level, title)
        for name, title, hidden in sections
    }
    folder = "" if path == "." else f"{path.strip('/')}/"
    return Convention(
        tool="release-please",
        source=source,
        kinds=kinds,
        other=None,
        breaking=Kind("major", BREAKING),
        sections=(BREAKING, *dict.fromkeys(title for _, title, _ in sections)),
        any_case=False,
        repeats=True,
        squash="paragraphs",
        cancels=False,
        merges=True,
        unique=False,
        order="sorted",
        fallback="",
        always=ALWAYS.get(word(options, "versioning"), ""),
        zero=_zero(options),
        tag_format=_tag_format(options),
        asked=word(options, "release-as"),
        pre=word(options, "prerelease-type", "rc") if word(options, "versioning") == "prerelease" else "",
        file=f"{folder}{word(options, 'changelog-path', 'CHANGELOG.md')}",
        paths=_paths(path, words(options, "exclude-paths")),
    )


def _sections(raw: object) -> tuple[tuple[str, str, bool], ...]:
    entries: Iterable[object] = raw if isinstance(raw, list) else ()
    return tuple(
        (word(one, "type"), word(one, "section"), flag(one, "hidden", default=False))
        for one in entries
        if isinstance(one, dict) and word(one, "type")
    )


def _zero(options: Options) -> Zero:
    """Say what breaks 0.x; without an option it is 1.0.0."""
    if not flag(options, "bump-minor-pre-major", default=False):
        return "major"
    return "shifted" if flag(options, "bump-patch-for-minor-pre-major", default=False) else "minor"


def _tag_format(options: Options) -> str:
    """Give the tags' form where the options alone tell it."""
    form = "v{version}" if flag(options, "include-v-in-tag", default=True) else "{version}"
    if not flag(options, "include-component-in-tag", default=True):
        return form
    component = word(options, "component") or word(options, "package-name")
    return f"{component}{word(options, 'tag-separator', '-')}{form}" if component else ""


def _paths(path: str, excluded: tuple[str, ...]) -> tuple[str, ...]:
    """Give git's pathspecs of a package."""
    if path == "." and not excluded:
        return ()
    return (f":(top){path.strip('/')}" if path != "." else ":(top)", *(f":(top,exclude){one}" for one in excluded))


def _by_workflow(find: Find) -> Convention | None:
    app = read_text(find, APP)
    if app:
        return _convention(_plain_options(app), ".", APP)
    for name in WORKFLOWS:
        text = read_text(find, name)
        if "release-please" in text and re.search(r"^\s*(?:release-type|command):", text, re.MULTILINE):
            return _convention(_plain_options(text), ".", name)
    return None


OPTION = re.compile(r"^\s*-?\s*([A-Za-z-]+):\s*['\"]?([^'\"#\n]+?)['\"]?\s*(?:#.*)?$", re.MULTILINE)
TYPES = re.compile(r"changelog-types:\s*(?:[|>]-?\s*)?['\"]?(\[.*?\])['\"]?\s*$", re.MULTILINE | re.DOTALL)


def _plain_options(text: str) -> dict[str, Any]:
    """Give the options of a YAML file that are one word each, by their names in the configuration's spelling."""
    options: dict[str, Any] = {_dashed(name): value for name, value in OPTION.findall(text)}
    options = {name: options[name] for name in KNOWN if name in options}
    found = TYPES.search(text)
    if found:
        import json

        with suppress(ValueError):
            options["changelog-sections"] = json.loads(found[1])
    return options


KNOWN = (
    "release-type",
    "package-name",
    "component",
    "bump-minor-pre-major",
    "bump-patch-for-minor-pre-major",
    "versioning",
    "release-as",
    "prerelease",
    "changelog-path",
    "include-v-in-tag",
    "include-component-in-tag",
)


def _dashed(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f"-{found[1].lower()}", name)
