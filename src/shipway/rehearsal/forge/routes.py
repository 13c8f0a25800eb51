"""Requests, answers and routes of the forge: what a handler gets, gives and refuses with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlencode

from shipway.rehearsal.forge.state import ForgeState, Repository, Token

Json = dict[str, Any]
T = TypeVar("T")
DEFAULT_PAGE = 30
LARGEST_PAGE = 100
DOCUMENTATION = "/rest"


@dataclass
class Answer:
    """What goes back: a status, headers, and JSON or raw bytes."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Give the bytes of the body, and set its type."""
        if isinstance(self.body, bytes):
            return self.body
        if self.body is None:
            return b""
        self.headers.setdefault("Content-Type", "application/json; charset=utf-8")
        return json.dumps(self.body).encode()


class RefusalError(Exception):
    """An answer that says no, as GitHub's API words it."""

    def __init__(self, status: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.more = more

    def answer(self, origin: str) -> Answer:
        """Give the refusal as the API's error object."""
        body = {"message": self.message, **self.more, "documentation_url": f"{origin}{DOCUMENTATION}"}
        return Answer(self.status, body | {"status": str(self.status)})


def not_found() -> RefusalError:
    """Give the answer for what is not there, or hidden."""
    return RefusalError(404, "Not Found")


def forbidden(message: str = "Resource not accessible by integration") -> RefusalError:
    """Give the answer for a permission that the token lacks."""
    return RefusalError(403, message)


def invalid(resource: str, field_name: str, code: str, message: str | None = None) -> RefusalError:
    """Give the answer for a field that cannot be used."""
    error = {"resource": resource, "field": field_name, "code": code}
    return RefusalError(422, "Validation Failed", errors=[error | ({"message": message} if message else {})])


@dataclass
class Request:
    """One request as it came in; ``path`` is without ``/api/v3`` and without the query."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    def parameters(self) -> dict[str, str]:
        """Give the query's last value for each name."""
        return {name: values[-1] for name, values in parse_qs(self.query, keep_blank_values=True).items()}


@dataclass
class Call:
    """What a handler works on: the state, the request, the words of its path, and who asks."""

    state: ForgeState
    request: Request
    words: dict[str, str]
    token: Token | None

    @property
    def repository(self) -> Repository:
        """The repository that the path names, if this token may see it."""
        found = self.state.find_repository(f"{self.words['owner']}/{self.words['repo']}")
        if found is None or (found.private and self.token is None):
            raise not_found()
        return found

    def number(self, name: str) -> int:
        """Give a number of the path."""
        word = self.words[name]
        if not word.isdecimal():
            raise not_found()
        return int(word)

    def sent(self) -> object:
        """Give the JSON that was sent."""
        try:
            return json.loads(self.request.body or b"{}")
        except ValueError:
            raise RefusalError(400, "Problems parsing JSON") from None

    def document(self) -> Json:
        """Give the JSON object that was sent."""
        sent = self.sent()
        if not isinstance(sent, dict):
            raise RefusalError(422, "Invalid request.\n\nFor 'links/0/schema', it is not an object.")
        return sent

    def require_token(self) -> Token:
        """Give who asks; nobody may not go on."""
        if self.token is None:
            raise RefusalError(401, "Requires authentication")
        return self.token

    def require(self, allowed: Callable[[Token], bool]) -> Token:
        """Give who asks, if the token has the permission."""
        token = self.require_token()
        if not allowed(token):
            raise forbidden()
        return token

    def require_push(self) -> Token:
        """Give who asks, if it may write contents."""
        return self.require(lambda token: token.may_push)

    @property
    def may_push(self) -> bool:
        """Whether who asks may write contents."""
        return self.token is not None and self.token.may_push


Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """A method and a path with ``{words}``; ``{word...}`` takes slashes too."""

    method: str
    pattern: str
    handler: Handler

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Give the words of a path that fits."""
        if method != self.method:
            return None
        found = re.fullmatch(compile_pattern(self.pattern), path)
        return {k: unquote(v) for k, v in found.groupdict().items()} if found else None


def compile_pattern(pattern: str) -> str:
    """Turn a route's pattern into a regular expression."""
    parts = re.split(r"(\{\w+(?:\.\.\.)?\})", pattern)
    return "".join(_part(part) for part in parts)


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part.strip("{}")
    return f"(?P<{name[:-3]}>.+)" if name.endswith("...") else f"(?P<{name}>[^/]+)"


def dispatch(routes: Sequence[Route], state: ForgeState, request: Request, token: Token | None) -> Answer:
    """Find the handler of a request and give its answer."""
    for route in routes:
        words = route.match(request.method, request.path)
        if words is not None:
            return route.handler(Call(state, request, words, token))
    raise not_found()


def page(call: Call, items: Iterable[T], show: Callable[[T], Json], *, wrap: str | None = None) -> Answer:
    """Answer one page of a listing, with the ``Link`` header that leads to the others (RFC 8288)."""
    everything = list(items)
    given = call.request.parameters()
    size = min(max(_integer(given.get("per_page"), DEFAULT_PAGE), 1), LARGEST_PAGE)
    number = max(_integer(given.get("page"), 1), 1)
    last = max(-(-len(everything) // size), 1)
    shown = [show(item) for item in everything[(number - 1) * size : number * size]]
    body: object = shown if wrap is None else {"total_count": len(everything), wrap: shown}
    links = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
    fitting = {"prev": number > 1, "first": number > 1, "next": number < last, "last": number < last}
    base = f"{call.state.api_url}{call.request.path}"
    found = [
        f'<{base}?{urlencode(given | {"page": str(target), "per_page": str(size)})}>; rel="{name}"'
        for name, target in links.items()
        if fitting[name]
    ]
    return Answer(200, body, {"Link": ", ".join(found)} if found else {})


def _integer(word: str | None, default: int) -> int:
    return int(word) if word is not None and word.isdecimal() else default
