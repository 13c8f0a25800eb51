"""Commit messages by Conventional Commits 1.0.0: the examples of its text, and what is none."""

from __future__ import annotations

import pytest

from shipway.changelog.commits import Change, Footer, parse_change

REVIEWED = (Footer("Reviewed-by", "Z"), Footer("Refs", "#123"))
EXAMPLES = {
    "feat: allow provided config object to extend other configs\n\nBREAKING CHANGE: `extends` key is now used": Change(
        "feat",
        "",
        "allow provided config object to extend other configs",
        footers=(Footer("BREAKING CHANGE", "`extends` key is now used"),),
    ),
    "feat!: send an email to the customer when a product is shipped": Change(
        "feat", "", "send an email to the customer when a product is shipped", marked=True
    ),
    "feat(api)!: send an email": Change("feat", "api", "send an email", marked=True),
    "docs: correct spelling of CHANGELOG": Change("docs", "", "correct spelling of CHANGELOG"),
    "feat(lang): add Polish language": Change("feat", "lang", "add Polish language"),
    "fix: prevent racing of requests\n\nIntroduce an id.\n\nDismiss others.\n\nReviewed-by: Z\nRefs: #123\n": Change(
        "fix", "", "prevent racing of requests", body="Introduce an id.\n\nDismiss others.", footers=REVIEWED
    ),
}


@pytest.mark.parametrize("message", EXAMPLES)
def test_the_examples_of_the_specification_are_understood(message: str) -> None:
    assert parse_change(message) == EXAMPLES[message]
    assert parse_change(message.replace("\n", "\r\n")) == EXAMPLES[message]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "\n\n",
        "Fix it",
        "fix:it",
        "fix :it",
        "fix: ",
        "fix(): it",
        "fix(a(b)): it",
        "1fix: it",
        ": it",
        "fix!(a): it",
    ],
)
def test_what_is_not_by_the_specification_is_not_taken_for_it(message: str) -> None:
    assert parse_change(message) is None


def test_types_are_read_whatever_their_case() -> None:
    assert parse_change("FIX(Core): It") == Change("fix", "Core", "It")


@pytest.mark.parametrize(
    ("rest", "texts"),
    [
        ("BREAKING CHANGE: gone", ("gone",)),
        ("BREAKING-CHANGE: gone", ("gone",)),
        ("breaking change: gone", ()),
        ("BREAKING CHANGES: gone", ()),
        ("Body.\nBREAKING CHANGE: gone\nfor good", ("gone\nfor good",)),
        ("BREAKING CHANGE:\n  gone\n\nfor good\nSigned-off-by: x <x@y>", ("  gone\n\nfor good",)),
        ("BREAKING CHANGE: a\nBREAKING CHANGE: b", ("a", "b")),
    ],
)
def test_footers_tell_breaking_changes_on_one_line_or_on_many(rest: str, texts: tuple[str, ...]) -> None:
    change = parse_change(f"fix: x\n\n{rest}\n")
    assert change is not None
    assert tuple(text.strip("\n").lstrip("\n") for text in change.breaking) == tuple(text for text in texts)
    assert change.is_breaking == bool(texts)
