"""commitizen: its table, in any of its files, and its rules: patterns for bumps and for the changelog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shipway.changelog.convention import LEVELS, Convention, Kind, Told
from shipway.changelog.style import read_style
from shipway.project.dialects.reading import (
    Options,
    compiled,
    flag,
    read_ini,
    read_json,
    read_text,
    read_toml,
    read_tool,
    table,
    word,
    words,
)
from shipway.project.files import Find

PATTERN = r"^((BREAKING[\-\ ]CHANGE|\w+)(\(.+\))?!?):"
MAP = {
    r"^.+!$": "MAJOR",
    r"^BREAKING[\-\ ]CHANGE": "MAJOR",
    r"^feat": "MINOR",
    r"^fix": "PATCH",
    r"^refactor": "PATCH",
    r"^perf": "PATCH",
}
PARSER = (
    r"^((?P<change_type>TYPES|BREAKING CHANGE)(?:\((?P<scope>[^()\r\n]*)\)|\()?(?P<breaking>!)?|\w+!):"
    r"\s(?P<message>.*)?"
)
TITLES = {"feat": "Feat", "fix": "Fix", "refactor": "Refactor", "perf": "Perf"}
ORDER = ("BREAKING CHANGE", "Feat", "Fix", "Refactor", "Perf")
CONVENTIONAL = "cz_conventional_commits"
CUSTOM = "cz_customize"
PLACEHOLDER = re.compile(r"\$\{?version\}?")
BUMPS = ("version", "version_provider", "version_files", "update_changelog_on_bump", "bump_message", "tag_format")
"""What nobody sets who only checks messages with it."""


@dataclass(frozen=True)
class Rules:
    """How messages are read: what makes a bump, and what the changelog shows."""

    bump: re.Pattern[str]
    levels: tuple[tuple[re.Pattern[str], str], ...]
    shown: re.Pattern[str]
    subject: re.Pattern[str]
    block: re.Pattern[str]
    titles: dict[str, str]

    def read(self, message: str) -> tuple[Told, ...]:
        """Read a message: every line for the bump, the subject and each paragraph for the changelog."""
        text = message.replace("\r\n", "\n").strip("\ufeff \t\n")
        level, by = self._level(text.split("\n"))
        subject, _, body = text.partition("\n")
        entries = list(self._entries(text, body.strip("\n"))) if self.shown.match(text) else []
        if not by and not entries:
            return ()
        first = entries.pop(0) if entries else Told(by)
        kind = "breaking" if level == "major" else first.kind or by
        why = by or f"is matched by no bump: {subject[:40]}"
        return (Told(kind, level, why, first.section, first.scope, first.text), *entries)

    def _level(self, lines: Iterable[str]) -> tuple[str, str]:
        """Give the highest level of the lines, and what told it."""
        best, by = "", ""
        for line in lines:
            found = self.bump.search(line)
            told = (found[1] if self.bump.groups else found[0]) if found else None
            if told is None:
                continue
            level = next((level for pattern, level in self.levels if pattern.match(told)), "")
            if not by or LEVELS.index(level) > LEVELS.index(best):
                best, by = level, told
        return best, by

    def _entries(self, text: str, body: str) -> Iterator[Told]:
        found = [self.subject.match(text), *(self.block.match(block) for block in body.split("\n\n") if body)]
        for one in found:
            if one is None:
                continue
            parts = one.groupdict()
            kind = parts.get("change_type") or ""
            title = self.titles.get(kind, kind) or ("BREAKING CHANGE" if parts.get("breaking") or "!" in one[0] else "")
            message = (parts.get("message") or "").strip()
            if message:
                yield Told(kind, "", "", title or "Changes", (parts.get("scope") or "").strip(), message)


def find_commitizen(find: Find) -> Convention | None:
    """Find what commitizen would do; None where it is not configured."""
    for source, options in _configurations(find):
        if options is not None:
            return _convention(options, source, find)
    return None


def is_bumping(convention: Convention, find: Find) -> bool:
    """Whether commitizen makes the releases, rather than checking messages for another tool."""
    options = next((one for source, one in _configurations(find) if source == convention.source and one), {})
    return any(name in options for name in BUMPS)


def _configurations(find: Find) -> Iterator[tuple[str, dict[str, Any] | None]]:
    yield "[tool.commitizen]", read_tool(find, "commitizen")
    for name in (".cz.toml", "cz.toml"):
        yield name, table(table(read_toml(find, name), "tool") or {}, "commitizen")
    for name in (".cz.json", "cz.json"):
        yield name, table(read_json(find, name), "commitizen")
    for name in (".cz.yaml", "cz.yaml", ".cz.yml"):
        text = read_text(find, name)
        yield name, dict(YAML.findall(text)) if re.match(r"(?:---\s*)?commitizen:", text) else None
    for name in ("setup.cfg", ".cz.cfg", ".cz"):
        yield name, read_ini(find, name, "commitizen")


YAML = re.compile(r"^[ \t]+([a-z_]+):[ \t]*['\"]?([^'\"\n#]+?)['\"]?[ \t]*$", re.MULTILINE)


def _convention(options: Options, source: str, find: Find) -> Convention:
    name = word(options, "name", CONVENTIONAL)
    own = (table(options, "customize") or {}) if name == CUSTOM else {}
    file = word(options, "changelog_file", "CHANGELOG.md")
    shown = TITLES if name in (CONVENTIONAL, CUSTOM) else _shown(read_text(find, file))
    order = words(own, "change_type_order", words(options, "change_type_order", (ORDER[0], *shown.values())))
    return Convention(
        tool="commitizen",
        source=source,
        breaking=Kind("major", ORDER[0]),
        sections=order,
        cancels=False,
        merges=True,
        unique=False,
        fallback="" if name in (CONVENTIONAL, CUSTOM) else "patch",
        zero="minor" if flag(options, "major_version_zero", default=False) else "major",
        tag_format=PLACEHOLDER.sub("{version}", word(options, "tag_format")),
        file=file,
        reader=_rules(own, options, shown, is_own=name == CUSTOM).read,
    )


def _shown(changelog: str) -> dict[str, str]:
    """Give what somebody's own plug-in tells of, and how: nobody reads its code here, but what it has written."""
    written = read_style(changelog).titles
    usual = {kind: title for kind, title in TITLES.items() if kind not in written}
    return {**{kind: title for kind, title in written.items() if kind not in ("breaking", "unknown")}, **usual}


def _rules(own: Options, options: Options, shown: Mapping[str, str], *, is_own: bool) -> Rules:
    raw = table(own, "bump_map") or MAP
    levels = [(compiled(pattern), str(level).lower()) for pattern, level in raw.items()]
    usual = PARSER.replace("TYPES", "|".join(map(re.escape, shown)))
    parser = word(own, "commit_parser", r"(?P<message>.*)" if is_own else usual)
    titles = table(own, "change_type_map") or table(options, "change_type_map") or ({} if is_own else shown)
    return Rules(
        bump=compiled(word(own, "bump_pattern", PATTERN)) or re.compile(PATTERN),
        levels=tuple((one, level) for one, level in levels if one is not None and level in LEVELS),
        shown=compiled(word(own, "changelog_pattern", ".*" if is_own else PATTERN)) or re.compile(""),
        subject=compiled(parser, re.MULTILINE) or re.compile(usual, re.MULTILINE),
        block=compiled(parser, re.MULTILINE | re.DOTALL) or re.compile(usual, re.MULTILINE | re.DOTALL),
        titles={str(key): str(value) for key, value in titles.items()},
    )
