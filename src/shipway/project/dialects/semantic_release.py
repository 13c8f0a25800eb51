"""python-semantic-release: its table in pyproject.toml or setup.cfg, from version 7 to 10."""

from __future__ import annotations

import re
from typing import Any

from shipway.changelog.convention import LEVELS, Convention, Kind, Reader, Told, Zero, read_message
from shipway.changelog.style import Style, read_style
from shipway.project.dialects.reading import (
    Options,
    compiled,
    flag,
    read_ini,
    read_text,
    read_toml,
    read_tool,
    table,
    word,
    words,
)
from shipway.project.files import Find

TITLES = {
    "build": "Build System",
    "ci": "Continuous Integration",
    "chore": "Chores",
    "docs": "Documentation",
    "feat": "Features",
    "fix": "Bug Fixes",
    "perf": "Performance Improvements",
    "refactor": "Refactoring",
    "style": "Code Style",
    "test": "Testing",
}
BREAKING = "Breaking Changes"
SHORT = {
    "build": "Build",
    "ci": "Ci",
    "chore": "Chore",
    "docs": "Documentation",
    "feat": "Feature",
    "fix": "Fix",
    "perf": "Performance",
    "refactor": "Refactor",
    "style": "Style",
    "test": "Test",
    "breaking": "Breaking",
}
"""What versions 7, 8 and the first of 9 call them."""
SMALL = {kind: title.capitalize() for kind, title in {**TITLES, "breaking": BREAKING}.items()}
"""What templates call them that have one capital in a title."""
OTHERS = ("build", "chore", "ci", "docs", "style", "refactor", "test")
SHOWN_BY_7 = ("feat", "fix", "docs", "perf")
SCIPY = (("API", "DEP"), ("ENH", "FEAT"), ("BLD", "BUG", "MAINT"))
SCIPY_OTHERS = ("DEV", "BENCH", "DOC", "STY", "TST", "REL", "TEST")
SCIPY_TITLES = {
    "API": "Breaking",
    "DEP": "Breaking",
    "ENH": "Feature",
    "FEAT": "Feature",
    "BLD": "Fix",
    "BUG": "Fix",
    "MAINT": "Fix",
    "DOC": "Documentation",
}
EMOJI = (
    (":boom:",),
    (":sparkles:", ":children_crossing:", ":lipstick:", ":iphone:", ":egg:", ":chart_with_upwards_trend:"),
    (
        ":ambulance:",
        ":lock:",
        ":bug:",
        ":zap:",
        ":goal_net:",
        ":alien:",
        ":wheelchair:",
        ":speech_balloon:",
        ":mag:",
        ":apple:",
        ":penguin:",
        ":checkered_flag:",
        ":robot:",
        ":green_apple:",
    ),
)
EMOJI_OTHERS = (":checkmark:", ":construction_worker:", ":memo:", ":recycle:")
NUMBERS = {1: "", 2: "patch", 3: "minor", 4: "major"}
"""How its options spell a level."""
OF_7 = (
    "version_variable",
    "branch",
    "upload_to_pypi",
    "upload_to_repository",
    "upload_to_release",
    "patch_without_tag",
)
OF_8 = ("branches", "changelog", "remote", "publish", "commit_parser_options")
"""The tables that its older versions do not know; some keep the older options beside them."""
USUAL = ("CHANGELOG.md", "CHANGELOG.rst")
"""Where its changelog is, where no option names it."""
TENTH = "<!-- version list -->"
"""What version 10 puts into a changelog."""


def find_semantic_release(find: Find) -> Convention | None:
    """Find what python-semantic-release would do; None where it is not configured."""
    for source, options in (
        ("[tool.semantic_release]", read_tool(find, "semantic_release")),
        ("setup.cfg", read_ini(find, "setup.cfg", "semantic_release")),
        ("releaserc.toml", table(read_toml(find, "releaserc.toml"), "semantic_release")),
    ):
        if options is not None:
            return _convention(options, source, find)
    return None


def _convention(options: dict[str, Any], source: str, find: Find) -> Convention:
    parser = word(options, "commit_parser", "conventional").rpartition(".")[2].removesuffix("_parser").lower()
    changelog, own = table(options, "changelog") or {}, table(options, "commit_parser_options") or {}
    templates = table(changelog, "default_templates") or {}
    file = word(templates, "changelog_file") or word(changelog, "changelog_file") or word(options, "changelog_file")
    is_later = any(isinstance(options.get(name), dict) for name in OF_8)
    is_seventh = source == "setup.cfg" or (not is_later and any(name in options for name in OF_7))
    written = next((text for name in (file, *USUAL) if name and (text := read_text(find, name))), "")
    is_tenth = not is_seventh and TENTH in written
    style = read_style(written)
    titles = _titles(style, is_seventh=is_seventh)
    kinds, foreign = _kinds(parser, own, options, titles, is_seventh=is_seventh)
    convention = Convention(
        tool="python-semantic-release",
        source=source,
        kinds=kinds,
        other=None,
        foreign=foreign,
        breaking=Kind("major", titles["breaking"]),
        sections=_order(style, kinds, titles["breaking"]),
        any_case=False,
        repeats=True,
        tells_marks=False,
        squash="lines" if flag(own, "parse_squash_commits", default=is_tenth) else "",
        cancels=False,
        merges=not flag(own, "ignore_merge_commits", default=True),
        unique=False,
        order="sorted",
        capitalised=is_tenth or is_seventh,
        fallback="" if parser in KNOWN else "patch",
        zero=_zero(options),
        tag_format=word(options, "tag_format", "v{version}"),
        pre=_pre(options),
        file=file,
    )
    convention = _worded(convention, style)
    reader = _own_reader(parser, own, options)
    excluded = [found for one in words(changelog, "exclude_commit_patterns") if (found := compiled(one))]
    if reader is not None:
        return convention._replace(reader=reader)
    return convention._replace(reader=_without(convention, excluded)) if excluded else convention


KNOWN = ("conventional", "angular", "conventional-monorepo", "scipy", "emoji", "tag")


def _worded(convention: Convention, style: Style) -> Convention:
    """Give a convention that words entries as the newest ones are, as far as these tell."""
    unknown = style.titles.get("unknown", convention.foreign.section)
    return convention._replace(
        foreign=convention.foreign._replace(section=unknown),
        merges=convention.merges or style.merges,
        capitalised=style.capitals in ("first", "only") if style.capitals else convention.capitalised,
        lowered=style.capitals == "only",
        subjects=style.subjects,
    )


def _titles(style: Style, *, is_seventh: bool) -> dict[str, str]:
    """Give what the sections are called: as the newest ones of the changelog are, the others as their family is."""
    usual = {**TITLES, "breaking": BREAKING}
    shown = {kind: title for kind, title in style.titles.items() if title != usual.get(kind)}
    families = [one for one in (SHORT, SMALL) if any(one.get(kind) == title for kind, title in shown.items())]
    if not style.titles and is_seventh:
        families = [SHORT]
    return {**(families[0] if families else usual), **style.titles}


def _order(style: Style, kinds: dict[str, Kind], breaking: str) -> tuple[str, ...]:
    """Give how sections follow each other: by their titles, unless the changelog shows that they do not."""
    listed = sorted(kind.section for kind in kinds.values() if kind.section)
    shown = [title for title in style.titles.values() if title != breaking]
    return tuple(dict.fromkeys([*(style.titles.values() if shown != sorted(shown) else ()), *listed, breaking]))


def _kinds(
    parser: str, own: Options, options: Options, titles: dict[str, str], *, is_seventh: bool
) -> tuple[dict[str, Kind], Kind]:
    """Give what each type means, and what is not by the convention."""
    foreign = Kind("patch" if flag(options, "patch_without_tag", default=False) else "")
    if parser == "scipy":
        by_level = zip(("major", "minor", "patch"), SCIPY, strict=True)
        kinds = {one: Kind(level, SCIPY_TITLES.get(one, "None")) for level, group in by_level for one in group}
        return {**{one: Kind("", SCIPY_TITLES.get(one, "None")) for one in SCIPY_OTHERS}, **kinds}, foreign
    minor = words(own, "minor_tags", words(options, "parser_angular_minor_types", ("feat",)))
    patch = words(own, "patch_tags", words(options, "parser_angular_patch_types", ("fix", "perf")))
    others = words(own, "other_allowed_tags", OTHERS)
    allowed = words(own, "allowed_tags", words(options, "parser_angular_allowed_types", (*minor, *patch, *others)))
    least = NUMBERS.get(own.get("default_bump_level") or 0, "")
    kinds = {}
    for one in dict.fromkeys([*allowed, *minor, *patch]):
        level = "minor" if one in minor else "patch" if one in patch else least
        shown = not is_seventh or one in SHOWN_BY_7
        title = titles.get(one, one.title())
        kinds[one] = Kind(level, title if shown else "", "" if shown else title)
    return kinds, foreign


def _zero(options: Options) -> Zero:
    """Say what breaks 0.x; ``allow_zero_version = false`` leaves it with whatever comes next."""
    if not flag(options, "allow_zero_version", default=True):
        return "none"
    return "major" if flag(options, "major_on_zero", default=True) else "minor"


def _pre(options: Options) -> str:
    """Give the pre-releases that every configured branch makes; "" where one makes final releases."""
    branches = table(options, "branches") or {}
    tables = [one for one in branches.values() if isinstance(one, dict)]
    if tables and all(flag(one, "prerelease", default=False) for one in tables):
        return word(tables[0], "prerelease_token", "rc")
    return ""


def _without(convention: Convention, excluded: list[re.Pattern[str]]) -> Reader:
    """Give the reader that leaves out of the notes what a pattern matches, unless it makes a release."""

    def read(message: str) -> tuple[Told, ...]:
        told = tuple(one for one in read_message(convention, message) if one.kind != "foreign" or one.section)
        if not any(pattern.match(message) for pattern in excluded):
            return told
        return tuple(
            one if one.level else one._replace(section="", why="is left out by exclude_commit_patterns") for one in told
        )

    return read


def _own_reader(parser: str, own: Options, options: Options) -> Reader | None:
    if parser == "emoji":
        names = ("major_tags", "minor_tags", "patch_tags")
        major, minor, patch = (words(own, name, usual) for name, usual in zip(names, EMOJI, strict=True))
        if use := words(options, "major_emoji"):  # as version 7 spelled them
            major = use
        minor, patch = words(options, "minor_emoji", minor), words(options, "patch_emoji", patch)
        groups = {"major": major, "minor": minor, "patch": patch, "": words(own, "other_allowed_tags", EMOJI_OTHERS)}
        return _by_words(groups, whole=False)
    if parser == "tag":
        minor_tag = word(own, "minor_tag") or word(options, "minor_tag") or ":sparkles:"
        patch_tag = word(own, "patch_tag") or word(options, "fix_tag") or ":nut_and_bolt:"
        return _by_words({"minor": (minor_tag,), "patch": (patch_tag,)}, whole=True)
    return None


def _by_words(groups: dict[str, tuple[str, ...]], *, whole: bool) -> Reader:
    """Give the reader that looks for words anywhere in the subject, or in the whole message."""
    ranked = [(level, one) for level in reversed(LEVELS) for one in groups.get(level, ())]

    def read(message: str) -> tuple[Told, ...]:
        subject = message.strip("\ufeff \t\r\n").partition("\n")[0].strip()
        text = message if whole else subject
        level, found = next(((level, one) for level, one in ranked if one in text), ("", ""))
        if not found and not whole:
            return (Told("Other", "", "has no emoji that makes a release", "Other", text=subject),)
        if not found:
            return ()
        level = "major" if whole and "BREAKING CHANGE:" in message else level
        description = subject.replace(found, "").strip() if whole else subject
        titles = {"minor": "Feature", "patch": "Fix", "major": "Breaking"}
        return (Told(found, level, found, titles.get(level, found) if whole else found, text=description),)

    return read
