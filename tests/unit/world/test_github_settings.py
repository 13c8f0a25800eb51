"""GitHub's settings asked of the embedded forge: every exchange holds against GitHub's own description."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shipway.rehearsal.forge.server import EmbeddedForge
from shipway.rehearsal.forge.state import RefRule
from shipway.rehearsal.forge.switches import Fault, secondary_rate_limit
from shipway.release.outcomes import BlockedError, UnavailableError
from shipway.world.environment import Environment
from shipway.world.forge_settings import Branch, Protection, TagRuleset
from shipway.world.github_settings import GitHubSettings
from world.forge_support import NAME, ORDINARY, running_site
from world.http_support import CountingClock
from world.openapi_support import HeldHttp

Client = Callable[..., GitHubSettings]


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[EmbeddedForge]:
    with running_site(tmp_path / "site") as site:
        yield site.forge


@pytest.fixture
def client(forge: EmbeddedForge) -> Client:
    """Give a client with one of the forge's tokens, or with none."""

    def make(token: str = ORDINARY, repository: str = NAME) -> GitHubSettings:
        variables = {"GITHUB_TOKEN": forge.tokens[token].value} if token else {}
        return GitHubSettings(HeldHttp(Environment(variables), CountingClock()), forge.api_url, repository)

    return make


@pytest.mark.parametrize(
    ("token", "may_write", "is_admin"),
    [("maintainer", True, True), ("release", True, False), ("reader", False, False), ("", False, False)],
)
def test_access_is_what_the_token_may_do(client: Client, token: str, may_write: bool, is_admin: bool) -> None:
    found = client(token).read_access()
    assert (found.may_write, found.is_admin, found.is_archived) == (may_write, is_admin, False)


def test_a_repository_that_is_hidden_is_no_answer(client: Client) -> None:
    with pytest.raises(UnavailableError, match="cannot see"):
        client(repository="acme/other").read_access()


def test_asking_to_open_a_pull_request_opens_none(forge: EmbeddedForge, client: Client) -> None:
    assert client().find_refusal_to_open("main") is None
    assert forge.repository().pulls == []


@pytest.mark.parametrize("token", ["pusher", "reader", ""])
def test_a_token_that_may_not_open_pull_requests_is_told_why(client: Client, token: str) -> None:
    assert isinstance(client(token).find_refusal_to_open("main"), BlockedError)


def test_the_setting_of_actions_is_named_where_it_refuses_pull_requests(forge: EmbeddedForge, client: Client) -> None:
    forge.switches.refuse_pull_requests = True
    refused = client().find_refusal_to_open("main")
    assert refused is not None
    assert "allow GitHub Actions to create pull requests" in refused.remedy


def test_a_rate_limit_is_no_refusal(forge: EmbeddedForge, client: Client) -> None:
    forge.switches.faults.append(secondary_rate_limit(9, retry_after=9000, route="POST */pulls"))
    with pytest.raises(UnavailableError):
        client().find_refusal_to_open("main")


def test_a_branch_says_whether_it_is_protected_and_what_it_waits_for(forge: EmbeddedForge, client: Client) -> None:
    forge.repository().required_checks.append("tests")
    assert client().find_branch("main") == Branch(True, ("tests",))
    assert client().find_branch("nowhere") is None


def test_classic_protection_is_read_by_administrators_alone(forge: EmbeddedForge, client: Client) -> None:
    assert client("maintainer").find_protection("main") == Protection(True, False, False)
    with pytest.raises(BlockedError, match="administration: read|may not"):
        client().find_protection("main")
    forge.repository().protected.clear()
    assert client("maintainer").find_protection("main") is None


def test_rules_hold_for_branches_that_are_not_there_yet(forge: EmbeddedForge, client: Client) -> None:
    assert client().read_rules("release/1.3.0") == ()
    forge.repository().rules.append(RefRule("refs/heads/release/*", frozenset({"create"})))
    [rule] = client().read_rules("release/1.3.0")
    assert (rule.kind, rule.is_bypassed) == ("creation", False)
    assert NAME in rule.ruleset
    [rule] = client("maintainer").read_rules("release/1.3.0")
    assert rule.is_bypassed


def test_rules_of_tags_say_for_which_tags_they_hold(forge: EmbeddedForge, client: Client) -> None:
    forge.repository().rules.append(RefRule("refs/tags/v*", frozenset({"create"})))
    [ruleset] = client().read_tag_rulesets()
    assert (ruleset.kinds, ruleset.is_bypassed) == (("creation",), False)
    assert ruleset.holds_for("v1.3.0")
    assert not ruleset.holds_for("1.3.0")


def test_a_ruleset_for_all_tags_holds_but_for_the_excluded_ones() -> None:
    ruleset = TagRuleset("all", ("~ALL",), ("refs/tags/nightly",), ("creation",), False)
    assert ruleset.holds_for("v1")
    assert not ruleset.holds_for("nightly")


def test_what_actions_may_do_is_read_by_administrators_alone(forge: EmbeddedForge, client: Client) -> None:
    assert client("maintainer").read_actions().may_open_pull_requests
    forge.switches.refuse_pull_requests = True
    assert not client("maintainer").read_actions().may_open_pull_requests
    with pytest.raises(BlockedError):
        client().read_actions()


def test_immutable_releases_are_a_no_only_for_who_may_know(forge: EmbeddedForge, client: Client) -> None:
    assert client("maintainer").has_immutable_releases() is False
    with pytest.raises(UnavailableError, match="does not let us"):
        client().has_immutable_releases()
    forge.switches.immutable_releases = True
    assert client("maintainer").has_immutable_releases() is True


def test_an_environment_is_there_or_not(forge: EmbeddedForge, client: Client) -> None:
    assert client().has_environment("pypi") is False
    forge.repository().environments.append("pypi")
    assert client().has_environment("pypi") is True


def test_a_forge_that_does_not_answer_is_no_answer(forge: EmbeddedForge, client: Client) -> None:
    forge.switches.faults.append(Fault("GET */rules/*", 500, 99))
    with pytest.raises(UnavailableError):
        client().read_rules("main")


def test_what_is_answered_as_if_it_were_not_there_is_no_answer(forge: EmbeddedForge, client: Client) -> None:
    forge.switches.faults.append(Fault("GET */actions/permissions/workflow", 404))
    with pytest.raises(UnavailableError, match="does not let us read the settings of Actions"):
        client("maintainer").read_actions()


@pytest.mark.parametrize(("value", "is_apps"), [("ghs_0123", True), ("ghp_0123", False), ("", False)])
def test_an_apps_token_is_known_by_how_it_begins(value: str, is_apps: bool) -> None:
    variables = {"GITHUB_TOKEN": value} if value else {}
    github = GitHubSettings(HeldHttp(Environment(variables), CountingClock()), "https://forge.invalid", NAME)
    assert (github.is_apps_token, github.has_token) == (is_apps, bool(value))
