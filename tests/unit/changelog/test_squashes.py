"""Messages in a message: squashed commits, nested ones, blocks that override, and versions that are asked for."""

from __future__ import annotations

import pytest

from shipway.changelog.commits import Commit
from shipway.changelog.convention import OWN, Convention, read_message
from shipway.changelog.squashes import find_release_as, split_message
from unit.changelog.history_support import counted, history, judge

SQUASHED = (
    "feat: first (#5)\n\n* feat(cli): second one\n\n* fix: third one\n* docs: fourth one\n\nCo-authored-by: x <x@y>\n"
)
MERGED = (
    "Squashed commit of the following:\n\ncommit 63ec09b9e844e616dcaa7bae35a0b66671b59fbb\nAuthor: A <a@b>\n"
    "Date:   Sun Oct 13 12:05:23 2024 -0600\n\n    feat: some subject\n\n    A body.\n"
)
OVERRIDDEN = (
    "Merge pull request #7 from x/y\n\nBEGIN_COMMIT_OVERRIDE\nfeat(core): told anew\n\nBREAKING CHANGE: gone\n"
    "fix!: another\nSigned-off-by: x <x@y>\nEND_COMMIT_OVERRIDE\nThe rest.\n"
)
LINES = Convention(squash="lines")


def texts(message: str, convention: Convention = OWN) -> list[str]:
    return [told.text for told in read_message(convention, message) if told.kind != "foreign"]


def test_a_squashed_commit_tells_of_its_header_alone_unless_it_is_asked_for_all() -> None:
    assert texts(SQUASHED) == ["first (#5)"]
    assert texts(SQUASHED, LINES) == ["first (#5)", "second one", "third one", "fourth one"]
    assert texts(MERGED) == []
    assert texts(MERGED, LINES) == ["some subject"]


@pytest.mark.parametrize(
    "message", ["fix: a\n\nfix: #12", "fix: a\n\nSome text about feat: and so on", "fix: a\n\nCloses: feat: x y"]
)
def test_a_footer_or_a_sentence_is_no_squashed_commit(message: str) -> None:
    assert texts(message, LINES) == ["a"]


def test_footers_that_are_headers_are_changes_of_their_own_where_they_end_a_message() -> None:
    update = "chore: update (#4)\n\nSource-Link: https://forge.invalid\n\nfix: rest\nfix(deps): take a >= 1\n"
    paragraphs = Convention(squash="paragraphs")
    assert texts(f"{update}docs: say\n\nCo-authored-by: x <x@y>", paragraphs) == [
        *("update (#4)", "rest"),
        *("take a >= 1", "say"),
    ]
    assert texts(f"{update}And a sentence.", paragraphs) == ["update (#4)", "rest"]
    assert texts("feat: a\n\nCloses #3\n  fix: no header\nRefs: fix: b", paragraphs) == ["a"]
    assert texts(update) == ["update (#4)"]


@pytest.mark.parametrize("convention", [OWN, LINES])
def test_an_override_replaces_all_that_a_merge_says(convention: Convention) -> None:
    assert texts(OVERRIDDEN, convention) == ["told anew", "another"]
    first, second = read_message(convention, OVERRIDDEN)
    assert (first.breaking, second.level) == (("gone",), "major")
    (item,) = judge([Commit("a" * 40, ("b" * 40, "c" * 40), OVERRIDDEN)], convention)
    assert [told.text for told in item[3]] == ["told anew", "another"]


def test_an_empty_or_open_override_loses_nothing() -> None:
    assert texts("feat: a\n\nBEGIN_COMMIT_OVERRIDE\n\nEND_COMMIT_OVERRIDE") == ["a"]
    assert texts("feat: a\n\nBEGIN_COMMIT_OVERRIDE\nfix: b") == ["b"]


@pytest.mark.parametrize(
    ("message", "version"),
    [
        ("chore: x\n\nRelease-As: 2.0.0", "2.0.0"),
        ("chore: x\n\nrelease-as: v2.0.0rc1\r\n", "2.0.0rc1"),
        ("chore: x\n\nRELEASE-AS: 2", "2"),
        ("Fix it\n\nRelease-As: 2.0.0", "2.0.0"),
        ("chore: x\n\nRelease-As:", ""),
        ("chore: x\n\nThe Release-As: 2.0.0", ""),
        ("chore: x\n\nRelease-As: soon", ""),
    ],
)
def test_a_message_may_ask_for_a_version(message: str, version: str) -> None:
    assert find_release_as(message) == version
    assert read_message(OWN, message)[0].version == version
    (item,) = judge(history(message))
    assert item[3][0].version == version


def test_nested_commits_are_read_where_several_are() -> None:
    message = "feat: a\n\nBEGIN_NESTED_COMMIT\nfix: b\nEND_NESTED_COMMIT\nrest"
    assert split_message(message) == [message]
    assert texts(message, LINES) == ["a", "b"]


def test_a_revert_takes_back_all_that_a_squashed_commit_told() -> None:
    assert counted(SQUASHED, "revert: x\n\nThis reverts commit {0}.", "fix: b", convention=LINES) == [2]
