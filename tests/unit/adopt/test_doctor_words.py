"""What the doctor says: rows, counts, the spelling of commands, its JSON, and its page in the documentation."""

from __future__ import annotations

import runpy
from pathlib import Path

from shipway.adopt.doctor.finding import LEVELS, Finding, advice, blocks, fine, unknown
from shipway.adopt.doctor.rendering import as_facts, count, render_rows, render_summary
from shipway.adopt.doctor.table import FAMILIES, look_at
from unit.adopt.doctor_support import HEALTHY

ROOT = Path(__file__).parents[3]
ANSWERS = [
    ("rules", "main", blocks("main is shut", "a rule", "nox -s release -- minor")),
    ("rules", "tags", fine("no rule")),
    ("token", "may write", unknown("hidden")),
]


def test_a_row_says_family_check_level_and_what_and_trouble_says_why_and_next() -> None:
    lines = [text for text, _ in render_rows(ANSWERS, "nox")]
    assert lines == [
        "rules     main               blocks         main is shut",
        "                             why:  a rule",
        "                             next: nox -s release -- minor",
        "          tags               fine           no rule",
        "token     may write          could not ask  hidden",
    ]


def test_a_programs_own_lines_stay_in_their_column() -> None:
    [_, (why, _)] = render_rows([("project", "lock", advice("stale", "one\ntwo", ""))], "nox")
    assert why.splitlines() == [" " * 29 + "why:  one", " " * 35 + "two"]


def test_a_remedy_is_spelled_as_the_person_types() -> None:
    lines = [text.strip() for text, _ in render_rows(ANSWERS, "invoke")]
    assert "next: inv release minor" in lines
    assert as_facts(ANSWERS, "module")[0]["next"] == "python -m shipway release minor"


def test_what_is_fine_has_no_colour_and_what_blocks_has_one() -> None:
    styles = dict(render_rows(ANSWERS, "nox"))
    assert styles["          tags               fine           no rule"] == ""
    assert styles["rules     main               blocks         main is shut"]


def test_the_last_line_counts_every_level() -> None:
    counts = count(ANSWERS)
    assert counts == {"blocks": 1, "advice": 0, "unknown": 1, "fine": 1, "not applicable": 0}
    said = render_summary(counts)
    assert said == "1 would stop a release, 0 advice, 1 could not be asked, 1 fine, 0 not applicable"
    assert list(counts) == list(LEVELS)


def test_a_fit_repository_is_told_by_every_check_once() -> None:
    answers = look_at(HEALTHY)
    assert [name for _, name, _ in answers] == [check.name for kinds in FAMILIES.values() for check in kinds]
    assert count(answers)["blocks"] == 0


def test_the_document_has_every_word_of_an_answer() -> None:
    told = as_facts([("rules", "main", advice("open", "risky", "close it"))], "nox")
    assert told == [
        {"family": "rules", "check": "main", "level": "advice", "what": "open", "why": "risky", "next": "close it"}
    ]
    assert Finding("fine", "x").remedy == ""


def test_the_page_of_checks_is_in_step() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "render_docs.py"))
    text = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
    assert script["render_page"]("docs/doctor.md", "checks") == text, "run scripts/render_docs.py --write"
