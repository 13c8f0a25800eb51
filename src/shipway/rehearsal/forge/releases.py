"""Releases: drafts, publishing (which makes a missing tag), the latest one."""

from __future__ import annotations

from urllib.parse import quote

from shipway.rehearsal.forge.assets import find_release, show_asset
from shipway.rehearsal.forge.objects import ABSENT
from shipway.rehearsal.forge.routes import Answer, Call, Json, RefusalError, Route, invalid, not_found, page
from shipway.rehearsal.forge.rules import find_refusal
from shipway.rehearsal.forge.shapes import html_url, node_id, repository_url, show_user
from shipway.rehearsal.forge.state import ForgeState, Release, Repository

RELEASES = "/repos/{owner}/{repo}/releases"
UPLOADS = "/api/uploads"


def show_release(call: Call, release: Release) -> Json:
    """Give a release; a draft's page has no tag in its address."""
    state, repository = call.state, call.repository
    base, home = repository_url(state, repository), html_url(state, repository)
    own = f"{base}/releases/{release.id}"
    page_name = f"untagged-{release.id:x}" if release.draft else quote(release.tag)
    path = f"/repos/{quote(repository.full_name)}/releases/{release.id}/assets"
    return {
        "url": own,
        "html_url": f"{home}/releases/tag/{page_name}",
        "assets_url": f"{own}/assets",
        "upload_url": f"{state.url}{UPLOADS}{path}{{?name,label}}",
        "tarball_url": None if release.draft else f"{base}/tarball/{quote(release.tag)}",
        "zipball_url": None if release.draft else f"{base}/zipball/{quote(release.tag)}",
        "id": release.id,
        "node_id": node_id("Release", release.id),
        "tag_name": release.tag,
        "target_commitish": release.target,
        "name": release.name,
        "body": release.body,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": release.immutable,
        "created_at": release.created,
        "updated_at": release.published or release.created,
        "published_at": release.published,
        "author": show_user(state, release.login),
        "assets": [show_asset(call, release, asset) for asset in release.assets],
    }


def published(repository: Repository) -> list[Release]:
    """Give the published releases, newest first."""
    found = [release for release in repository.releases if not release.draft]
    return sorted(found, key=lambda release: (release.published or "", release.id), reverse=True)


def find_latest(repository: Repository) -> Release | None:
    """Find the release marked as latest; else the newest that leaves it to its date."""
    full = [release for release in published(repository) if not release.prerelease]
    marked = [release for release in full if release.latest == "true"]
    return next(iter(marked or [release for release in full if release.latest == "legacy"]), None)


def list_releases(call: Call) -> Answer:
    """List releases, drafts first; those who may not push get no drafts and no word about it."""
    repository = call.repository
    drafts = [r for r in reversed(repository.releases) if r.draft and call.may_push]
    shown = [release for release in drafts + published(repository) if not release.lags()]
    return page(call, shown, lambda release: show_release(call, release))


def create_release(call: Call) -> Answer:
    """Create a draft, or publish at once."""
    token = call.require_push()
    state, repository, sent = call.state, call.repository, call.document()
    tag = str(sent.get("tag_name") or "")
    if not tag:
        raise invalid("Release", "tag_name", "missing_field")
    target = str(sent.get("target_commitish") or repository.default_branch)
    release = Release(next(state.ids), tag, target, None, None, True, False, token.login, state.now())
    _apply(repository, release, sent)
    if not sent.get("draft", False):
        publish(call, release)
    release.lag = state.switches.lag
    repository.releases.append(release)
    where = f"{repository_url(state, repository)}/releases/{release.id}"
    return Answer(201, show_release(call, release), {"Location": where})


def generate_notes(call: Call) -> Answer:
    """Give notes for a tag, which stores nothing; those who may not push do not even get these."""
    call.require_push()
    tag = str(call.document().get("tag_name") or "")
    if not tag:
        raise invalid("Release", "tag_name", "missing_field")
    return Answer(200, {"name": tag, "body": ""})


def _apply(repository: Repository, release: Release, sent: Json) -> None:
    """Take over the fields that were sent."""
    latest = str(sent.get("make_latest", release.latest))
    if latest not in {"true", "false", "legacy"}:
        raise invalid("Release", "make_latest", "invalid")
    if release.immutable and sent.get("tag_name", release.tag) != release.tag:
        raise RefusalError(422, "Cannot change the tag of an immutable release.")
    release.tag = str(sent.get("tag_name") or release.tag)
    release.target = str(sent.get("target_commitish") or release.target)
    release.name = sent.get("name", release.name)
    release.body = sent.get("body", release.body)
    release.prerelease = bool(sent.get("prerelease", release.prerelease))
    release.latest = latest
    if latest == "true" and "make_latest" in sent and not release.draft:
        _leave_latest_to(repository, release)


def _leave_latest_to(repository: Repository, release: Release) -> None:
    """Take the mark from every other release."""
    for other in repository.releases:
        if other is not release and other.latest == "true":
            other.latest = "legacy"


def read_release(call: Call) -> Answer:
    """Give a release by its id."""
    return Answer(200, show_release(call, find_release(call)))


def read_by_tag(call: Call) -> Answer:
    """Give a published release by its tag; a draft's tag is nothing yet."""
    for release in published(call.repository):
        if release.tag == call.words["tag"]:
            return Answer(200, show_release(call, release))
    raise not_found()


def read_latest(call: Call) -> Answer:
    """Give the latest release."""
    release = find_latest(call.repository)
    if release is None:
        raise not_found()
    return Answer(200, show_release(call, release))


def update_release(call: Call) -> Answer:
    """Change a release; ``draft`` false publishes it."""
    call.require_push()
    release, sent = find_release(call), call.document()
    _apply(call.repository, release, sent)
    if release.draft and sent.get("draft") is False:
        publish(call, release)
    elif sent.get("draft") is True and not release.immutable:
        release.draft, release.published = True, None
    return Answer(200, show_release(call, release))


def publish(call: Call, release: Release) -> None:
    """Publish: one release a tag; a tag that is not there is made, lightweight, at the target."""
    repository = call.repository
    if any(other.tag == release.tag and other is not release for other in published(repository)):
        raise invalid("Release", "tag_name", "already_exists")
    ref = f"refs/tags/{release.tag}"
    if repository.git.find_ref(ref) is None:
        _make_tag(call, release, ref)
    release.draft, release.published = False, call.state.now()
    release.immutable = call.state.switches.immutable_releases
    if release.latest == "true":
        _leave_latest_to(repository, release)


def _make_tag(call: Call, release: Release, ref: str) -> None:
    repository = call.repository
    git = repository.git
    if not git.is_valid_ref(ref):
        raise invalid("Release", "tag_name", "invalid", "tag_name is not a valid tag")
    commit = git.branch(release.target) or git.find_commit(release.target)
    if commit is None:
        raise invalid("Release", "target_commitish", "invalid")
    refused = find_refusal(repository, call.require_token(), call.state.switches, (ref, ABSENT, commit))
    if refused is not None:
        raise invalid("Release", "tag_name", "custom", refused)
    git.update_ref(ref, commit, ABSENT)


def delete_release(call: Call) -> Answer:
    """Delete a release; its tag stays."""
    call.require_push()
    call.repository.releases.remove(find_release(call))
    return Answer(204)


def find_download(state: ForgeState, path: str) -> Answer | None:
    """Give a file by the address that people and storage redirects use; None for any other path."""
    for repository in state.repositories.values():
        base = f"/{quote(repository.full_name)}/releases/download"
        for release in repository.releases:
            for asset in release.assets:
                public = f"{base}/{quote(release.tag)}/{quote(asset.name)}"
                open_to_all = not release.draft and not repository.private
                if path == f"/api/storage/{asset.storage}" or (path == public and open_to_all):
                    asset.downloads += 1
                    return Answer(200, asset.content, {"Content-Type": asset.content_type})
    return None


ROUTES = (
    Route("GET", RELEASES, list_releases),
    Route("POST", RELEASES, create_release),
    Route("POST", RELEASES + "/generate-notes", generate_notes),
    Route("GET", RELEASES + "/latest", read_latest),
    Route("GET", RELEASES + "/tags/{tag...}", read_by_tag),
    Route("GET", RELEASES + "/{release}", read_release),
    Route("PATCH", RELEASES + "/{release}", update_release),
    Route("DELETE", RELEASES + "/{release}", delete_release),
)
