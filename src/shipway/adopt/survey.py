"""A survey of the release tools that a repository has: what they say, and what is taken over from them."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipway.adopt.proposal import read_present
from shipway.project.pyproject import find_table, parse_toml, read_pyproject

PLACEHOLDERS = re.compile(r"\{new_version\}|\$\{?version\}?")
"""How bump-my-version and commitizen write the version in a tag."""
TARGET = re.compile(r"^([a-z][a-z0-9_-]*):", re.MULTILINE)


@dataclass(frozen=True)
class Remark:
    """What one tool says; ``key`` and ``value`` are what ``[tool.shipway]`` takes over, empty for nothing."""

    source: str
    says: str
    key: str = ""
    value: str = ""


def survey(root: Path) -> list[Remark]:
    """Read every tool's configuration; a file that cannot be read is said, and nothing is taken from it."""
    readers = (_release_please, _semantic_release, _commitizen, _bump_my_version, _tox, _makefile)
    return [remark for reader in readers for remark in reader(root)]


def _release_please(root: Path) -> Iterator[Remark]:
    name = "release-please-config.json"
    text = read_present(root, name)
    if text is None:
        return
    try:
        document = json.loads(text)
    except ValueError:
        yield Remark(name, "cannot be read as JSON; nothing is taken from it")
        return
    packages = document.get("packages", {}) if isinstance(document, dict) else {}
    options = {**document, **packages.get(".", {})} if isinstance(packages, dict) else {}
    if options.get("include-v-in-tag") is False:
        yield Remark(name, "tags without a v", "tag-format", "{version}")
    component = str(options.get("component") or options.get("package-name") or "")
    if options.get("include-component-in-tag") and component:
        yield Remark(name, f"tags begin with {component}", "tag-format", f"{component}-v{{version}}")
    yield Remark(name, "conventional commits are the changelog", "changelog", "conventional")


def _semantic_release(root: Path) -> Iterator[Remark]:
    table = find_table(read_pyproject(root), "tool", "semantic_release")
    if table is None:
        return
    name = "[tool.semantic_release]"
    yield from _tag_format(name, str(table.get("tag_format", "")))
    branch = (find_table(table, "branches", "main") or {}).get("match")
    if isinstance(branch, str) and re.fullmatch(r"[\w./-]+", branch) and branch != "main":
        yield Remark(name, f"releases are made from {branch}", "branch", branch)
    yield Remark(name, "conventional commits are the changelog", "changelog", "conventional")


def _commitizen(root: Path) -> Iterator[Remark]:
    table = find_table(read_pyproject(root), "tool", "commitizen")
    if table is None:
        return
    name = "[tool.commitizen]"
    yield from _tag_format(name, PLACEHOLDERS.sub("{version}", str(table.get("tag_format", ""))))
    if table.get("name", "cz_conventional_commits") == "cz_conventional_commits":
        yield Remark(name, "conventional commits are the changelog", "changelog", "conventional")


def _bump_my_version(root: Path) -> Iterator[Remark]:
    pyproject = find_table(read_pyproject(root), "tool", "bumpversion")
    if pyproject is not None:
        yield from _bumped("[tool.bumpversion]", pyproject)
    own = read_present(root, ".bumpversion.toml")
    if own is not None:
        yield from _bumped(".bumpversion.toml", find_table(parse_toml(own, ".bumpversion.toml"), "tool", "bumpversion"))
    for name in (".bumpversion.cfg", "setup.cfg"):
        text = read_present(root, name)
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(text or "")
        except configparser.Error:
            yield Remark(name, "cannot be read; nothing is taken from it")
            continue
        if parser.has_section("bumpversion"):
            yield from _bumped(name, dict(parser["bumpversion"]))


def _bumped(source: str, table: Mapping[str, Any] | None) -> Iterator[Remark]:
    if table is None:
        return
    yield from _tag_format(source, PLACEHOLDERS.sub("{version}", str(table.get("tag_name", ""))))
    yield Remark(source, "its list of files is not taken over: only the version source is written")


def _tox(root: Path) -> Iterator[Remark]:
    for name in ("tox.ini", "tox.toml"):
        if read_present(root, name) is not None:
            yield Remark(name, "stays; the sessions do not call it")


def _makefile(root: Path) -> Iterator[Remark]:
    text = read_present(root, "Makefile")
    targets = [name for name in TARGET.findall(text or "") if name in ("test", "tests", "lint", "release", "publish")]
    if targets:
        yield Remark("Makefile", f"stays, with {', '.join(targets)}; the sessions do not call it")


def _tag_format(source: str, form: str) -> Iterator[Remark]:
    """Take over a tag's form, where it has the version in it and is not the usual one."""
    if form.count("{version}") == 1 and form != "v{version}":
        yield Remark(source, f"tags are {form}", "tag-format", form)
