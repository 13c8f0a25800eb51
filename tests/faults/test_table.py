"""The table of faults: complete, consistent, and the page about it is made from it."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from shipway.rehearsal.faults.scenario import OUTCOMES, Scenario, do_nothing
from shipway.rehearsal.faults.table import FAULTS, GROUPS
from shipway.release.outcomes import ReleaseError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "faults.md"
STOPPING = [scenario for scenario in FAULTS.values() if scenario.code]


def test_names_are_words_and_no_two_are_the_same() -> None:
    assert len(FAULTS) == sum(len(group) for group in GROUPS.values())
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name) for name in FAULTS)


def test_outcomes_are_called_as_the_program_calls_them() -> None:
    assert {kind.code: kind.name for kind in ReleaseError.__subclasses__()}.items() >= {
        code: name for code, name in OUTCOMES.items() if code
    }.items()


@pytest.mark.parametrize("scenario", STOPPING, ids=lambda scenario: scenario.name)
def test_whatever_stops_a_release_says_what_why_not_and_what_a_person_does(scenario: Scenario) -> None:
    assert scenario.says
    assert scenario.remedy
    assert scenario.person


@pytest.mark.parametrize("scenario", [s for s in FAULTS.values() if not s.code], ids=lambda scenario: scenario.name)
def test_whatever_does_not_stop_a_release_needs_nobody(scenario: Scenario) -> None:
    assert (scenario.says, scenario.remedy, scenario.person, scenario.mend) == ("", "", "", do_nothing)


def test_words_in_capitals_stand_for_one_word_and_an_ellipsis_for_anything() -> None:
    scenario = Scenario("x", "", do_nothing, 12, "#N of FILE: …", "…run again")
    assert scenario.fits("#7 of a.whl: 400 (no)", "now run again")
    assert not scenario.fits("#7 of two words: 400", "run again")
    assert not scenario.fits("#7 of a.whl: 400", "run again later")


def test_the_page_is_made_from_the_table() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "render_docs.py"))
    text = PAGE.read_text("utf-8")
    assert script["render_page"]("docs/faults.md", "faults") == text, "run scripts/render_docs.py --write"
