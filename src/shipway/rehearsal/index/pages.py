"""Pages of the embedded index: the simple API in JSON and HTML, provenance, and a page for people.

Simple API: PEP 503, 592 (yanks), 691 (JSON), 700 (versions, size, time), 740 (provenance), 792 (status).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any
from urllib.parse import quote

from shipway.rehearsal.index.model import ProjectPage, StoredFile
from shipway.rehearsal.index.names import canonical_version

API_VERSION = "1.4"
JSON_PAGE = "application/vnd.pypi.simple.v1+json"
PLAIN_HTML = "text/html"
OFFERS = {
    JSON_PAGE: JSON_PAGE,
    "application/vnd.pypi.simple.latest+json": JSON_PAGE,
    "application/vnd.pypi.simple.v1+html": "application/vnd.pypi.simple.v1+html",
    "application/vnd.pypi.simple.latest+html": "application/vnd.pypi.simple.v1+html",
    PLAIN_HTML: PLAIN_HTML,
    "text/*": PLAIN_HTML,
    "*/*": PLAIN_HTML,
}


def choose_format(accept: str) -> str | None:
    """Give the content type of a simple page that suits an Accept header best; None when none does."""
    wishes = [_weighed(wish) for wish in (accept or "*/*").split(",")]
    fitting = [(weight, media) for media, weight in wishes if media in OFFERS and weight > 0]
    if not fitting:
        return None
    return OFFERS[max(fitting, key=lambda wish: wish[0])[1]]


def render_list(projects: Sequence[str], content_type: str) -> bytes:
    """Render the list of all projects."""
    if content_type == JSON_PAGE:
        return _json({"meta": {"api-version": API_VERSION}, "projects": [{"name": name} for name in projects]})
    return _html("Simple index", [f'<a href="/simple/{name}/">{name}</a><br>' for name in projects])


def render_project(page: ProjectPage, url: str, content_type: str) -> bytes:
    """Render one project's page."""
    if content_type == JSON_PAGE:
        return _json(
            {
                "meta": {"api-version": API_VERSION},
                "name": page.name,
                "project-status": {"status": page.status},
                "versions": list({canonical_version(file.version): file.version for file in page.files}.values()),
                "files": [_file_entry(file, url) for file in page.files],
            }
        )
    status = f'<meta name="pypi:project-status" content="{escape(page.status)}">'
    return _html(f"Links for {page.name}", [_file_link(file, url) for file in page.files], status)


def render_provenance(file: StoredFile) -> bytes:
    """Render a file's provenance object (PEP 740)."""
    publisher = asdict(file.publisher) if file.publisher else {}
    publisher.pop("project", None)
    bundle = {"publisher": {"kind": "GitHub", **publisher}, "attestations": list(file.attestations)}
    return _json({"version": 1, "attestation_bundles": [bundle]})


def render_home(files: Iterable[StoredFile], burnt: Iterable[str], url: str) -> bytes:
    """Render the page for people: every project, its files and their digests."""
    projects: dict[str, list[StoredFile]] = {}
    for file in files:
        projects.setdefault(file.project, []).append(file)
    lines = ["<h1>What is on this rehearsal's index</h1>"]
    for name, mine in sorted(projects.items()):
        lines += [f'<h2><a href="/simple/{escape(name)}/">{escape(name)}</a></h2>']
        lines += [f"<p>{escape(mine[-1].summary)}</p>", "<table>", *(_row(file, url) for file in mine), "</table>"]
    lines += ["<p>Nothing yet.</p>"] if not projects else []
    lines += [f"<p>Burnt: <code>{escape(name)}</code></p>" for name in sorted(burnt)]
    return _html("Rehearsal index", lines)


def file_url(file: StoredFile, url: str) -> str:
    """Give the address of a file's bytes."""
    return f"{url}/files/{file.digest}/{quote(file.name)}"


def provenance_url(file: StoredFile, url: str) -> str | None:
    """Give the address of a file's provenance, where it has any."""
    if not file.attestations:
        return None
    return f"{url}/integrity/{file.project}/{quote(file.version)}/{quote(file.name)}/provenance"


def _file_entry(file: StoredFile, url: str) -> Mapping[str, Any]:
    entry: dict[str, Any] = {
        "filename": file.name,
        "url": file_url(file, url),
        "hashes": {"sha256": file.digest},
        "size": file.size,
        "upload-time": file.uploaded.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "yanked": file.yanked,
        "provenance": provenance_url(file, url),
    }
    return entry | ({"requires-python": file.requires_python} if file.requires_python else {})


def _file_link(file: StoredFile, url: str) -> str:
    marks = {"data-requires-python": file.requires_python or None, "data-provenance": provenance_url(file, url)}
    marks["data-yanked"] = ("" if file.yanked is True else str(file.yanked)) if file.yanked else None
    rest = "".join(f' {name}="{escape(value)}"' for name, value in marks.items() if value is not None)
    address = escape(f"{file_url(file, url)}#sha256={file.digest}")
    return f'<a href="{address}"{rest}>{escape(file.name)}</a><br>'


def _row(file: StoredFile, url: str) -> str:
    note = f"yanked: {file.yanked}" if file.yanked else f"{len(file.attestations)} attestations"
    link = f'<a href="{escape(file_url(file, url))}">{escape(file.name)}</a>'
    cells = (link, escape(file.version), f"{file.size} bytes", f"<code>{file.digest}</code>", escape(note))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _html(title: str, lines: Iterable[str], head: str = "") -> bytes:
    meta = f'<meta charset="utf-8"><meta name="pypi:repository-version" content="{API_VERSION}">{head}'
    body = "\n".join(lines)
    page = f"<html><head>{meta}<title>{escape(title)}</title></head><body>\n{body}\n</body></html>"
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _json(content: object) -> bytes:
    return json.dumps(content).encode()


def _weighed(wish: str) -> tuple[str, float]:
    media, *parameters = (word.strip() for word in wish.lower().split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media, float(parameter[2:])
            except ValueError:
                return media, 0.0
    return media, 1.0
