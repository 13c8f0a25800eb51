"""Titles above what is not released, however they are linked."""

from __future__ import annotations

import pytest

from shipway.changelog.marks import names_next


@pytest.mark.parametrize(
    "title",
    [
        "`Unreleased <https://example.org/compare/2.13.0...HEAD>`__",
        "`Unreleased <https://example.org/compare/2.13.0...HEAD>`_",
        "[Unreleased](https://example.org/compare/2.13.0...HEAD)",
    ],
)
def test_linked_title_stands_above_what_is_not_released(title: str) -> None:
    """A link in the title, in either language, is no part of its words."""
    assert names_next(title)
