"""What the commits of a real repository say: the level, the version that is asked for, and notes with links."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from end_to_end.support import git
from shipway.changelog.convention import OWN
from shipway.changelog.insertion import find_spot, insert_section
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.commit_log import read_along
from shipway.project.changelogs.contract import Content, Span
from shipway.project.changelogs.conventional import CommitChangelog
from shipway.project.line import Line
from shipway.project.outlook import find_span
from shipway.release.outcomes import NothingToReleaseError
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

DAY, NEXT = date(2026, 11, 22), Version("1.3.0")


def commits(root: Path, *messages: str, repository: str = "", tag_format: str = "") -> CommitChangelog:
    """Make a repository, its first commit tagged, and a commit for each message."""
    git(root, "init", "--quiet", "--initial-branch", "main")
    (root / "pyproject.toml").write_text('[project]\nname = "acme"\nversion = "1.2.4"\n', encoding="utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Start")
    git(root, "tag", "v1.2.4")
    for message in messages:
        git(root, "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message)
    return CommitChangelog(Git(root, Processes(Environment())), "tests", repository=repository, tag_format=tag_format)


def content(changelog: CommitChangelog) -> Content:
    return changelog.content(Span(git(changelog.git.root, "rev-parse", "v1.2.4"), "HEAD"))


@pytest.mark.parametrize(
    ("messages", "level", "total"),
    [
        ((), "", {}),
        (("docs: a",), "patch", {"docs": 1}),
        (("Fix it", "fix: b", "feat: c"), "minor", {"foreign": 1, "fix": 1, "feat": 1}),
        (("feat: a", "fix!: b"), "major", {"feat": 1, "breaking": 1}),
        (("feat: a", 'Revert "feat: a"'), "patch", {"reverted": 1, "revert": 1}),
        (("Release acme 1.2.4", "Bump version: 1.2.3 \u2192 1.2.4"), "", {"release": 2}),
    ],
)
def test_the_level_is_that_of_what_the_commits_tell(
    tmp_path: Path, messages: tuple[str, ...], level: str, total: dict[str, int]
) -> None:
    found = content(commits(tmp_path, *messages))
    assert (found.level, found.total) == (level, total)


def test_what_decided_comes_first_and_says_by_what(tmp_path: Path) -> None:
    found = content(commits(tmp_path, "feat(cli): a", "chore: b", "fix: c\n\nBREAKING CHANGE: d"))
    said = [(one.what.rpartition(" (")[0], one.level, one.why) for one in found.counted]
    assert said == [
        ("fix: c", "major", "breaking, by a footer"),
        ("feat(cli): a", "minor", "feat"),
        ("chore: b", "", "has the type chore, which is hidden"),
    ]


def test_the_newest_commit_that_asks_for_a_version_counts(tmp_path: Path) -> None:
    asked = ("chore: a\n\nRelease-As: 2.0.0", "chore: b\n\nrelease-as: 3.0.0", "docs: c")
    assert content(commits(tmp_path, *asked)).version == "3.0.0"


def test_nothing_to_release_sums_up_what_it_does_not_name(tmp_path: Path) -> None:
    changelog = commits(tmp_path, *(f"chore: {number}" for number in range(14)))
    with (
        pytest.raises(NothingToReleaseError) as caught,
        changelog.drafting(Span("v1.2.4", "HEAD"), NEXT, DAY) as drafting,
    ):
        drafting()
    assert caught.value.why.count("has the type chore, which is hidden") == 10
    assert caught.value.why.endswith("and 4 more (14 chore)")


def test_notes_link_to_the_forge_where_it_is_known(tmp_path: Path) -> None:
    messages = ("feat(cli): turn #3 (#12)\n\nCloses: #11", "fix: rest")
    changelog = commits(tmp_path, *messages, repository="https://forge.invalid/a/b/", tag_format="v{version}")
    rest, turn = git(tmp_path, "rev-list", "--max-count=2", "HEAD").split()
    author = git(tmp_path, "log", "-1", "--format=%aN")
    url = "https://forge.invalid/a/b"
    assert changelog.preview(Span("v1.2.4", "HEAD"), NEXT, DAY).notes == (
        f"### Added\n\n- **cli:** turn [#3]({url}/issues/3) ([#12]({url}/pull/12), [{turn[:7]}]({url}/commit/{turn})), "
        f"closes [#11]({url}/issues/11)\n\n"
        f"### Fixed\n\n- rest ([{rest[:7]}]({url}/commit/{rest}))\n\n"
        f"Contributors: {author}\n\nAll changes: [v1.2.4...v1.3.0]({url}/compare/v1.2.4...v1.3.0)"
    )


def test_notes_name_who_wrote_the_commits_and_not_who_merged_them(tmp_path: Path) -> None:
    changelog = commits(tmp_path, "feat: a", repository="https://forge.invalid/a/b")
    git(tmp_path, "config", "user.name", "Zoe [bot] Writer")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "fix: b", "--author", "zed <z@example.invalid>")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "fix: c", "--author", "x[bot] <b@example.invalid>")
    git(tmp_path, "checkout", "--quiet", "-b", "side", "v1.2.4")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "fix: d", "--author", "amy <a@example.invalid>")
    git(tmp_path, "checkout", "--quiet", "main")
    git(tmp_path, "merge", "--quiet", "--no-ff", "--message", "Merge", "side")
    first = git(tmp_path, "log", "-1", "--format=%aN", "--grep=feat: a")
    people = ", ".join(sorted(["amy", "zed", first], key=str.lower))
    assert f"Contributors: {people}" in changelog.preview(Span("v1.2.4", "HEAD"), NEXT, DAY).notes.splitlines()


def test_the_same_change_is_told_once(tmp_path: Path) -> None:
    changelog = commits(tmp_path, "fix: rest (#1)", "fix: rest (#2)", "fix(x): rest")
    assert changelog.preview(Span("v1.2.4", "HEAD"), NEXT, DAY).entries == 2


def test_one_of_several_distributions_is_told_what_concerns_it(tmp_path: Path) -> None:
    changelog = commits(tmp_path)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.py").write_text("", encoding="utf-8")
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "--quiet", "--message", f"feat: {name}")
    own = CommitChangelog(Git(tmp_path / "a", changelog.git.processes), "tests", paths=(".",))
    assert [one.what.rpartition(" (")[0] for one in own.content(Span("v1.2.4", "HEAD")).counted] == ["feat: a"]
    assert own.convention is OWN


def test_a_range_without_a_commit_is_read_without_the_history(tmp_path: Path) -> None:
    changelog = commits(tmp_path, "feat: turn", "fix: rest")
    head = git(tmp_path, "rev-parse", "HEAD")
    with read_along(changelog.git, Span(head, head)) as batches:
        assert list(batches) == []


def test_the_changelog_of_one_of_several_distributions_is_where_the_tool_has_it(tmp_path: Path) -> None:
    changelog = commits(tmp_path, "feat: turn")
    config = '{"packages": {"libs/a": {"release-type": "python"}}}'
    (tmp_path / "release-please-config.json").write_text(config, encoding="utf-8")
    (tmp_path / "libs" / "a").mkdir(parents=True)
    (tmp_path / "libs" / "a" / "pyproject.toml").write_text('[project]\nname = "acme-a"\n', encoding="utf-8")
    own = find_changelog(Git(tmp_path / "libs" / "a", changelog.git.processes), tmp_path)
    assert isinstance(own, CommitChangelog)
    assert own.why == "detected: release-please-config.json"
    one = replace(own, paths=(".",))
    assert one.convention.tool == "release-please"
    assert one.place(NEXT, DAY) == "CHANGELOG.md"


@pytest.mark.parametrize(("tool", "since"), [("commitizen", "v1.3.0rc0"), ("", "v1.2.4")])
def test_a_prerelease_tells_of_what_the_tool_would_tell(tmp_path: Path, tool: str, since: str) -> None:
    changelog = commits(tmp_path, "feat: turn", "fix: rest")
    git(tmp_path, "tag", "v1.3.0rc0", "HEAD~1")
    git(tmp_path, "tag", "v1.3.0rc1", "HEAD")
    releases = {Version(tag.removeprefix("v")): tag for tag in ("v1.2.4", "v1.3.0rc0")}
    line = Line(releases, Version("1.2.4"))
    given = replace(changelog, given=OWN._replace(tool=tool))
    assert find_span(line, given, Version("1.3.0rc1"), "HEAD") == Span(since, "HEAD")
    assert find_span(line, given, Version("1.3.0"), "HEAD") == Span("v1.2.4", "HEAD")


def test_a_version_that_the_configuration_still_asks_for_is_left_once_it_is_told_of(tmp_path: Path) -> None:
    changelog = commits(tmp_path, "fix: rest")
    given = replace(changelog, given=OWN._replace(tool="release-please", asked="1.2.4"))
    assert content(given).version == "1.2.4"
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.4 (2026-01-05)\n\n* Turn.\n", encoding="utf-8")
    assert not content(given).version
    assert content(replace(given, given=OWN._replace(asked="1.3.0"))).version == "1.3.0"


def test_a_distribution_that_is_released_with_the_root_is_told_everything(tmp_path: Path) -> None:
    changelog = commits(tmp_path, "feat: turn")
    config = '{"packages": {".": {"release-type": "python"}}}'
    for name in ("libs/a/pyproject.toml", "libs/b/x.py", "libs/a/CHANGELOG.md", "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "release-please-config.json").write_text(config, encoding="utf-8")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "fix(b): rest")
    own = find_changelog(Git(tmp_path / "libs" / "a", changelog.git.processes), tmp_path)
    assert isinstance(own, CommitChangelog)
    one = replace(own, paths=(".",))
    counted = one.content(Span("v1.2.4", "HEAD")).counted
    assert {entry.what.rpartition(" (")[0] for entry in counted} == {"feat: turn", "fix(b): rest"}
    assert one.place(NEXT, DAY) == "../../CHANGELOG.md"


MADE = """\
# Changelog

## 1.2.4 (2026-01-05)

### ⚠ BREAKING CHANGES

* gone

### Features

* **cli:** turn ([#3](https://forge.invalid/a/b/issues/3)) ([63ec09b](https://forge.invalid/a/b/commit/63ec09b))

### Chores

* tidy ([63ec09c](https://forge.invalid/a/b/commit/63ec09c))

### Others

* more ([63ec09d](https://forge.invalid/a/b/commit/63ec09d))
"""


def test_the_titles_are_those_of_the_file_where_a_program_wrote_it(tmp_path: Path) -> None:
    changelog = commits(tmp_path, "feat: fly", "fix: rest", "chore: dust", "docs: say", "perf!: run")
    (tmp_path / "CHANGELOG.md").write_text(MADE, encoding="utf-8")
    notes = changelog.preview(Span("v1.2.4", "HEAD"), NEXT, DAY).notes
    titles = [line for line in notes.splitlines() if line.startswith("#")]
    assert titles == ["### ⚠ BREAKING CHANGES", "### Features", "### Bug Fixes", "### Chores"]
    assert content(changelog).level == "major"


def test_the_titles_that_people_have_for_types_are_followed_and_those_of_keep_a_changelog_are_ours(
    tmp_path: Path,
) -> None:
    changelog = commits(tmp_path, "feat: fly", "fix: land")
    kept = "# Changelog\n\n## 1.2.4 (2026-01-05)\n\n### Added\n\n- Turn.\n\n### Thanks\n\n- To Zoe.\n"
    (tmp_path / "CHANGELOG.md").write_text(kept, encoding="utf-8")
    assert changelog.convention is OWN
    (tmp_path / "CHANGELOG.md").write_text(kept.replace("Added", "Features"), encoding="utf-8")
    assert replace(changelog).convention.sections[1:3] == ("Features", "Bug Fixes")


UNDERLINED = """\
.. _changelog:

=========
CHANGELOG
=========

v1.2.4 (2026-01-05)
===================

\u2728 Features
-----------

* **cli**: Turn

Gone
~~~~

* Old
"""


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (UNDERLINED, "-"),
        ("Changes\n=======\n\n1.2.4\n-----\n\n* Turn\n", "^"),
        ("Changes\n=======\n\n1.2.4\n^^^^^\n\n* Turn\n", "~"),
        ("Changes\n=======\n\n1.2.4\n-----\n\n***\nNew\n***\n\n* Turn\n", "**"),
    ],
)
def test_a_section_in_restructured_text_fits_between_the_others(tmp_path: Path, text: str, rule: str) -> None:
    changelog = commits(tmp_path, "feat: fly", "fix: land")
    (tmp_path / "CHANGELOG.rst").write_text(text, encoding="utf-8")
    notes = changelog.preview(Span("v1.2.4", "HEAD"), NEXT, DAY).notes
    assert find_spot(text).rule == rule
    assert f"\n{rule[0] * 5}" in notes
    written = insert_section(text, NEXT, DAY, notes, rst=True)
    (tmp_path / "CHANGELOG.rst").write_text(written, encoding="utf-8")
    words = ("-m", "docutils", "--report=2", "--halt=2", "CHANGELOG.rst", "page.html")
    done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
