"""What the commits of a real repository become."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from end_to_end.support import git
from shipway.project.changelogs.contract import Changelog, Span
from shipway.project.changelogs.conventional import CommitChangelog
from shipway.release.outcomes import BlockedError, NothingToReleaseError, UsageError
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

PYPROJECT = '[project]\nname = "acme"\nversion = "1.2.4"\n'
DAY, NEXT = date(2026, 11, 22), Version("1.3.0")


def repository(root: Path, *messages: str, toml: str = "", **files: str) -> Git:
    """Make a repository with a commit for each message."""
    git(root, "init", "--quiet", "--initial-branch", "main")
    for name, text in {"pyproject.toml": PYPROJECT + toml, **files}.items():
        (root / name.replace("__", ".")).write_text(text, encoding="utf-8", newline="")
    git(root, "add", "--all")
    for message in messages or ("Start",):
        git(root, "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message)
    return Git(root, Processes(Environment()))


def drafted(changelog: Changelog, span: Span) -> tuple[str, str]:
    """Give notes and remark."""
    with changelog.drafting(span, NEXT, DAY) as drafting:
        found = drafting()
    return found.notes, found.remark


def commits(opened: Git) -> CommitChangelog:
    return CommitChangelog(opened, "detected: tests")


def test_the_commits_since_the_last_release_become_notes_and_a_section(tmp_path: Path) -> None:
    before = "# Changes\r\n\r\n## 1.2.4 (2026-01-01)\r\n\r\n- Old."
    messages = (
        "feat: old",
        "Start",
        "feat(cli): turn\r\n\r\nBREAKING CHANGE: a\r\nb",
        "fix: rest",
        "Fix it",
        "docs: x",
    )
    opened = repository(tmp_path, *messages, CHANGES__md=before)
    git(tmp_path, "config", "log.showSignature", "true")
    git(tmp_path, "config", "i18n.logOutputEncoding", "UTF-16")
    ids = git(tmp_path, "rev-list", "--reverse", "HEAD").splitlines()
    notes, remark = drafted(commits(opened), Span(ids[1], "HEAD"))
    turn, rest = ids[2][:7], ids[3][:7]
    assert notes == (
        f"### Breaking changes\n\n- **cli:** a b ({turn})\n\n"
        f"### Added\n\n- **cli:** turn ({turn})\n\n### Fixed\n\n- rest ({rest})"
    )
    assert remark == "1 of 4 commits are not by Conventional Commits, and tell nothing"
    commits(opened).write(NEXT, DAY, notes)
    section = f"## 1.3.0 (2026-11-22)\n\n{notes}\n\n".replace("\n", "\r\n")
    assert (tmp_path / "CHANGES.md").read_bytes().decode() == before.replace("## 1", f"{section}## 1")
    assert commits(opened).changes(NEXT, DAY) == ("CHANGES.md",)


def test_a_first_changelog_is_made_with_a_title(tmp_path: Path) -> None:
    changelog = commits(repository(tmp_path, "feat: a"))
    notes, remark = drafted(changelog, Span(None, "HEAD"))
    changelog.write(NEXT, DAY, notes)
    assert (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8") == (
        f"# Changelog\n\n## [1.3.0] - 2026-11-22\n\n{notes}\n"
    )
    assert not remark


def test_commits_that_tell_nothing_are_named_with_the_reason(tmp_path: Path) -> None:
    opened = repository(tmp_path, "Fix it", "docs: x", "feat: a", "revert: feat: a")
    with pytest.raises(NothingToReleaseError, match="no commit in the history tells") as caught:
        drafted(commits(opened), Span(None, "HEAD"))
    for reason in (
        "'Fix it' is not by Conventional",
        "'docs: x' has the type docs",
        "'feat: a' is reverted by",
        "reverts",
    ):
        assert reason in caught.value.why
    assert caught.value.remedy.startswith('git commit --allow-empty --message "fix: ')
    preview = commits(opened).preview(Span(None, "HEAD"), NEXT, DAY)
    assert (preview.notes, preview.entries, len(preview.remarks)) == ("", 0, 1)


def test_a_changelog_in_which_nothing_could_be_found_again_is_told(tmp_path: Path) -> None:
    opened = repository(tmp_path, "feat: a", CHANGELOG__md="# Changelog\n\n```\nnever closed\n")
    with pytest.raises(BlockedError, match="has no place for a section") as caught:
        drafted(commits(opened), Span(None, "HEAD"))
    assert caught.value.remedy == "mend CHANGELOG.md"


def test_a_changelog_in_restructuredtext_gets_its_section_in_that(tmp_path: Path) -> None:
    before = "Changes\n=======\n\n1.2.4 (2026-01-01)\n------------------\n\n- Old.\n"
    changelog = commits(repository(tmp_path, "feat(cli): a `b` of_ |c|", CHANGES__rst=before))
    notes, _ = drafted(changelog, Span(None, "HEAD"))
    assert notes.startswith("Added\n^^^^^\n\n- **cli:** a ``b`` of\\_ \\|c\\| (")
    changelog.write(NEXT, DAY, notes)
    section = f"1.3.0 (2026-11-22)\n------------------\n\n{notes}\n\n"
    assert (tmp_path / "CHANGES.rst").read_text(encoding="utf-8") == before.replace("1.2.4", f"{section}1.2.4")


def test_nothing_is_added_to_commits(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="commits are the changelog here") as caught:
        commits(repository(tmp_path)).add(["feature", "x"], "", "nox")
    assert caught.value.remedy.startswith("git commit")
