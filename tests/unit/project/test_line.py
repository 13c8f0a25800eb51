"""The last release, standing at any commit: by the order of versions within the line, not by ancestry alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from shipway.project.line import is_mark
from shipway.release.tagnames import TagRule
from unit.project.line_support import make_history

STRAIGHT = """
a = v1.0.0
b
c = +v1.1.0
d
e = v1.2.0
"""

MAINTAINED = """
a = v1.0.0
m1
m2 = v2.0.0
m3
m4
m5 = v2.1.0
m6
x1 < a
x2 = v1.0.1
x3
m7 < m6 = v2.2.0
x4 < x3 = v1.0.2
x5
"""

SQUASHED = """
a = v1.0.0
b
c
r1 < c
r2 = v1.1.0
s < c
d
e
f
"""

GIT_FLOW = """
a
d1 < a
d2
m1 < a d2 = v1.0.0
d3 < d2
d4
m2 < m1 d4 = v1.1.0
d5 < d4
d6
"""

BRANCH_FOR_EACH = """
a = v0.9.0
b
c
p1 < c
p2
p3 = v1.0.0
d < c
e
f
g
h
i
q1 < i
q2
q3 = v1.1.0
p4 < p3 = v1.0.1
j < i
k
l
m
n
"""
"""Every release is made on a branch that is never merged; the trunk's own last tag is old."""


@pytest.mark.parametrize(
    ("history", "at", "written", "last"),
    [
        (STRAIGHT, "a", None, "1.0.0"),
        (STRAIGHT, "b", None, "1.0.0"),
        (STRAIGHT, "d", None, "1.1.0"),
        (STRAIGHT, "d", "1.1.0", "1.1.0"),
        (STRAIGHT, "d", "1.2.0", "1.1.0"),
        (STRAIGHT, "b", "1.1.0.dev0", "1.0.0"),
        (STRAIGHT, "b", "9.0", "1.0.0"),
        (MAINTAINED, "m3", None, "2.0.0"),
        (MAINTAINED, "m6", None, "2.1.0"),
        (MAINTAINED, "x1", "1.0.0", "1.0.0"),
        (MAINTAINED, "x3", "1.0.1", "1.0.1"),
        (MAINTAINED, "x5", "1.0.2", "1.0.2"),
        (MAINTAINED, "x5", "1.0.3.dev0", "1.0.2"),
        (MAINTAINED, "x1", None, "1.0.0"),
        (MAINTAINED, "x3", None, "1.0.1"),
        (MAINTAINED, "x5", None, "1.0.2"),
        (SQUASHED, "c", None, "1.0.0"),
        (SQUASHED, "d", None, "1.1.0"),
        (SQUASHED, "f", "1.1.0", "1.1.0"),
        (GIT_FLOW, "d2", None, None),
        (GIT_FLOW, "d4", None, "1.0.0"),
        (GIT_FLOW, "d6", None, "1.1.0"),
        (GIT_FLOW, "d6", "1.1.0", "1.1.0"),
        (BRANCH_FOR_EACH, "h", None, "1.0.0"),
        (BRANCH_FOR_EACH, "q2", None, "1.0.0"),
        (BRANCH_FOR_EACH, "n", None, "1.1.0"),
        (BRANCH_FOR_EACH, "p3", None, "1.0.0"),
    ],
)
def test_the_last_release_is_that_of_the_line(
    tmp_path: Path, history: str, at: str, written: str | None, last: str | None
) -> None:
    assert make_history(tmp_path, history).last(at, written) == last


def test_a_release_that_is_not_merged_yet_counts_at_the_tip_of_the_branch_alone(tmp_path: Path) -> None:
    history = make_history(tmp_path, "a = v1.0.0\nb\nr = v1.1.0")
    assert history.last("b", "1.0.0") == "1.0.0"
    assert history.at_the_tip("b", "1.0.0").versions == (Version("1.0.0"), Version("1.1.0"))
    assert history.at_the_tip("b").versions == (Version("1.0.0"), Version("1.1.0"))


def test_another_line_is_known_and_does_not_count(tmp_path: Path) -> None:
    history = make_history(tmp_path, MAINTAINED)
    for line in (history.line("x5"), history.at_the_tip("x5"), history.at_the_tip("x5", "1.0.2")):
        assert line.versions == (Version("1.0.0"), Version("1.0.1"), Version("1.0.2"))
        assert Version("2.0.0") in line.apart


def test_the_newest_tag_in_the_history_counts_though_clocks_were_wrong(tmp_path: Path) -> None:
    history = make_history(tmp_path, "a = v1.0.0 @ 1\nb = v1.1.0 @ 2.1\nc @ 2\nd = v1.2.0 @ 1.95")
    assert history.last("c") == "1.1.0"
    assert history.last("c", "1.2.0") == "1.1.0"


def test_a_version_that_is_set_before_its_tag_is_not_released_yet(tmp_path: Path) -> None:
    history = make_history(tmp_path, "a = v1.0.0\nb\nc @ 3\nd = v1.1.0 @ 3")
    assert history.last("c", "1.1.0") == "1.0.0"
    assert history.last("d", "1.1.0") == "1.1.0"


def test_higher_numbers_from_before_counting_began_anew_do_not_count(tmp_path: Path) -> None:
    history = make_history(tmp_path, "a = v2019.1\nb = v0.1.0\nc")
    assert history.last("c", "0.1.0") == "0.1.0"


def test_of_two_tags_of_a_version_the_one_of_the_format_names_it(tmp_path: Path) -> None:
    line = make_history(tmp_path, "a = 1.0.0 v1.0.0 +v1.0.1\nb").line("b")
    assert line.tag_of(Version("1.0.0")) == "v1.0.0"
    assert line.versions == (Version("1.0.0"), Version("1.0.1"))
    assert line.commit_of(Version("1.0.1")) == line.commit_of(Version("1.0.0"))


def test_a_written_format_alone_says_which_tags_count(tmp_path: Path) -> None:
    history = make_history(tmp_path, "a = 1.0.0\nb = v0.9\nc")
    assert history.line("c", rule=TagRule("v{version}")).versions == (Version("0.9"),)


def test_tags_of_trees_and_files_and_names_that_are_no_versions_are_passed_over(tmp_path: Path) -> None:
    history = make_history(tmp_path, "a = v1.0.0 v1 nightly release-556 docs-3.0 v9-old\nb")
    git = history.git
    git.run("tag", "v8.0.0", git.tree_of("all"))
    assert history.line("b").versions == (Version("1.0.0"),)


def test_pre_releases_are_of_the_line_and_the_last_final_is_told(tmp_path: Path) -> None:
    line = make_history(tmp_path, "a = v1.0.0\nb = v2.0.0rc1\nc = v2.0.0-rc.2\nd").line("d")
    assert line.last_before(Version("2.0.0")) == Version("2.0.0rc2")
    assert line.last_before(Version("2.0.0"), final=True) == Version("1.0.0")
    assert line.current == Version("1.0.0")


MARKED = """
a = v1.0.0
b
c = v1.1.0.dev0
d
e = v1.2.0.dev0
f @ 20
x1 < a
x2 = v1.0.1
y1 < d
y2 = v1.1.0
y3
"""
"""A trunk that is tagged where work on each version begins, and a branch for each."""


@pytest.mark.parametrize(("at", "last"), [("x1", "1.0.0"), ("y1", "1.0.1"), ("y3", "1.1.0"), ("f", "1.1.0")])
def test_a_mark_where_work_begins_is_no_release_and_means_nothing_to_other_branches(
    tmp_path: Path, at: str, last: str
) -> None:
    history = make_history(tmp_path, MARKED)
    for line in (history.line(at), history.at_the_tip(at)) if at in ("y3", "f") else (history.line(at),):
        assert line.last_before(Version("9.0.0")) == Version(last)
    assert Version("1.1.0.dev0") not in history.line("x1").releases
    assert Version("1.2.0.dev0") in history.line("f").releases


def test_a_repository_without_commits_has_an_empty_line(tmp_path: Path) -> None:
    history = make_history(tmp_path, "a")
    history.git.run("update-ref", "-d", "refs/heads/all")
    assert history.line("a").versions == ()


BEGUN = """
a = v1.2.0
b
c < b = v1.3.0.dev0
d
x1 < b
x2 = v1.2.1
x3
"""


def test_the_mark_of_a_beginning_is_of_the_branch_that_has_it(tmp_path: Path) -> None:
    history = make_history(tmp_path, BEGUN)
    assert (history.last("x1"), history.last("x3")) == ("1.2.0", "1.2.1")
    assert history.last("d") == "1.3.0.dev0"
    assert [is_mark(Version(text)) for text in ("1.3.0a1.dev0", "1.3.0.dev1", "1.3.0.dev0")] == [False, False, True]
