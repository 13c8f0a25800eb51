"""Entries are one line of text: whatever a commit says, it begins no block and holds no HTML."""

from __future__ import annotations

import re

import pytest

from shipway.changelog.commits import Commit
from shipway.changelog.convention import OWN
from shipway.changelog.entries import as_entry, render_notes
from shipway.changelog.headings import find_headings
from unit.changelog.history_support import judge


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain `code` and *more* (#12)", "plain `code` and *more* (#12)"),
        ("`dict<str>` <b>bold</b> ``a ` <b>``", "`dict<str>` &lt;b>bold&lt;/b> ``a ` <b>``"),
        ("\\`<b>\\`", "\\`&lt;b>\\`"),
        ("<!-- hidden", "&lt;!-- hidden"),
        ("`<!--` hidden", "`&lt;!--` hidden"),
        ("` <script> ", "` &lt;script>"),
        ("# heading", "\\# heading"),
        ("#12 is done", "#12 is done"),
        ("> quoted", "\\> quoted"),
        ("- item", "\\- item"),
        ("--- ---", "\\--- ---"),
        ("12. item", "12\\. item"),
        ("12.5 is out", "12.5 is out"),
        ("```sh", "\\```sh"),
        ("~~~", "\\~~~"),
        ("[x]: javascript:alert(1)", "\\[x]: javascript:alert(1)"),
        ("[x](y) is linked", "[x](y) is linked"),
        ("===", "\\==="),
        ("a\r\x1b[31mred\x1b[0m\u202eb\n# c", "a redb # c"),
    ],
)
def test_a_text_becomes_one_harmless_line(text: str, expected: str) -> None:
    assert as_entry(text) == expected


def test_a_scope_keeps_the_underscores_within_its_words() -> None:
    notes = render_notes(judge([Commit("f" * 40, (), "feat(_count_tokens_, a*b): turn")]), OWN)
    assert notes.endswith("- **\\_count_tokens\\_, a\\*b:** turn (fffffff)")


HOSTILE = (
    "<!--",
    "--> # x",
    "# 9.9.9",
    "```",
    "<details>",
    "[1.2.3]: x",
    "::error::x",
    "##[error]x",
    "a\n# 9.9.9\n===",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("scope", ["", "(<!--*`x`)", "(**x:)"])
def test_notes_have_no_headings_and_no_comments_but_ours(text: str, scope: str) -> None:
    message = f"feat{scope}!: {text}\n\nBREAKING CHANGE: {text}\n"
    notes = render_notes(judge([Commit("f" * 40, (), message)]), OWN)
    assert [heading.title for heading in find_headings(notes.split("\n"))] == ["Breaking changes", "Added"]
    assert "<" not in notes
    entries = [line for line in notes.split("\n") if line and not line.startswith("#")]
    assert all(line.startswith("- ") and line.endswith(" (fffffff)") for line in entries)
    assert not any(re.match(r"- ([#>+=~\s]|-\s)", line) for line in entries)
