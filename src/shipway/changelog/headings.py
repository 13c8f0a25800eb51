"""Headings of Markdown and reStructuredText, and the versions that they announce."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from shipway.changelog.marks import ADDRESSED, DATE, STRONG, names_next

ATX = re.compile(r"(#{1,6})[ \t]+(.*)")
CLOSING = re.compile(r"(?:^|(?<=[ \t]))#+$")
FENCE = re.compile(r"(`{3,}|~{3,})")
RULE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*")
LINE_END = re.compile(r"\r\n|\n|\r")
NAMED = re.compile(rf"(?:(?:{STRONG})[ \t]+)?(?:version|release)[ \t]+", re.IGNORECASE)
VERSION = re.compile(r"[vV]?([0-9][0-9A-Za-z.!+_-]*)")
DASH = r"[-:\u2013\u2014]"
REMARK = (
    rf"\([^()]*\)|(?:(?:{DASH}|[|,/])[ \t]+)?(?:(?:released|on)[ \t]+)*(?:{DATE})|{DASH}[ \t]+\S.*|"
    rf"[ \t,]*\[?(?:{STRONG})\]?(?![A-Za-z0-9])"
)
REST = re.compile(rf"(?:[ \t]*(?:{REMARK}))*[ \t]*:?", re.IGNORECASE)
DRESS = re.compile(r"\[YANKED\]|[*`]|(?<=\S)_+(?=\s|$)|</?[a-z]+(?: [^<>]*)?>|\{:?[ ]*[#.a-z][^{}]*\}$")
"""What makes a title bold, code, small, anchored or a link, and says nothing of its version."""
BARE = re.compile(
    r"(?:(?:version|release) )?v?[0-9]+(?:\.[0-9A-Za-z]+)+"
    rf"(?:[ ,/-]{{0,5}}(?:released )?(?:on )?\(?(?:{DATE}|{STRONG})\)?)? ?:?|\[?unreleased\]?:?|"
    rf"[a-z][a-z0-9]*(?:[-_][a-z0-9]+){{0,5}}[- ]v?[0-9]+(?:\.[0-9]+)+ \((?:{DATE}|{STRONG})\)",
    re.IGNORECASE,
)
"""A line that is a title by what it says, in files whose titles have no marks."""
JOINED = re.compile(r"[A-Za-z]\w*(?:-[A-Za-z]\w*)*-(?=[vV]?[0-9]+\.[0-9])")
"""A name that a version is joined to: acme-tools-1.2.3."""
LONGEST = 300
SHORTEST = 4
CODE, COMMENT = "code", "comment"
RST_COMMENT = re.compile(r"\.\.(?:$|[ \t]+(?!_|\[|\||[\w+:.-]+::))")
LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?(?!:)")


@dataclass(frozen=True)
class Heading:
    """A heading: its text, how deep it is, and the lines ``start`` to ``end`` (exclusive) that it takes.

    ``style`` is ``#``, or the punctuation below the title: twice where it stands above the title too; "" for a line of
    its own without any.
    """

    title: str
    level: int
    start: int
    end: int
    style: str = "#"


@dataclass(frozen=True)
class Announced:
    """The version that a title announces, and what stands in the title after it.

    ``named`` when words such as the project's name stand before it.
    """

    version: Version
    named: bool
    rest: str = ""


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
        below = style[0] if is_markdown else style  # in Markdown, a line above says nothing
        if not is_markdown:
            depths.setdefault(style, len(depths) + 1)
        if below in depths:
            found.append(Heading(title, depths[below], start, end, style))
    found.sort(key=lambda heading: heading.start)
    first = next((one.start for one in found if announced_version(one.title) is not None), len(visible))
    bare = _bare(visible[:first], {one.start for one in found})
    return sorted([*bare, *found], key=lambda heading: heading.start)


def _bare(lines: Sequence[str], starts: Collection[int]) -> Iterator[Heading]:
    """Find the titles of versions that are no more than a line, perhaps in bold; above those that have marks.

    Each stands alone: what follows it is an empty line, a list, or the next heading (``starts`` are their lines).
    """
    for number, line in enumerate(lines):
        text = line.rstrip()
        if len(text) > LONGEST:
            continue
        bold = text.startswith("**") and text.endswith("**") and len(text) > SHORTEST
        if BARE.fullmatch(text[2:-2] if bold else text) is None or (number > 0 and lines[number - 1].strip()):
            continue
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if not below.strip() or below.lstrip().startswith(("- ", "* ")) or number + 1 in starts:
            yield Heading(text, 0, number, number + 1, "")


def announced_version(title: str) -> Announced | None:
    """Read the version out of a title; None where it does not announce one, but speaks of something else."""
    text = NAMED.sub("", LINK.sub(r"\1", DRESS.sub("", ADDRESSED.sub("", title[:LONGEST])).strip()), count=1)
    at_start = _version_at(text, 0, named=False)
    joined = JOINED.match(text) if at_start is None else None
    at_start = _version_at(text, joined.end(), named=True) if joined else at_start
    if at_start is not None:
        return at_start
    places = (matched.start() for matched in re.finditer(r"(?<=\s)(?=[vV]?[0-9])", text))
    return next((found for place in places if (found := _version_at(text, place, named=True))), None)


def is_own(heading: Heading, outer: Heading) -> bool:
    """Tell whether a title in a version's section begins one of its own: Acme 1.2.1, which mends the Acme 1.2 above."""
    if heading.level <= outer.level:
        return False
    inner, around = announced_version(heading.title), announced_version(outer.title)
    if inner is None or around is None or not (inner.named and around.named) or inner.version <= around.version:
        return False
    starts = (inner.version.release[:2], _words_before(heading.title))
    return starts == (around.version.release[:2], _words_before(outer.title))


def _words_before(title: str) -> str:
    return re.split("[0-9]", title, maxsplit=1)[0].strip().lower()


def _closed(title: str) -> str:
    """Give a title without the marks that may close it."""
    return CLOSING.sub("", title.rstrip()).rstrip()


def _version_at(text: str, place: int, *, named: bool) -> Announced | None:
    """Read a version that is followed by nothing but a date, a remark in parentheses or after a dash."""
    matched = VERSION.match(text, place)
    if matched is None:
        return None
    spelled = matched[1].rstrip(".-_")
    rest = text[matched.start(1) + len(spelled) :]
    if not REST.fullmatch(rest):
        return None
    try:
        return Announced(Version(spelled), named, rest)
    except InvalidVersion:
        return None


def comment_lines(lines: Sequence[str]) -> set[int]:
    """Give the numbers of the lines that are comments: of HTML, and of reStructuredText with what is indented below."""
    found, within, indented = set(), False, False
    hidden = hidden_lines(lines)
    for number, line in enumerate(lines):
        within = hidden[number] == COMMENT
        indented = RST_COMMENT.match(line) is not None or (indented and (not line.strip() or line[0] in " \t"))
        if within or indented:
            found.add(number)
    return found


def _visible(lines: Sequence[str]) -> list[str]:
    """Blank out fenced code and comments, so that what they hold reads as no heading."""
    bare = [line.removeprefix("\ufeff") if number == 0 else line for number, line in enumerate(lines)]
    return ["" if hidden else line for line, hidden in zip(bare, hidden_lines(bare), strict=True)]


def hidden_lines(lines: Sequence[str]) -> list[str]:
    """Say of each line whether it is in fenced code or in a comment ("" for neither)."""
    said, fence, comment, above = [], "", False, ""
    for line in lines:
        opened = FENCE.match(line)
        kind = CODE if fence else COMMENT if comment else ""
        if fence:
            closes = opened is not None and opened[1].startswith(fence) and not line[opened.end() :].strip()
            fence = "" if closes else fence
        elif comment or line.startswith("<!--"):
            kind, comment = COMMENT, "-->" not in line
        elif opened is not None and not _is_underline(line.rstrip(), above):
            kind, fence = CODE, opened[1]
        said.append(kind)
        above = line
    return said


def _is_underline(rule: str, title: str) -> bool:
    """Tell whether what could open a block of code underlines the title of reStructuredText above it."""
    if not RULE.fullmatch(rule) or not title.strip() or title[0].isspace() or RULE.fullmatch(title):
        return False
    is_known = announced_version(title) is not None or names_next(title)
    return len(rule) >= (min(len(title.strip()), SHORTEST) if is_known else max(len(title.strip()), SHORTEST))


def _underlined(lines: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Find titles with a line of punctuation below, and perhaps the same above: start, end, title, style."""
    taken = 0
    for i in range(1, len(lines)):
        title, rule = lines[i - 1], RULE.fullmatch(lines[i])
        if rule is None or i - 1 < taken or not title.strip() or title.startswith("    ") or RULE.fullmatch(title):
            continue
        is_over = i >= 2 and lines[i - 2].rstrip() == lines[i].rstrip() and i - 2 >= taken
        if _is_too_short(lines[i].rstrip(), title.strip()) or (title[0].isspace() and not is_over):
            continue
        taken = i + 1
        yield (i - 2 if is_over else i - 1), i + 1, title.strip(), rule[1] * (2 if is_over else 1)


def _is_too_short(rule: str, title: str) -> bool:
    """Tell whether a line of punctuation is no title's; people let it be shorter, and then a version's is still one."""
    is_known = announced_version(title) is not None or names_next(title)
    return len(rule) < len(title) and (len(rule) < SHORTEST or not is_known)
