"""What a pull request lacks, and what is wrong with fragments and file."""

from __future__ import annotations

from pathlib import Path

import pytest

from end_to_end.support import git
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.checks import Asked, check_pull_request, find_base, lint
from shipway.release.outcomes import BlockedError, ConfigurationError
from shipway.world.git import Git
from unit.project.changelogs.changelog_support import commit, repository

TOWNCRIER = '[tool.towncrier]\ndirectory = "changelog.d"\nfilename = "CHANGELOG.md"\n'
KEEP = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n## [1.2.4] - 2026-01-01\n\n- Old.\n"


def branch(root: Path, files: dict[str, str], toml: str = "", message: str = "Start") -> Git:
    """Make a repository that stands on a branch of its own."""
    opened = repository(root, files, message, toml=toml)
    git(root, "switch", "--quiet", "--create", "topic")
    return opened


def check(opened: Git, title: str = "") -> str:
    """Check the branch as a pull request to main."""
    return check_pull_request(find_changelog(opened), Asked(opened, find_base(opened, "main"), title))


def test_a_pull_request_has_a_fragment(tmp_path: Path) -> None:
    opened = branch(tmp_path, {"changelog.d/1.feature.md": "Old.\n"}, TOWNCRIER)
    assert check(opened) == "nothing changed"
    commit(tmp_path, {"a.py": "", "changelog.d/README.md": "x"})
    with pytest.raises(BlockedError, match="has no fragment") as caught:
        check(opened)
    assert caught.value.remedy == "nox -s changelog -- add feature 'What changed.'"
    commit(tmp_path, {"changelog.d/7.bugfix.md": "Mended.\n"})
    assert check(opened) == "it has changelog.d/7.bugfix.md"


def test_a_pull_request_has_a_fragment_where_the_last_ones_were_spent_before_the_release(tmp_path: Path) -> None:
    opened = branch(tmp_path, {"CHANGELOG.md": "## 1.3.0\n\n- New.\n\n## 1.2.4\n\n- Old.\n"}, TOWNCRIER)
    commit(tmp_path, {"a.py": ""})
    with pytest.raises(BlockedError, match="has no fragment"):
        check(opened)


def test_a_pull_request_says_what_it_announces(tmp_path: Path) -> None:
    opened = branch(tmp_path, {"RELEASE.md": "Release type: patch\n\nOld.\n"})
    commit(tmp_path, {"a.py": ""})
    with pytest.raises(BlockedError, match="has no fragment") as caught:
        check(opened)
    assert caught.value.remedy == "write what changes for users into RELEASE.md"
    commit(tmp_path, {"RELEASE.md": "Release type: patch\n\nNew.\n"})
    assert check(opened) == "it has RELEASE.md"


def test_a_release_needs_no_fragment(tmp_path: Path) -> None:
    opened = branch(tmp_path, {"CHANGELOG.md": "# Changelog\n"}, TOWNCRIER)
    commit(tmp_path, {"CHANGELOG.md": KEEP})
    assert check(opened) == "it changes the changelog itself"


def test_a_pull_request_has_an_entry_that_was_not_there(tmp_path: Path) -> None:
    opened = branch(tmp_path, {"CHANGELOG.md": KEEP})
    commit(tmp_path, {"CHANGELOG.md": KEEP.replace("- Old.", "- Old, and more.")})
    with pytest.raises(BlockedError, match="no entry in the changelog") as caught:
        check(opened)
    assert caught.value.remedy == "write an entry under Unreleased in CHANGELOG.md"
    commit(tmp_path, {"CHANGELOG.md": KEEP.replace("- New.", "- New.\n- Newer.")})
    assert check(opened) == "it has 1 new in CHANGELOG.md: Newer."


def test_a_pull_request_has_a_title_or_commits_by_convention(tmp_path: Path) -> None:
    opened = branch(tmp_path, {}, message="feat: start")
    commit(tmp_path, {"a.py": ""}, "Do it")
    with pytest.raises(BlockedError, match="1 of 1 commits are not by Conventional Commits") as caught:
        check(opened)
    assert "'Do it'" in caught.value.why
    assert check(opened, "fix: do it") == "its title is by convention"
    with pytest.raises(BlockedError, match="the title 'Do it' is not"):
        check(opened, "Do it")
    git(tmp_path, "commit", "--quiet", "--amend", "--message", "fix: do it")
    assert check(opened) == "1 commits, all by convention"


def test_nothing_is_asked_where_nothing_is_kept(tmp_path: Path) -> None:
    opened = branch(tmp_path, {})
    commit(tmp_path, {"a.py": ""})
    assert check(opened).startswith("this repository keeps no changelog")


def test_a_branch_that_is_not_there_is_told(tmp_path: Path) -> None:
    opened = branch(tmp_path, {})
    with pytest.raises(ConfigurationError, match="elsewhere and HEAD have no commit in common") as caught:
        find_base(opened, "elsewhere")
    assert "--since" in caught.value.remedy


def test_fragments_and_file_are_linted(tmp_path: Path) -> None:
    files = {
        "CHANGELOG.md": KEEP.replace("- Old.", "- [Old][nowhere]."),
        "changelog.d/7.fix.md": "x\n",
        "changelog.d/8.feature.md": "\n",
        "changelog.d/abc.feature.md": "x\n",
        "changelog.d/+abc.feature.md": "x\n",
        "changelog.d/_template.md": "x\n",
    }
    toml = f'{TOWNCRIER}issue_format = "[#{{issue}}](https://h.invalid/{{issue}})"\n'
    opened = repository(tmp_path, files, toml=toml)
    found = lint(find_changelog(opened), opened)
    assert [line.partition(" (did")[0] for line in found] == [
        "changelog.d/7.fix.md: its name holds none of the types feature, bugfix, doc, removal, misc",
        "changelog.d/8.feature.md: it is empty",
        "changelog.d/abc.feature.md: issue_format would make a link of 'abc', which is no number",
        "CHANGELOG.md:11: the reference [Old][nowhere] leads nowhere",
    ]


def test_fragments_of_scriv_are_linted(tmp_path: Path) -> None:
    files = {"changelog.d/1.md": "### Adde\n\n- a\n", "changelog.d/2.md": "\n"}
    opened = repository(tmp_path, files, toml='[tool.scriv]\nformat = "md"\n')
    assert lint(find_changelog(opened), opened) == [
        "changelog.d/1.md: 'Adde' is none of the categories Removed, Added, Changed, Deprecated, Fixed, Security",
        "changelog.d/2.md: it is empty",
    ]
