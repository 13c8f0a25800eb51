"""Requests and answers of HTTP as values: where they go, where they may be sent on, what they may show."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import IO
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from shipway.release.outcomes import UnavailableError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SAFE_METHODS = frozenset({"GET", "HEAD"})
QUOTE_LENGTH = 200
PORTS = {"http": 80, "https": 443}
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})


@dataclass(frozen=True)
class Call:
    """One request as it is to be sent."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    json: object = field(repr=False)
    data: bytes | IO[bytes] | None = field(repr=False)
    timeout: float

    @property
    def label(self) -> str:
        """The request as an error names it: without credentials and query."""
        return f"{self.method} {without_credentials(self.url).partition('?')[0]}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Whatever in this request must not come back in a server's words."""
        parts = urlsplit(self.url)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        basic = base64.b64encode(f"{user}:{password}".encode()).decode() if user or password else ""
        sent = (value for name, value in self.headers.items() if name.lower() in CREDENTIALS)
        words = [password or user, parts.password or "", basic, *(value.split()[-1] for value in sent if value.split())]
        return tuple(word for word in words if word)

    def rewind(self) -> None:
        """Go back to the start of what is sent, where an earlier try has read it."""
        if self.data is not None and not isinstance(self.data, bytes):
            self.data.seek(0)

    def redirected(self, location: str) -> Call:
        """Give the request that a redirect asks for; credentials stay with the server they were given for."""
        target = urljoin(self.url, location)
        if urlsplit(target).scheme not in PORTS:
            raise UnavailableError(f"{self.label} was sent on to something that is no web address")
        if urlsplit(self.url).scheme == "https" and urlsplit(target).scheme == "http":
            raise UnavailableError(f"{self.label} was sent on to an address without TLS, which is not followed")
        if origin(target) == origin(self.url):
            return replace(self, url=with_credentials_of(self.url, target))
        kept = {name: value for name, value in self.headers.items() if name.lower() not in CREDENTIALS}
        return replace(self, url=target, headers=kept)


@dataclass(frozen=True)
class Response:
    """One answer of a server, read to its end; ``url`` is where it came from, without credentials."""

    status: int
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    next_url: str | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The content as UTF-8, whatever is not UTF-8 replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> object:
        """Give the content as JSON; anything else means that the server could not be asked."""
        try:
            parsed: object = json.loads(self.content)
        except (ValueError, RecursionError):
            what = f"{self.url.partition('?')[0]} answered {self.status} with something that is not JSON"
            raise UnavailableError(what, remedy="check the address, and try again") from None
        return parsed


def origin(url: str) -> tuple[str, str, int | None]:
    """Give the server of an address: scheme, host and port; credentials go to no other one."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise UnavailableError(f"{parts.hostname} is named with a port that is none") from None
    return parts.scheme, (parts.hostname or "").lower(), port or PORTS.get(parts.scheme)


def without_credentials(url: str) -> str:
    """Give an address without a user's name and password in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def with_credentials_of(source: str, url: str) -> str:
    """Give an address the name and password that another address of the same server carries."""
    credentials, found, _ = urlsplit(source).netloc.rpartition("@")
    parts = urlsplit(without_credentials(url))
    return urlunsplit(parts._replace(netloc=f"{credentials}{found}{parts.netloc}"))


def quote_text(text: str) -> str:
    """Give a stranger's words as one short line of printable characters."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(printable.split())
    return line if len(line) <= QUOTE_LENGTH else f"{line[: QUOTE_LENGTH - 3]}..."
