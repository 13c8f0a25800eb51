"""Pull requests: open, list, follow their branches, close, merge."""

from __future__ import annotations

from shipway.rehearsal.forge.merges import METHODS, MergeConflictError, MergeOrder, make_merge
from shipway.rehearsal.forge.objects import ABSENT
from shipway.rehearsal.forge.pull_shapes import show_full_pull, show_pull
from shipway.rehearsal.forge.routes import Answer, Call, Json, RefusalError, Route, forbidden, invalid, not_found, page
from shipway.rehearsal.forge.state import ForgeState, Pull, Repository, Token

REFUSED = "GitHub Actions is not permitted to create or approve pull requests."
PULLS = "/repos/{owner}/{repo}/pulls"


def may_open_pulls(token: Token) -> bool:
    """Whether the token may open and change pull requests."""
    return token.maintainer or token.pull_requests == "write"


def find_pull(repository: Repository, number: int) -> Pull:
    """Give a pull request by its number."""
    for pull in repository.pulls:
        if pull.number == number:
            return pull
    raise not_found()


def create_pull(call: Call) -> Answer:
    """Open a pull request."""
    token = call.require(may_open_pulls)
    if call.state.switches.refuse_pull_requests and not token.maintainer:
        raise forbidden(REFUSED)
    repository, sent = call.repository, call.document()
    head, base, title = (str(sent.get(name) or "") for name in ("head", "base", "title"))
    if not title:
        raise invalid("PullRequest", "title", "missing_field")
    owner, _, head = head.rpartition(":")
    pull = open_pull(call.state, repository, (owner, head, base), token)
    pull.title, pull.body, pull.draft = title, str(sent.get("body") or ""), bool(sent.get("draft"))
    return Answer(
        201, show_full_pull(call, pull), {"Location": f"{call.state.api_url}{call.request.path}/{pull.number}"}
    )


def open_pull(state: ForgeState, repository: Repository, ends: tuple[str, str, str], token: Token) -> Pull:
    """Check both ends of a new pull request as GitHub does, and register it."""
    owner, head, base = ends
    git = repository.git
    head_commit, base_commit = git.branch(head), git.branch(base)
    if head_commit is None or owner.casefold() not in {"", repository.owner.casefold()}:
        raise invalid("PullRequest", "head", "invalid")
    if base_commit is None:
        raise invalid("PullRequest", "base", "invalid")
    if git.is_ancestor(head_commit, base_commit):
        raise RefusalError(422, "Validation Failed", errors=[_custom(f"No commits between {base} and {head}")])
    if any(p.state == "open" and (p.head_branch, p.base_branch) == (head, base) for p in repository.pulls):
        message = f"A pull request already exists for {repository.owner}:{head}."
        raise RefusalError(422, "Validation Failed", errors=[_custom(message)])
    number, now = len(repository.pulls) + 1, state.now()
    pull = Pull(next(state.ids), number, "", "", token.login, head, head_commit, base, base_commit, now, head_commit)
    pull.lag = state.switches.lag
    repository.pulls.append(pull)
    git.update_ref(f"refs/pull/{number}/head", head_commit)
    return pull


def _custom(message: str) -> Json:
    return {"resource": "PullRequest", "code": "custom", "message": message}


def list_pulls(call: Call) -> Answer:
    """List pull requests; a ``head`` without its owner is no filter, as on GitHub."""
    repository, given = call.repository, call.request.parameters()
    state, head, base = given.get("state", "open"), given.get("head", ""), given.get("base", "")
    owner, colon, branch = head.partition(":")
    found = [
        pull
        for pull in repository.pulls
        if state in {"all", pull.state}
        and (not colon or (owner.casefold() == repository.owner.casefold() and branch == pull.head_branch))
        and base in {"", pull.base_branch}
    ]
    newest_first = given.get("direction", "desc") == "desc"
    shown = [pull for pull in found if not pull.lags()]
    return page(call, reversed(shown) if newest_first else shown, lambda pull: show_pull(call, pull))


def read_pull(call: Call) -> Answer:
    """Give one pull request."""
    return Answer(200, show_full_pull(call, find_pull(call.repository, call.number("number")), weigh=True))


def update_pull(call: Call) -> Answer:
    """Change title, body, base or state."""
    call.require(may_open_pulls)
    pull, sent = find_pull(call.repository, call.number("number")), call.document()
    if "base" in sent:
        if call.repository.git.branch(str(sent["base"])) is None:
            raise invalid("PullRequest", "base", "invalid")
        pull.base_branch = str(sent["base"])
    pull.title = str(sent.get("title") or pull.title)
    pull.body = str(sent["body"] or "") if "body" in sent else pull.body
    if sent.get("state") == "closed" and pull.state == "open":
        close_pull(call.state, pull)
    elif sent.get("state") == "open" and pull.state == "closed":
        _reopen(call, pull)
    return Answer(200, show_full_pull(call, pull))


def close_pull(state: ForgeState, pull: Pull) -> None:
    """Close a pull request without merging it."""
    pull.state, pull.closed = "closed", state.now()


def _reopen(call: Call, pull: Pull) -> None:
    head = call.repository.git.branch(pull.head_branch)
    if pull.merged or head is None:
        raise RefusalError(422, "Validation Failed", errors=[_custom("state cannot be changed.")])
    pull.state, pull.closed, pull.head_commit = "open", None, head


def follow_branches(state: ForgeState, repository: Repository) -> None:
    """Bring open pull requests up to date after refs moved: new heads, merged by a push, branch deleted."""
    if not any(pull.state == "open" for pull in repository.pulls):
        return
    branches = {name: sha for name, (sha, _) in repository.git.list_refs("refs/heads/").items()}
    for pull in repository.pulls:
        if pull.state == "open":
            _follow(state, repository, pull, branches)


def _follow(state: ForgeState, repository: Repository, pull: Pull, branches: dict[str, str]) -> None:
    head = branches.get(f"refs/heads/{pull.head_branch}")
    base = branches.get(f"refs/heads/{pull.base_branch}")
    if head is not None and head != pull.head_commit:
        pull.head_commit = head
        repository.git.update_ref(f"refs/pull/{pull.number}/head", head)
    if base is not None and repository.git.is_ancestor(pull.head_commit, base):
        close_pull(state, pull)
        pull.merged, pull.merge_commit, pull.merged_by = pull.closed, pull.head_commit, pull.login
    elif head is None or base is None:
        close_pull(state, pull)
    elif base != pull.base_commit:
        pull.base_commit = base


def merge_pull(state: ForgeState, repository: Repository, pull: Pull, order: MergeOrder) -> str:
    """Merge a pull request and give the commit that its base is at now."""
    if pull.state != "open" or pull.draft:
        raise RefusalError(405, "Pull Request is not mergeable")
    if order.sha is not None and order.sha != pull.head_commit:
        raise RefusalError(409, "Head branch was modified. Review and try the merge again.")
    git, base = repository.git, repository.git.branch(pull.base_branch)
    try:
        commit = make_merge(repository, pull, order)
    except MergeConflictError:
        raise RefusalError(405, "Pull Request is not mergeable") from None
    if not git.update_ref(f"refs/heads/{pull.base_branch}", commit, base):
        raise RefusalError(409, "Base branch was modified. Review and try the merge again.")
    close_pull(state, pull)
    pull.merged, pull.merged_by, pull.merge_commit = pull.closed, order.login, commit
    if repository.delete_branch_on_merge:
        git.update_ref(f"refs/heads/{pull.head_branch}", ABSENT)
    follow_branches(state, repository)
    return commit


def merge(call: Call) -> Answer:
    """Merge by the REST interface: the method must be allowed, and reviews there."""
    token = call.require_push()
    repository, sent = call.repository, call.document()
    pull = find_pull(repository, call.number("number"))
    method = str(sent.get("merge_method", "merge"))
    if method not in METHODS:
        raise invalid("PullRequest", "merge_method", "invalid")
    if method not in repository.merge_methods:
        names = {"merge": "Merge commits", "squash": "Squash merges", "rebase": "Rebase merges"}
        raise RefusalError(405, f"{names[method]} are not allowed on this repository.")
    approvals = {r.login for r in pull.reviews if r.state == "APPROVED"}
    if len(approvals) < repository.required_reviews and not token.maintainer:
        raise RefusalError(405, "At least 1 approving review is required by reviewers with write access.")
    order = MergeOrder(method, token.login, sent.get("commit_title"), sent.get("commit_message"), sent.get("sha"))
    commit = merge_pull(call.state, repository, pull, order)
    return Answer(200, {"sha": commit, "merged": True, "message": "Pull Request successfully merged"})


def is_merged(call: Call) -> Answer:
    """Say by the status alone whether a pull request is merged."""
    if find_pull(call.repository, call.number("number")).merged is None:
        raise not_found()
    return Answer(204)


ROUTES = (
    Route("POST", PULLS, create_pull),
    Route("GET", PULLS, list_pulls),
    Route("GET", PULLS + "/{number}", read_pull),
    Route("PATCH", PULLS + "/{number}", update_pull),
    Route("PUT", PULLS + "/{number}/merge", merge),
    Route("GET", PULLS + "/{number}/merge", is_merged),
)
