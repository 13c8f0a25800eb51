"""How the newest sections of a changelog look, and that what is added looks alike."""

from __future__ import annotations

import pytest

from shipway.changelog.convention import OWN, Convention, Kind
from shipway.changelog.entries import Links, Notes
from shipway.changelog.look import Look, read_look
from shipway.changelog.style import read_style
from unit.changelog.history_support import history, judge

LONG = """\
# CHANGELOG

## v1.1.0 (2026-02-01)

### Bug Fixes

- Turn back ([#3](https://forge.example/acme/pull/3),
  [`abcdef0`](https://forge.example/acme/commit/abcdef0))

### Features

- **cli**: Turn both ways ([`abcdef1`](https://forge.example/acme/commit/abcdef1))

### Breaking Changes

- **cli**: Turning once is gone

## v1.0.0 (2026-01-01)

### Documentation

- Say how ([`abcdef2`](https://forge.example/acme/commit/abcdef2))
"""
SUBJECTS = """\
## v1.1.0 (2026-02-01)

### Fix

* fix: turn back ([`abcdef0`](https://forge.example/acme/commit/abcdef0))

* fix(cli): turn OFF ([`abcdef1`](https://forge.example/acme/commit/abcdef1))

### Unknown

* Merge pull request #1 from a/b ([`abcdef2`](https://forge.example/acme/commit/abcdef2))
"""
PLAIN = "## 1.1.0 (2026-02-01)\n\n### Feat\n\n- **cli**: turn (#3)\n- *(x)* turn\n- turn back\n\n### Fix\n\n- stop\n"
UNDERLINED = """\
=========
CHANGELOG
=========

v1.1.0 (2026-02-01)
===================

\u2728 Features
-----------

* **cli**: Turn both ways (`PR#12`_, `abcdef0`_)

\U0001fab2 Bug Fixes
------------

* **cli**: Turn back (`PR#13`_, `abcdef1`_)

\U0001f4d6 Documentation
----------------

* Say how (`PR#14`_, `abcdef2`_)
"""


def test_titles_are_those_of_the_newest_sections_in_their_order() -> None:
    assert read_style(LONG).titles == {
        "fix": "Bug Fixes",
        "docs": "Documentation",
        "feat": "Features",
        "breaking": "Breaking Changes",
    }
    assert [*read_style(LONG).titles] == ["fix", "docs", "feat", "breaking"]
    assert [*read_style(UNDERLINED).titles.values()] == [
        "\u2728 Features",
        "\U0001fab2 Bug Fixes",
        "\U0001f4d6 Documentation",
    ]


@pytest.mark.parametrize("text", ["", "# Changelog\n", "## 1.0.0\n", "## 1.0.0\n\n### Fixes <!--\n\n- a\n"])
def test_nothing_is_made_of_what_shows_nothing(text: str) -> None:
    assert read_style(text) == ({}, "", False, False)
    assert read_look(text) == Look()


@pytest.mark.parametrize(
    ("text", "capitals", "subjects", "merges"),
    [
        (LONG, "first", False, False),
        (SUBJECTS, "none", True, True),
        (PLAIN, "none", False, False),
        (PLAIN.replace("(#3)", "BOTH").replace("turn", "Turn").replace("stop", "Stop"), "first", False, False),
        (f"## 1.0.0\n\n### Fixes\n\n{'- Mend what was broken in widgets' + chr(10)}" * 4, "only", False, False),
    ],
)
def test_letters_tell_how_entries_begin(text: str, capitals: str, *, subjects: bool, merges: bool) -> None:
    found = read_style(text)
    assert (found.capitals, found.subjects, found.merges) == (capitals, subjects, merges)


@pytest.mark.parametrize(
    ("text", "look"),
    [
        (LONG, Look("-", "**{}**:", ticked=True, closing=False)),
        (SUBJECTS, Look("*", ticked=True, closing=False)),
        (PLAIN, Look("-", "**{}**:", links=False, ids=False, closing=False)),
        (UNDERLINED, Look("*", "**{}**:", ticked=True, closing=False)),
        (f"{LONG}\nContributors: Ada\n", Look("-", "**{}**:", ticked=True)),
    ],
)
def test_decoration_is_that_of_the_newest_entries(text: str, look: Look) -> None:
    assert read_look(text) == look


APART = """\
## [1.1.0](https://forge.example/acme/compare/v1.0.0...v1.1.0) (2026-02-01)

### Features

* turn ([#3](https://forge.example/acme/issues/3)) ([abcdef0](https://forge.example/acme/commit/abcdef0))
* **cli:** stop ([abcdef1](https://forge.example/acme/commit/abcdef1))
* go ([#4](https://forge.example/acme/issues/4)) ([abcdef2](https://forge.example/acme/commit/abcdef2))
"""


def test_links_stand_in_parentheses_of_their_own_where_they_did() -> None:
    look = read_look(APART)
    assert look == Look("*", apart=True, closing=False)
    (told,) = entries(OWN, look, "feat(cli): turn (#12)")
    assert told.startswith("* **cli:** turn ([#12](https://forge.example/acme/issues/12)) ([")


@pytest.mark.parametrize(
    ("tool", "told"),
    [
        ("release-please", "* **cli:** turn ([#12](https://forge.example/acme/issues/12)) (["),
        ("python-semantic-release", "- **cli**: turn ([#12](https://forge.example/acme/pull/12), [`"),
        ("commitizen", "- **cli**: turn (#12)"),
        ("git-cliff", "- *(cli)* turn (#12)"),
        ("", "- **cli:** turn ([#12](https://forge.example/acme/pull/12), ["),
    ],
)
def test_the_first_entries_of_all_look_as_the_tool_would_have_them(tool: str, told: str) -> None:
    (entry,) = entries(OWN, read_look("# Changelog\n", tool), "feat(cli): turn (#12)")
    assert entry.startswith(told)


def entries(convention: Convention, look: Look, *messages: str) -> list[str]:
    notes = Notes(convention, Links("https://forge.example/acme"), look)
    notes.take(judge(history(*messages), convention))
    return [line for line in notes.render().splitlines() if line and not line.startswith("#")]


def test_entries_are_decorated_as_the_look_says() -> None:
    message = "feat(cli): turn both ways (#12)"
    (ours,) = entries(OWN, Look(), message)
    assert ours.startswith("- **cli:** turn both ways ([#12](https://forge.example/acme/pull/12), [")
    (ticked,) = entries(OWN, Look("*", "*({})*", ticked=True), message)
    assert ticked.startswith("* *(cli)* turn both ways ([#12](https://forge.example/acme/pull/12), [`")
    assert entries(OWN, Look(links=False), message) == ["- **cli:** turn both ways (#12)"]
    assert entries(OWN, Look(ids=False), "feat: turn") == ["- turn"]


def test_entries_are_worded_as_the_convention_says() -> None:
    bare = Look(links=False)
    small = OWN._replace(capitalised=True, lowered=True)
    assert entries(small, bare, "fix: handle NoneType") == ["- Handle nonetype"]
    whole = OWN._replace(subjects=True, foreign=Kind("", "Unknown"))
    assert entries(whole, bare, "fix(cli): stop\n\nbody") == ["- fix(cli): stop"]
    assert entries(whole, bare, "Tidy up") == ["- Tidy up"]
