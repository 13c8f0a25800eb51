"""Whatever ``pyproject.toml`` holds, reading it ends in a configuration or in our own error."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from shipway.project.configuration import Configuration, read_configuration
from shipway.project.keys import KEYS
from shipway.project.towncrier import find_towncrier
from shipway.release.outcomes import ConfigurationError
from shipway.world.environment import Environment

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
leaves = words | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats() | st.datetimes() | st.dates()
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3))
names = st.sampled_from([key.name for key in KEYS]) | words
variables = st.dictionaries(st.sampled_from([key.variable for key in KEYS]), words, max_size=4)


def attempt(text: str, environment: dict[str, str], remote: str | None) -> Configuration | ConfigurationError:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pyproject.toml").write_bytes(text.encode())
        try:
            return read_configuration(Path(folder), Environment(environment), remote)
        except ConfigurationError as error:
            return error


@given(st.dictionaries(names, values, max_size=5), variables, st.none() | words)
def test_any_table_gives_a_configuration_or_our_error(
    table: dict[str, object], environment: dict[str, str], remote: str | None
) -> None:
    found = attempt(tomlkit.dumps({"tool": {"shipway": table}}), environment, remote)
    if isinstance(found, Configuration):
        assert set(found.sources) == {key.name for key in KEYS}
    else:
        assert found.what
        assert found.what.replace("\n  - ", "").isprintable()


@given(st.sampled_from(["project", "tool"]), values)
def test_any_value_in_place_of_a_table_is_survived(name: str, value: object) -> None:
    attempt(tomlkit.dumps({name: value}), {}, None)


@given(words)
def test_any_text_at_all_is_survived(text: str) -> None:
    attempt(text, {}, None)


@given(st.text("[]{}=\"'#\n\r\t .abc01-:,\\", max_size=40))
def test_any_text_that_looks_like_toml_is_survived(text: str) -> None:
    attempt(text, {}, None)


settings_of_towncrier = st.sampled_from(
    ["directory", "filename", "type", "fragment", "section", "ignore", "package", "template", "issue_pattern", "name"]
)


@given(st.dictionaries(settings_of_towncrier, values, max_size=5) | values)
def test_any_settings_of_towncrier_are_survived(table: object) -> None:
    with tempfile.TemporaryDirectory() as folder, suppress(ConfigurationError):
        (Path(folder) / "pyproject.toml").write_bytes(tomlkit.dumps({"tool": {"towncrier": table}}).encode())
        find_towncrier(Path(folder))
