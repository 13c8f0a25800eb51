"""Whatever a project says of its version, it is read and written to the character, or refused in our words."""

from __future__ import annotations

from contextlib import suppress

import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from property.test_configuration import values, words
from shipway.project.packages import find_packages
from shipway.project.pyproject import find_name
from shipway.project.version_source import find_version_source, read_versions
from shipway.release.outcomes import ConfigurationError
from unit.project.versions.kinds import TAGGED, WRITTEN

HEAD = {"name": "x", "dynamic": ["version"]}
SETUPTOOLS = '[project]\nname = "x"\ndynamic = ["version"]\n[tool.setuptools.dynamic]\nversion = {attr = "x.V"}\n'
keys = st.sampled_from(["path", "pattern", "source", "version", "attr", "file", "requires", "build-backend", "where"])
tables = st.dictionaries(keys | words, values | st.dictionaries(keys, values, max_size=2), max_size=3) | values
sections = st.fixed_dictionaries(
    {}, optional={"version": tables, "dynamic": tables, "package-dir": tables, "packages": tables}
)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\"'\\{}"), max_size=20)
ends = st.sampled_from(["\n", "\r\n", "\r"])
releases = st.lists(st.integers(0, 9999), min_size=3, max_size=3).map(lambda parts: ".".join(map(str, parts)))
candidates = st.tuples(releases, st.sampled_from(["", "rc1", "rc12"])).map("".join)
comments = st.lists(st.text("abc .1234567890=[]()'\"", max_size=20).map("# {}".format), max_size=3)
FILES = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Cargo.toml",
    "Cargo.lock",
    "meson.build",
    "package.json",
    "V",
    "VERSION",
)
TOOLS = (".bumpversion.cfg", ".bumpversion.toml", "tbump.toml", "cz.toml", ".release-please-manifest.json")


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


def commented(path: str, text: str, more: list[str], end: str, mark: str) -> str:
    """Give a file with other line ends, comments at its end, and a byte order mark, where it can have them."""
    if path.endswith((".py", ".toml", ".build", ".lock")):
        text = f"{text}{chr(10).join(more)}\n"
    bare = path in ("meson.build", "V", "package.json")
    return ("" if bare else mark) + text.replace("\n", end)


@given(st.sampled_from(sorted(WRITTEN)), candidates, candidates, comments, st.sampled_from(["", "\r", "\ufeff"]))
def test_every_version_file_is_written_to_the_byte_but_for_the_version(
    name: str, first: str, second: str, more: list[str], odd: str
) -> None:
    sample = WRITTEN[name]
    first = first if name != "incremental" else first.partition("rc")[0]
    mark, end = ("" if odd == "\r" else odd), ("\r\n" if odd == "\r" else "\n")
    files = {
        path: commented(path, text, more, end, mark)
        .replace("1.2.3", first)
        .replace("1, 2, 3", first.replace(".", ", "))
        for path, text in sample.files.items()
    }
    source = find_version_source(files.get)
    assert (source.kind, source.files, source.read()) == (sample.kind, sample.edited, Version(first))
    assert source.rewrite(Version(first)) == {path: files[path] for path in sample.edited}
    edited = {**files, **source.rewrite(Version(second))}
    again = find_version_source(edited.get)
    assert again.read() == Version(second)
    assert again.rewrite(Version(second)) == {path: edited[path] for path in sample.edited}
    is_spelled_anew = "rc" in first and any(path.endswith((".toml", ".json")) for path in sample.edited)
    assert is_spelled_anew or {**edited, **again.rewrite(Version(first))} == files


mangled = st.one_of(
    words,
    st.binary(max_size=60).map(lambda data: data.decode(errors="replace")),
    st.sampled_from([text for sample in WRITTEN.values() for text in sample.files.values()]),
    st.sampled_from([text for files, _ in TAGGED.values() for text in files.values()]),
)
cut = st.tuples(mangled, st.integers(0, 200), words).map(
    lambda made: f"{made[0][: made[1]]}{made[2]}{made[0][made[1] :]}"
)


@given(st.dictionaries(st.sampled_from([*FILES, *TOOLS, "acme.py", "src/acme_widgets/__init__.py"]), cut, max_size=6))
def test_any_files_at_all_are_understood_or_refused(files: dict[str, str]) -> None:
    for ask in (find_version_source, read_versions, find_name, lambda find: find_packages(list(files), find)):
        with suppress(ConfigurationError):
            ask(files.get)
    with suppress(ConfigurationError):
        source = find_version_source(files.get)
        assert source.rewrite(Version("4.5.6")).keys() == set(source.files)


@given(st.sampled_from(sorted(WRITTEN)), st.sampled_from(TOOLS), cut, tables)
def test_whatever_another_tool_is_told_the_version_is_still_read(
    name: str, file: str, text: str, table: object
) -> None:
    sample = WRITTEN[name]
    assert read_versions({**sample.files, file: text}.get).version == Version("1.2.3")
    tools = tomlkit.dumps({"tool": dict.fromkeys(("bumpversion", "commitizen", "semantic_release", "tbump"), table)})
    assert find_version_source({**sample.files, ".bumpversion.toml": tools}.get).read() == Version("1.2.3")
