"""Which check runs of a commit count: those of the forge's own workflows, whatever other apps call theirs."""

from __future__ import annotations

import pytest

from shipway.world.github_answers import Fields, parse_passed


def run(name: str, conclusion: str = "success", **more: object) -> Fields:
    return Fields({"name": name, "status": "completed", "conclusion": conclusion, **more}, "a check run")


@pytest.mark.parametrize("app", [None, {"slug": "github-actions"}, {"slug": None}, {}])
def test_a_check_of_a_workflow_counts_also_where_the_forge_names_no_app(app: object) -> None:
    assert parse_passed([run("lint", app=app)]) == {"lint"}


def test_a_check_of_another_app_neither_proves_nor_disproves_a_gate() -> None:
    other = {"slug": "somebodys-checks"}
    assert parse_passed([run("lint", app=other)]) == frozenset()
    assert parse_passed([run("lint"), run("lint", "failure", app=other)]) == {"lint"}
