"""Calendar versions (CalVer): finding a repository's pattern in its releases, and what comes next by the day.

Patterns are spelled as calver.org does: ``YYYY``, ``YY``, ``0Y``, ``MM``, ``0M``, ``WW``, ``0W``, ``DD``, ``0D``, and
the counters ``MAJOR``, ``MINOR`` (or ``N``) and ``MICRO``. What stands in brackets is left out while it is 0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from packaging.version import Version

SEMVER = "semver"
CALENDAR = ("YYYY", "YY", "0Y", "MM", "0M", "WW", "0W", "DD", "0D")
COUNTERS = ("MAJOR", "MINOR", "MICRO", "N")
TOKEN = re.compile("|".join((*CALENDAR, *COUNTERS)))
PART = re.compile(f"(?:{TOKEN.pattern})+")

MOST_SEEN = 24
LEEWAY = timedelta(days=20)
"""How far the day of a commit may be from the day that its version says."""
ENOUGH = 0.7
"""The share of releases whose numbers have to be the calendar's."""
MOST_PERIODS = 5
"""Of how many years, months or days the first number of a counter is compared."""
FEWEST_SHORT, MOST_SHORT = 4, 99
"""Between these, a number may be a year of two digits."""


@dataclass(frozen=True)
class Dated:
    """One final release: its numbers as the tag spells them, and the day of its commit."""

    text: str
    version: Version
    day: date

    @property
    def numbers(self) -> tuple[int, ...]:
        """The release's numbers."""
        return self.version.release

    def is_padded(self, place: int) -> bool:
        """Whether a number is written with a leading zero."""
        spelled = re.findall("[0-9]+", self.text)
        return place < len(spelled) and len(spelled[place]) > 1 and spelled[place].startswith("0")


@dataclass(frozen=True)
class Part:
    """One number of a pattern: the words it is made of, and whether it is left out while it is 0."""

    words: tuple[str, ...]
    optional: bool

    @property
    def is_counter(self) -> bool:
        """Whether it counts, rather than telling the day."""
        return self.words[0] in COUNTERS

    def value(self, day: date) -> int:
        """Give the number of a day."""
        if len(self.words) == 1:
            return _of_day(self.words[0], day)
        return int("".join(str(_of_day(word, day)).zfill(2) for word in self.words))


def is_pattern(text: str) -> bool:
    """Whether a text is a calendar's pattern: its words are known, and one of them tells the year."""
    parts = parse_pattern(text)
    return bool(parts) and any(word in ("YYYY", "YY", "0Y") for part in parts for word in part.words)


@lru_cache(maxsize=16)
def parse_pattern(text: str) -> tuple[Part, ...]:
    """Read a pattern; () where a word of it is not known."""
    plain = re.sub(r"[.-]?MODIFIER$", "", text)
    outer, _, inner = plain.partition("[")
    parts = []
    for place, word in enumerate(filter(None, re.split(r"[.\[\]]+", plain))):
        if not PART.fullmatch(word):
            return ()
        parts.append(Part(tuple(TOKEN.findall(word)), bool(inner) and place > outer.rstrip(".").count(".")))
    return tuple(parts)


# --- what comes next ------------------------------------------------------------------------------


def next_calendar(
    pattern: str, last: Version | None, tagged: Collection[Version], day: date, *, micro: bool = False
) -> Version:
    """Give the version of a day that follows the last final release; with ``micro`` its own next micro version.

    A new year, month or day begins to count as the last one did; within the same one the first counter goes up, or
    else one more number is added. A day before that of the last release is taken for its own.
    """
    parts = parse_pattern(pattern)
    now = [None if part.is_counter else part.value(day) for part in parts]
    if last is None:
        return _assemble(parts, [1 if "MINOR" in p.words or "N" in p.words else 0 for p in parts], now)
    numbers = [*last.release, *(0 for _ in parts[len(last.release) :])]
    told = [number for number, value in zip(numbers, now, strict=False) if value is not None]
    if not micro and [value for value in now if value is not None] > told:
        firsts = [_first(place, last, tagged) if part.is_counter else 0 for place, part in enumerate(parts)]
        kept = [numbers[place] if "MAJOR" in part.words else firsts[place] for place, part in enumerate(parts)]
        return _assemble(parts, kept, now, last.epoch)
    counters = [place for place, part in enumerate(parts) if part.is_counter and "MAJOR" not in part.words]
    place = (counters[-1] if micro else counters[0]) if counters else len(parts)
    numbers = [*numbers, *([0] if place == len(numbers) else [])]
    raised = [*numbers[:place], numbers[place] + 1, *(0 for _ in numbers[place + 1 :])]
    return _assemble(parts, raised, [None] * len(parts), last.epoch)


def is_same_period(pattern: str, one: Version, other: Version) -> bool:
    """Whether two versions tell the same year, and the same month or day where the pattern has these."""
    pairs = zip(parse_pattern(pattern), one.release, other.release, strict=False)
    return all(mine == yours for part, mine, yours in pairs if not part.is_counter)


def has_micro(pattern: str) -> bool:
    """Whether a pattern has a counter of its own for mending a release."""
    parts = parse_pattern(pattern)
    return bool(parts) and "MICRO" in parts[-1].words


def is_past(pattern: str, version: Version, day: date) -> bool:
    """Whether a version is one of a year, month or day that is over; one without a calendar's numbers never is."""
    parts = [*zip(parse_pattern(pattern), version.release, strict=False)]
    told = [number for part, number in parts if not part.is_counter]
    return told < [part.value(day) for part, _ in parts if not part.is_counter]


def counts_within_years(pattern: str) -> bool:
    """Whether a pattern counts from the year on, so that no day but New Year's changes its next version."""
    return pattern != SEMVER and all(part.is_counter for part in parse_pattern(pattern)[1:])


def mends_by_micro(pattern: str, last: Version | None, tagged: Collection[Version], day: date) -> bool:
    """Whether repairs alone make a micro version: the line has had such of late, and the year is the same."""
    places = [place for place, part in enumerate(parse_pattern(pattern)) if part.is_counter]
    if last is None or len(places) == 1 or not has_micro(pattern):
        return False
    recent = [one for one in tagged if last.release[0] - one.release[0] <= MOST_PERIODS]
    mended = any(len(one.release) > places[-1] and one.release[places[-1]] > 0 for one in recent)
    return mended and next_calendar(pattern, last, tagged, day).release[0] == last.release[0]


def _first(place: int, last: Version, tagged: Collection[Version]) -> int:
    """Give the number that a counter began with in most of the last periods that the line has releases of."""
    lowest: dict[tuple[int, ...], int] = {}
    for version in sorted({*tagged, last}, reverse=True):
        numbers = version.release
        if not version.is_prerelease:
            lowest[numbers[:place]] = numbers[place] if place < len(numbers) else 0
    counted = Counter([*lowest.values()][:MOST_PERIODS])
    return min(counted, key=lambda number: (-counted[number], number))


def _assemble(parts: Sequence[Part], counted: Sequence[int], now: Sequence[int | None], epoch: int = 0) -> Version:
    """Put a version together: the day's numbers where there are some, else those that are counted."""
    told = [*now, *(None for _ in counted[len(now) :])]
    values = [count if value is None else value for count, value in zip(counted, told, strict=False)]
    while len(values) > 1 and not values[-1] and len(values) <= len(parts) and parts[len(values) - 1].optional:
        values.pop()
    return Version((f"{epoch}!" if epoch else "") + ".".join(str(value) for value in values))


def _of_day(word: str, day: date) -> int:
    year, week, _ = day.isocalendar()
    short = (year if word.endswith("W") else day.year) % 100
    known = {"YYYY": day.year, "YY": short, "0Y": short, "MM": day.month, "0M": day.month}
    return {**known, "WW": week, "0W": week, "DD": day.day, "0D": day.day}[word]


# --- which pattern a repository has ---------------------------------------------------------------


def detect_scheme(releases: Sequence[Dated]) -> str:
    """Find the pattern of a line's final releases; "semver" where their numbers are not the calendar's.

    The newest have to tell the year of their commits without a break. Two digits may do so by chance, where a project
    is at its 24th major in 2024: so the numbers of older releases have to be far from them, and one year is not enough.
    """
    newest = sorted((one for one in releases if not one.version.is_prerelease), key=lambda one: one.version)[::-1]
    run = []
    for one in newest[:MOST_SEEN]:
        if not _tells_year(one):
            break
        run.append(one)
    if not run or max(newest, key=lambda one: one.day).day > max(one.day for one in run):
        return SEMVER
    if len(run) < len(newest[:MOST_SEEN]) and not _took_over(run, newest[len(run)]):
        return SEMVER
    year = "YYYY" if run[0].numbers[0] > MOST_SHORT else "0Y" if any(one.is_padded(0) for one in run) else "YY"
    return ".".join([year, *_middle(run)]) + _rest(run)


def _tells_year(one: Dated) -> bool:
    first = one.numbers[0]
    years = {(one.day - LEEWAY).year, one.day.year, (one.day + LEEWAY).year}
    return len(one.numbers) > 1 and (
        first in years or (first > FEWEST_SHORT and first in {year % 100 for year in years})
    )


def _took_over(run: Sequence[Dated], before: Dated) -> bool:
    """Whether a calendar took over from other numbers: by a leap, and for more than one year or month."""
    first, last = run[-1].numbers[0], run[0].numbers[0]
    return first - before.numbers[0] > 1 and (first > MOST_SHORT or first < last or _middle(run) != ["MINOR"])


def _middle(run: Sequence[Dated]) -> list[str]:
    """Give the word for the second number."""
    run = [one for one in run if not any(one.numbers[2:])] or run  # what mends a release comes later
    seconds = [one.numbers[1] for one in run]
    if all(1 <= second <= 12 for second in seconds) and _share(run, 1, _months) >= ENOUGH:
        return ["0M" if any(one.is_padded(1) for one in run) else "MM"]
    if max(seconds) > 12 and max(seconds) <= 53 and _share(run, 1, _weeks) >= ENOUGH:
        return ["0W" if any(one.is_padded(1) for one in run) else "WW"]
    return ["MINOR"]


def _rest(run: Sequence[Dated]) -> str:
    """Give the words for what follows the second number; in brackets what is not always there."""
    longest = max(len(one.numbers) for one in run)
    words = []
    if longest > 2:
        thirds = [one for one in run if len(one.numbers) > 2]
        days = [one for one in thirds if one.numbers[2] > 0]
        is_day = len(days) == len(thirds) == len(run) and _share(run, 2, _days) >= ENOUGH
        words.append(("0D" if any(one.is_padded(2) for one in run) else "DD") if is_day else "MICRO")
    if longest > 3 and words != ["MICRO"]:
        words.append("MICRO")
    shortest = min(len(one.numbers) for one in run)
    always = "".join(f".{word}" for word in words[: max(0, shortest - 2)])
    return always + "".join(f"[.{word}]" for word in words[max(0, shortest - 2) :])


def _share(run: Sequence[Dated], place: int, told: Callable[[date], set[int]]) -> float:
    """Give the share of releases of which a number is what the days around their commits tell."""
    return sum(one.numbers[place] in told(one.day) for one in run) / len(run)


def _months(day: date) -> set[int]:
    return {(day + timedelta(days=off)).month for off in (-5, 0, 5)}


def _weeks(day: date) -> set[int]:
    return {(day + timedelta(days=off)).isocalendar()[1] for off in (-3, 0, 3)}


def _days(day: date) -> set[int]:
    return {(day + timedelta(days=off)).day for off in (-1, 0, 1)}
