"""The settings of a repository by REST: told as GitHub describes them, and true of what pushes meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.forge.state import RefRule
from world.forge_support import Site, running_site


@pytest.fixture(name="site")
def one_site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


def test_a_protected_branch_is_told_with_the_checks_that_it_waits_for(site: Site) -> None:
    site.forge.repository().required_checks.append("tests")
    shown = site.api().get("/branches/main")
    assert (shown["protected"], shown["protection"]["required_status_checks"]["contexts"]) == (True, ["tests"])
    told = site.api("maintainer").get("/branches/main/protection")
    assert told["required_status_checks"]["contexts"] == ["tests"]
    assert told["enforce_admins"]["enabled"] is False


def test_protection_and_settings_of_actions_are_told_to_administrators_alone(site: Site) -> None:
    for path in ("/branches/main/protection", "/actions/permissions/workflow"):
        assert site.api().ask("GET", path).status_code == 403
    assert site.api().ask("GET", "/immutable-releases").status_code == 404


def test_a_branch_without_protection_says_so(site: Site) -> None:
    site.add_branch("release/1")
    answer = site.api("maintainer").ask("GET", "/branches/main/protection")
    assert answer.status_code == 200
    site.forge.repository().protected.clear()
    answer = site.api("maintainer").ask("GET", "/branches/main/protection")
    assert (answer.status_code, answer.json()["message"]) == (404, "Branch not protected")


def test_the_rules_of_a_branch_are_those_that_a_push_meets(site: Site) -> None:
    assert site.api().get("/rules/branches/release/1") == []
    site.forge.switches.refused_refs.append("refs/heads/release/*")
    kinds = [rule["type"] for rule in site.api().get("/rules/branches/release/1")]
    assert kinds == ["creation", "update", "deletion", "non_fast_forward"]
    assert site.api().get("/rules/branches/main") == []
    assert "GH013" in site.clone().run("push", "origin", "HEAD:refs/heads/release/1").stderr


def test_a_rule_of_signatures_is_told_for_branches(site: Site) -> None:
    site.forge.switches.signed_commits = True
    assert [rule["type"] for rule in site.api().get("/rules/branches/any")] == ["required_signatures"]


def test_a_ruleset_says_what_it_holds_for_and_who_is_past_it(site: Site) -> None:
    site.forge.repository().rules.append(RefRule("refs/tags/v*", frozenset({"create", "delete"})))
    [listed] = site.api().get("/rulesets", targets="tag")
    assert site.api().get("/rulesets", targets="branch") == []
    shown = site.api().get(f"/rulesets/{listed['id']}")
    assert shown["conditions"]["ref_name"]["include"] == ["refs/tags/v*"]
    assert [rule["type"] for rule in shown["rules"]] == ["creation", "deletion"]
    assert shown["current_user_can_bypass"] == "never"
    assert site.api("maintainer").get(f"/rulesets/{listed['id']}")["current_user_can_bypass"] == "always"
    assert site.api().ask("GET", "/rulesets/77").status_code == 404


def test_rules_of_refs_that_are_neither_branches_nor_tags_are_told_by_nobody(site: Site) -> None:
    site.forge.switches.refused_refs.append("refs/shipway/*")
    assert site.api().get("/rulesets") == []


def test_what_actions_may_do_is_told(site: Site) -> None:
    path = "/actions/permissions/workflow"
    assert site.api("maintainer").get(path)["can_approve_pull_request_reviews"] is True
    site.forge.switches.refuse_pull_requests = True
    assert site.api("maintainer").get(path)["can_approve_pull_request_reviews"] is False


def test_immutable_releases_are_told_once_they_are_on(site: Site) -> None:
    assert site.api("maintainer").ask("GET", "/immutable-releases").status_code == 404
    site.forge.switches.immutable_releases = True
    assert site.api("maintainer").get("/immutable-releases")["enabled"] is True


def test_an_environment_is_told_once_it_has_been_set_up(site: Site) -> None:
    assert site.api().ask("GET", "/environments/pypi").status_code == 404
    site.forge.repository().environments.append("pypi")
    assert site.api().get("/environments/pypi")["name"] == "pypi"


def test_an_archived_repository_says_so(site: Site) -> None:
    site.forge.repository().archived = True
    assert site.api().get("")["archived"] is True
