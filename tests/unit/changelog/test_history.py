"""Which commits count: reverts take back, merges and releases say nothing, hidden types are hidden."""

from __future__ import annotations

import pytest

from shipway.changelog.commits import Commit
from shipway.changelog.convention import OWN
from shipway.changelog.entries import render_notes
from shipway.changelog.history import follows_convention
from unit.changelog.history_support import counted, history, identity, judge


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
    judged = judge(history("Fix it", "feat: a", "docs: b", "revert: feat: a", "Release acme 1.0"))
    first = identity(1)[:7]
    assert [told.why for _, _, _, (told,), _ in reversed(judged)] == [
        "is not by Conventional Commits",
        f"is reverted by {identity(3)[:7]}",
        "has the type docs, which is hidden",
        f"reverts {first}",
        "is a release",
    ]


def shown(commits: list[Commit]) -> list[str]:
    """Give the ids of the commits that notes tell of."""
    return [id_.decode() for _, id_, _, told, _ in judge(commits) if told[0].is_shown]


def test_a_merge_does_not_count_and_its_content_does_until_the_merge_is_reverted() -> None:
    base, side, main, merge, after = (identity(number) for number in range(5))
    commits = [
        Commit(merge, (main, side), "feat: merge of side"),
        Commit(side, (base,), "feat: side"),
        Commit(main, (base,), "feat: main"),
    ]
    assert shown(commits) == [side, main]
    reverted = Commit(after, (merge,), f'Revert "x"\n\nThis reverts commit {merge}, reversing\nchanges made to {main}.')
    assert shown([reverted, *commits]) == [main]


def test_a_subject_that_looks_like_a_type_by_chance_is_not_the_convention() -> None:
    subjects = ("parser: mend it", "fix: it", "feat(x)!: it", "Fix it", "own!: it")
    assert [follows_convention(Commit("", (), subject)) for subject in subjects] == [False, True, True, False, True]


def test_notes_have_a_section_for_each_kind_of_change_and_an_entry_for_each_commit() -> None:
    judged = judge(
        history(
            "fix(core): one",
            "feat: two\n\nBREAKING CHANGE: three\ngoes on\n\nand on",
            "chore!: four",
            "perf: five (#5)",
            "revert: feat(cli): six",
            "docs: seven",
        )
    )
    one, two, four, five, six = (identity(number)[:7] for number in range(5))
    assert render_notes(judged, OWN, 4) == (
        f"#### Breaking changes\n\n- four ({four})\n- three goes on ({two})\n\n"
        f"#### Added\n\n- two ({two})\n\n"
        f"#### Changed\n\n- **cli:** Reverted: six ({six})\n- five (#5) ({five})\n\n"
        f"#### Fixed\n\n- **core:** one ({one})"
    )
