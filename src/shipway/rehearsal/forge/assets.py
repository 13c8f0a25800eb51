"""The files of a release: upload, list, download, delete."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from shipway.rehearsal.forge.routes import Answer, Call, Json, RefusalError, Route, invalid, not_found, page
from shipway.rehearsal.forge.shapes import html_url, node_id, repository_url, show_user
from shipway.rehearsal.forge.state import Asset, Release

ASSETS = "/repos/{owner}/{repo}/releases/{release}/assets"
ASSET = "/repos/{owner}/{repo}/releases/assets/{asset}"
UNUSUAL = re.compile(r"\.?[^\w.+@-]+\.?", re.ASCII)


def show_asset(call: Call, release: Release, asset: Asset) -> Json:
    """Give an asset; one whose upload failed has no digest."""
    home = html_url(call.state, call.repository)
    tag = f"untagged-{release.id:x}" if release.draft else quote(release.tag)
    whole = asset.state == "uploaded"
    return {
        "url": f"{repository_url(call.state, call.repository)}/releases/assets/{asset.id}",
        "browser_download_url": f"{home}/releases/download/{tag}/{quote(asset.name)}",
        "id": asset.id,
        "node_id": node_id("ReleaseAsset", asset.id),
        "name": asset.name,
        "label": asset.label,
        "state": asset.state,
        "content_type": asset.content_type,
        "size": len(asset.content),
        "digest": f"sha256:{hashlib.sha256(asset.content).hexdigest()}" if whole else None,
        "download_count": asset.downloads,
        "created_at": asset.created,
        "updated_at": asset.created,
        "uploader": show_user(call.state, asset.login),
    }


def find_release(call: Call) -> Release:
    """Give the release that the path names; drafts only to those who may push."""
    number = call.number("release")
    for release in call.repository.releases:
        if release.id == number and (call.may_push or not release.draft):
            return release
    raise not_found()


def list_assets(call: Call) -> Answer:
    """List a release's assets."""
    release = find_release(call)
    return page(call, release.assets, lambda asset: show_asset(call, release, asset))


def upload_asset(call: Call) -> Answer:
    """Take a file as the raw body; unusual characters of its name become dots, as on GitHub."""
    token = call.require_push()
    release, given, request = find_release(call), call.request.parameters(), call.request
    name = UNUSUAL.sub(".", given.get("name", "")).strip(".")
    if not name:
        raise invalid("ReleaseAsset", "name", "missing_field")
    if not request.body:
        raise RefusalError(400, "Bad Content-Length: ")
    if release.immutable:
        raise RefusalError(422, "Cannot upload assets to an immutable release.")
    if any(asset.name == name for asset in release.assets):
        raise invalid("ReleaseAsset", "name", "already_exists")
    starts = call.state.switches.starter_assets > 0
    state, content = ("starter", b"") if starts else ("uploaded", request.body)
    kind = request.headers.get("content-type", "application/octet-stream")
    number, now = next(call.state.ids), call.state.now()
    asset = Asset(number, name, given.get("label", ""), kind, content, state, token.login, now)
    release.assets.append(asset)
    if starts:
        call.state.switches.starter_assets -= 1
        raise RefusalError(502, "Server Error")
    return Answer(201, show_asset(call, release, asset))


def _find(call: Call) -> tuple[Release, Asset]:
    number = call.number("asset")
    for release in call.repository.releases:
        for asset in release.assets:
            if asset.id == number and (call.may_push or not release.draft):
                return release, asset
    raise not_found()


def read_asset(call: Call) -> Answer:
    """Describe an asset; who accepts raw bytes is led to the storage."""
    release, asset = _find(call)
    if "application/octet-stream" in call.request.headers.get("accept", ""):
        return Answer(302, None, {"Location": f"{call.state.url}/api/storage/{asset.storage}"})
    return Answer(200, show_asset(call, release, asset))


def delete_asset(call: Call) -> Answer:
    """Delete an asset, unless its release can no longer change."""
    call.require_push()
    release, asset = _find(call)
    if release.immutable:
        raise RefusalError(422, "Cannot delete assets from an immutable release.")
    release.assets.remove(asset)
    return Answer(204)


ROUTES = (
    Route("GET", ASSETS, list_assets),
    Route("POST", "/api/uploads" + ASSETS, upload_asset),
    Route("GET", ASSET, read_asset),
    Route("DELETE", ASSET, delete_asset),
)
