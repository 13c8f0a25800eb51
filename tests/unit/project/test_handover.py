"""The files between steps: whole or not at all, and what a killed run had begun is in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from shipway.project.handover import JOURNAL, NONCES, UNFINISHED, Handover
from shipway.project.turn import take_turn
from shipway.release.outcomes import HeldError

SINCE = "2026-01-02T03:04:05+00:00"


def test_half_a_line_of_a_killed_run_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    handover = Handover(tmp_path)
    handover.append(JOURNAL, "one\n")
    with (handover.directory / JOURNAL).open("a") as file:
        file.write('{"half')
    handover.append(JOURNAL, "two\n")
    handover.append(JOURNAL, "three\n")
    assert handover.find(JOURNAL) == 'one\n{"half\ntwo\nthree\n'


def test_what_a_killed_run_had_begun_to_write_is_thrown_away_with_the_scratch_places(tmp_path: Path) -> None:
    handover = Handover(tmp_path)
    handover.write("reports/gates.json", "{}")
    left = [handover.directory / f"plan.json.7{UNFINISHED}", handover.directory / f"reports/gates.json.7{UNFINISHED}"]
    for path in [*left, handover.scratch("x") / "y", handover.register / "objects" / "z"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    handover.tidy()
    names = sorted(path.relative_to(handover.directory).as_posix() for path in handover.directory.rglob("*"))
    assert names == [".gitignore", "reports", "reports/gates.json"]


def test_every_nonce_of_a_work_tree_is_known_and_no_part_of_one(tmp_path: Path) -> None:
    handover = Handover(tmp_path)
    assert not handover.knows_nonce("abcd")
    handover.remember_nonce("abcd")
    handover.remember_nonce("efgh")
    assert [handover.knows_nonce(word) for word in ("abcd", "efgh", "ab", "", "abcd\nefgh")] == [
        True,
        True,
        *[False] * 3,
    ]
    assert handover.find(NONCES) == "abcd\nefgh\n"


def test_a_second_run_is_told_of_the_first_and_comes_in_after_it(tmp_path: Path) -> None:
    handover = Handover(tmp_path)
    with (
        take_turn(handover, SINCE),
        pytest.raises(HeldError, match=r"process \d+, since 2026-01-02"),
        take_turn(handover, SINCE),
    ):
        pass
    with take_turn(handover, SINCE):
        assert handover.find("turn.holder") is not None
