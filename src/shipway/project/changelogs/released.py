"""Whether a version that a changelog names is out already: by the tags in the history, or by all there were then."""

from __future__ import annotations

import re

from packaging.version import Version

from shipway.changelog.headings import VERSION
from shipway.changelog.outline import Section
from shipway.world.git import Git


def is_tagged(git: Git, section: Section, since: str | None = None) -> bool:
    """Tell whether a tag names a section's version: in HEAD's history, or at the commit of the last release."""
    names = _spellings(section)
    asked = [("--merged", "HEAD"), *([("--points-at", since)] if since else [])]
    return any(
        _names(tag, names)
        for words in asked
        for tag in git.run("tag", *words, "--list", *_patterns(names), check=False).stdout.split()
    )


def is_out(git: Git, section: Section) -> bool:
    """Tell whether a tag that is no younger than HEAD names a section's version, wherever it leads."""
    names = _spellings(section)
    return any(_names(tag, names) for tag in _older(git, _patterns(names)))


def is_version_out(git: Git, version: Version) -> bool:
    """Tell whether a tag that is no younger than HEAD names a version, as it is spelled by rule."""
    names = [str(version)]
    return any(_names(tag, names) for tag in _older(git, _patterns(names)))


def had_candidates(git: Git, version: Version) -> bool:
    """Tell whether a version had candidates that were tagged before HEAD was made."""
    return any(
        re.search(rf"(?:^|[^0-9.]){re.escape(str(version))}[-.]?rc", tag) for tag in _older(git, [f"*{version}*"])
    )


def _older(git: Git, patterns: list[str]) -> list[str]:
    """Give the tags that are like some patterns, of commits in HEAD's history or before its day."""
    head = git.run("log", "-1", "--format=%ct", "HEAD", check=False).stdout.strip()
    form = "--format=%(refname:short) %(creatordate:unix)"
    told = git.run("tag", "--list", form, *patterns, check=False).stdout.splitlines()
    dated = [line.rpartition(" ") for line in told]
    before = [tag for tag, _, day in dated if day.isdecimal() and head.isdecimal() and int(day) <= int(head)]
    return before + git.run("tag", "--merged", "HEAD", "--list", *patterns, check=False).stdout.split()


def _spellings(section: Section) -> list[str]:
    spelled = {str(section.version)}
    spelled |= {found[1].rstrip(".-_") for found in VERSION.finditer(section.heading.title) if "." in found[1]}
    return sorted(spelled | {name.replace(".", mark) for name in spelled for mark in "-_"})


def _patterns(names: list[str]) -> list[str]:
    return [f"*{name}" for name in names if re.fullmatch(r"[0-9A-Za-z._+!-]+", name)]


def _names(tag: str, names: list[str]) -> bool:
    return any(re.search(rf"(?:^|[^0-9.]){re.escape(name)}$", tag) for name in names)
