"""Sections go in, are found again and come out, and everything else stays as it was to the byte."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from shipway.changelog.content import find_entries
from shipway.changelog.headings import find_headings
from shipway.changelog.insertion import find_spot, insert_section
from shipway.changelog.lint import lint_changelog
from shipway.changelog.outline import outline
from shipway.changelog.promotion import find_written, promote
from shipway.changelog.sections import find_section

DAY = date(2026, 11, 22)
NEXT = Version("99.1.0")
words = st.text(st.characters(categories=["L", "N", "Zs"], include_characters=".,()"), min_size=1, max_size=30)
entries = st.lists(words.map(lambda text: f"- x{text.strip()}"), min_size=1, max_size=4).map("\n".join)
versions = st.lists(st.tuples(st.integers(0, 98), st.integers(0, 12)), min_size=0, max_size=4, unique=True).map(
    lambda found: [f"{major}.{minor}.0" for major, minor in sorted(found, reverse=True)]
)
MARKDOWN = (
    "## {} (2026-01-01)",
    "## [{}] - 2026-01-01",
    "# v{}",
    "### {} / 1 January 2026",
    "## [{}](https://h/x) (2026-01-01)",
)
RST = (
    "{}\n=====================",
    "{} (2026-01-01)\n---------------------",
    "======================\n {} (2026-01-01)\n======================",
)
prefaces = st.sampled_from(
    ["", "# Changelog\n\nAll of it.\n\n", "\ufeff# Changes\n\n<!-- insert here -->\n\n", "---\ntitle: x\n---\n\n"]
)
endings = st.sampled_from(["", "\n", "\n\n[1.0.0]: https://h.invalid\n", "\n\n\n"])
lines = st.sampled_from(["\n", "\r\n"])


@st.composite
def changelogs(draw: st.DrawFn, titles: tuple[str, ...] = MARKDOWN + RST) -> str:
    """Make a changelog of one style, with any ends of lines and any end."""
    title, preface = draw(st.sampled_from(titles)), draw(prefaces)
    if title in RST:
        preface = "Changelog\n#########\n\n" if preface else ""
    parts = [f"{title.format(version)}\n\n{draw(entries)}" for version in draw(versions)]
    text = preface + "\n\n\n".join(parts) + draw(endings)
    return text.replace("\n", draw(lines))


def without(text: str, before: str) -> bool:
    """Tell whether a text is another one with something put in at one place."""
    start = next((n for n, (a, b) in enumerate(zip(text, before, strict=False)) if a != b), min(len(text), len(before)))
    surplus = len(text) - len(before)
    return any(text[:n] + text[n + surplus :] == before for n in range(start, max(-1, start - surplus - 1), -1))


@given(changelogs(), entries)
def test_a_section_goes_in_is_found_and_comes_out_again(before: str, notes: str) -> None:
    after = insert_section(before, NEXT, DAY, notes)
    assert find_section(after, NEXT) == notes
    assert without(after, before)
    for section in outline(before):
        if section.version is not None:
            assert find_section(after, section.version) == find_section(before, section.version)


@given(st.text() | changelogs(), entries)
def test_any_text_takes_a_section_and_keeps_its_own(before: str, notes: str) -> None:
    assert without(insert_section(before, NEXT, DAY, notes), before)


@given(changelogs((*MARKDOWN[:2], *RST[1:])), entries)
def test_what_was_not_released_is_promoted_and_nothing_else_changes(released: str, notes: str) -> None:
    end = "\r\n" if "\r\n" in released else "\n"
    spot = find_spot(released)
    if spot.like is None:
        return
    parts = insert_section(released, NEXT, DAY, notes)
    title = next(h for h in find_headings(parts.replace("\r\n", "\n").split("\n")) if "99.1.0" in h.title).title
    before = parts.replace(title, "Unreleased", 1)
    section = find_written(outline(before), NEXT)
    assert section is not None
    after = promote(before, section, NEXT, DAY)
    assert find_section(after, NEXT) == notes
    kept = [line for line in before.split(end) if line.strip()]
    told = [line for line in after.split(end) if line.strip()]
    rest = iter(told)
    assert all(line in rest for line in kept), "a line is gone, or moved"
    assert len(told) - len(kept) == section.heading.end - section.heading.start


@given(st.text(st.sampled_from(list("#=-*.\n\r []()_:`<>! 0123abcUnreleasd\u2014")), max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    sections = outline(text)
    section = find_written(sections, NEXT)
    if section is not None:
        promote(text, section, NEXT, DAY)
    for one in sections:
        find_entries(one.text)
    lint_changelog(text)
    lint_changelog(text, rst=True)
