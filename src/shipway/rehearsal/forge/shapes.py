"""The JSON shapes that everything shares: users, repositories, commits (GitHub's REST description)."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import quote

from shipway.rehearsal.forge.objects import Commit
from shipway.rehearsal.forge.routes import Call, Json
from shipway.rehearsal.forge.state import ForgeState, Repository, Token

USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
REPOSITORY_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
COUNTS = ("forks", "forks_count", "size", "stargazers_count", "watchers", "watchers_count")


def node_id(kind: str, number: object) -> str:
    """Give the opaque name that GraphQL knows a thing by."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def show_user(state: ForgeState, login: str) -> Json:
    """Give a user."""
    url, number = f"{state.api_url}/users/{quote(login)}", zlib.crc32(login.encode())
    return {
        "login": login,
        "id": number,
        "node_id": node_id("User", number),
        "avatar_url": f"{state.url}/avatars/{number}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{state.url}/{quote(login)}",
        **{name: url + path for name, path in USER_LINKS.items()},
        "type": "Bot" if login.endswith("[bot]") else "User",
        "site_admin": False,
    }


def repository_url(state: ForgeState, repository: Repository) -> str:
    """Give where a repository's REST interface starts."""
    return f"{state.api_url}/repos/{quote(repository.full_name)}"


def html_url(state: ForgeState, repository: Repository) -> str:
    """Give where people look at a repository."""
    return f"{state.url}/{quote(repository.full_name)}"


def show_repository(state: ForgeState, repository: Repository, token: Token | None) -> Json:
    """Give a repository, with what the token may do there."""
    url, page = repository_url(state, repository), html_url(state, repository)
    still_open = sum(pull.state == "open" for pull in repository.pulls)
    shape: Json = {
        "id": repository.id,
        "node_id": node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": show_user(state, repository.owner),
        "url": url,
        "html_url": page,
        "clone_url": f"{page}.git",
        "svn_url": page,
        "git_url": f"git://localhost/{repository.full_name}.git",
        "ssh_url": f"git@localhost:{repository.full_name}.git",
        "default_branch": repository.default_branch,
        "open_issues": still_open,
        "open_issues_count": still_open,
        "visibility": "private" if repository.private else "public",
        **{name: url + path for name, path in REPOSITORY_LINKS.items()},
        **dict.fromkeys(COUNTS, 0),
        **dict.fromkeys(("description", "homepage", "language", "mirror_url", "license")),
        "archived": repository.archived,
        **dict.fromkeys(("fork", "disabled", "has_wiki", "has_pages", "has_projects"), False),
        **dict.fromkeys(("has_issues", "has_downloads"), True),
        **dict.fromkeys(("created_at", "updated_at", "pushed_at"), repository.created),
    }
    return shape | {"permissions": show_permissions(token)} if token is not None else shape


def show_full_repository(state: ForgeState, repository: Repository, token: Token | None) -> Json:
    """Give a repository as its own address answers."""
    return show_repository(state, repository, token) | {
        "has_discussions": False,
        "network_count": 0,
        "subscribers_count": 0,
        "allow_merge_commit": "merge" in repository.merge_methods,
        "allow_squash_merge": "squash" in repository.merge_methods,
        "allow_rebase_merge": "rebase" in repository.merge_methods,
        "allow_auto_merge": False,
        "delete_branch_on_merge": repository.delete_branch_on_merge,
    }


def show_permissions(token: Token) -> dict[str, bool]:
    """Give a token's permissions in the words of repository roles; an app's token has no role to speak of."""
    admin, push = token.maintainer, token.may_push and not token.is_app
    return {"admin": admin, "maintain": admin, "push": push, "triage": push, "pull": True}


def show_commit(call: Call, commit: Commit) -> Json:
    """Give a commit as the repository's listing does."""
    repository = call.repository
    url, page = repository_url(call.state, repository), html_url(call.state, repository)
    own = f"{url}/commits/{commit.sha}"
    return {
        "sha": commit.sha,
        "node_id": node_id("Commit", commit.sha),
        "url": own,
        "html_url": f"{page}/commit/{commit.sha}",
        "comments_url": f"{own}/comments",
        "commit": {
            "url": f"{url}/git/commits/{commit.sha}",
            "author": dict(commit.author),
            "committer": dict(commit.committer),
            "message": commit.message,
            "comment_count": 0,
            "tree": {"sha": commit.tree, "url": f"{url}/git/trees/{commit.tree}"},
            "verification": show_verification(),
        },
        "author": None,
        "committer": None,
        "parents": [
            {"sha": sha, "url": f"{url}/commits/{sha}", "html_url": f"{page}/commit/{sha}"} for sha in commit.parents
        ],
    }


def show_git_commit(call: Call, commit: Commit) -> Json:
    """Give a commit as the git database does."""
    shape = show_commit(call, commit)
    kept = {name: shape[name] for name in ("sha", "node_id", "html_url", "parents")}
    inner = {name: value for name, value in shape["commit"].items() if name != "comment_count"}
    return {**inner, **kept}


def show_verification() -> Json:
    """Give what the forge says about a signature: it looks at none."""
    return {"verified": False, "reason": "unsigned", "signature": None, "payload": None, "verified_at": None}
