"""The JSON shapes of pull requests (GitHub's REST description)."""

from __future__ import annotations

import re

from shipway.rehearsal.forge.merges import MergeConflictError, MergeOrder, make_merge
from shipway.rehearsal.forge.routes import Call, Json
from shipway.rehearsal.forge.shapes import html_url, node_id, repository_url, show_repository, show_user
from shipway.rehearsal.forge.state import ForgeState, Pull, Repository

LINKS = {
    "self": "url",
    "html": "html_url",
    "issue": "issue_url",
    "comments": "comments_url",
    "review_comments": "review_comments_url",
    "review_comment": "review_comment_url",
    "commits": "commits_url",
    "statuses": "statuses_url",
}


def show_label(state: ForgeState, repository: Repository, name: str) -> Json:
    """Give a label."""
    number = repository.labels[name]
    return {
        "id": number,
        "node_id": node_id("Label", number),
        "url": f"{repository_url(state, repository)}/labels/{name}",
        "name": name,
        "description": "",
        "color": "ededed",
        "default": False,
    }


def show_pull(call: Call, pull: Pull) -> Json:
    """Give a pull request as a listing does."""
    state, repository = call.state, call.repository
    shape = _addresses(state, repository, pull)
    return shape | {
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "user": show_user(state, pull.login),
        "body": pull.body or None,
        "labels": [show_label(state, repository, name) for name in pull.labels],
        "created_at": pull.created,
        "updated_at": pull.closed or pull.created,
        "closed_at": pull.closed,
        "merged_at": pull.merged,
        "merge_commit_sha": pull.merge_commit,
        "draft": pull.draft,
        "head": _end(call, pull.head_branch, pull.head_commit),
        "base": _end(call, pull.base_branch, pull.base_commit),
        "author_association": "CONTRIBUTOR",
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        **dict.fromkeys(("milestone", "assignee", "auto_merge")),
        "_links": {name: {"href": shape[key]} for name, key in LINKS.items()},
    }


def _addresses(state: ForgeState, repository: Repository, pull: Pull) -> Json:
    url, page = repository_url(state, repository), f"{html_url(state, repository)}/pull/{pull.number}"
    own, issue = f"{url}/pulls/{pull.number}", f"{url}/issues/{pull.number}"
    return {
        "url": own,
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue,
        "comments_url": f"{issue}/comments",
        "commits_url": f"{own}/commits",
        "review_comments_url": f"{own}/comments",
        "review_comment_url": f"{url}/pulls/comments{{/number}}",
        "statuses_url": f"{url}/statuses/{pull.head_commit}",
    }


def _end(call: Call, branch: str, commit: str) -> Json:
    """Give one end of a pull request."""
    owner = call.repository.owner
    return {
        "label": f"{owner}:{branch}",
        "ref": branch,
        "sha": commit,
        "user": show_user(call.state, owner),
        "repo": show_repository(call.state, call.repository, call.token),
    }


def show_full_pull(call: Call, pull: Pull, *, weigh: bool = False) -> Json:
    """Give a pull request as its own address does; ``mergeable`` is null until somebody asks again."""
    mergeable = _is_mergeable(call, pull) if weigh and pull.state == "open" else None
    merged_by = show_user(call.state, pull.merged_by) if pull.merged_by else None
    return show_pull(call, pull) | {
        "merged": pull.merged is not None,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": {None: "unknown", True: "clean", False: "dirty"}[mergeable],
        "merged_by": merged_by,
        "comments": 0,
        "review_comments": 0,
        "maintainer_can_modify": False,
        **_sizes(call, pull),
    }


def _is_mergeable(call: Call, pull: Pull) -> bool:
    """Try the merge, and throw its commit away."""
    try:
        make_merge(call.repository, pull, MergeOrder("merge", pull.login))
    except MergeConflictError:
        return False
    return True


def _sizes(call: Call, pull: Pull) -> dict[str, int]:
    git = call.repository.git
    text = git.read("diff", "--shortstat", f"{pull.base_commit}...{pull.head_commit}")
    found = {word: int(number) for number, word in re.findall(r"(\d+) (file|insertion|deletion)", text)}
    return {
        "commits": int(git.read("rev-list", "--count", f"{pull.base_commit}..{pull.head_commit}")),
        "changed_files": found.get("file", 0),
        "additions": found.get("insertion", 0),
        "deletions": found.get("deletion", 0),
    }
