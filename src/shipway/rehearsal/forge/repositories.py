"""Repositories by REST: branches, refs, commits, tags, check runs, and what clients ask first."""

from __future__ import annotations

from fnmatch import fnmatchcase

from shipway.rehearsal.forge.objects import ABSENT
from shipway.rehearsal.forge.pulls import follow_branches
from shipway.rehearsal.forge.routes import Answer, Call, Json, RefusalError, Route, not_found, page
from shipway.rehearsal.forge.rules import find_refusal
from shipway.rehearsal.forge.shapes import (
    html_url,
    node_id,
    repository_url,
    show_commit,
    show_full_repository,
    show_git_commit,
)
from shipway.rehearsal.forge.state import Repository

REPOSITORY = "/repos/{owner}/{repo}"


def read_repository(call: Call) -> Answer:
    """Give a repository, with what the token may do there."""
    return Answer(200, show_full_repository(call.state, call.repository, call.token))


def is_protected(repository: Repository, branch: str) -> bool:
    """Whether rules keep a branch from being pushed to."""
    return any(fnmatchcase(branch, pattern) for pattern in repository.protected)


def list_branches(call: Call) -> Answer:
    """List branches, shortly."""
    refs = call.repository.git.list_refs("refs/heads/")
    return page(call, refs.items(), lambda item: _short_branch(call, item))


def _short_branch(call: Call, item: tuple[str, tuple[str, str]]) -> Json:
    name, (sha, _) = item
    branch, url = name.removeprefix("refs/heads/"), repository_url(call.state, call.repository)
    commit = {"sha": sha, "url": f"{url}/commits/{sha}"}
    return {"name": branch, "commit": commit, "protected": is_protected(call.repository, branch)}


def read_branch(call: Call) -> Answer:
    """Give a branch, and whether it is protected."""
    repository, branch = call.repository, call.words["branch"]
    commits = repository.git.branch(branch)
    if commits is None:
        raise RefusalError(404, "Branch not found")
    own = f"{repository_url(call.state, repository)}/branches/{branch}"
    protected = is_protected(repository, branch)
    page_url = f"{html_url(call.state, repository)}/tree/{branch}"
    level = "non_admins" if protected else "off"
    contexts = repository.required_checks if protected else []
    listed = [{"context": name, "app_id": None} for name in contexts]
    checks = {"enforcement_level": level, "contexts": contexts, "checks": listed}
    shape = {
        "name": branch,
        "commit": show_commit(call, repository.git.commits(commits, limit=1)[0]),
        "_links": {"html": page_url, "self": own},
        "protected": protected,
        "protection": {"enabled": protected, "required_status_checks": checks},
        "protection_url": f"{own}/protection",
    }
    return Answer(200, shape)


def show_ref(call: Call, ref: str, found: tuple[str, str]) -> Json:
    """Give a ref and what it points to."""
    url, (sha, kind) = repository_url(call.state, call.repository), found
    kinds = {"commit": "commits", "tag": "tags", "tree": "trees", "blob": "blobs"}
    return {
        "ref": ref,
        "node_id": node_id("Ref", ref),
        "url": f"{url}/git/{ref}",
        "object": {"type": kind, "sha": sha, "url": f"{url}/git/{kinds[kind]}/{sha}"},
    }


def read_ref(call: Call) -> Answer:
    """Give one ref by its exact name."""
    ref = f"refs/{call.words['ref']}"
    found = call.repository.git.find_ref(ref)
    if found is None:
        raise not_found()
    return Answer(200, show_ref(call, ref, found))


def match_refs(call: Call) -> Answer:
    """List refs whose name starts so; none is an empty list."""
    start = f"refs/{call.words['ref']}"
    found = call.repository.git.list_refs()
    shown = [show_ref(call, name, what) for name, what in found.items() if name.startswith(start)]
    return Answer(200, shown)


def create_ref(call: Call) -> Answer:
    """Create a ref, if the rules allow."""
    call.require_push()
    git, sent = call.repository.git, call.document()
    ref, sha = str(sent.get("ref") or ""), str(sent.get("sha") or "")
    if not ref.startswith("refs/") or ref.count("/") < 2 or not git.is_valid_ref(ref):
        raise RefusalError(422, "Reference name must start with 'refs/' and contain at least two slashes.")
    if not git.has_object(sha):
        raise RefusalError(422, "Object does not exist")
    _ask_rules(call, ref, ABSENT, sha)
    if not git.update_ref(ref, sha, ABSENT):
        raise RefusalError(422, "Reference already exists")
    return Answer(201, show_ref(call, ref, git.list_refs(ref)[ref]))


def delete_ref(call: Call) -> Answer:
    """Delete a ref, if the rules allow."""
    call.require_push()
    ref, git = f"refs/{call.words['ref']}", call.repository.git
    found = git.find_ref(ref)
    if found is None:
        raise RefusalError(422, "Reference does not exist")
    _ask_rules(call, ref, found[0], ABSENT)
    if ref == f"refs/heads/{call.repository.default_branch}" or not git.update_ref(ref, ABSENT, found[0]):
        raise RefusalError(422, "Reference cannot be deleted")
    follow_branches(call.state, call.repository)
    return Answer(204)


def _ask_rules(call: Call, ref: str, old: str, new: str) -> None:
    refused = find_refusal(call.repository, call.require_token(), call.state.switches, (ref, old, new))
    if refused is not None:
        raise RefusalError(422, refused)


def list_commits(call: Call) -> Answer:
    """List commits from a branch or commit back."""
    given, git = call.request.parameters(), call.repository.git
    start = given.get("sha") or call.repository.default_branch
    commit = git.branch(start) or git.find_commit(start)
    if commit is None:
        raise not_found()
    return page(call, git.commits(commit), lambda found: show_commit(call, found))


def _commit_of(call: Call) -> str:
    """Resolve the path's branch, tag or commit."""
    git, name = call.repository.git, call.words["ref"]
    commit = git.branch(name) or git.find_commit(name)
    if commit is None:
        raise RefusalError(422, f"No commit found for SHA: {name}")
    return commit


def read_commit(call: Call) -> Answer:
    """Give one commit."""
    return Answer(200, show_commit(call, call.repository.git.commits(_commit_of(call), limit=1)[0]))


def read_git_commit(call: Call) -> Answer:
    """Give one commit as the git database has it."""
    commit = call.repository.git.find_commit(call.words["ref"])
    if commit is None:
        raise not_found()
    return Answer(200, show_git_commit(call, call.repository.git.commits(commit, limit=1)[0]))


def list_tags(call: Call) -> Answer:
    """List tags with the commits that they lead to."""
    repository = call.repository
    url, refs = repository_url(call.state, repository), repository.git.list_refs("refs/tags/")
    return page(call, reversed(refs), lambda ref: _show_tag(repository, url, ref))


def _show_tag(repository: Repository, url: str, ref: str) -> Json:
    name, sha = ref.removeprefix("refs/tags/"), repository.git.find_commit(ref) or ""
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
        "zipball_url": f"{url}/zipball/{ref}",
        "tarball_url": f"{url}/tarball/{ref}",
        "node_id": node_id("Ref", ref),
    }


ROUTES = (
    Route("GET", REPOSITORY, read_repository),
    Route("GET", REPOSITORY + "/branches", list_branches),
    Route("GET", REPOSITORY + "/branches/{branch...}", read_branch),
    Route("GET", REPOSITORY + "/git/ref/{ref...}", read_ref),
    Route("GET", REPOSITORY + "/git/matching-refs/{ref...}", match_refs),
    Route("POST", REPOSITORY + "/git/refs", create_ref),
    Route("DELETE", REPOSITORY + "/git/refs/{ref...}", delete_ref),
    Route("GET", REPOSITORY + "/git/commits/{ref}", read_git_commit),
    Route("GET", REPOSITORY + "/commits", list_commits),
    Route("GET", REPOSITORY + "/tags", list_tags),
    Route("GET", REPOSITORY + "/commits/{ref...}", read_commit),
)
