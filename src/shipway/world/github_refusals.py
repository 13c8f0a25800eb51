"""GitHub's refusals told apart: wait, no permission, a rule, already there, moved, not visible."""

from __future__ import annotations

import json

from shipway.release.outcomes import BlockedError, ConflictError, ReleaseError, UnavailableError
from shipway.world.http import Http
from shipway.world.http_exchange import REDIRECTS, Response

SLOW_DOWN = ("rate limit", "abuse detection")
RULES = ("rule violation", "protected branch", "protected tag", "immutable", "GH006", "GH013")
ACTIONS_SETTING = "GitHub Actions is not permitted to create"
PERMISSIONS = {
    "list pull requests": "pull_requests: read",
    "open a pull request": "pull_requests: write",
    "label a pull request": "pull_requests: write",
    "list forge releases": "contents: read",
    "create a forge release": "contents: write",
    "upload to a forge release": "contents: write",
    "read a file of a forge release": "contents: read",
    "delete from a forge release": "contents: write",
    "delete a draft": "contents: write",
    "publish a forge release": "contents: write",
    "list check runs": "checks: read",
    "read a CI run": "actions: read",
    "read a forge release": "contents: read",
    "read the repository": "metadata: read",
    "ask what the token may do": "contents: write",
    "read the rules of a branch": "metadata: read",
    "read the rules of tags": "metadata: read",
    "read a branch": "contents: read",
    "read an environment": "actions: read",
    "read the protection of a branch": "administration: read",
    "read the settings of Actions": "administration: read",
    "read whether forge releases are immutable": "administration: read",
}
"""What a token needs for each deed, in the words of fine-grained tokens and of workflow files."""
PERMISSION_HEADER = "X-Accepted-GitHub-Permissions"


def refusal(http: Http, answer: Response, doing: str) -> ReleaseError:
    """Give the error for an answer that refuses; ``doing`` is one of the deeds in `PERMISSIONS`."""
    words = http.quote(answer, _message(answer))
    if _asks_to_wait(answer, words):
        return UnavailableError(f"the forge refuses to {doing} for now", why=words, remedy=_when(http, answer))
    if answer.status == 401:
        remedy = "set GITHUB_TOKEN or GH_TOKEN to a token that is valid"
        return BlockedError(f"the forge does not know who wants to {doing}", why=words, remedy=remedy)
    if answer.status in REDIRECTS:
        remedy = "set repository in [tool.shipway], and the remote's address, to where it is now"
        return BlockedError(f"the forge says that the repository has moved: cannot {doing}", remedy=remedy)
    if any(rule.lower() in words.lower() for rule in RULES):
        remedy = "ask a maintainer to change the rule or to let this token's owner past it"
        return BlockedError(f"a rule of the repository does not let us {doing}", why=words, remedy=remedy)
    if answer.status in (403, 404):
        return BlockedError(
            f"the token may not {doing}", why=words, remedy=_permission_remedy(answer, words, PERMISSIONS[doing])
        )
    return _unfit(answer, doing, words)


def _unfit(answer: Response, doing: str, words: str) -> ReleaseError:
    """Give the error for a request that was understood and does not fit, or for an answer nobody expects."""
    what = f"the forge refuses to {doing}"
    if answer.status == 422 and ("already_exists" in words or "already exists" in words):
        return ConflictError(
            f"{what}: it is there already", why=words, remedy="run again: it looks what is there first"
        )
    if answer.status in (400, 409, 410, 413, 422):
        return BlockedError(what, why=words, remedy="mend what it names, then run again")
    return UnavailableError(f"{what}: it answered {answer.status}", why=words, remedy="try again")


def unseen(repository: str) -> UnavailableError:
    """Give the error for a repository that the forge does not show: missing, or hidden from the token."""
    why = "the forge answers 404 for what is not there and for what a token may not see alike"
    remedy = "check repository in [tool.shipway], and that GITHUB_TOKEN or GH_TOKEN may read it"
    return UnavailableError(f"cannot see the repository {repository}", why=why, remedy=remedy)


def _message(answer: Response) -> str:
    """Collect what GitHub's error object says: the message, and what it names in detail."""
    try:
        body = json.loads(answer.content)
        details = [json.dumps(item) if isinstance(item, dict) else str(item) for item in body.get("errors", [])]
        return " ".join([str(body["message"]), *details])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return answer.text


def _asks_to_wait(answer: Response, words: str) -> bool:
    """Tell a rate limit, primary or secondary, from a missing permission: 403 stands for both."""
    spent = answer.headers.get("X-RateLimit-Remaining") == "0"
    return answer.status in (403, 429) and (spent or any(text in words.lower() for text in SLOW_DOWN))


def _when(http: Http, answer: Response) -> str:
    reset = answer.headers.get("X-RateLimit-Reset", "")
    if not reset.isdecimal():
        return "try again in a few minutes"
    return f"try again in {max(1, int(reset) - int(http.clock.now().timestamp()))} s"


def _permission_remedy(answer: Response, words: str, permission: str) -> str:
    """Say what to grant; GitHub's own header knows it best."""
    if ACTIONS_SETTING in words:
        return "allow GitHub Actions to create pull requests in the settings of the repository"
    accepted = answer.headers.get(PERMISSION_HEADER, "")
    plain = accepted.isascii() and all(c.isalnum() or c in "_=;, " for c in accepted)
    named = accepted.replace("=", ": ") if accepted and plain else permission
    return f"give the token (GITHUB_TOKEN or GH_TOKEN) the permission {named}"
