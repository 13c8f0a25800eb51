"""semantic-release and standard-version, which come from npm: their files, as far as they are JSON."""

from __future__ import annotations

import re
from typing import Any

from shipway.changelog.convention import LEVELS, Convention, Kind, Zero
from shipway.project.dialects.reading import Options, flag, is_there, read_json, read_text, table, word
from shipway.project.files import Find

SEMANTIC = (".releaserc", ".releaserc.json", "package.json")
SEMANTIC_OTHERS = (".releaserc.yaml", ".releaserc.yml", ".releaserc.js", "release.config.js", "release.config.cjs")
"""Where semantic-release may be configured, but not in JSON: it counts as it is by itself then."""
STANDARD = (".versionrc", ".versionrc.json", ".versionrc.js")
BREAKING = "\u26a0 BREAKING CHANGES"
TITLES = {"feat": "Features", "fix": "Bug Fixes", "perf": "Performance Improvements", "revert": "Reverts"}
ANALYZER = "@semantic-release/commit-analyzer"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def find_npm(find: Find) -> Convention | None:
    """Find what the one or the other would do; None where neither is configured."""
    for name in STANDARD:
        if is_there(find, name):
            return _standard(read_json(find, name), name)
    for name in SEMANTIC:
        found = read_json(find, name)
        options = table(found, "release") if name == "package.json" else found
        if options or (name != "package.json" and read_text(find, name)):
            return _semantic(options or {}, name)
    return next((_semantic({}, name) for name in SEMANTIC_OTHERS if is_there(find, name)), None)


def _semantic(options: Options, source: str) -> Convention:
    kinds = {one: Kind("minor" if one == "feat" else "patch", title) for one, title in TITLES.items()}
    for one, level in _rules(options).items():
        kinds[one] = Kind(level, TITLES.get(one, ""))
    return _convention("semantic-release", source, kinds, fallback="", zero="major")


def _rules(options: Options) -> dict[str, str]:
    """Give the levels that the configuration has for types; "" for those that make no release."""
    plugins = options.get("plugins")
    pairs = [one for one in plugins if isinstance(one, list) and len(one) == 2] if isinstance(plugins, list) else []
    own: dict[str, Any] = next((two for one, two in pairs if one == ANALYZER and isinstance(two, dict)), {})
    rules = own.get("releaseRules")
    plain = (
        [one for one in rules if isinstance(one, dict) and one.keys() <= {"type", "release"}]
        if isinstance(rules, list)
        else []
    )
    levels = {word(one, "type"): word(one, "release") for one in plain if NAME.fullmatch(word(one, "type"))}
    return {one: level if level in LEVELS else "" for one, level in levels.items()}


def _standard(options: Options, source: str) -> Convention:
    kinds = {one: Kind("minor" if one == "feat" else "patch", TITLES[one]) for one in ("feat", "fix")}
    raw = options.get("types")
    for one in raw if isinstance(raw, list) else ():
        name = word(one, "type") if isinstance(one, dict) else ""
        if name:
            title = "" if flag(one, "hidden", default=False) else word(one, "section")
            kinds[name] = Kind("minor" if name == "feat" else "patch" if title else "", title)
    return _convention("standard-version", source, kinds, fallback="patch", zero="shifted")


def _convention(tool: str, source: str, kinds: dict[str, Kind], *, fallback: str, zero: Zero) -> Convention:
    titles = dict.fromkeys(kind.section for kind in kinds.values() if kind.section)
    return Convention(
        tool=tool,
        source=source,
        kinds=kinds,
        other=Kind(),
        breaking=Kind("major", BREAKING),
        sections=(BREAKING, *titles),
        any_case=False,
        repeats=True,
        order="sorted",
        fallback=fallback,
        zero=zero,
    )
