"""Settings of a repository by REST: protection, rulesets, environments, what Actions may do, immutable releases.

They tell of the rules that pushes really meet here (`rules`); the unseen ones, such as refused refs outside of branches
and tags, are told by nobody, as on GitHub.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shipway.rehearsal.forge.repositories import REPOSITORY, is_protected
from shipway.rehearsal.forge.routes import Answer, Call, Json, RefusalError, Route, forbidden, not_found, page
from shipway.rehearsal.forge.rules import EVERYTHING
from shipway.rehearsal.forge.shapes import html_url, node_id, repository_url

BRANCHES, TAGS = "refs/heads/", "refs/tags/"
KINDS = {"create": "creation", "update": "update", "delete": "deletion", "force": "non_fast_forward"}
"""What the hook refuses, and the type of the rule that GitHub would call it."""


@dataclass(frozen=True)
class Ruleset:
    """Some rules on the refs that fit a glob, and whether this token is past them."""

    id: int
    pattern: str
    kinds: tuple[str, ...]
    bypassed: bool

    @property
    def target(self) -> str:
        """What the rules are about."""
        return "tag" if self.pattern.startswith(TAGS) else "branch"


def rulesets(call: Call) -> list[Ruleset]:
    """Give the rulesets that stand for the rules and switches of the repository."""
    found = [Ruleset(number, *rule) for number, rule in enumerate(_rules(call), start=1)]
    return [ruleset for ruleset in found if ruleset.pattern.startswith((BRANCHES, TAGS))]


def _rules(call: Call) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    is_past = call.token is not None and call.token.maintainer
    for rule in call.repository.rules:
        yield rule.pattern, _kinds(rule.refuses), is_past
    for pattern in call.state.switches.refused_refs:
        yield pattern, _kinds(EVERYTHING), False
    if call.state.switches.signed_commits:
        yield f"{BRANCHES}*", ("required_signatures",), False


def _kinds(refuses: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for kind, name in KINDS.items() if kind in refuses)


def list_branch_rules(call: Call) -> Answer:
    """List the rules that hold for a branch of this name, there or not."""
    ref = f"{BRANCHES}{call.words['branch']}"
    fitting = [ruleset for ruleset in rulesets(call) if fnmatchcase(ref, ruleset.pattern)]
    source = {"ruleset_source_type": "Repository", "ruleset_source": call.repository.full_name}
    shown = [{"type": kind, "ruleset_id": r.id, **source} for r in fitting for kind in r.kinds]
    return page(call, shown, lambda rule: rule)


def list_rulesets(call: Call) -> Answer:
    """List the rulesets, shortly; ``targets`` keeps those of one kind."""
    wanted = call.request.parameters().get("targets", "branch,tag,push").split(",")
    return page(call, [r for r in rulesets(call) if r.target in wanted], lambda ruleset: _show(call, ruleset))


def read_ruleset(call: Call) -> Answer:
    """Give a ruleset with its conditions and rules."""
    number = call.number("ruleset")
    found = next((ruleset for ruleset in rulesets(call) if ruleset.id == number), None)
    if found is None:
        raise not_found()
    names = {"ref_name": {"include": [found.pattern], "exclude": []}}
    past = "always" if found.bypassed else "never"
    more = {"conditions": names, "rules": [{"type": kind} for kind in found.kinds], "current_user_can_bypass": past}
    return Answer(200, _show(call, found) | more)


def _show(call: Call, ruleset: Ruleset) -> Json:
    return {
        "id": ruleset.id,
        "node_id": node_id("RepositoryRuleset", ruleset.id),
        "name": f"rules for {ruleset.pattern}",
        "target": ruleset.target,
        "source_type": "Repository",
        "source": call.repository.full_name,
        "enforcement": "active",
        "created_at": call.repository.created,
        "updated_at": call.repository.created,
    }


def read_protection(call: Call) -> Answer:
    """Give the classic protection of a branch; only administrators are told."""
    _require_admin(call)
    branch = call.words["branch"]
    if not is_protected(call.repository, branch):
        raise RefusalError(404, "Branch not protected")
    url = f"{repository_url(call.state, call.repository)}/branches/{branch}/protection"
    return Answer(200, {"url": url, **_protection(call, url)})


def _protection(call: Call, url: str) -> Json:
    names, reviews = call.repository.required_checks, call.repository.required_reviews
    checks = {"contexts": names, "checks": [{"context": name, "app_id": None} for name in names]}
    reviewed = {
        "dismiss_stale_reviews": False,
        "require_code_owner_reviews": False,
        "required_approving_review_count": reviews,
    }
    return {
        **({"required_status_checks": checks} if names else {}),
        "required_pull_request_reviews": reviewed,
        "required_signatures": {"url": f"{url}/required_signatures", "enabled": call.state.switches.signed_commits},
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": False},
    }


def read_workflow_permissions(call: Call) -> Answer:
    """Say what a workflow's own token may do; only administrators are told."""
    _require_admin(call)
    may_open = not call.state.switches.refuse_pull_requests
    return Answer(200, {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": may_open})


def read_immutable_releases(call: Call) -> Answer:
    """Say whether published releases stay as they are; only administrators are told, others see nothing."""
    if call.token is None or not call.token.maintainer:
        raise not_found()
    if not call.state.switches.immutable_releases:
        raise not_found()
    return Answer(200, {"enabled": True, "enforced_by_owner": False})


def read_environment(call: Call) -> Answer:
    """Give an environment that was set up."""
    if call.token is not None and call.token.actions == "none":
        raise forbidden()
    name = call.words["environment"]
    if name not in call.repository.environments:
        raise not_found()
    number = call.repository.environments.index(name) + 1
    shape = {
        "id": number,
        "node_id": node_id("Environment", number),
        "name": name,
        "url": f"{repository_url(call.state, call.repository)}/environments/{name}",
        "html_url": f"{html_url(call.state, call.repository)}/deployments/activity_log?environments_filter={name}",
        "created_at": call.repository.created,
        "updated_at": call.repository.created,
        "protection_rules": [],
        "deployment_branch_policy": None,
    }
    return Answer(200, shape)


def _require_admin(call: Call) -> None:
    call.require(lambda token: token.maintainer)


ROUTES = (
    Route("GET", REPOSITORY + "/rules/branches/{branch...}", list_branch_rules),
    Route("GET", REPOSITORY + "/rulesets", list_rulesets),
    Route("GET", REPOSITORY + "/rulesets/{ruleset}", read_ruleset),
    Route("GET", REPOSITORY + "/branches/{branch...}/protection", read_protection),
    Route("GET", REPOSITORY + "/actions/permissions/workflow", read_workflow_permissions),
    Route("GET", REPOSITORY + "/immutable-releases", read_immutable_releases),
    Route("GET", REPOSITORY + "/environments/{environment}", read_environment),
)
