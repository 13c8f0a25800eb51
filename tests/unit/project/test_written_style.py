"""What other tools wrote tells what no option does: their version, their templates, somebody's own plug-in."""

from __future__ import annotations

import pytest

from shipway.changelog.convention import Convention, Told, read_message
from unit.project.test_conventions import SEMANTIC, read, told

SEVENTH = "[semantic_release]\nversion_variable = a.py:v\n"
ENTRY = " ([`abcdef0`](https://forge.example/acme/commit/abcdef0))\n"


def changelog(title: str, *entries: str) -> str:
    """Give a changelog with one version, whose section has entries."""
    return f"# CHANGELOG\n\n## v1.0.0 (2026-01-01)\n\n### {title}\n\n" + "".join(f"- {one}{ENTRY}" for one in entries)


def semantic(title: str, *entries: str, **texts: str) -> Convention:
    return read(SEMANTIC, CHANGELOG__md=changelog(title, *entries), **texts)


@pytest.mark.parametrize(
    ("written", "feature", "breaking"),
    [
        ("Bug Fixes", "Features", "Breaking Changes"),
        ("Fix", "Feature", "Breaking"),
        ("Bug fixes", "Features", "Breaking changes"),
        ("\U0001fab2 Bug Fixes", "Features", "Breaking Changes"),
    ],
)
def test_sections_of_semantic_release_are_called_as_it_called_them(written: str, feature: str, breaking: str) -> None:
    convention = semantic(written, "Turn", "Stop", "Go")
    assert told(convention, "fix: a") == [("patch", written, "a")]
    assert told(convention, "feat: a") == [("minor", feature, "a")]
    assert convention.breaking.section == breaking
    assert convention.capitalised


def test_semantic_release_of_the_seventh_kind_has_short_titles_and_capitals() -> None:
    convention = read(setup__cfg=SEVENTH)
    assert (told(convention, "feat: a"), convention.capitalised) == ([("minor", "Feature", "a")], True)


def test_semantic_release_of_the_eighth_kind_tells_whole_subjects_and_what_is_unknown() -> None:
    convention = semantic("Unknown", "Merge pull request #1 from a/b", "Bump x", "Bump y")
    assert (convention.foreign.section, convention.merges) == ("Unknown", True)
    assert semantic("Fix", "fix: a", "fix(b): c", "fix: d").subjects


def test_a_template_with_one_capital_an_entry_is_followed() -> None:
    convention = semantic("Bug fixes", *["Handle a nonetype of a device that has none at all"] * 3)
    assert (convention.capitalised, convention.lowered) == (True, True)


def test_sections_follow_each_other_as_they_did() -> None:
    text = changelog("\u2728 Features", "A").rstrip() + f"\n\n### \U0001fab2 Bug Fixes\n\n- B{ENTRY}"
    text += f"\n### \U0001f4d6 Documentation\n\n- C{ENTRY}"
    convention = read(SEMANTIC, CHANGELOG__rst="", CHANGELOG__md=text)
    assert convention.sections[:3] == ("\u2728 Features", "\U0001fab2 Bug Fixes", "\U0001f4d6 Documentation")


def test_a_plug_in_of_commitizen_is_known_by_what_it_wrote() -> None:
    text = changelog("\U0001f41b Fixes", "A").rstrip() + "\n\n### \U0001f4da Documentation Improvements\n\n- B\n"
    plugged = read("[tool.commitizen]\nname = 'cz_own'\n", CHANGELOG__md=text)
    assert told(plugged, "docs: say")[0][1:] == ("\U0001f4da Documentation Improvements", "say")
    assert told(plugged, "fix: mend") == [("patch", "\U0001f41b Fixes", "mend")]
    assert told(plugged, "perf: mend") == [("patch", "Perf", "mend")]
    usual = read("[tool.commitizen]\nversion_provider = 'scm'\n", CHANGELOG__md=text)
    assert told(usual, "fix: mend") == [("patch", "Fix", "mend")]
    assert not [one for one in read_message(usual, "docs: say") if one.is_shown]


def test_git_cliff_may_raise_features_alone_less() -> None:
    assert read("[tool.git-cliff.bump]\nfeatures_always_bump_minor = false\n").zero == "features"


def test_git_cliff_edits_entries_at_the_end_too() -> None:
    options = """
[tool.git-cliff.changelog]
postprocessors = [{ pattern = '<REPO>', replace = "https://forge.example/acme" }]
[tool.git-cliff.git]
commit_preprocessors = [{ pattern = '\\(#([0-9]+)\\)', replace = "([#${1}](<REPO>/pull/${1}))" }]
commit_parsers = [{ message = "^fix", group = "Fixes" }]
"""
    (found,) = read_message(read(options), "fix: mend (#3)")
    assert isinstance(found, Told)
    assert found.text.lower() == "mend ([#3](https://forge.example/acme/pull/3))"
