"""Check runs, and what clients ask about themselves: user, limits, the server."""

from __future__ import annotations

from shipway.rehearsal.forge.routes import Answer, Call, Json, RefusalError, Route, page
from shipway.rehearsal.forge.shapes import html_url, node_id, repository_url, show_user
from shipway.rehearsal.forge.state import CheckRun

VERSION = "3.17.0"
"""The version of GitHub's own server whose interface this one follows."""
PLENTY = {"limit": 5000, "remaining": 4999, "reset": 4102444800, "used": 1}


def list_checks(call: Call) -> Answer:
    """List a commit's check runs; of several with one name, the last."""
    git, name, given = call.repository.git, call.words["ref"], call.request.parameters()
    commit = git.branch(name) or git.find_commit(name)
    if commit is None:
        raise RefusalError(422, f"No commit found for SHA: {name}")
    found = [check for check in call.repository.checks if check.commit == commit]
    if given.get("filter", "latest") == "latest":
        found = list({check.name: check for check in found}.values())
    wanted = given.get("check_name"), given.get("status")
    shown = [c for c in found if wanted[0] in {None, c.name} and wanted[1] in {None, c.status}]
    return page(call, shown, lambda check: show_check(call, check), wrap="check_runs")


def show_check(call: Call, check: CheckRun) -> Json:
    """Give a check run."""
    url = f"{repository_url(call.state, call.repository)}/check-runs/{check.id}"
    home = html_url(call.state, call.repository)
    done = check.status == "completed"
    return {
        "id": check.id,
        "node_id": node_id("CheckRun", check.id),
        "head_sha": check.commit,
        "external_id": "",
        "url": url,
        "html_url": f"{home}/runs/{check.id}",
        "details_url": f"{home}/runs/{check.id}",
        "status": check.status,
        "conclusion": check.conclusion if done else None,
        "started_at": check.created,
        "completed_at": check.created if done else None,
        "name": check.name,
        "check_suite": {"id": check.id},
        "output": {
            **dict.fromkeys(("title", "summary", "text")),
            "annotations_count": 0,
            "annotations_url": f"{url}/annotations",
        },
        "app": None,
        "pull_requests": [],
    }


def read_user(call: Call) -> Answer:
    """Say who the token acts as."""
    token = call.require_token()
    shape = show_user(call.state, token.login) | {
        "name": token.login,
        **dict.fromkeys(("company", "location", "email", "hireable", "bio", "twitter_username")),
        "blog": "",
        **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
        "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
        "user_view_type": "public",
    }
    return Answer(200, shape)


def read_limits(call: Call) -> Answer:
    """Say that there is no limit worth the name (the switches make some)."""
    del call
    return Answer(200, {"resources": {"core": PLENTY, "search": PLENTY, "graphql": PLENTY}, "rate": PLENTY})


def read_meta(call: Call) -> Answer:
    """Say which server this is: clients choose their features by it."""
    del call
    return Answer(200, {"verifiable_password_authentication": False, "installed_version": VERSION})


ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/commits/{ref}/check-runs", list_checks),
    Route("GET", "/user", read_user),
    Route("GET", "/rate_limit", read_limits),
    Route("GET", "/meta", read_meta),
)
