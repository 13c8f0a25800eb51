"""Which commits count: reverts take back, merges and releases say nothing, hidden types are hidden."""

from __future__ import annotations

import hashlib

import pytest

from shipway.changelog.commits import Commit
from shipway.changelog.entries import render_notes
from shipway.changelog.history import follows_convention, judge_history


def identity(number: int) -> str:
    return hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()


def history(*messages: str) -> list[Commit]:
    """Give a straight history, newest first, from messages that are oldest first; ``{N}`` is the id of the Nth."""
    ids = [identity(number) for number in range(len(messages))]
    made = [
        Commit(ids[place], (ids[place - 1],) if place else (), message.format(*ids))
        for place, message in enumerate(messages)
    ]
    return made[::-1]


def counted(*messages: str) -> list[int]:
    """Give the places of the messages that count."""
    judged = judge_history(history(*messages), "acme")
    return sorted(len(messages) - 1 - place for place, one in enumerate(judged) if not one.why)


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (("feat: a", "fix: b", "perf: c", "docs: d", "chore(x): e", "style: f", "refactor: g", "test: h"), [0, 1, 2]),
        (("docs!: a", "chore: b\n\nBREAKING CHANGE: c", "own: d"), [0, 1]),
        (("Fix it", "feat: a"), [1]),
        (("feat: a", 'Revert "feat: a"\n\nThis reverts commit {0}.'), []),
        (("feat: a", "revert: feat: a\n\nThis reverts commit {0}."), []),
        (("feat: a", "feat: b", "revert: them\n\nRefs: {0}, {1}"), []),
        (("feat: a", "fix: b", "revert: feat: a"), [1]),
        (("feat: a", 'Revert "feat: a" (#7)'), []),
        (
            (
                "feat: a",
                'Revert "feat: a"\n\nThis reverts commit {0}.',
                'Reapply "feat: a"\n\nThis reverts commit {1}.',
            ),
            [0],
        ),
        (
            (
                "feat: a",
                'Revert "feat: a"\n\nThis reverts commit {0}.',
                'Revert "Revert "feat: a""\n\nThis reverts commit {1}.',
            ),
            [0],
        ),
        (('Revert "feat: a"\n\nThis reverts commit 0123456789.',), [0]),
        (('Revert "docs: a"\n\nThis reverts commit 0123456789.', 'Revert "Something"'), []),
        (("revert: fix: long out", "revert: docs: long out", "revert: the noodle incident"), [0, 2]),
        (("feat: a", "feat: squashed\n\n* feat: x\n* Revert\n\nThis reverts commit {0}."), [0, 1]),
        (("feat: a", 'Revert "feat: a"', 'Reapply "feat: a" (#8)'), [0]),
        (('Reapply "feat: a"', 'Reapply "docs: a"'), [0]),
        (("Release acme 1.2.3", "Release acme 1.2.3 (#4)", "feat: a"), [2]),
    ],
)
def test_what_counts(messages: tuple[str, ...], expected: list[int]) -> None:
    assert counted(*messages) == expected


def test_every_commit_that_does_not_count_says_why() -> None:
    judged = judge_history(history("Fix it", "feat: a", "docs: b", "revert: feat: a", "Release acme 1.0"), "acme")
    first = identity(1)[:7]
    assert [one.why for one in reversed(judged)] == [
        "is not by Conventional Commits",
        f"is reverted by {identity(3)[:7]}",
        "has the type docs, which is nothing that users notice",
        f"reverts {first}",
        "is a release",
    ]


def test_a_merge_does_not_count_and_its_content_does_until_the_merge_is_reverted() -> None:
    base, side, main, merge, after = (identity(number) for number in range(5))
    commits = [
        Commit(merge, (main, side), "feat: merge of side"),
        Commit(side, (base,), "feat: side"),
        Commit(main, (base,), "feat: main"),
    ]
    assert [one.commit.id for one in judge_history(commits, "acme") if not one.why] == [side, main]
    reverted = Commit(after, (merge,), f'Revert "x"\n\nThis reverts commit {merge}, reversing\nchanges made to {main}.')
    assert [one.commit.id for one in judge_history([reverted, *commits], "acme") if not one.why] == [main]


def test_a_subject_that_looks_like_a_type_by_chance_is_not_the_convention() -> None:
    subjects = ("parser: mend it", "fix: it", "feat(x)!: it", "Fix it", "own!: it")
    assert [follows_convention(Commit("", (), subject)) for subject in subjects] == [False, True, True, False, True]


def test_notes_have_a_section_for_each_kind_of_change_and_an_entry_for_each_commit() -> None:
    judged = judge_history(
        history(
            "fix(core): one",
            "feat: two\n\nBREAKING CHANGE: three\ngoes on\n\nand on",
            "chore!: four",
            "perf: five (#5)",
            "revert: feat(cli): six",
            "docs: seven",
        ),
        "acme",
    )
    one, two, four, five, six = (identity(number)[:7] for number in range(5))
    assert render_notes(judged, 4) == (
        f"#### Breaking changes\n\n- four ({four})\n- three goes on ({two})\n\n"
        f"#### Added\n\n- two ({two})\n\n"
        f"#### Changed\n\n- Reverted: six ({six})\n- five (#5) ({five})\n\n"
        f"#### Fixed\n\n- **core:** one ({one})"
    )
