"""release-please: its configuration of a manifest, or what its workflow or its app was told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from shipway.changelog.convention import Convention, Kind, Zero
from shipway.project.dialects.reading import Options, flag, read_json, read_text, table, word, words
from shipway.project.files import Find
from shipway.release.standing import BEGUN

CONFIG = "release-please-config.json"
MANIFEST = ".release-please-manifest.json"
CONFIGS = (CONFIG, f".github/{CONFIG}")
MANIFESTS = (MANIFEST, ".github/.release-please-manifest.json", ".github/release-please-manifest.json")
"""Where both are by themselves, and where workflows usually say that they are."""
APP = ".github/release-please.yml"
WORKFLOWS = tuple(
    f".github/workflows/{name}.{ending}"
    for name in ("release-please", "release", "publish", "ci", "main", "releases", "release_please", "cd", "python")
    for ending in ("yml", "yaml")
)
NAMED = r"(?m)^\s*config-file:\s*['\"]?([\w./-]+)"
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
FEATURES_ARE_PATCHES = "bump-patch-for-minor-pre-major"
ALWAYS = {"always-bump-patch": "patch", "always-bump-minor": "minor", "always-bump-major": "major"}


def find_release_please(find: Find, package: str = "") -> Convention | None:
    """Find what release-please would do; ``package`` is the path of one of several, None where it is not used."""
    source = next((name for name in CONFIGS if read_json(find, name)), "")
    workflows = [] if source else _workflows(find)
    source = (
        source or _told_elsewhere(find, workflows) or next((name for name in MANIFESTS if read_text(find, name)), "")
    )
    if not source:
        return _by_workflow(find, workflows)
    config = {} if source in MANIFESTS else read_json(find, source)
    found = _package(config, package)
    return _convention(*found, source, within=package) if found is not None else None


def _package(config: Options, package: str) -> tuple[dict[str, Any], str] | None:
    """Give the options and the path of what is released: the package that is asked for, the root, or the only one.

    None for a package that it does not release, neither by itself nor with the root.
    """
    packages = {_normal(path): path for path in table(config, "packages") or {}}
    if package and packages and package not in packages and "." not in packages:
        return None
    path = package if package in packages else "." if "." in packages or len(packages) != 1 else next(iter(packages))
    return {**config, **(table(table(config, "packages") or {}, packages.get(path, path)) or {})}, path


def _normal(path: str) -> str:
    return path.strip("/").removeprefix("./") or "."


def _convention(options: Options, path: str, source: str, *, within: str = "") -> Convention:
    """Give what a package's options say; ``within`` is the folder of the distribution that is asked about."""
    sections = _sections(options.get("changelog-sections"))
    if not sections:
        sections = PYTHON if word(options, "release-type", "python") == "python" else OTHERS
    folder = "" if path == "." else f"{path}/"
    return Convention(
        tool="release-please",
        source=source,
        kinds=_kinds(sections),
        other=None,
        breaking=Kind("major", BREAKING),
        sections=(BREAKING, *dict.fromkeys(title for _, title, _ in sections)),
        any_case=False,
        repeats=True,
        breaks_by_any=True,
        tells_asked=True,
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
        pre=_pre(options),
        file=f"{folder}{word(options, 'changelog-path', 'CHANGELOG.md')}",
        paths=_paths(path, words(options, "exclude-paths"), within),
    )


def _kinds(sections: Iterable[tuple[str, str, bool]]) -> dict[str, Kind]:
    """Give the kinds of its types. It shows a type in whatever case, but only in small letters is one a feature."""
    kinds: dict[str, Kind] = {}
    for name, title, hidden in sections:
        level = "minor" if name in ("feat", "feature") else "patch"
        for spelled in (name.capitalize(), name.upper(), name):
            kinds[spelled] = Kind(hidden=title) if hidden else Kind(level if spelled == name else "patch", title)
    return kinds


def _pre(options: Options) -> str:
    """Say which pre-releases it makes: those of a type, or only the next ones of what has been begun."""
    if word(options, "versioning") != "prerelease" or not flag(options, "prerelease", default=True):
        return ""
    return word(options, "prerelease-type") or BEGUN


def _sections(raw: object) -> tuple[tuple[str, str, bool], ...]:
    entries: Iterable[object] = raw if isinstance(raw, list) else ()
    return tuple(
        (word(one, "type"), word(one, "section"), flag(one, "hidden", default=False))
        for one in entries
        if isinstance(one, dict) and word(one, "type")
    )


def _zero(options: Options) -> Zero:
    """Say what breaks 0.x, without an option 1.0.0; features may be patches with either."""
    minor, patch = (flag(options, name, default=False) for name in ("bump-minor-pre-major", FEATURES_ARE_PATCHES))
    if minor:
        return "shifted" if patch else "minor"
    return "features" if patch else "major"


def _tag_format(options: Options) -> str:
    """Give the tags' form where the options alone tell it."""
    form = "v{version}" if flag(options, "include-v-in-tag", default=True) else "{version}"
    if not flag(options, "include-component-in-tag", default=True):
        return form
    component = word(options, "component") or word(options, "package-name")
    return f"{component}{word(options, 'tag-separator', '-')}{form}" if component else ""


def _paths(path: str, excluded: tuple[str, ...], within: str) -> tuple[str, ...]:
    """Give git's pathspecs of a package; of a distribution that is released with the root, the whole repository."""
    if path == "." and not excluded and not within:
        return ()
    return (f":(top){path}" if path != "." else ":(top)", *(f":(top,exclude){one}" for one in excluded))


def _workflows(find: Find) -> list[tuple[str, str]]:
    """Give the workflows that run it, each with its text."""
    texts = ((name, read_text(find, name)) for name in WORKFLOWS)
    return [(name, text) for name, text in texts if "release-please" in text]


def _told_elsewhere(find: Find, workflows: Iterable[tuple[str, str]]) -> str:
    """Give the configuration that a workflow names; "" for none that can be read."""
    named = (found[1] for _, text in workflows if (found := re.search(NAMED, text)))
    return next((name for name in named if read_json(find, name)), "")


def _by_workflow(find: Find, workflows: Iterable[tuple[str, str]]) -> Convention | None:
    app = read_text(find, APP)
    if app:
        return _convention(_plain_options(app), ".", APP)
    for name, text in workflows:
        if re.search(r"^\s*(?:release-type|command):", text, re.MULTILINE):
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
    "prerelease-type",
    "changelog-path",
    "include-v-in-tag",
    "include-component-in-tag",
)


def _dashed(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f"-{found[1].lower()}", name)
