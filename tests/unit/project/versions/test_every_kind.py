"""Every kind of version source: found, read, written to the byte, or left to git tags."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.project.pyproject import find_name
from shipway.project.version_source import find_version_source
from unit.project.versions.kinds import TAGGED, WRITTEN

NEXT = Version("1.3.0")


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_kind_is_found_read_and_written_to_the_byte(name: str, end: str) -> None:
    sample = WRITTEN[name]
    files = {path: text.replace("\n", end) for path, text in sample.files.items()}
    found = find_version_source(files.get)
    assert (found.kind, found.files, found.read()) == (sample.kind, sample.edited, Version("1.2.3"))
    edited = found.rewrite(NEXT)
    assert tuple(edited) == sample.edited
    again = find_version_source({**files, **edited}.get)
    assert (again.read(), again.files) == (NEXT, sample.edited)
    assert again.rewrite(Version("1.2.3")) == {path: files[path] for path in sample.edited}
    assert found.rewrite(Version("1.2.3")) == {path: files[path] for path in sample.edited}
    assert (found.build_variables(NEXT), found.build_tag(NEXT)) == ({}, "")
    assert found.place.startswith(f"{sample.edited[0]}, ")


@pytest.mark.parametrize("name", WRITTEN)
def test_exactly_one_place_of_a_file_changes(name: str) -> None:
    sample = WRITTEN[name]
    for path, text in find_version_source(sample.files.get).rewrite(NEXT).items():
        before = sample.files[path]
        one = [f"{before[:i]}1.3.0{before[i + 5 :]}" for i in range(len(before)) if before.startswith("1.2.3", i)]
        assert text in [*one, before.replace("1, 2, 3", "1, 3, 0")]


@pytest.mark.parametrize("name", TAGGED)
def test_the_build_is_told_what_only_a_tag_tells(name: str) -> None:
    files, variable = TAGGED[name]
    found = find_version_source(files.get)
    assert (found.kind, found.files, found.read()) == (
        name.removesuffix(" of setup.py").removesuffix(" of old"),
        (),
        None,
    )
    assert found.rewrite(NEXT) == {}
    assert found.build_variables(Version("1.3.0rc1")) == ({variable: "1.3.0rc1"} if variable else {})
    assert found.build_tag(NEXT).removeprefix("v") == ("" if variable else "1.3.0")
    assert found.place.startswith("git tags, ")


@pytest.mark.parametrize("name", [name for name in {**WRITTEN, **TAGGED} if name != "flit of old"])
def test_the_name_is_found_where_the_kind_has_it(name: str) -> None:
    files = WRITTEN[name].files if name in WRITTEN else TAGGED[name][0]
    assert find_name(files.get) == "acme-widgets"


def test_a_tag_has_the_prefix_that_versioneer_is_told() -> None:
    files = {"setup.py": "import versioneer\nsetup(name='x', version=versioneer.get_version())\n"}
    told = {**files, "setup.cfg": "[versioneer]\ntag_prefix = rel-\n"}
    assert find_version_source(told.get).build_tag(NEXT) == "rel-1.3.0"
    assert find_version_source(files.get).build_tag(NEXT) == "1.3.0"
