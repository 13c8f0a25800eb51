"""What is wrong with a changelog is told with its line."""

from __future__ import annotations

import pytest

from shipway.changelog.lint import lint_changelog

GOOD = (
    "# Changelog\n\nSee [the docs][docs] and [more][].\n\n"
    "## [1.1.0] - 2026-01-02\n\n### Added\n\n- a `[x][y]` \\[x][y]\n\n"
    "## [1.0.0] - 2026-01-01\n\n- b\n\n[docs]: https://h.invalid\n[More]: https://h.invalid\n"
    "[1.1.0]: https://h.invalid\n[1.0.0]: https://h.invalid\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, []),
        (GOOD.replace("[docs]: ", "[doc]: "), ["3: the reference [the docs][docs] leads nowhere"]),
        (GOOD.replace("[1.1.0]: ", "[1.1]: "), []),
        (
            GOOD.replace("## [1.0.0]", "## [1.1.1] - 2026-01-03\n\n- c\n\n## [1.0.0]"),
            ["5: 1.1.0 stands above 1.1.1", "11: [1.1.1] has no link below"],
        ),
        ("## 1.0.1\n\n- a\n\n## 1.0.2\n\n- b\n", ["1: 1.0.1 stands above 1.0.2"]),
        ("## 1.0.1\n\n- a\n\n## 1.1.0\n\n- b\n", []),
        (
            "## v0.4.4 (2026-11-04)\n\n- a\n\n## v0.4.4 (2026-08-12)\n\n- b\n",
            ["5: 0.4.4 has a section already, in line 1"],
        ),
        ("## 1.0\n\n#### Added\n\n- a\n", ["3: 'Added' is 2 levels below '1.0'"]),
        ("```\n[a][b]\n```\n", []),
        ("", []),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, expected: list[str]) -> None:
    found = [f"{one.line}: {one.what}" for one in lint_changelog(text)]
    assert found == expected


def test_a_version_without_its_link_is_told_where_most_have_one() -> None:
    text = (
        "".join(f"## [1.{n}.0] - 2026-01-01\n\n- a\n\n" for n in (3, 2, 1)) + "[1.2.0]: https://h\n[1.1.0]: https://h\n"
    )
    assert [one.what for one in lint_changelog(text)] == ["[1.3.0] has no link below"]


def test_references_of_restructuredtext_are_followed() -> None:
    text = "`1.1`_\n======\n\n- `a <https://h>`_ and `b`_ and ``c`_``\n\n.. _1.1: https://h\n"
    assert [one.what for one in lint_changelog(text, rst=True)] == ["the reference `b`_ leads nowhere"]
