"""The embedded index compares names and versions as the packaging library does."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name, canonicalize_version
from packaging.version import InvalidVersion, Version

from shipway.rehearsal.index.names import FileName, canonical_version, normalise, parse_file_name

PARTS = "1 0 00 12 1.0 .0 . - _ ! + v a b c rc RC alpha beta pre preview post rev r dev x ubuntu \u0661"
WORDS = st.sampled_from([*PARTS.split(), " "])
NAMES = st.lists(st.sampled_from("aZ09._-"), min_size=1, max_size=12).map("".join)


@given(st.lists(WORDS, max_size=9).map("".join))
@example("1.0-1")
@example("1!2.0.0rc1.post2.dev3+Local_07.a")
@example("1.0.0")
@example("0")
def test_versions_are_the_packaging_librarys(text: str) -> None:
    try:
        expected = canonicalize_version(Version(text))
    except InvalidVersion:
        assert canonical_version(text) is None
    else:
        assert canonical_version(text) == expected


@given(NAMES)
def test_names_are_the_packaging_librarys(name: str) -> None:
    assert normalise(name) == canonicalize_name(name)


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("acme_widgets-1.0-py3-none-any.whl", FileName("acme-widgets", "1", "bdist_wheel")),
        ("Acme.Widgets-1.0rc1-1-cp310-abi3-linux_x86_64.whl", FileName("acme-widgets", "1rc1", "bdist_wheel")),
        ("acme-widgets-1.0.tar.gz", FileName("acme-widgets", "1", "sdist")),
        ("acme_widgets-2!1.0.dev0.zip", FileName("acme-widgets", "2!1.dev0", "sdist")),
        ("acme_widgets-1.0.tar.bz2", None),
        ("acme_widgets.tar.gz", None),
        ("acme_widgets-one-py3-none-any.whl", None),
        ("acme_widgets-1.0--none-any.whl", None),
        ("-1.0.tar.gz", None),
        ("acme\nwidgets-1.0.tar.gz", None),
        ("..-1.0.tar.gz", None),
        ("a/b-1.0.tar.gz", None),
    ],
)
def test_file_names_are_read(name: str, parsed: FileName | None) -> None:
    assert parse_file_name(name) == parsed
