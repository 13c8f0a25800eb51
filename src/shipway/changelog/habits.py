"""The titles that a changelog has for the types of commits, in its newest versions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shipway.changelog.convention import Convention, Kind
from shipway.changelog.headings import find_headings, split_lines
from shipway.changelog.outline import Section
from shipway.changelog.titled import TYPE_OF, plain_title

KEPT = ("added", "fixed")
"""Titles that Keep a Changelog has, which we write anyway."""
MAIN = {"feat": "Features", "fix": "Bug Fixes"}
SAID = {"perf": "Performance Improvements", "revert": "Reverts"}
"""What stands over those that are told anyway, where no version had any."""
LATEST = 12


def follow_titles(convention: Convention, sections: Sequence[Section]) -> Convention:
    """Give a convention that tells the types which the newest versions tell, under their titles."""
    latest = [one for one in sections if one.version is not None and not one.is_empty][:LATEST]
    titles = _titles(latest)
    if "feat" not in titles and "fix" not in titles:
        return convention
    breaking = titles.pop("breaking", convention.breaking.section)
    known = {**MAIN, **titles} if MAIN.keys() - titles.keys() else titles
    titles = {**known, **{word: title for word, title in SAID.items() if word not in known}}
    kinds = {word: Kind("minor" if word == "feat" else "patch", title) for word, title in titles.items()}
    return convention._replace(
        kinds={**convention.kinds, **kinds},
        breaking=convention.breaking._replace(section=breaking),
        sections=(breaking, *titles.values()),
    )


def _titles(sections: Iterable[Section]) -> dict[str, str]:
    """Give the title of each type, in the order of the version that has most."""
    found = [_titles_of(section) for section in sections]
    titles: dict[str, str] = {}
    for one in sorted(found, key=len, reverse=True):
        titles = {**titles, **{word: title for word, title in one.items() if word not in titles}}
    return titles


def _titles_of(section: Section) -> dict[str, str]:
    titles = [heading.title for heading in find_headings(split_lines(section.text))]
    plain = {title: plain_title(title) for title in titles}
    return {TYPE_OF[word]: title for title, word in plain.items() if word in TYPE_OF and word not in KEPT}
