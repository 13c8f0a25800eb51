"""Labels and reviews of pull requests."""

from __future__ import annotations

from shipway.rehearsal.forge.pull_shapes import show_label
from shipway.rehearsal.forge.pulls import PULLS, find_pull, may_open_pulls
from shipway.rehearsal.forge.routes import Answer, Call, Json, RefusalError, Route, forbidden, page
from shipway.rehearsal.forge.shapes import html_url, node_id, repository_url, show_user
from shipway.rehearsal.forge.state import ForgeState, Pull, Review

LABELS = "/repos/{owner}/{repo}/issues/{number}/labels"
STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED", "": "PENDING"}


def list_labels(call: Call) -> Answer:
    """List a pull request's labels."""
    pull = find_pull(call.repository, call.number("number"))
    return page(call, pull.labels, lambda name: show_label(call.state, call.repository, name))


def add_labels(call: Call) -> Answer:
    """Add labels; unknown ones are made, as GitHub does."""
    call.require(lambda token: token.may_label)
    if call.state.switches.refuse_labels:
        raise forbidden()
    repository = call.repository
    pull = find_pull(repository, call.number("number"))
    sent = call.sent()
    names = sent.get("labels") if isinstance(sent, dict) else sent
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise RefusalError(422, 'Invalid request.\n\n"labels" wasn\'t supplied.')
    for name in names:
        if name not in repository.labels:
            repository.labels[name] = next(call.state.ids)
        if name not in pull.labels:
            pull.labels.append(name)
    return Answer(200, [show_label(call.state, repository, name) for name in pull.labels])


def list_reviews(call: Call) -> Answer:
    """List a pull request's reviews."""
    pull = find_pull(call.repository, call.number("number"))
    return page(call, pull.reviews, lambda review: show_review(call, pull, review))


def create_review(call: Call) -> Answer:
    """Review a pull request; nobody approves their own."""
    token = call.require(may_open_pulls)
    pull, sent = find_pull(call.repository, call.number("number")), call.document()
    event = str(sent.get("event") or "")
    if event not in STATES:
        raise RefusalError(422, "Unprocessable Entity", errors=["Invalid event"])
    if event == "APPROVE" and token.login == pull.login:
        raise RefusalError(422, "Unprocessable Entity", errors=["Can not approve your own pull request"])
    review = add_review(call.state, pull, (token.login, STATES[event], str(sent.get("body") or "")))
    return Answer(200, show_review(call, pull, review))


def add_review(state: ForgeState, pull: Pull, words: tuple[str, str, str]) -> Review:
    """Put a review (login, state, body) on a pull request's present head."""
    login, verdict, body = words
    review = Review(next(state.ids), login, verdict, body, pull.head_commit, state.now())
    pull.reviews.append(review)
    return review


def show_review(call: Call, pull: Pull, review: Review) -> Json:
    """Give a review."""
    page_url = f"{html_url(call.state, call.repository)}/pull/{pull.number}#pullrequestreview-{review.id}"
    pull_url = f"{repository_url(call.state, call.repository)}/pulls/{pull.number}"
    return {
        "id": review.id,
        "node_id": node_id("PullRequestReview", review.id),
        "user": show_user(call.state, review.login),
        "body": review.body,
        "state": review.state,
        "commit_id": review.commit,
        "submitted_at": review.submitted,
        "html_url": page_url,
        "pull_request_url": pull_url,
        "author_association": "CONTRIBUTOR",
        "_links": {"html": {"href": page_url}, "pull_request": {"href": pull_url}},
    }


ROUTES = (
    Route("GET", LABELS, list_labels),
    Route("POST", LABELS, add_labels),
    Route("GET", PULLS + "/{number}/reviews", list_reviews),
    Route("POST", PULLS + "/{number}/reviews", create_review),
)
