"""Marks in a changelog's titles: dates in their many forms, and words for a version that is not out yet."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ORDINAL = r"(?:st|nd|rd|th)?"
DATE = "|".join(
    (
        r"[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}",
        r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4}",
        rf"[0-9]{{1,2}}{ORDINAL}(?: of)?[ -][A-Za-z]+\.?,?[ -][0-9]{{4}}",
        rf"[A-Za-z]+\.? [0-9]{{1,2}}{ORDINAL},? [0-9]{{4}}",
    )
)
ADDRESSED = re.compile(r"[ \t]+<(?P<address>[^<>\s]*)>(?=`_)")
"""The address in a title that is a link in reStructuredText: `1.2.3 <ADDRESS>`__."""
BLANK = r"[0-9xX?]{2,4}[-./](?:[xX?]{1,2}|[mM]{2})[-./](?:[xX?]{1,2}|[dD]{2})|[yY]{4}[-./][mM]{2}[-./][dD]{2}|\?{2,4}"
"""A date that nobody has filled in yet."""
STRONG = (
    r"unreleased|un-released|not(?: yet)? released(?: yet)?|to be released|unpublished|(?:in|under) development|"
    rf"in progress|work in progress|upcoming|tb[acd]|wip|coming soon|{BLANK}"
)
WEAK = r"dev|devel|development|next|pending|planned|draft|future|current|master|main|head|trunk|release date"
PENDING = re.compile(rf"(?<![A-Za-z0-9])(?:{STRONG})(?![A-Za-z0-9])", re.IGNORECASE)
ONLY_PENDING = re.compile(rf"[^A-Za-z0-9]*(?:{STRONG}|{WEAK})[^A-Za-z0-9]*", re.IGNORECASE)
_KIND = r"(?:(?:major|minor|patch|feature|bugfix|stable|planned) )?(?:releases?|version|changes)"
NEXT = re.compile(
    r"(?:(?:version|release|changes (?:in|for|since)|changelog for)[ ]+)?(?:the )?[\[(<]?"
    rf"(?:un-?released(?: {_KIND})?|not(?: yet)? released(?: yet)?|(?:upcoming|next|future|pending)(?: {_KIND})?|"
    r"coming soon|v[-.]?next|head|master|main|trunk|dev|devel|develop|"
    r"dev(?:elopment)?(?: (?:version|release|branch|head|master|main))?|"
    r"in (?:development|progress|dev)|under development|work in progress|wip|tb[ad]|to be released|"
    rf"current(?: (?:{_KIND}|master|main|head|branch|development(?: version)?|dev))?|"
    r"latest(?: (?:changes|master|main))?|"
    r"x\.[xy]\.[xz]|#\.#\.#|\?\.\?\.\?|nightly|edge)"
    r"[\])>]?_{0,2}(?:[ ]*[-:\u2013\u2014(\[|/,].{0,80})?",
    re.IGNORECASE,
)
"""A title that stands above what is not released, and that names no version."""
_LINE = r"[*_(\[]*:?(?:(?:release[ -]?date|released?(?: on)?|date|status|on):?[*_]*:?\s*)?[*_]*"
DATED = re.compile(rf"{_LINE}(?P<date>{DATE})[*_)\].]*", re.IGNORECASE)
"""A line below a title that says no more than when the version came out."""
UNDATED = re.compile(rf"{_LINE}(?P<mark>{STRONG})[*_)\].]*", re.IGNORECASE)
"""A line below a title that says no more than that the version is not out."""

ADMONITION = re.compile(r"\.\. (?:note|warning|attention)::.*\bnot (?:yet )?(?:been )?released\b.*", re.IGNORECASE)
"""A remark below a title that says so in a whole sentence, and that goes when the version comes out."""


def says_not_out(line: str) -> bool:
    """Tell whether a line below a title says no more than that the version is not out."""
    return UNDATED.fullmatch(line.strip()) is not None or ADMONITION.fullmatch(line.strip()) is not None


def is_pending(rest: str) -> bool:
    """Tell whether what follows a version in its title says that it is not out yet."""
    if PENDING.search(rest):
        return True
    return re.search(DATE, rest) is None and ONLY_PENDING.fullmatch(rest) is not None


def begins_pending(title: str) -> bool:
    """Tell whether a title begins by saying that its version is not out yet: "Upcoming release 1.3.0"."""
    return PENDING.match(title) is not None


def names_next(title: str) -> bool:
    """Tell whether a title that announces no version stands above what is not released."""
    bare = re.sub(r"\]\([^()]*\)|\]\[[^\]]*\]", "]", ADDRESSED.sub("", title))
    plain = re.sub("[*`]", "", bare).strip(" :#")
    return NEXT.fullmatch(plain) is not None or (len(plain) <= 60 and "unreleased" in plain.lower())


def render_day(like: str, day: date) -> str:
    """Give a day in the form of another one."""
    if numbers := re.fullmatch(r"([0-9]+)([-./])([0-9]+)([-./])([0-9]+)", like):
        return _numbers(numbers, day)
    month = re.search(r"[A-Za-z]{3,}\.?", re.sub(r"(?<=[0-9])(?:st|nd|rd|th)|\bof\b", "", like))
    if month is None or not re.search("[0-9]", like):
        return day.isoformat()
    name = MONTHS[day.month - 1]
    spelled = name if len(month[0].rstrip(".")) > 4 or month[0] in MONTHS else name[:3]
    number = f"{day.day:02}" if re.search(r"(?<![0-9])0[0-9]", like) else str(day.day)
    number += _ordinal(day.day) if re.search(r"[0-9](?:st|nd|rd|th)", like) else ""
    if like[0].isdigit():
        dash = "-" if "-" in like else " "
        return f"{number}{' of' if ' of' in like else ''}{dash}{spelled}{',' if ',' in like else ''}{dash}{day.year}"
    return f"{spelled}{'.' if month[0].endswith('.') else ''} {number}{',' if ',' in like else ''} {day.year}"


def _numbers(like: re.Match[str], day: date) -> str:
    """Give a day in numbers: year first, else the day first, unless the other one's second number is no month."""
    first, dash, second = like[1], like[2], like[3]
    wide = "02" if len(first if len(first) < 4 else second) == 2 or len(like[5]) == 2 else ""
    month, number = f"{day.month:{wide}}", f"{day.day:{wide}}"
    if len(first) == 4:
        return f"{day.year}{dash}{month}{like[4]}{number}"
    months_first = int(second) > 12 or (dash == "/" and int(first) <= 12)
    return dash.join((month, number, str(day.year)) if months_first else (number, month, str(day.year)))


def _ordinal(number: int) -> str:
    return "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
