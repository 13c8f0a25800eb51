"""GitHub's settings, asked by reading: permissions, protection, rulesets, environments, Actions, immutable releases.

What a token may not see is an error here, never a "no": the settings of a repository are shown to its administrators,
and 404 stands for "not set" and for "not for you" alike.
"""

from __future__ import annotations

from urllib.parse import quote

from shipway.release.outcomes import BlockedError, ReleaseError, UnavailableError
from shipway.world.forge_settings import Access, ActionsSettings, Branch, Protection, Rule, TagRuleset
from shipway.world.github import PAGE, GitHub
from shipway.world.github_answers import Fields
from shipway.world.github_refusals import PERMISSIONS, refusal
from shipway.world.http_exchange import Response

PAST = ("always", "exempt")
OPENING = "open a pull request"


class GitHubSettings(GitHub):
    """The settings of one repository on GitHub."""

    @property
    def has_token(self) -> bool:
        """Whether there is a token at all."""
        return bool(self._token)

    @property
    def is_apps_token(self) -> bool:
        """Whether an app holds the token, as a workflow's own one: GitHub begins those so."""
        return self._token.startswith("ghs_")

    def read_access(self) -> Access:
        """Give what the token may do with the repository."""
        fields = self._require_sight()
        granted = fields.optional_fields("permissions")
        may_push = granted is not None and granted.flag("push")
        may_write = may_push or self._may_write(fields.text("default_branch"))
        is_admin = granted is not None and granted.flag("admin")
        return Access(may_write, is_admin, fields.flag_or_no("archived"))

    def find_refusal_to_open(self, branch: str) -> ReleaseError | None:
        """Give why the token may not open pull requests, or None where it may.

        Asked with a pull request from a branch to itself, which no forge opens: permissions are looked at before.
        """
        if not self.has_token:
            return BlockedError("there is no token to open pull requests with", remedy="set GITHUB_TOKEN or GH_TOKEN")
        wanted = {"title": "Shipway asks whether it may", "head": branch, "base": branch}
        answer = self.http.request("POST", self._url("/pulls"), headers=self._headers(), json=wanted)
        if answer.status == 422:
            return None
        error = refusal(self.http, answer, OPENING)
        if isinstance(error, BlockedError):
            return error
        raise error

    def find_branch(self, name: str) -> Branch | None:
        """Give a branch; None where there is none."""
        answer = self._get(f"/branches/{quote(name, safe='')}")
        if answer.status == 404:
            self._require_sight()
            return None
        self._require(answer, "read a branch")
        fields = Fields(answer.json(), "the branch")
        protection = fields.optional_fields("protection")
        checks = protection.optional_fields("required_status_checks") if protection else None
        return Branch(fields.flag("protected"), _texts(checks, "contexts"))

    def find_protection(self, name: str) -> Protection | None:
        """Give a branch's classic protection; None where it has none."""
        doing = "read the protection of a branch"
        answer = self._get(f"/branches/{quote(name, safe='')}/protection")
        if answer.status == 404 and "not protected" in answer.text.lower():
            return None
        self._require(answer, doing)
        fields = Fields(answer.json(), "the protection")
        wants_pull = fields.optional_fields("required_pull_request_reviews") is not None
        return Protection(wants_pull, _enabled(fields, "required_signatures"), _enabled(fields, "enforce_admins"))

    def read_rules(self, branch: str) -> tuple[Rule, ...]:
        """Give the rules of rulesets that hold for a branch of this name, there or not."""
        path = f"/rules/branches/{quote(branch, safe='')}"
        found = list(self._list(path, {"per_page": PAGE}, "read the rules of a branch"))
        past = {number: self._is_past(number) for number in {_ruleset_of(rule) for rule in found} if number}
        return tuple(_parse_rule(rule, past) for rule in found)

    def read_tag_rulesets(self) -> tuple[TagRuleset, ...]:
        """Give the rulesets about tags that are on."""
        listed = self._list("/rulesets", {"targets": "tag", "per_page": PAGE}, "read the rules of tags")
        active = [fields.number("id") for fields in listed if fields.text("enforcement") == "active"]
        return tuple(_parse_tag_ruleset(self._read_ruleset(number)) for number in active)

    def read_actions(self) -> ActionsSettings:
        """Give what workflows may do with their own token."""
        answer = self._admin("/actions/permissions/workflow", "read the settings of Actions")
        fields = Fields(answer.json(), "the settings of Actions")
        may_open = fields.flag("can_approve_pull_request_reviews")
        return ActionsSettings(fields.text("default_workflow_permissions"), may_open)

    def has_immutable_releases(self) -> bool:
        """Whether forge releases stay as they are once they are published."""
        doing = "read whether forge releases are immutable"
        answer = self._get("/immutable-releases")
        if answer.status == 404:
            if self.read_access().is_admin:
                return False
            raise _hidden(doing)
        self._require(answer, doing)
        return Fields(answer.json(), "the setting").flag("enabled")

    def has_environment(self, name: str) -> bool:
        """Whether an environment has been set up."""
        answer = self._get(f"/environments/{quote(name, safe='')}")
        if answer.status == 404:
            self._require_sight()
            return False
        self._require(answer, "read an environment")
        return True

    def _admin(self, path: str, doing: str) -> Response:
        answer = self._get(path)
        if answer.status == 404:
            raise _hidden(doing)
        self._require(answer, doing)
        return answer

    def _read_ruleset(self, number: int) -> Fields:
        answer = self._get(f"/rulesets/{number}")
        self._require(answer, "read the rules of tags")
        return Fields(answer.json(), "the ruleset")

    def _is_past(self, number: int) -> bool:
        """Whether we may bypass a ruleset; one that is not shown is not bypassed."""
        answer = self._get(f"/rulesets/{number}")
        if not 200 <= answer.status < 300:
            return False
        return Fields(answer.json(), "the ruleset").text_or_empty("current_user_can_bypass") in PAST


def _parse_rule(fields: Fields, past: dict[int, bool]) -> Rule:
    parameters, number = fields.optional_fields("parameters"), _ruleset_of(fields)
    named = fields.text_or_empty("ruleset_source") or "the repository"
    listed = _objects(parameters, "required_status_checks")
    checks = tuple(check.text("context") for check in listed)
    allows = parameters is not None and parameters.flag_or_no("do_not_enforce_on_create")
    return Rule(fields.text("type"), f"ruleset {number} of {named}", past.get(number, False), checks, allows)


def _parse_tag_ruleset(fields: Fields) -> TagRuleset:
    conditions = fields.optional_fields("conditions")
    names = conditions.optional_fields("ref_name") if conditions else None
    kinds = tuple(rule.text("type") for rule in _objects(fields, "rules"))
    include, exclude = _texts(names, "include"), _texts(names, "exclude")
    past = fields.text_or_empty("current_user_can_bypass") in PAST
    return TagRuleset(fields.text("name"), include, exclude, kinds, past)


def _ruleset_of(rule: Fields) -> int:
    return rule.number("ruleset_id") if rule.holds("ruleset_id") else 0


def _objects(fields: Fields | None, name: str) -> list[Fields]:
    return fields.objects(name) if fields is not None and fields.holds(name) else []


def _texts(fields: Fields | None, name: str) -> tuple[str, ...]:
    return fields.texts(name) if fields is not None and fields.holds(name) else ()


def _enabled(fields: Fields, name: str) -> bool:
    inner = fields.optional_fields(name)
    return inner is not None and inner.flag("enabled")


def _hidden(doing: str) -> UnavailableError:
    remedy = f"give the token (GITHUB_TOKEN or GH_TOKEN) the permission {PERMISSIONS[doing]}"
    return UnavailableError(f"the forge does not let us {doing}", why="it is hidden from this token", remedy=remedy)
