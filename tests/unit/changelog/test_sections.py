"""Finding one version's section of a changelog."""

from __future__ import annotations

import pytest
from packaging.version import Version

from shipway.changelog.sections import body_of, find_section, is_empty

KEEP = """# Changelog

All notable changes to this project.

## [Unreleased]

### Added

- Not out yet.

## [11.1.0] - 2026-03-01

- Eleven.

## [1.10.0](https://example.invalid/compare) - 2026-02-01 [YANKED]

- Ten.

## [1.1.0] - 2026-01-01

### Added

- One, see 1.2.0.

#### 3.14 support

- Deep.

### Migration from 1.0.0

- Read this.

## 1.0.0

- First.

[Unreleased]: https://example.invalid/a
[1.1.0]: https://example.invalid/b
"""

TOWNCRIER_MD = """# Acme 2 Widgets 1.2.0 (2026-02-01)

## Features

- A thing. (#1)

  ```toml
  # Acme 2 Widgets 1.1.0 (2026-02-01)
  ```


# Acme 2 Widgets 1.1.0 (2026-01-01)

No significant changes.
"""

RST = """=========
Changelog
=========

.. towncrier release notes start

Acme 1.10.0 (2026-02-01)
========================

Features
--------

- Ten.

  Deeper
  ------


.. _v1.1.0:

Acme 1.1.0 (2026-01-01)
=======================

Bugfixes
--------

- One. (#1)


1.0.0
=====

- First.
"""


@pytest.mark.parametrize(
    ("text", "version", "starts", "ends"),
    [
        (KEEP, "11.1.0", "- Eleven.", "- Eleven."),
        (KEEP, "1.10.0", "- Ten.", "- Ten."),
        (KEEP, "1.1.0", "### Added", "- Read this."),
        (KEEP, "1.1", "### Added", "- Read this."),
        (KEEP, "1.0.0", "- First.", "- First."),
        (TOWNCRIER_MD, "1.2.0", "## Features", "```"),
        (TOWNCRIER_MD, "1.1.0", "No significant", "changes."),
        (RST, "1.10.0", "Features\n--------", "------"),
        (RST, "1.1.0", "Bugfixes\n--------", "- One. (#1)"),
        (RST, "1.0.0", "- First.", "- First."),
    ],
)
def test_a_section_is_found_whole_and_without_its_title(text: str, version: str, starts: str, ends: str) -> None:
    for ends_of_line in ("\n", "\r\n"):
        section = find_section(text.replace("\n", ends_of_line), Version(version))
        assert section is not None
        assert section.startswith(starts)
        assert section.endswith(ends)


@pytest.mark.parametrize("version", ["1.1.1", "0.1.0", "1.1.0.1", "10.0", "3.14", "2", "1.1.0rc1", "1.1.0.post1"])
@pytest.mark.parametrize("text", [KEEP, TOWNCRIER_MD, RST, ""])
def test_another_version_is_never_found(text: str, version: str) -> None:
    assert find_section(text, Version(version)) is None


@pytest.mark.parametrize(
    "title",
    [
        "## 1.2.0",
        "## 1.2.0 (2026-01-01)",
        "## [1.2.0] - 2026-01-01",
        "## [1.2.0]",
        "## [v1.2.0](https://example.invalid/x) (2026-01-01)",
        "## v1.2.0",
        "# Version 1.2.0",
        "### Release 1.2.0 - The big one",
        "## 1.2.0 \u2014 2026-01-01",
        "## 1.2.0, 2026-01-01",
        "## 1.2.0 2026.01.01",
        "## 1.2.0 - 1 January 2026",
        "## 1.2.0 (January 1, 2026) ##",
        "# acme-widgets 1.2.0 (2026-01-01)",
        "# 7zip 3 Tools 1.2 (unreleased)",
        "1.2.0\n-----",
        "1.2.0 (2026-01-01)\n==================",
        "==================\n1.2.0 (2026-01-01)\n==================",
        "**1.2.0** (2026-01-01)\n----------------------",
    ],
)
def test_titles_are_read_as_people_write_them(title: str) -> None:
    assert find_section(f"{title}\n\n- Entry.\n", Version("1.2.0")) == "- Entry."


@pytest.mark.parametrize(
    "title",
    [
        "## 1.2.0 support dropped",
        "## Not 1.2.0 but better",
        "## 11.2.0",
        "## 1.2.0.1",
        "## 1.2.0-x",
        "##1.2.0",
        "    1.2.0\n    -----",
        "```\n## 1.2.0\n```",
        "~~~~\n```\n## 1.2.0\n~~~~",
        "<!--\n## 1.2.0\n-->",
        "<!-- ## 1.2.0 -->",
        "- ## 1.2.0",
        "  ## 1.2.0",
        "1.2.0\n--",
        "## 1.2.0 " + "()" * 40 + "x",
    ],
)
def test_what_only_looks_like_a_title_is_none(title: str) -> None:
    assert find_section(f"{title}\n\n- Entry.\n", Version("1.2.0")) is None


def test_a_deeper_version_heading_ends_a_section_too() -> None:
    text = "# [1.2.0] (2026-01-02)\n\n- Minor.\n\n## [1.1.1] (2026-01-01)\n\n- Patch.\n"
    assert find_section(text, Version("1.2.0")) == "- Minor."
    assert find_section(text, Version("1.1.1")) == "- Patch."


def test_a_version_that_mends_another_has_its_section_in_that_one() -> None:
    text = "## Acme 2.4\n\n- a\n\n### Acme 2.4.1\n\n- b\n\n### Thanks\n\n- c\n\n## Acme 2.3\n"
    assert find_section(text, Version("2.4.1")) == "- b"
    assert find_section(text, Version("2.4")) == "- a"


def test_a_fresh_draft_gives_its_body_with_or_without_a_title() -> None:
    assert body_of("## 1.2.0 (2026-01-01)\n\n### Added\n\n- X.\n\n", Version("1.2.0")) == "### Added\n\n- X."
    assert body_of("\n### Added\n\n- X.\n\n", Version("1.2.0")) == "### Added\n\n- X."


@pytest.mark.parametrize(
    "notes",
    [
        "",
        " \n\t\n",
        "No significant changes.",
        "- No significant changes.\n",
        "no significant changes\n",
        "### Added\n\n### Fixed\n",
        "Features\n--------\n\nNo significant changes.\n",
        "# Acme 1.2.0 (2026-01-01)\n\nNo significant changes.\n",
        "### Added\n\n-\n",
        "<!-- write here -->\n",
        "### Added\n\n[1.2.0]: https://example.invalid\n",
    ],
)
def test_notes_without_an_entry_are_empty(notes: str) -> None:
    assert is_empty(notes)


@pytest.mark.parametrize(
    "notes", ["- X.", "### Misc\n\n- #1, #2\n", "Features\n--------\n- X", "```\n# code\n```", "#1"]
)
def test_notes_with_an_entry_are_not_empty(notes: str) -> None:
    assert not is_empty(notes)


def test_long_hostile_headings_are_quick() -> None:
    for title in ("\t" * 50_000 + "x", "1.0 " + "()" * 50_000 + "x", "[" * 50_000, "1.0 " * 20_000, "# " * 20_000):
        find_section(f"## {title}", Version("9"))
