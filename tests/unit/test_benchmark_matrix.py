"""The benchmark of the matrix: what it compares, and the aim that it prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from nox.project import load_toml

from unit.test_scripts import load

benchmark = load("benchmark_matrix")


def test_the_aim_is_the_slowest_cell_and_the_sum_over_the_cores_and_a_second() -> None:
    measured = benchmark.Measured({"serial": [9.0, 7.0, 8.0]}, {"lint": [1.0], "tests-3.11": [4.0, 2.0, 3.0]})
    assert measured.bound(2) == 3.0 + 4.0 / 2 + 1.0
    table = benchmark.render(measured, 2)
    assert "| serial | 8.0 |" in table
    assert "+ sum of cells / 2 cores + 1 | 6.0 |" in table


def test_every_side_is_timed_in_turns_and_the_first_round_is_not_counted(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"sessions": [{"name": "lint", "duration": 1.5}]}))
    asked: list[str] = []

    def timed(_: Path, argv: Sequence[str]) -> float:
        asked.append(argv[-1])
        return float(len(asked))

    measured = benchmark.measure(tmp_path / "acme", 1, timed)
    sides = len(measured.sides)
    assert asked[:sides] == asked[sides:]
    assert [seconds for [seconds] in measured.sides.values()] == [float(sides + n + 1) for n in range(sides)]
    assert measured.cells == {"lint": [1.5]}


def test_all_sides_have_the_same_cells(tmp_path: Path) -> None:
    benchmark.write_project(tmp_path / "acme", ["3.11", "3.12"])
    assert load_toml(tmp_path / "acme" / "tox.toml")["env_list"] == ["lint", "py311", "py312"]
    listed = load_toml(tmp_path / "acme" / "pyproject.toml")["project"]["classifiers"]
    assert [line.rpartition(" ")[2] for line in listed] == ["3.11", "3.12"]
