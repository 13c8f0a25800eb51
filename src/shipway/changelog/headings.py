"""Headings of Markdown and reStructuredText, and the versions that they announce."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

ATX = re.compile(r"(#{1,6})[ \t]+(.*)")
CLOSING = re.compile(r"(?:^|(?<=[ \t]))#+$")
FENCE = re.compile(r"(`{3,}|~{3,})")
RULE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*")
LINE_END = re.compile(r"\r\n|\n|\r")
NAMED = re.compile(r"(?:version|release)[ \t]+", re.IGNORECASE)
VERSION = re.compile(r"[vV]?([0-9][0-9A-Za-z.!+_-]*)")
DATE = "|".join(
    (
        r"[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}",
        r"[0-9]{1,2}[ -][A-Za-z]+[ -][0-9]{4}",
        r"[A-Za-z]+ [0-9]{1,2},? [0-9]{4}",
    )
)
DASH = r"[-:\u2013\u2014]"
REMARK = rf"\([^()]*\)|(?:(?:{DASH}|[|,/])[ \t]+)?(?:{DATE})|{DASH}[ \t]+\S.*"
REST = re.compile(rf"(?:[ \t]*(?:{REMARK}))*[ \t]*:?")
LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?(?!:)")


@dataclass(frozen=True)
class Heading:
    """A heading: its text, how deep it is, and the lines ``start`` to ``end`` (exclusive) that it takes."""

    title: str
    level: int
    start: int
    end: int


@dataclass(frozen=True)
class Announced:
    """The version that a title announces; ``named`` when words such as the project's name stand before it."""

    version: Version
    named: bool


def split_lines(text: str) -> list[str]:
    """Split at line ends, and at nothing else that Python takes for one."""
    return LINE_END.split(text)


def find_headings(lines: Sequence[str]) -> list[Heading]:
    """Find the headings outside of fenced code and comments, in order."""
    visible = _visible(lines)
    found = [
        Heading(_closed(m[2]), len(m[1]), i, i + 1) for i, line in enumerate(visible) if (m := ATX.fullmatch(line))
    ]
    is_markdown = bool(found)
    depths = {"=": 1, "-": 2} if is_markdown else {}
    for start, end, title, style in _underlined(visible):
        if not is_markdown:
            depths.setdefault(style, len(depths) + 1)
        if style in depths:
            found.append(Heading(title, depths[style], start, end))
    return sorted(found, key=lambda heading: heading.start)


def announced_version(title: str) -> Announced | None:
    """Read the version out of a title; None where it does not announce one, but speaks of something else."""
    text = NAMED.sub("", LINK.sub(r"\1", title.replace("[YANKED]", "").replace("**", "").strip()), count=1)
    at_start = _version_at(text, 0)
    if at_start is not None:
        return Announced(at_start, named=False)
    for matched in re.finditer(r"(?<=\s)(?=[vV]?[0-9])", text):
        version = _version_at(text, matched.start())
        if version is not None:
            return Announced(version, named=True)
    return None


def _closed(title: str) -> str:
    """Give a title without the marks that may close it."""
    return CLOSING.sub("", title.rstrip()).rstrip()


def _version_at(text: str, place: int) -> Version | None:
    """Read a version that is followed by nothing but a date, a remark in parentheses or after a dash."""
    matched = VERSION.match(text, place)
    if matched is None or not REST.fullmatch(text, len(matched[1].rstrip(".-_")) + matched.start(1)):
        return None
    try:
        return Version(matched[1].rstrip(".-_"))
    except InvalidVersion:
        return None


def _visible(lines: Sequence[str]) -> list[str]:
    """Blank out fenced code and comments, so that what they hold reads as no heading."""
    visible, fence, comment = [], "", False
    for line in lines:
        opened = FENCE.match(line)
        hidden = bool(fence) or comment
        if fence:
            closes = opened is not None and opened[1].startswith(fence) and not line[opened.end() :].strip()
            fence = "" if closes else fence
        elif comment or line.startswith("<!--"):
            hidden, comment = True, "-->" not in line
        elif opened is not None:
            hidden, fence = True, opened[1]
        visible.append("" if hidden else line)
    return visible


def _underlined(lines: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Find titles with a line of punctuation below, and perhaps the same above: start, end, title, style."""
    taken = 0
    for i in range(1, len(lines)):
        title, rule = lines[i - 1], RULE.fullmatch(lines[i])
        if rule is None or i - 1 < taken or not title.strip() or title.startswith("    ") or RULE.fullmatch(title):
            continue
        is_over = i >= 2 and lines[i - 2].rstrip() == lines[i].rstrip() and i - 2 >= taken
        if len(lines[i].rstrip()) < len(title.strip()) or (title[0].isspace() and not is_over):
            continue
        taken = i + 1
        yield (i - 2 if is_over else i - 1), i + 1, title.strip(), rule[1] * (2 if is_over else 1)
