"""Whatever a project says of its version, it is read and written to the character, or refused in our words."""

from __future__ import annotations

from contextlib import suppress

import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from property.test_configuration import values, words
from shipway.project.version_source import find_version_source
from shipway.release.outcomes import ConfigurationError

HEAD = {"name": "x", "dynamic": ["version"]}
SETUPTOOLS = '[project]\nname = "x"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = {attr = "x.V"}\n'
keys = st.sampled_from(["path", "pattern", "source", "version", "attr", "file", "requires", "build-backend", "where"])
tables = st.dictionaries(keys | words, values | st.dictionaries(keys, values, max_size=2), max_size=3) | values
sections = st.fixed_dictionaries(
    {}, optional={"version": tables, "dynamic": tables, "package-dir": tables, "packages": tables}
)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\"'\\{}"), max_size=20)
ends = st.sampled_from(["\n", "\r\n", "\r"])


@given(sections, sections, tables, words)
def test_any_table_at_all_is_understood_or_refused(
    hatch: object, setuptools: object, build: object, module: str
) -> None:
    tool = {"hatch": hatch, "setuptools": setuptools}
    text = tomlkit.dumps({"project": HEAD, "tool": tool, "build-system": build})
    with suppress(ConfigurationError):
        source = find_version_source(lambda path: text if path == "pyproject.toml" else module)
        assert source.rewrite(Version("1.2.3")).keys() == set(source.files)


@given(words | st.text("V= '\"1.2\n\r\t\\#()rf", max_size=30))
def test_any_module_at_all_is_understood_or_refused(module: str) -> None:
    with suppress(ConfigurationError):
        find_version_source({"pyproject.toml": SETUPTOOLS, "x.py": module}.get).read()


@given(st.lists(lines, max_size=4), lines, ends, st.sampled_from(['"', "'", '"""']), st.booleans())
def test_the_literal_of_a_module_is_found_to_the_character(
    before: list[str], after: str, end: str, quote: str, marked: bool
) -> None:
    head = end.join(["\ufeff" * marked + "# coding", *(f'name = "{line}"' for line in before), ""])
    module = f'{head}w = "{after}"; V = {quote}{{}}{quote}  # {after}{end}x = 1'
    source = find_version_source({"pyproject.toml": SETUPTOOLS, "x.py": module.format("1.2.3")}.get)
    assert source.read() == Version("1.2.3")
    assert source.rewrite(Version("4.5.6rc1")) == {"x.py": module.format("4.5.6rc1")}
