"""Fragments with categories are read and put together as scriv does it."""

from __future__ import annotations

from shipway.changelog.collection import collect, parse_fragment, render_collected

MARKDOWN = (
    "<!--\nA fragment.\n-->\n\n### Added\n\n- A thing\n  on two lines.\n\n- Another.\n"
    "<!--\n### Removed\n-->\n### Fixed\n- b\n\n#### deeper\n\ntext\n"
)
RST = ".. comment\n\nAdded\n.....\n\n- A thing.\n\nFixed\n.....\n\n- b\n\nDeep\n~~~~\n"


def test_a_markdown_fragment_is_read() -> None:
    assert parse_fragment(MARKDOWN, rst=False) == {
        "Added": ["- A thing\n  on two lines.", "- Another."],
        "Fixed": ["- b", "#### deeper", "text"],
    }


def test_a_fragment_of_restructuredtext_is_read() -> None:
    assert parse_fragment(RST, rst=True) == {"Added": ["- A thing."], "Fixed": ["- b", "Deep\n~~~~"]}


def test_fragments_are_put_together_by_category() -> None:
    found = collect([{"Other": ["o"], "Fixed": ["f"]}, {"": ["bare"], "Fixed": ["g"]}], ["Added", "Fixed"])
    assert found == {"": ["bare"], "Fixed": ["f", "g"], "Other": ["o"]}
    assert (
        render_collected(found, rst=False, rule="-", level=2, compact=False)
        == "bare\n\n## Fixed\n\nf\n\ng\n\n## Other\n\no"
    )
    assert (
        render_collected({"Fixed": ["- f", "- g"]}, rst=True, rule=".", level=2, compact=True)
        == "Fixed\n.....\n\n- f\n- g"
    )
