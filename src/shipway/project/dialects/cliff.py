"""git-cliff: its configuration, and its rules: a list of patterns that group commits, or leave them out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from shipway.changelog.commits import Change, parse_change
from shipway.changelog.convention import Convention, Kind, Told, Zero
from shipway.project.dialects.reading import Options, compiled, flag, is_there, read_toml, read_tool, table, word, words
from shipway.project.files import Find

FILES = ("cliff.toml", ".cliff.toml", ".config/cliff.toml", ".github/cliff.toml")
COMMENT = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
GROUP = re.compile(r"\$\{?(\w+)\}?")
USUAL = (
    ("message", "^feat", "<!-- 0 -->\U0001f680 Features"),
    ("message", "^fix", "<!-- 1 -->\U0001f41b Bug Fixes"),
    ("message", "^doc", "<!-- 3 -->\U0001f4da Documentation"),
    ("message", "^perf", "<!-- 4 -->\u26a1 Performance"),
    ("message", "^refactor", "<!-- 2 -->\U0001f69c Refactor"),
    ("message", "^style", "<!-- 5 -->\U0001f3a8 Styling"),
    ("message", "^test", "<!-- 6 -->\U0001f9ea Testing"),
    ("message", r"^chore\(release\): prepare for", ""),
    ("message", r"^chore\(deps.*\)", ""),
    ("message", r"^chore\(pr\)", ""),
    ("message", r"^chore\(pull\)", ""),
    ("message", "^chore|^ci", "<!-- 7 -->\u2699\ufe0f Miscellaneous Tasks"),
    ("body", ".*security", "<!-- 8 -->\U0001f6e1\ufe0f Security"),
    ("message", "^revert", "<!-- 9 -->\u25c0\ufe0f Revert"),
    ("message", ".*", "<!-- 10 -->\U0001f4bc Other"),
)
"""Its own rules, for who sets none; those without a group skip."""
ASKED = {"major": "major", "minor": "minor", "patch": "patch"}


@dataclass(frozen=True)
class Rule:
    """One pattern: what it is held against, the group that it gives, and whether it leaves commits out."""

    where: str
    pattern: re.Pattern[str]
    group: str
    scope: str
    skips: bool

    def match(self, message: str, change: Change | None) -> re.Match[str] | None:
        """Hold it against a message, or a part of one."""
        if self.where == "body":
            return self.pattern.search(change.body) if change else None
        if self.where == "footer":
            footers = change.footers if change else ()
            found = (self.pattern.search(f"{footer.token}: {footer.value}") for footer in footers)
            return next((one for one in found if one), None)
        return self.pattern.search(message)


@dataclass(frozen=True)
class Rules:
    """How messages are read."""

    conventional: bool
    keeps_unconventional: bool
    keeps_unmatched: bool
    protects: bool
    splits: bool
    capitalised: bool
    rules: tuple[Rule, ...]
    edits: tuple[tuple[re.Pattern[str], str], ...]
    touches: tuple[tuple[re.Pattern[str], str], ...]
    """What is replaced in the text at its end."""
    major: re.Pattern[str] | None
    minor: re.Pattern[str] | None

    def read(self, message: str) -> tuple[Told, ...]:
        """Read a message, or each of its lines where they are commits of their own."""
        text = message.replace("\r\n", "\n").strip("\ufeff \t\n")
        for pattern, replacement in self.edits:
            text = _edited(pattern, replacement, text)
        pieces = [line for line in text.split("\n") if line.strip()] if self.splits else [text]
        return tuple(one for piece in pieces if (one := self._read_one(piece.strip())))

    def _read_one(self, message: str) -> Told | None:
        change = parse_change(message) if self.conventional and not message.startswith("BREAKING") else None
        if change is None and self.conventional and not self.keeps_unconventional:
            return None
        breaks = change is not None and change.is_breaking
        rule, found = next(((r, m) for r in self.rules if (m := r.match(message, change))), (None, None))
        kind = change.type if change else "other"
        if rule is not None and rule.skips and not (breaks and self.protects):
            return Told(kind, "", f"is skipped by {rule.pattern.pattern!r}")
        if rule is None and not self.keeps_unmatched:
            return Told(kind, "", "is matched by no parser")
        group = rule.group if rule is not None and rule.group else kind
        if found is not None:
            group = GROUP.sub(lambda one: _group(found, one[1]), group)
        title = COMMENT.sub("", group).strip()
        description = change.description if change else message.partition("\n")[0].strip()
        scope = (rule.scope if rule is not None and rule.scope else "") or (change.scope if change else "")
        for pattern, replacement in self.touches:
            description = _edited(pattern, replacement, description)
        level = self._level(kind, breaks=breaks)
        why = "breaking" if breaks else kind
        return Told(
            why,
            level,
            why,
            _upper(title) if self.capitalised else title,
            scope,
            _upper(description) if self.capitalised else description,
        )

    def _level(self, kind: str, *, breaks: bool) -> str:
        if breaks or (self.major and self.major.search(kind)):
            return "major"
        if kind == "feat" or (self.minor and self.minor.search(kind)):
            return "minor"
        return "patch"


def find_cliff(find: Find) -> Convention | None:
    """Find what git-cliff would do; None where it is not configured."""
    for name in FILES:
        if is_there(find, name):
            return _convention(read_toml(find, name), name)
    options = read_tool(find, "git-cliff")
    return _convention(options, "[tool.git-cliff]") if options is not None else None


def _convention(document: Options, source: str) -> Convention:
    changelog, git = table(document, "changelog") or {}, table(document, "git") or {}
    bump = table(document, "bump")
    rules = _rules(git, bump or {}, changelog)
    groups = sorted({rule.group for rule in rules.rules if rule.group}, key=_rank)
    titles = [COMMENT.sub("", group).strip() for group in groups]
    excluded = words(git, "exclude_paths")
    included = words(git, "include_paths")
    return Convention(
        tool="git-cliff",
        source=source,
        sections=tuple(dict.fromkeys(_upper(title) if rules.capitalised else title for title in titles)),
        breaking=Kind("major"),
        cancels=False,
        merges=True,
        unique=False,
        order="newest" if word(git, "sort_commits") == "newest" else "oldest",
        fallback="patch" if bump is None else "",
        always=ASKED.get(word(bump or {}, "bump_type"), ""),
        zero=_zero(bump),
        file=word(changelog, "output"),
        paths=(*(f":(top,glob){one}" for one in included), *(f":(top,exclude,glob){one}" for one in excluded)),
        reader=rules.read,
    )


def _rank(group: str) -> tuple[int, str]:
    """Order groups as the number in their comment says, which is there for that."""
    number = re.search(r"<!--\s*([0-9]{1,6})\s*-->", group)
    return (int(number[1]) if number else 0, group)


def _zero(bump: Options | None) -> Zero:
    """Say what breaks 0.x: by its defaults 1.0.0, but who has no table for bumps makes them without it."""
    if bump is None:
        return "minor"
    raises = flag(bump, "features_always_bump_minor", default=True)
    if flag(bump, "breaking_always_bump_major", default=True):
        return "major" if raises else "features"
    return "minor" if raises else "shifted"


def _rules(git: Options, bump: Options, changelog: Options) -> Rules:
    raw, template = git.get("commit_parsers"), word(changelog, "body")
    parsers = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else _usual()
    return Rules(
        conventional=flag(git, "conventional_commits", default=True),
        keeps_unconventional=not flag(git, "filter_unconventional", default=True),
        keeps_unmatched=not flag(git, "filter_commits", default=False),
        protects=flag(git, "protect_breaking_commits", default=False),
        splits=flag(git, "split_commits", default=False),
        capitalised="upper_first" in template or not template,
        rules=tuple(rule for one in parsers for rule in _parser(one)),
        edits=tuple(_edits(git.get("commit_preprocessors"))),
        touches=tuple(_edits(changelog.get("postprocessors"))),
        major=compiled(bump.get("custom_major_increment_regex")),
        minor=compiled(bump.get("custom_minor_increment_regex")),
    )


def _usual() -> list[dict[str, Any]]:
    return [{where: pattern, "group": group, "skip": not group} for where, pattern, group in USUAL]


def _parser(options: dict[str, Any]) -> list[Rule]:
    found = [(where, compiled(_python(options.get(where)))) for where in ("message", "body", "footer")]
    scope, group = word(options, "scope") or word(options, "default_scope"), word(options, "group")
    skips = flag(options, "skip", default=False)
    return [Rule(where, pattern, group, scope, skips) for where, pattern in found if pattern is not None]


def _edits(raw: object) -> list[tuple[re.Pattern[str], str]]:
    """Give the replacements that are plain; commands of the repository are not run."""
    listed = raw if isinstance(raw, list) else []
    tables = [one for one in listed if isinstance(one, dict) and isinstance(one.get("replace"), str)]
    found = [(compiled(_python(one.get("pattern"))), str(one["replace"])) for one in tables]
    return [(pattern, replacement) for pattern, replacement in found if pattern is not None]


def _python(pattern: object) -> object:
    """Give a pattern as Python spells it; flags stand first there, and a class of letters has another name."""
    if not isinstance(pattern, str):
        return pattern
    inner = re.sub(r"(?<!\\)\\z", r"\\Z", pattern)
    late = re.search(r"(?!^)\(\?([imsx]+)\)", inner)
    return f"(?{late[1]}){inner[: late.start()]}{inner[late.end() :]}" if late else inner


def _edited(pattern: re.Pattern[str], replacement: str, text: str) -> str:
    return pattern.sub(lambda found: GROUP.sub(lambda one: _group(found, one[1]), replacement), text)


def _group(found: re.Match[str], name: str) -> str:
    try:
        return found[int(name) if name.isdecimal() else name] or ""
    except (IndexError, ValueError):
        return ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
