"""What each address of the embedded index answers: one small function a route, and the table of all."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from functools import partial
from html import escape
from urllib.parse import quote

from shipway.rehearsal.index.form import parse_form
from shipway.rehearsal.index.http import Answer, Request, json_answer, phrase
from shipway.rehearsal.index.model import IndexSwitches, Permit, RefusedError
from shipway.rehearsal.index.names import normalise
from shipway.rehearsal.index.oidc import AUDIENCE, MintError, TrustedPublishing
from shipway.rehearsal.index.pages import (
    PLAIN_HTML,
    choose_format,
    render_home,
    render_list,
    render_project,
    render_provenance,
)
from shipway.rehearsal.index.store import IndexStore

INTEGRITY_JSON = "application/vnd.pypi.integrity.v1+json"


class IndexRoutes:
    """Answers requests out of the store, the switches and trusted publishing."""

    def __init__(self, store: IndexStore, switches: IndexSwitches, publishing: TrustedPublishing) -> None:
        self.url = ""
        self.tokens: dict[str, Permit] = {}
        self._store = store
        self._switches = switches
        self._publishing = publishing

    def find(self, request: Request) -> tuple[str, Callable[[], Answer]]:
        """Give the name of a request's route, and the call that has its effect and answers it."""
        method = "GET" if request.method == "HEAD" else request.method
        fitting = [(entry, match) for entry in TABLE if (match := entry[1].fullmatch(request.path))]
        for (wanted, _, name, answer), match in fitting:
            if wanted == method:
                return name, partial(answer, self, request, *match.groups())
        status = 405 if fitting else 404
        return "", partial(refusal, request, status, phrase(status))

    def home(self, _: Request) -> Answer:
        """Show people what is here."""
        page = render_home(self._store.files, self._store.burnt, self.url)
        return Answer(200, page, f"{PLAIN_HTML}; charset=utf-8")

    def simple_list(self, request: Request) -> Answer:
        """List the projects."""
        return self._simple(request, lambda chosen: render_list(self._store.projects(), chosen))

    def simple_project(self, request: Request, name: str) -> Answer:
        """Show a project's files, after a redirect to the address with its normalised name."""
        if request.path != f"/simple/{normalise(name)}/":
            return Answer(301, headers={"Location": f"{self.url}/simple/{quote(normalise(name))}/"})
        page = self._store.page(name)
        if page is None:
            return refusal(request, 404, "Not Found")
        return self._simple(request, lambda chosen: render_project(page, self.url, chosen))

    def file(self, request: Request, digest: str, name: str) -> Answer:
        """Give a file's bytes."""
        file = self._store.find(name)
        if file is None or file.digest != digest:
            return refusal(request, 404, "Not Found")
        return Answer(200, file.path.read_bytes(), "application/octet-stream")

    def provenance(self, request: Request, project: str, version: str, name: str) -> Answer:
        """Give a file's provenance object (PEP 740)."""
        file = self._store.find(name)
        if file is None or (file.project, file.version) != (project, version) or not file.attestations:
            return refusal(request, 404, f"No provenance available for {name}")
        return Answer(200, render_provenance(file), INTEGRITY_JSON)

    def upload(self, request: Request) -> Answer:
        """Take a file in, if the token and the rules allow it."""
        try:
            permit = self._require_token(request.headers.get("Authorization", ""))
            form = parse_form(request.headers.get("Content-Type", ""), request.body)
            self._store.upload(form, permit)
        except RefusedError as error:
            return refusal(request, error.status, error.reason)
        return Answer(200)

    def audience(self, _: Request) -> Answer:
        """Say for which audience identity tokens are to be made."""
        return json_answer(200, {"audience": AUDIENCE})

    def mint(self, request: Request) -> Answer:
        """Change an identity token into an upload token."""
        try:
            minted, ends = self._publishing.mint(_token_of(request))
        except MintError as error:
            return _unminted("Token request failed", error)
        return json_answer(200, {"success": True, "token": minted, "expires": ends})

    def burn(self, request: Request) -> Answer:
        """End an upload token before its time."""
        try:
            self._publishing.burn(_token_of(request))
        except MintError as error:
            return _unminted("Token burn failed", error)
        return json_answer(200, {"success": True})

    def identity(self, request: Request) -> Answer:
        """Play the CI's identity provider: a JWT for the wanted audience, to a job with the request token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != self._publishing.request_token:
            return json_answer(401, {"message": "Unauthorized"})
        audience = request.query.get("audience", [""])[0]
        return json_answer(200, {"value": self._publishing.issue(audience)})

    def _simple(self, request: Request, render: Callable[[str], bytes]) -> Answer:
        chosen = PLAIN_HTML if self._switches.html_only else choose_format(request.headers.get("Accept", ""))
        if chosen is None:
            return refusal(request, 406, phrase(406))
        age = self._switches.max_age
        headers = {"Vary": "Accept", "Cache-Control": f"max-age={age}, public" if age else "no-cache"}
        return Answer(200, render(chosen), f"{chosen}; charset=utf-8", headers=headers)

    def _require_token(self, authorization: str) -> Permit:
        if not authorization:
            raise RefusedError(401, "Authentication is needed to upload.")
        scheme, _, credentials = authorization.partition(" ")
        try:
            user, _, token = base64.b64decode(credentials, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user, token = "", ""
        permit = self.tokens.get(token) or self._publishing.find_permit(token)
        if scheme.lower() != "basic" or user != "__token__" or permit is None:
            raise RefusedError(403, "Invalid or non-existent authentication information.")
        return permit


TABLE: tuple[tuple[str, re.Pattern[str], str, Callable[..., Answer]], ...] = (
    ("GET", re.compile(r"/"), "home", IndexRoutes.home),
    ("GET", re.compile(r"/simple/?"), "list", IndexRoutes.simple_list),
    ("GET", re.compile(r"/simple/([^/]+)/?"), "project", IndexRoutes.simple_project),
    ("GET", re.compile(r"/files/([0-9a-f]{64})/([^/]+)"), "file", IndexRoutes.file),
    ("GET", re.compile(r"/integrity/([^/]+)/([^/]+)/([^/]+)/provenance"), "provenance", IndexRoutes.provenance),
    ("POST", re.compile(r"/legacy/"), "upload", IndexRoutes.upload),
    ("GET", re.compile(r"/_/oidc/audience"), "audience", IndexRoutes.audience),
    ("POST", re.compile(r"/_/oidc/mint-token"), "mint", IndexRoutes.mint),
    ("POST", re.compile(r"/_/oidc/burn-token"), "burn", IndexRoutes.burn),
    ("GET", re.compile(r"/ci/id-token"), "identity", IndexRoutes.identity),
)
"""Method, path, name (as journal and failures use it) and answer of every route."""


def refusal(request: Request, status: int, reason: str) -> Answer:
    """Give a refusal as the big index words it: in the status line, and again as JSON or HTML."""
    headers = {"WWW-Authenticate": 'Basic realm="index"'} if status == 401 else {}
    title = phrase(status)
    if "application/json" in request.headers.get("Accept", ""):
        content = {"message": f"{title}\n\n{reason}\n\n", "code": f"{status} {reason}", "title": title}
        return Answer(status, json.dumps(content).encode(), "application/json", reason, headers)
    line = escape(f"{status} {reason}")
    page = f"<html><head><title>{line}</title></head><body><h1>{line}</h1></body></html>"
    return Answer(status, page.encode(), f"{PLAIN_HTML}; charset=utf-8", reason, headers)


def _unminted(message: str, error: MintError) -> Answer:
    errors = [{"code": error.code, "description": error.description}]
    return json_answer(422, {"message": message, "errors": errors})


def _token_of(request: Request) -> str:
    try:
        content = json.loads(request.body)
    except ValueError:
        content = None
    token = content.get("token") if isinstance(content, dict) else None
    if not isinstance(token, str):
        raise MintError("invalid-payload", "the body is no JSON object with a token")
    return token
