"""git-changelog: its table, in any of its files, or what the tasks of a project tell it."""

from __future__ import annotations

import re
from typing import Any

from shipway.changelog.commits import parse_change
from shipway.changelog.convention import Convention, Kind, Reader, Told, issues_of
from shipway.project.dialects.reading import Options, flag, read_text, read_toml, read_tool, word, words
from shipway.project.files import Find

FILES = (".git-changelog.toml", "config/git-changelog.toml", ".config/git-changelog.toml")
TASKS = "duties.py"
"""Where projects run it that configure it nowhere."""
ANGULAR = {
    "build": "Build",
    "chore": "Chore",
    "ci": "Continuous Integration",
    "deps": "Dependencies",
    "doc": "Docs",
    "docs": "Docs",
    "feat": "Features",
    "fix": "Bug Fixes",
    "perf": "Performance Improvements",
    "ref": "Code Refactoring",
    "refactor": "Code Refactoring",
    "revert": "Reverts",
    "style": "Style",
    "test": "Tests",
    "tests": "Tests",
}
USUAL = ("feat", "fix", "revert", "refactor", "perf")
BASIC = {
    "add": "Added",
    "fix": "Fixed",
    "change": "Changed",
    "remove": "Removed",
    "merge": "Merged",
    "doc": "Documented",
}
BASIC_USUAL = ("add", "fix", "change", "remove")
BREAKS = re.compile(r"(?im)^break(?:s|ing changes?)?[ :].+$")
ALL = ":all:"


def find_git_changelog(find: Find) -> Convention | None:
    """Find what git-changelog would do; None where it is not used."""
    options = read_tool(find, "git-changelog")
    if options is not None:
        return _convention(options, "[tool.git-changelog]")
    for name in FILES:
        if found := read_toml(find, name):
            return _convention(found, name)
    tasks = read_text(find, TASKS)
    return _convention(_told(tasks), TASKS) if re.search(r"\bgit[_-]changelog\b", tasks) else None


def _told(tasks: str) -> dict[str, Any]:
    """Give the options that a call has; those who write no convention there mean the one that all of them use."""
    listed = re.search(r"\bsections\s*=\s*[\[(]([^\])]*)", tasks)
    style = re.search(r"\b(?:convention|style)\s*=\s*[\"'](\w+)", tasks)
    sections = re.findall(r"[\"']([\w:]+)[\"']", listed[1]) if listed else ["build", "deps", "feat", "fix", "refactor"]
    return {"sections": sections, "convention": style[1] if style else "angular"}


def _convention(options: Options, source: str) -> Convention:
    is_basic = word(options, "convention", "basic") == "basic"
    titles = BASIC if is_basic else ANGULAR
    asked = words(options, "sections", BASIC_USUAL if is_basic else USUAL)
    shown = dict.fromkeys(titles[one] for one in (titles if ALL in asked else asked) if one in titles)
    return Convention(
        tool="git-changelog",
        source=source,
        breaking=Kind("major"),
        sections=tuple(shown),
        cancels=False,
        merges=True,
        order="sorted",
        zero="minor" if flag(options, "zerover", default=True) else "major",
        file=word(options, "output"),
        reader=_reader(titles, frozenset(shown), "add" if is_basic else "feat", is_basic=is_basic),
    )


def _reader(titles: dict[str, str], shown: frozenset[str], minor: str, *, is_basic: bool) -> Reader:
    """Give the reader; anything that is committed is at least a patch."""
    subject_of = re.compile(rf"({'|'.join(titles)})", re.IGNORECASE) if is_basic else None

    def read(message: str) -> tuple[Told, ...]:
        text = message.strip("\ufeff \t\r\n")
        subject = text.partition("\n")[0].strip()
        change = None if subject_of else parse_change(text, any_case=False)
        found = subject_of.match(subject) if subject_of else None
        kind = found[1].lower() if found else change.type if change else ""
        breaks = BREAKS.search(text) is not None or (change is not None and change.is_breaking)
        level = "major" if breaks else "minor" if kind == minor else "patch"
        section = titles.get(kind, "")
        why = "breaking" if breaks else kind or "any commit is a patch"
        scope, told = (change.scope, change.description) if change and section else ("", subject)
        issues = issues_of(change) if change else ()
        return (
            Told(
                why if breaks else kind or "other",
                level,
                why,
                section if section in shown else "",
                scope,
                told,
                issues=issues,
            ),
        )

    return read
