"""Conventional Commits and the sections made of them, for whatever people write."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from shipway.changelog.commits import Change, Commit, Footer, parse_change
from shipway.changelog.convention import OWN
from shipway.changelog.entries import as_entry, render_notes
from shipway.changelog.headings import find_headings, split_lines
from shipway.changelog.insertion import insert_section
from shipway.changelog.sections import find_section, is_empty
from unit.changelog.history_support import judge

DAY, NEXT = date(2026, 11, 22), Version("9.8.7")
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
words = st.text("abcXYZ äß`<>*#-.1", min_size=1, max_size=20).map(str.strip).filter(bool)
types = st.sampled_from(["feat", "fix", "docs", "own-type", "perf", "chore2"])
scopes = st.just("") | st.text("abc d-/_", min_size=1, max_size=8).map(str.strip)
tokens = st.sampled_from(["BREAKING CHANGE", "BREAKING-CHANGE", "Signed-off-by", "Refs", "X"])
bodies = (
    st.lists(st.text("abc .", max_size=20).map(str.strip), max_size=4).map("\n".join).map(lambda text: text.strip("\n"))
)
footers = st.lists(st.builds(Footer, tokens, words | st.tuples(words, st.just("goes on")).map("\n".join)), max_size=3)


def render(change: Change) -> str:
    """Write a change as a message."""
    scope = f"({change.scope})" if change.scope else ""
    head = f"{change.type}{scope}{'!' * change.marked}: {change.description}"
    foot = "\n".join(f"{footer.token}: {footer.value}" for footer in change.footers)
    return "\n\n".join(part for part in (head, change.body, foot) if part)


@given(
    st.builds(Change, types, scopes, words, st.booleans(), bodies, footers.map(tuple)), st.sampled_from(["\n", "\r\n"])
)
def test_what_is_written_by_the_convention_is_read_as_it_was_meant(change: Change, end: str) -> None:
    assert parse_change(render(change).replace("\n", end)) == change


@given(anything)
def test_any_message_at_all_is_survived(message: str) -> None:
    change = parse_change(message)
    assert change is None or change.description.strip()


@given(anything)
def test_an_entry_is_one_line_without_html_outside_of_code(text: str) -> None:
    entry = as_entry(text)
    assert len(split_lines(entry)) == 1
    assert "<!--" not in entry
    assert find_headings([f"- {entry}", ""]) == []


lines = st.sampled_from(
    [
        "# Changelog",
        "## [Unreleased]",
        "## 1.2.4 (2026-01-01)",
        "### Added",
        "- By hand.",
        "",
        "1.0.0",
        "-----",
        "=====",
        "<!-- version list -->",
        "[1.2.4]: https://h.invalid",
        "    code",
    ]
)
texts = st.tuples(st.lists(lines, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans())
changelogs = texts.map(lambda made: made[1].join(made[0]) + made[1] * made[2])
commits = st.lists(
    st.builds(Commit, st.text("0123456789abcdef", min_size=40, max_size=40), st.just(()), anything), max_size=3
)


@given(changelogs, commits)
def test_a_section_is_found_again_and_taken_out_gives_the_file_back(changelog: str, made: list[Commit]) -> None:
    notes = render_notes(judge([Commit("f" * 40, (), "feat: turn"), *made]), OWN, 4)
    assert not is_empty(notes)
    inserted = insert_section(changelog, NEXT, DAY, notes)
    start = next(
        place for place in range(len(inserted) + 1) if place == len(changelog) or inserted[place] != changelog[place]
    )
    more = len(inserted) - len(changelog)
    assert any(inserted[:at] + inserted[at + more :] == changelog for at in range(start + 1))
    assert find_section(inserted, NEXT) == notes
    for version in ("1.2.4", "1.0.0"):
        assert (find_section(inserted, Version(version)) is None) == (find_section(changelog, Version(version)) is None)
