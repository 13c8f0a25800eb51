"""The workflows as they are written: least permission for every job, pins, time limits, and no logic of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from shipway.adopt.workflows.blocks import fill_blocks, parse_blocks
from shipway.adopt.workflows.render import NAMES, TEMPLATES, Settings, render

GRANTS = {
    "ci.yml": {
        "matrix": {"contents": "read"},
        "gates": {"contents": "read"},
        "rehearse": {"contents": "read"},
        "all-green": {},
    },
    "release.yml": {
        "matrix": {"contents": "read"},
        "gates": {"contents": "read"},
        "build": {"contents": "read", "checks": "read"},
        "claim": {"contents": "write"},
        "publish": {"contents": "write", "id-token": "write"},
        "finish": {"contents": "write", "pull-requests": "write"},
        "verify": {"contents": "read"},
    },
}
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
WAYS = [Settings(), Settings(branch="trunk", pins="requirements/shipway.txt", folder="scripts")]


def read(name: str, settings: Settings = WAYS[0], present: str = "") -> dict[str, Any]:
    document = yaml.safe_load(render(name, settings, present))
    assert isinstance(document, dict)
    return document


def steps_of(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(job, step) for job, body in document["jobs"].items() for step in body["steps"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_job_has_the_least_permission_that_it_needs(name: str) -> None:
    document = read(name)
    assert document["permissions"] == {}
    assert {job: body["permissions"] for job, body in document["jobs"].items()} == GRANTS[name]


@pytest.mark.parametrize("settings", WAYS, ids=["installed", "vendored"])
@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_and_nothing_is_left_open(name: str, settings: Settings) -> None:
    text = render(name, settings)
    assert "<<" not in text
    for job, step in steps_of(read(name, settings)):
        if "uses" in step:
            assert PINNED.fullmatch(step["uses"]), (job, step)
            assert "checkout@" not in step["uses"] or step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", NAMES)
def test_every_job_and_every_command_has_a_time_limit(name: str) -> None:
    document = read(name)
    assert all(body["timeout-minutes"] <= 30 for body in document["jobs"].values())
    for job, step in steps_of(document):
        assert "run" not in step or step["timeout-minutes"] < document["jobs"][job]["timeout-minutes"], (job, step)


@pytest.mark.parametrize("name", NAMES)
def test_no_expression_reaches_a_shell(name: str) -> None:
    for job, step in steps_of(read(name)):
        assert "${{" not in step.get("run", ""), (job, step)


def test_the_job_that_publishes_has_neither_a_checkout_nor_an_action() -> None:
    document = read("release.yml")
    publish = document["jobs"]["publish"]
    assert [step for step in publish["steps"] if "uses" in step] == []
    assert publish["environment"] == "release"
    others = [job for job, body in document["jobs"].items() if "id-token" in body["permissions"]]
    assert others == ["publish"]


def test_a_release_uses_no_cache() -> None:
    for _, step in steps_of(read("release.yml")):
        assert "setup-uv@" not in step.get("uses", "") or step["with"]["enable-cache"] is False
        assert "actions/cache" not in step.get("uses", "")


def test_releases_are_serialised_by_one_key_and_never_cancelled() -> None:
    assert read("release.yml")["concurrency"] == {"group": "shipway-release", "cancel-in-progress": False}


def test_all_green_waits_for_every_other_job_also_for_the_repositorys_own() -> None:
    kept = "  # shipway: keep jobs\n  docs:\n    runs-on: ubuntu-latest\n    steps: []\n  # shipway: end\n"
    jobs = read("ci.yml", present=kept)["jobs"]
    assert "docs" in jobs
    assert sorted(jobs["all-green"]["needs"]) == sorted(set(jobs) - {"all-green"})
    assert jobs["all-green"]["if"] == "always()"


def test_actions_are_kept_fresh_in_one_pull_request_of_what_has_settled() -> None:
    [actions] = read("dependabot.yml")["updates"]
    assert (actions["package-ecosystem"], actions["cooldown"]) == ("github-actions", {"default-days": 7})
    assert actions["groups"] == {"actions": {"patterns": ["*"]}}


def test_what_a_repository_adds_to_dependabot_survives_an_update() -> None:
    added = "  - package-ecosystem: pip\n    directory: /docs\n    schedule:\n      interval: monthly\n"
    text = render("dependabot.yml", WAYS[0])
    changed = text.replace("  # shipway: keep updates\n", f"  # shipway: keep updates\n{added}")
    assert render("dependabot.yml", WAYS[0], changed) == changed


def test_every_template_has_a_place() -> None:
    assert {place.rpartition("/")[2] for place in TEMPLATES.values()} == {*TEMPLATES}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_repository_keeps_in_blocks_survives_an_update(name: str) -> None:
    text = render(name, WAYS[0])
    step = "      - run: apt-get install --yes graphviz\n"
    changed = text.replace("      # shipway: keep before-gates\n", f"      # shipway: keep before-gates\n{step}")
    assert step in changed
    assert render(name, WAYS[0], changed) == changed
    assert render(name, WAYS[1], changed).count(step) == 1
    assert render(name, WAYS[0], text) == text


def test_a_block_that_would_be_lost_or_is_broken_is_refused() -> None:
    with pytest.raises(ValueError, match="no block before-lunch"):
        fill_blocks("jobs:\n", {"before-lunch": "soup\n"})
    with pytest.raises(ValueError, match="not closed"):
        parse_blocks("  # shipway: keep jobs\n")
    with pytest.raises(ValueError, match="not closed"):
        parse_blocks("  # shipway: end\n")
