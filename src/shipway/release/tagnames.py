"""Which tags are releases of a distribution, and how the repository names the next one: told by the tags themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest

from packaging.version import Version

from shipway.release.spelling import LONGEST, PLACEHOLDER, SPELLED, read_form
from shipway.release.version import find_version

DEFAULT_FORM = "v{version}"
"""How the first release of all is tagged."""

GENERIC = r"(?:v|ver|version|r|rel|release|releases|tag|tags|stable|final)"
SIGN = r"[-_/@=. ]"
PLAIN_PREFIX = re.compile(rf"(?:{GENERIC}{SIGN}*)*", re.IGNORECASE)
NAMED_PREFIX = re.compile(
    rf"(?:{GENERIC}{SIGN}+)*?(?P<name>@?[a-z][a-z0-9._/-]*?){SIGN}+(?:{GENERIC}{SIGN}*)*", re.IGNORECASE
)
"""What stands before a version: words that mean any release, or a name that may be a distribution's."""

STARTS = re.compile(r"(?<![0-9])(?<![0-9][._])[0-9]")
ENDS = re.compile(r"[._-](?:final|release)$", re.IGNORECASE)
IMPLICIT_POST = re.compile(r"[0-9]-[0-9]+$")
OTHER_THINGS = {
    *("after", "archive", "backup", "before", "branch", "build", "ci", "daily", "debug", "demo", "deploy", "dev"),
    *("docs", "draft", "end", "eol", "fork", "hotfix", "legacy", "merge", "nightly", "old", "post", "pre", "preview"),
    *("prod", "production", "sdist", "snapshot", "staging", "start", "test", "testing", "tmp", "weekly", "wip"),
}
"""Words before a number that is no version: a build, a day, a place in history."""

MOST_LOOKED_AT = 100
MOST_WEIGHED = 12
FADING = 0.6
"""How much less each older tag says of the next one's name: the two newest outweigh all others."""


@dataclass(frozen=True)
class Seen:
    """One tag: its name, and when its commit was made (0 where that is not known)."""

    name: str
    date: int = 0


@dataclass(frozen=True)
class TagRule:
    """What makes a tag a release: with ``strict`` the format alone, else whatever the repository's own habits say."""

    form: str = DEFAULT_FORM
    names: tuple[str, ...] = ()
    strict: bool = True

    def find_releases(self, tags: Iterable[str]) -> dict[str, Version]:
        """Give the tags that are releases, each with its version."""
        if self.strict:
            form = read_form(self.form)
            found = {tag: form.parse(tag) for tag in tags}
            return {tag: version for tag, version in found.items() if version is not None}
        return {tag: split.version for tag, split in _releases(tags, self.names).items()}

    def find_last(self, tags: Iterable[str], *, prereleases: bool = False) -> Version | None:
        """Find the highest version among tags, by version order; pre-releases count only when asked for."""
        found = self.find_releases(tags).values()
        return max((version for version in found if prereleases or not version.is_prerelease), default=None)


@dataclass(frozen=True)
class Split:
    """A tag taken apart: what stands before the version, the version as it is spelled, and what stands after."""

    before: str
    text: str
    after: str
    version: Version = field(compare=False)

    @property
    def separator(self) -> str:
        """What stands between the numbers; "" for a single one."""
        matched = re.match(r"(?:[0-9]+!)?[0-9]+([._-])[0-9]", self.text)
        return matched[1] if matched else ""


def find_form(tags: Sequence[Seen], names: Collection[str]) -> str | None:
    """Find how the repository names its releases: by those of this distribution, of which the newest say most."""
    releases = _releases((tag.name for tag in tags), names)
    dates = {tag.name: tag.date for tag in tags}
    newest = nlargest(MOST_LOOKED_AT, releases, key=lambda name: (dates[name], releases[name].version, name))
    if not newest:
        return None
    weights: dict[tuple[str, str, str], float] = {}
    for place, name in enumerate(newest[:MOST_WEIGHED]):
        habit = _habit(releases[name])
        weights[habit] = weights.get(habit, 0.0) + FADING**place
    habit = max(weights, key=lambda one: weights[one])
    return _render_form(habit, [releases[name] for name in newest if _habit(releases[name]) == habit])


def _habit(split: Split) -> tuple[str, str, str]:
    return split.before, split.separator or ".", split.after


def _render_form(habit: tuple[str, str, str], splits: Sequence[Split]) -> str:
    """Write a format that spells versions as these do, newest first: `{version}` where that is plain enough."""
    before, _, after = habit
    example = _numbers_of(splits) + _prerelease_of(splits)
    place = PLACEHOLDER if re.fullmatch(r"[1-9](?:\.[1-9])*", example) else f"{{version:{example}}}"
    form = f"{before}{place}{after}"
    known = read_form(form)
    return form if all(known.parse(known.render(one.version)) == one.version for one in splits[:1]) else before + place


def _numbers_of(splits: Sequence[Split]) -> str:
    """Give an example of the numbers: with leading zeros where the newest that could have them has them."""
    texts = [re.match(r"[0-9]+(?:[._-][0-9]+)*", split.text.rpartition("!")[2]) for split in splits[:MOST_WEIGHED]]
    padded = next((text[0] for text in texts if text and re.search(r"(?:^|[._-])0[0-9]", text[0])), None)
    if padded is not None:
        return _as_wide_as(padded, [text[0] for text in texts if text])
    separator = next((split.separator for split in splits if split.separator), ".")
    return separator.join("123")


def _as_wide_as(example: str, others: Sequence[str]) -> str:
    """Give an example a leading zero where its own number has two digits, and the newest with one digit has it."""
    numbers = re.split(r"([._-])", example)
    for other in others:
        parts = re.split(r"([._-])", other)
        for place, part in enumerate(parts[: len(numbers)]):
            if len(numbers[place]) == 2 and numbers[place][0] != "0" and len(part) == 2 and part[0] == "0":
                numbers[place] = part
            elif place and len(part) == 1 and part.isdigit():
                return "".join(numbers)  # from here on it was written without
    for place in range(2, len(numbers), 2):
        if len(numbers[place]) == 2 and numbers[place][0] != "0":
            numbers[place] = "01"  # nothing shows it, and its neighbour is padded
    return "".join(numbers)


def _prerelease_of(splits: Sequence[Split]) -> str:
    """Give an example of a pre-release, spelled as the newest is; "" where that is as PEP 440 has it."""
    for split in splits:
        matched = re.search(r"[0-9]([._-]?)(alpha|beta|rc|a|b)([._-]?)(?:[0-9]+|(?<=[a-z]))$", split.text)
        if matched and split.version.pre is not None and split.version.dev is None:
            joint, word, dot = matched.groups()
            dot = "." if joint == "-" and not split.text[-1].isdigit() else dot  # the first one, without a number
            return f"{joint}{word}{dot}1" if joint or dot or word in ("alpha", "beta") else ""
    return ""


# --- which tags are releases ----------------------------------------------------------------------


def _releases(tags: Iterable[str], names: Collection[str]) -> dict[str, Split]:
    """Give the tags that are releases of a distribution, taken apart.

    Those that bear one of its names, and those without a name, unless the repository tags other distributions by
    name and this one too. Only where there are none of either, the one name that most of its tags bear.
    """
    own, plain, foreign = _sorted_by_name(tags, names)
    plain, own = _without_moving(plain), _without_moving(own)
    if own and _is_shared(foreign):
        return own
    if own or plain:
        return {**plain, **own}
    return _without_moving(max(foreign.values(), key=len, default={}))


def _sorted_by_name(
    tags: Iterable[str], names: Collection[str]
) -> tuple[dict[str, Split], dict[str, Split], dict[str, dict[str, Split]]]:
    known = {spelled for name in names for spelled in _spellings(name)}
    own: dict[str, Split] = {}
    plain: dict[str, Split] = {}
    foreign: dict[str, dict[str, Split]] = {}
    for tag in tags:
        split = split_tag(tag)
        if split is None:
            continue
        name = _name_in(split.before)
        if name in ("", "py", "python"):
            plain[tag] = split
        elif name in known:
            own[tag] = split
        elif name is not None and not OTHER_THINGS & {*name.split("-")}:
            foreign.setdefault(name, {})[tag] = split
    return own, plain, foreign


def _is_shared(foreign: Mapping[str, Mapping[str, Split]]) -> bool:
    """Whether other distributions are released from here: one tag that looks so may be a slip, two are a habit."""
    return any(len(tags) > 1 for tags in foreign.values())


def _without_moving(splits: dict[str, Split]) -> dict[str, Split]:
    """Leave out single numbers: ``v10`` moves along, ``release-556`` counts builds; unless nothing else is there."""
    several = {tag: split for tag, split in splits.items() if split.separator}
    if several:
        return several
    return {tag: split for tag, split in splits.items() if split.before in ("", "v") and len(split.text) < len("10000")}


@lru_cache(maxsize=4096)
def _name_in(before: str) -> str | None:
    """Give the name in what stands before a version, normalised; "" for none, None for what is no name either."""
    if PLAIN_PREFIX.fullmatch(before):
        return ""
    matched = NAMED_PREFIX.fullmatch(before)
    if matched is None:
        return None
    return _normalised(matched["name"])


def _normalised(name: str) -> str:
    return re.sub(r"[-_./@]+", "-", name).strip("-").lower()


def _spellings(name: str) -> set[str]:
    """Give how tags may call a distribution: with and without Python in its name."""
    plain = _normalised(name)
    bare = {plain, plain.removeprefix("python-"), plain.removesuffix("-python"), plain.removeprefix("py")}
    return bare | {f"{plain}-py", f"py-{plain}", f"{plain}-python", f"python-{plain}"}


@lru_cache(maxsize=8192)
def split_tag(tag: str) -> Split | None:
    """Take a tag apart at the first place from which on it is a version; None where there is none."""
    if len(tag) > 2 * LONGEST or not tag.isprintable() or "{" in tag:
        return None
    ending = ENDS.search(tag)
    body, after = (tag[: ending.start()], ending[0]) if ending else (tag, "")
    for start in STARTS.finditer(body):
        before, text = body[: start.start()], body[start.start() :]
        version = _read(text)
        if version is not None:
            return Split(before, text, after, version)
    return None


def _read(text: str) -> Version | None:
    """Read a version as tags spell them; a number after a dash is a post-release only behind three others."""
    if len(text) > LONGEST or not SPELLED.fullmatch(text):
        return None
    if IMPLICIT_POST.search(text) and text.count(".") < len("xyz") - 1 and not re.search("[a-z]", text):
        return None
    if re.match(r"(?:[0-9]+!)?[0-9]+_[0-9]", text):
        text = text.replace("_", ".")
    elif re.match(r"[0-9]+-[0-9]+-[0-9]+$", text):
        return None
    version = find_version(text)
    return version if version is not None and version.local is None else None
