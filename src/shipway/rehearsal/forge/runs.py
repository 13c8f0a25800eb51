"""Runs of CI workflows: who holds a release may be a run that has ended long since."""

from __future__ import annotations

from shipway.rehearsal.forge.routes import Answer, Call, Json, Route, forbidden, not_found
from shipway.rehearsal.forge.shapes import html_url, node_id, repository_url, show_repository, show_user
from shipway.rehearsal.forge.state import WorkflowRun

RUNNER = "github-actions[bot]"
LINKS = {
    "jobs_url": "/jobs",
    "logs_url": "/logs",
    "cancel_url": "/cancel",
    "rerun_url": "/rerun",
    "artifacts_url": "/artifacts",
}


def read_run(call: Call) -> Answer:
    """Give a run; a token of an app needs the permission for it even where everyone may look."""
    if call.token is not None and call.token.actions == "none":
        raise forbidden()
    run = call.repository.runs.get(call.number("run"))
    if run is None:
        raise not_found()
    return Answer(200, show_run(call, run))


def show_run(call: Call, run: WorkflowRun) -> Json:
    """Give a run; how it ended is told once it has."""
    state, repository = call.state, call.repository
    base, own = repository_url(state, repository), f"{repository_url(state, repository)}/actions/runs/{run.id}"
    home = show_repository(state, repository, None)
    [commit] = repository.git.commits(run.commit, limit=1)
    return {
        "id": run.id,
        "name": "Release",
        "node_id": node_id("WorkflowRun", run.id),
        "head_branch": run.branch,
        "head_sha": run.commit,
        "path": ".github/workflows/release.yml",
        "run_number": 1,
        "run_attempt": 1,
        "event": "workflow_dispatch",
        "display_title": "Release",
        "status": run.status,
        "conclusion": "success" if run.status == "completed" else None,
        "workflow_id": 1,
        "check_suite_id": run.id,
        "check_suite_node_id": node_id("CheckSuite", run.id),
        "url": own,
        "html_url": f"{html_url(state, repository)}/actions/runs/{run.id}",
        "pull_requests": [],
        "created_at": run.created,
        "updated_at": run.created,
        "run_started_at": run.created,
        "actor": show_user(state, RUNNER),
        "triggering_actor": show_user(state, RUNNER),
        **{name: own + path for name, path in LINKS.items()},
        "check_suite_url": f"{base}/check-suites/{run.id}",
        "workflow_url": f"{base}/actions/workflows/1",
        "previous_attempt_url": None,
        "head_commit": {
            "id": commit.sha,
            "tree_id": commit.tree,
            "message": commit.message,
            "timestamp": commit.committer["date"],
            "author": {name: commit.author[name] for name in ("name", "email")},
            "committer": {name: commit.committer[name] for name in ("name", "email")},
        },
        "repository": home,
        "head_repository": home,
    }


ROUTES = (Route("GET", "/repos/{owner}/{repo}/actions/runs/{run}", read_run),)
