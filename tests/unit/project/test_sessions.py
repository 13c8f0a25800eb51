"""Nox's listing and report, and the blocks of its output, read session by session."""

from __future__ import annotations

import json

import pytest

from shipway.project.sessions import Cell, Session, parse_listing, parse_report, render_cells, split_output
from shipway.steps.gates import is_check_of

ROWS = [
    {"session": "lint", "name": "lint", "python": None, "tags": ["gate"]},
    {"session": "tests-3.11(x=1)", "name": "tests", "python": "3.11", "tags": []},
    {"session": "bare", "name": "bare", "python": False, "tags": None},
]


def test_a_listing_gives_name_python_and_tags_whatever_the_noxfile_printed_before() -> None:
    assert parse_listing(f"hello\n[1]\n{json.dumps(ROWS)}\n") == [
        Session("lint", None, ("gate",)),
        Session("tests-3.11(x=1)", "3.11", ()),
        Session("bare", None, ()),
    ]


@pytest.mark.parametrize("text", ["", "no list", "{}", "[] and more"])
def test_anything_else_is_no_listing(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_listing(text)


def test_a_report_is_read_by_the_names_that_the_listing_shows() -> None:
    rows = [
        {"name": "tests", "signatures": ["tests-3.11"], "result": "failed", "reason": None, "duration": 1.234},
        {"name": "lint", "signatures": [], "result": "skipped", "reason": "no interpreter", "duration": 0},
    ]
    found = parse_report(json.dumps({"result": 0, "sessions": rows}), {"tests-3.11": "1 failed"})
    assert found == {
        "tests-3.11": Cell("tests-3.11", "failed", 1.23, "1 failed"),
        "lint": Cell("lint", "skipped", 0.0, "no interpreter"),
    }
    assert parse_report("", {}) == {}


def test_what_each_session_printed_is_told_apart_in_both_of_noxs_shapes() -> None:
    together = "\n".join(
        [
            "Starting session a...",
            "========== ✗ a(x='1, 2'): failed, took 3 seconds ==========",
            "nox > Running session a(x='1, 2')",
            "E   wrong",
            "========== ✓ b: success ==========",
            "fine",
            "nox > Ran 2 sessions in 3 seconds:",
            "nox > * b: success",
        ]
    )
    assert split_output(together) == {"a(x='1, 2')": "E   wrong", "b": "fine"}
    alone = "nox > Running session a\none\nnox > Session a failed.\nnox > Running session b\ntwo"
    assert split_output(alone) == {"a": "one\nnox > Session a failed.", "b": "two"}


def test_the_table_of_a_matrix_stands_in_columns() -> None:
    table = render_cells([("lint", "passed here", 1.25), ("tests-3.10", "passed in CI for this commit", None)])
    assert table.splitlines() == [
        "cell        result                        seconds",
        "lint        passed here                       1.2",
        "tests-3.10  passed in CI for this commit",
    ]


LINT, TESTS = Session("lint"), Session("tests-3.12", "3.12")


@pytest.mark.parametrize(
    ("session", "check"),
    [
        (LINT, "lint"),
        (LINT, "ci / lint"),
        (LINT, "gates (lint)"),
        (LINT, "ci / gates (lint, )"),
        (TESTS, "tests-3.12"),
        (TESTS, "session (tests-3.12, 3.12)"),
        (TESTS, "called / ci / session (tests-3.12, 3.12)"),
    ],
)
def test_a_check_counts_for_the_session_that_its_name_says(session: Session, check: str) -> None:
    assert is_check_of(session, check)


@pytest.mark.parametrize(
    ("session", "check"),
    [
        (LINT, "lint-docs"),
        (LINT, "ci / lint (optional)"),
        (LINT, "gates (lint, windows-latest)"),
        (LINT, "gates (typecheck, lint)"),
        (LINT, "deploy (lint)"),
        (LINT, "pylint"),
        (LINT, "lint / all-green"),
        (LINT, "Lint"),
        (TESTS, "tests-3.1"),
        (TESTS, "tests-3.123"),
        (TESTS, "tests-3x12"),
        (TESTS, "tests (3.12)"),
        (TESTS, "session (tests-3.12, 3.11)"),
        (TESTS, "session (tests-3.12) again"),
    ],
)
def test_a_look_alike_does_not_count(session: Session, check: str) -> None:
    assert not is_check_of(session, check)
