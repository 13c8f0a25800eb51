"""Requests and answers held against GitHub's own API description (the cut-out beside this file).

`hold` takes one exchange; `HeldHttp` is the real HTTP door, and holds every exchange that passes through it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.testing import MockRequest, MockResponse

from shipway.world.clock import Clock
from shipway.world.environment import Environment
from shipway.world.http import READ_SECONDS, Http
from shipway.world.http_exchange import Response

CUT_OUT = Path(__file__).with_name("github-openapi.json")
API = "https://api.github.com"
UPLOADS = "https://uploads.github.com"
GAPS = re.compile(r"labels/\d+/description: None |^(assets/\d+/)?state: 'starter' |^commit/(author|committer): None ")
"""What GitHub answers although its description forgets it: labels without words, uploads that broke off, no account."""
VERSION_HEADER = "X-GitHub-Api-Version"


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; ``url`` may be of any server, what is described begins at /repos."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    status: int
    answer_type: str
    answer: bytes

    @property
    def path(self) -> str:
        """The path as the description has it."""
        path = urlsplit(self.url).path
        return path[path.index("/repos/") :]

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.url).query).items()}


class HeldHttp(Http):
    """The HTTP door, where every exchange is held against the description and kept to look at."""

    def __init__(self, environment: Environment, clock: Clock) -> None:
        super().__init__(environment, clock)
        self.exchanges: list[Exchange] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        data: bytes | IO[bytes] | None = None,
        timeout: float = READ_SECONDS,
        repeat: bool | None = None,
    ) -> Response:
        """Send a request, and hold it and its answer."""
        answer = super().request(method, url, headers=headers, json=json, data=data, timeout=timeout, repeat=repeat)
        body = _encode(json) if json is not None else (b"content" if data is not None else None)
        kind = answer.headers.get("Content-Type", "")
        described = (answer.status, kind, answer.content)
        if urlsplit(answer.url).path != urlsplit(url).path:  # what the API itself answered sent us on
            described = (302, "", b"")
        exchange = Exchange(method, url, headers or {}, body, *described)
        self.exchanges.append(exchange)
        hold(exchange)
        return answer


def hold(exchange: Exchange) -> None:
    """Raise AssertionError where a request or its answer is not as GitHub describes it."""
    kind = exchange.headers.get("Content-Type", "application/json")
    server = UPLOADS if kind == "application/octet-stream" else API
    request = MockRequest(
        server,
        exchange.method.lower(),
        exchange.path,
        args=exchange.query,
        headers=dict(exchange.headers),
        data=exchange.body,
        content_type=kind,
    )
    answer = MockResponse(exchange.answer, exchange.status, content_type=exchange.answer_type.partition(";")[0])
    assert exchange.headers.get(VERSION_HEADER), f"no API version in {exchange.method} {exchange.path}"
    _require_known_parameters(exchange)
    try:
        _strict().validate_request(request)
        _lenient().validate_response(request, answer)
    except ResponseNotFound:
        _require_error(exchange)
    except OpenAPIError as error:
        reasons = [reason for reason in _reasons(error) if not GAPS.search(reason)]
        assert not reasons, f"{exchange.method} {exchange.path} {exchange.status}: {reasons}"


def _require_known_parameters(exchange: Exchange) -> None:
    """Raise for a query parameter that the operation does not have: a server would ignore it in silence."""
    operation = _operation(exchange)
    parameters = [_resolve(parameter) for parameter in operation.get("parameters", [])]
    known = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
    assert set(exchange.query) <= known, f"unknown in {exchange.path}: {set(exchange.query) - known}"


def _require_error(exchange: Exchange) -> None:
    """Raise unless a status that the operation does not list is an error in GitHub's usual form."""
    assert exchange.status >= 400, f"{exchange.method} {exchange.path} cannot end in {exchange.status}"
    error = json.loads(exchange.answer)
    assert isinstance(error, dict)
    assert isinstance(error.get("message"), str)


def _operation(exchange: Exchange) -> dict[str, Any]:
    """Find the operation of a request: of the paths that fit, the one with the fewest placeholders."""
    words = exchange.path.split("/")
    fitting = [
        path
        for path, item in document()["paths"].items()
        if exchange.method.lower() in item and _fits(path.split("/"), words)
    ]
    assert fitting, f"GitHub describes no {exchange.method} {exchange.path}, or the cut-out lacks it"
    operation: dict[str, Any] = document()["paths"][min(fitting, key=lambda path: path.count("{"))]
    return dict(operation[exchange.method.lower()])


def _fits(pattern: list[str], words: list[str]) -> bool:
    same = len(pattern) == len(words)
    return same and all(p == w or p.startswith("{") for p, w in zip(pattern, words, strict=True))


def _resolve(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    _, _, kind, name = node["$ref"].split("/")
    return dict(document()["components"][kind][name])


def _encode(value: object) -> bytes:
    return json.dumps(value).encode()


def _reasons(error: BaseException) -> Iterator[str]:
    """Give what a schema was not pleased with; the library's own words hold the whole document."""
    details = getattr(error, "schema_errors", ())
    yield from (f"{'/'.join(map(str, each.absolute_path))}: {each.message[:300]}" for each in details)
    if error.__cause__ is not None:
        yield from _reasons(error.__cause__)
    elif not details:
        yield f"{type(error).__name__} {str(error)[:300]}"


@lru_cache
def document() -> dict[str, Any]:
    """Give the cut-out."""
    return dict(json.loads(CUT_OUT.read_text(encoding="utf-8")))


@lru_cache
def _strict() -> OpenAPI:
    """Give the description with fields forbidden that it does not name, which is how requests are held."""
    config = Config(spec_validator_cls=None, additional_properties_default_policy="forbid")
    return OpenAPI.from_dict(document(), config=config)


@lru_cache
def _lenient() -> OpenAPI:
    """Give the description as it is written, which is how answers are held."""
    return OpenAPI.from_dict(document(), config=Config(spec_validator_cls=None))
