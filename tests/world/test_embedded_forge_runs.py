"""Runs of CI workflows by REST, in the shape that GitHub describes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.forge.state import Token
from world.forge_support import Site, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def test_a_run_is_shown_as_github_describes_it_while_it_runs_and_once_it_has_ended(site: Site) -> None:
    site.forge.add_run(4711)
    running = site.api().get("/actions/runs/4711")
    assert (running["status"], running["conclusion"], running["head_sha"]) == ("in_progress", None, site.first)
    site.forge.end_run(4711)
    ended = site.api().get("/actions/runs/4711")
    assert (ended["id"], ended["status"], ended["conclusion"]) == (4711, "completed", "success")


def test_a_run_that_was_never_started_is_not_found(site: Site) -> None:
    assert site.api().ask("GET", "/actions/runs/4711").status_code == 404


def test_runs_are_hidden_from_a_token_without_the_permission(site: Site) -> None:
    site.forge.add_run(4711)
    site.forge.tokens["blind"] = Token("blind", "forge_blind", actions="none")
    assert site.api("blind").ask("GET", "/actions/runs/4711").status_code == 403
    assert site.api("reader").get("/actions/runs/4711")["id"] == 4711
