"""A small server that answers as a test says and refuses anything else, and a clock that only counts."""

from __future__ import annotations

import json
import ssl
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from shipway.world.clock import Clock
from shipway.world.environment import Environment
from shipway.world.http import Http


@dataclass(frozen=True)
class Reply:
    """One answer; ``cut`` promises more than it sends, ``hang_up`` sends nothing, ``late`` waits."""

    status: int = 200
    body: bytes | str | object = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    hang_up: bool = False
    late: bool = False

    def encode(self) -> bytes:
        """Give the body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Seen:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class ScriptedServer:
    """A server on the loopback: replies are used up in order, the last one stays."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.unexpected: list[str] = []
        self.ended = threading.Event()
        self._replies: dict[str, list[Reply]] = defaultdict(list)
        self._server = _Server(self)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https" if tls is not None else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if error is None:
            assert self.unexpected == []

    @property
    def url(self) -> str:
        """The server by its number."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def other_url(self) -> str:
        """The same server by its name, which is another host to a client."""
        return f"{self._scheme}://localhost:{self._server.server_port}"

    def on(self, call: str, *replies: Reply) -> None:
        """Say what ``METHOD /path`` is answered; the path is without its query."""
        self._replies[call] += replies

    def find_reply(self, seen: Seen) -> Reply:
        """Take the next reply; what no test told us about is refused and remembered."""
        self.seen.append(seen)
        call = f"{seen.method} {seen.path.partition('?')[0]}"
        replies = self._replies.get(call)
        if not replies:
            self.unexpected.append(call)
            return Reply(418, "nobody told me about this")
        return replies.pop(0) if len(replies) > 1 else replies[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: ScriptedServer) -> None:
        self.script = script
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent about clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Note the request, then do as the reply says."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        reply = self.server.script.find_reply(Seen(self.command, self.path, dict(self.headers.items()), body))
        if reply.late:
            self.server.script.ended.wait(10)
        if reply.hang_up or reply.late:
            self.close_connection = True
            return
        content = reply.encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(content) + 100 * reply.cut))
        self.end_headers()
        self.wfile.write(content if self.command != "HEAD" else b"")
        self.close_connection = reply.cut

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Print nothing."""


class CountingClock(Clock):
    """A clock whose waits take no time and are written down."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Write a wait down."""
        self.slept.append(seconds)


CANARY = "canary-7f3a9c5e"
BEARER = {"Authorization": f"Bearer {CANARY}"}


def http_with(clock: CountingClock, **variables: str) -> Http:
    """Open the HTTP door with these variables alone."""
    return Http(Environment(variables), clock)
