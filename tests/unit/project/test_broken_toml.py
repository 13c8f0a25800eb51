"""Broken TOML is told with its place, whichever parser reads it."""

from __future__ import annotations

import pytest

from shipway.project.pyproject import parse_toml
from shipway.release.outcomes import ConfigurationError

BROKEN = {
    "x = = 1\n": "line 1, column 5",
    "y = 1\nx = [\n1,\n": "line 3, column 3",
    'x = """a': "line 1, column 9",
    "[a]\n[a]\n": "line 2, column 3",
    "x = 2020-99-99\n": "line 1, column 5",
    "\ufeffx = 1\r\ny == 2\r\n": "line 2, column 4",
}


@pytest.mark.parametrize("text", BROKEN)
def test_the_message_names_line_and_column_and_the_remedy_the_line(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_toml(text, "some.toml")
    assert caught.value.what.startswith("some.toml is broken: ")
    line = BROKEN[text].partition(",")[0]
    assert line in caught.value.what
    assert caught.value.remedy == f"mend {line} of some.toml"


@pytest.mark.parametrize("text", ["x = " + "9" * 5000, "x = " + "[" * 5000 + "]" * 5000], ids=["number", "depth"])
def test_what_no_parser_takes_is_told_without_a_place(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_toml(text, "some.toml")
    assert caught.value.remedy == "mend some.toml"


def test_a_byte_order_mark_and_other_line_ends_are_taken() -> None:
    assert parse_toml("\ufeff[a]\r\nb = 1\r\n", "some.toml") == {"a": {"b": 1}}
