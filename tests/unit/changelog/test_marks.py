"""Titles above what is not released, however they are linked."""

from __future__ import annotations

import pytest

from shipway.changelog.kinds import level_of
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


@pytest.mark.parametrize(
    ("heading", "level"), [("Major features and improvements", "minor"), ("Major changes", "major"), ("Major", "major")]
)
def test_major_features_break_nothing(heading: str, level: str) -> None:
    """The word tells how great the features are, and asks for no major version."""
    assert level_of(heading) == level
