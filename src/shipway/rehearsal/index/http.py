"""The embedded index's HTTP loop: a threaded loopback server that turns each request into one answer."""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HOST = "127.0.0.1"
IDLE_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """One request as the routes see it; headers and body stay out of its repr, for they hold tokens."""

    method: str
    path: str
    query: Mapping[str, list[str]] = field(repr=False)
    headers: Message = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """One response: status, its reason where the standard one will not do, content and extra headers."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(status: int, content: object, content_type: str = "application/json") -> Answer:
    """Give an answer that carries JSON."""
    return Answer(status, json.dumps(content).encode(), content_type)


def phrase(status: int) -> str:
    """Give the standard reason of a status."""
    return HTTPStatus(status).phrase


class LoopbackServer(ThreadingHTTPServer):
    """A server on a free port of the loopback that ends with every thread and connection closed."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, respond: Callable[[Request], Answer | None], tls: ssl.SSLContext | None) -> None:
        self.respond = respond
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__((HOST, 0), Handler)
        if tls is not None:  # the handshake happens in the request's own thread: a slow client blocks nobody
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._loop = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._loop.start()

    def stop(self) -> None:
        """Answer no more: hang up on every client and wait for every thread."""
        self.shutdown()
        self._loop.join()
        with self._guard:
            for connection in self._open:
                _hang_up(connection)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Remember the connection, then serve it in a thread."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Forget the connection and close it."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base class has it
        """Say nothing of clients that went away; anything else is our own fault and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads one request, asks the server's ``respond``, writes the answer, and closes the connection."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: LoopbackServer

    def do_GET(self) -> None:
        """Answer one request, of any method that the index knows."""
        self.close_connection = True
        body = self._read_body()
        if body is None:
            return
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        answer = self.server.respond(Request(self.command, unquote(address.path), query, self.headers, body))
        if answer is not None:
            self._write(answer)

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

    def _read_body(self) -> bytes | None:
        given = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not given.isdecimal():
            self._write(Answer(411))
            return None
        body = self.rfile.read(int(given))
        if len(body) < int(given):  # the client died while it sent: no effect, nobody to answer
            return None
        return body

    def _write(self, answer: Answer) -> None:
        reason = None if answer.reason is None else _one_line(answer.reason)
        self.send_response(answer.status, reason)
        headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
        for name, value in headers.items():
            self.send_header(name, _one_line(value))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Print nothing: the journal knows."""


def _one_line(text: str) -> str:
    return " ".join(text.encode("latin-1", "replace").decode("latin-1").split())


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
