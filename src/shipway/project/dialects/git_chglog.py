"""git-chglog: the types that its configuration lets through, and their titles."""

from __future__ import annotations

import re

from shipway.changelog.convention import Convention, Kind
from shipway.project.dialects.reading import read_text
from shipway.project.files import Find

CONFIG = ".chglog/config.yml"
ITEM = re.compile(r"-\s*['\"]?([\w-]+)")
PAIR = re.compile(r"['\"]?([\w-]+)['\"]?:\s*['\"]?(.*?)['\"]?\s*(?:#.*)?")


def find_git_chglog(find: Find) -> Convention | None:
    """Find what git-chglog would show; None where it is not used. It makes no versions, so levels are ours."""
    text = read_text(find, CONFIG)
    if not text:
        return None
    found = (PAIR.fullmatch(line) for line in _block(text, "title_maps"))
    titles = {pair[1]: pair[2] for pair in found if pair is not None}
    types = [item[1] for line in _block(text, "Type") if (item := ITEM.match(line))]
    shown = {one: titles.get(one) or one.capitalize() for one in types or titles}
    keyword = next((line.partition("-")[2].strip() for line in _block(text, "keywords")), "")
    breaking = keyword or "BREAKING CHANGE"
    return Convention(
        tool="git-chglog",
        source=CONFIG,
        kinds={one: Kind("minor" if one == "feat" else "patch", title) for one, title in shown.items()},
        breaking=Kind("major", breaking),
        sections=(*sorted(dict.fromkeys(shown.values())), breaking),
        repeats=True,
        cancels=False,
        unique=False,
        order="sorted",
    )


def _block(text: str, name: str) -> list[str]:
    """Give the lines below a key that stand deeper than it, without comments and their blanks."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    place = next((n for n, line in enumerate(lines) if re.fullmatch(rf"\s*{name}:\s*", line)), len(lines))
    inner: list[str] = []
    for line in lines[place + 1 :]:
        if _depth(line) < _depth(lines[place]) or (_depth(line) == _depth(lines[place]) and line.strip()[0] != "-"):
            break
        inner.append(line.strip())
    return inner


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
