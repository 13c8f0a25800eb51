"""What holds for every changelog and every text."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.version import Version

from shipway.changelog.plain import plain
from shipway.changelog.sections import find_section, is_empty

versions = st.builds(
    lambda numbers, pre: Version(".".join(map(str, numbers)) + pre),
    st.lists(st.integers(0, 12), min_size=2, max_size=3),
    st.sampled_from(["", "", "", "rc1", ".post2", ".dev3"]),
)
words = st.text(st.characters(categories=["L", "N", "P", "Zs", "S"]), min_size=1, max_size=30)
entries = words.map(lambda text: f"- x{text.strip()}")
bodies = st.lists(entries, min_size=1, max_size=4).map("\n".join)
titles = st.sampled_from(
    [
        "## {} (2026-01-01)",
        "## [{}] - 2026-01-01",
        "# Acme 3 {} (2026-01-01)",
        "## v{}",
        "### [{}](https://example.invalid) (2026-01-01)",
    ]
)
hostile = st.text(st.sampled_from(list(":#[]\x1b\r\n \tm0;\u2028\x9b\x07\\]P\u200b\ud800ab")), max_size=30)


def underlined(title: str) -> str:
    return f"{title}\n{'=' * len(title)}"


@given(st.dictionaries(versions, bodies, min_size=1, max_size=5), titles)
def test_every_markdown_section_is_found_again(sections: dict[Version, str], title: str) -> None:
    text = "# Changelog\n\n" + "\n\n".join(f"{title.format(v)}\n\n{body}" for v, body in sections.items())
    assert {v: find_section(text, v) for v in sections} == sections


@given(st.dictionaries(versions, bodies, min_size=1, max_size=5), st.sampled_from(["{}", "Acme {} (2026-01-01)"]))
def test_every_underlined_section_is_found_again(sections: dict[Version, str], title: str) -> None:
    parts = [f"{underlined(title.format(v))}\n\nFixed\n-----\n\n{body}\n" for v, body in sections.items()]
    found = {v: find_section("\n".join(parts), v) for v in sections}
    assert found == {v: f"Fixed\n-----\n\n{body}" for v, body in sections.items()}


@given(st.dictionaries(versions, bodies, max_size=5), versions, titles)
def test_a_version_without_a_section_is_not_found(sections: dict[Version, str], other: Version, title: str) -> None:
    assume(other not in sections)
    text = "\n\n".join(f"{title.format(v)}\n\n{body}" for v, body in sections.items())
    assert find_section(text, other) is None


@given(bodies)
def test_a_body_with_entries_is_not_empty(body: str) -> None:
    assert not is_empty(f"### Added\n\n{body}")


@given(st.text() | hostile, versions)
def test_any_text_can_be_searched(text: str, version: Version) -> None:
    find_section(text, version)
    is_empty(text)


@given(st.text() | hostile)
def test_plain_text_holds_no_command_and_no_control(text: str) -> None:
    shown = plain(text)
    assert "##[" not in shown
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert all(character.isprintable() or character in "\n\t" for character in shown if ord(character) < 0xA0)
    shown.encode()


@given(st.text() | hostile)
def test_plain_text_stays_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
