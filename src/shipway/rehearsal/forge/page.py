"""The page that people look at with ``rehearse --keep``: repositories, pull requests, releases."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote, unquote

from shipway.rehearsal.forge.routes import Answer
from shipway.rehearsal.forge.state import ForgeState, Pull, Release, Repository

STYLE = "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto}pre{background:#f4f4f4;padding:1em}"
SECURITY = "default-src 'none'; style-src 'unsafe-inline'"


def render_page(state: ForgeState, path: str) -> Answer | None:
    """Give the page for the forge or one of its repositories; None for any other path."""
    found = re.fullmatch(r"/([^/]+/[^/]+)(/pull/[0-9]+|/releases/tag/.+)?/?", path)
    one = state.find_repository(unquote(found.group(1))) if found else None
    if path != "/" and one is None:
        return None
    shown = [one] if one else list(state.repositories.values())
    body = "".join(_repository(repository) for repository in shown) or "<p>No repository yet.</p>"
    title = escape(one.full_name if one else "Embedded forge")
    head = f"<meta charset=utf-8><title>{title}</title><style>{STYLE}</style>"
    text = f"<!doctype html><html lang=en>{head}{body}</html>"
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": SECURITY}
    return Answer(200, text.encode(), headers)


def _repository(repository: Repository) -> str:
    refs = "".join(
        f"<li><code>{escape(name)}</code> {escape(sha[:10])}</li>"
        for name, (sha, _) in repository.git.list_refs().items()
        if not name.startswith("refs/pull/")
    )
    pulls = "".join(_pull(pull) for pull in repository.pulls) or "<p>None.</p>"
    releases = "".join(_release(repository, release) for release in repository.releases) or "<p>None.</p>"
    name = escape(repository.full_name)
    return (
        f'<h1><a href="/{quote(repository.full_name)}">{name}</a></h1>'
        f"<h2>Refs</h2><ul>{refs}</ul><h2>Pull requests</h2>{pulls}<h2>Releases</h2>{releases}"
    )


def _pull(pull: Pull) -> str:
    state = "merged" if pull.merged else pull.state
    labels = "".join(f" [{escape(label)}]" for label in pull.labels)
    line = f"#{pull.number} {escape(pull.title)} ({state}){labels}"
    return f"<h3>{line}</h3><p>{escape(pull.head_branch)} into {escape(pull.base_branch)}</p>{_text(pull.body)}"


def _release(repository: Repository, release: Release) -> str:
    state = "draft" if release.draft else "prerelease" if release.prerelease else "published"
    base = f"/{quote(repository.full_name)}/releases/download/{quote(release.tag)}"
    items = "".join(
        f'<li><a href="{base}/{quote(asset.name)}">{escape(asset.name)}</a> {len(asset.content)} bytes</li>'
        for asset in release.assets
    )
    title = escape(release.name or release.tag)
    return f"<h3>{title} ({escape(release.tag)}, {state})</h3>{_text(release.body or '')}<ul>{items}</ul>"


def _text(body: str) -> str:
    return f"<pre>{escape(body)}</pre>" if body else ""
