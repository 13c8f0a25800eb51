"""Races for the register alone, with real git; `scripts/race_register.py` runs hundreds of rounds."""

from __future__ import annotations

import runpy
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "race_register.py"
ROUNDS = 12


def test_of_eight_claims_at_once_exactly_one_wins_and_all_know_which(tmp_path: Path) -> None:
    told = runpy.run_path(str(SCRIPT))["race"](tmp_path, ROUNDS)
    assert told == {"Won": ROUNDS, "Lost": 7 * ROUNDS}
