"""The forge's HTTP side: sockets and threads, faults, and the journal of what was answered."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any

from shipway.rehearsal.forge.bodies import read_body
from shipway.rehearsal.forge.git import GitCall, advertise, basic_password, exchange, find_target, refuse
from shipway.rehearsal.forge.page import render_page
from shipway.rehearsal.forge.releases import find_download
from shipway.rehearsal.forge.routes import Answer, RefusalError, Request, Route, dispatch
from shipway.rehearsal.forge.state import ForgeState, Token
from shipway.rehearsal.forge.switches import Fault, JournalEntry
from shipway.rehearsal.watch import HangUpError, Visit, head_of, heed_nothing

API_PREFIX = "/api/v3"
GIT_VERBS = {"info/refs": "GET", "git-upload-pack": "POST", "git-receive-pack": "POST"}


class ForgeHTTPServer(ThreadingHTTPServer):
    """A server on loopback whose threads all end when it closes."""

    daemon_threads = False

    def __init__(self, state: ForgeState, routes: tuple[Route, ...], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), ForgeHandler)
        self.state = state
        self.routes = routes
        self.tls = tls
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection; the TLS handshake is left to the connection's own thread."""
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._guard:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - the base class's own type
        """Close a connection when its thread is done with it."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's own type
        """Say nothing about connections that broke: clients come and go."""

    def stop(self) -> None:
        """Stop answering, cut what is idle, and wait for every thread."""
        self.closing.set()
        self.shutdown()
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class ForgeHandler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server_version = "EmbeddedForge"
    server: ForgeHTTPServer
    took_effect: Callable[[], None] = staticmethod(heed_nothing)

    def do_GET(self) -> None:
        """Answer a reading request."""
        self._handle()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
        """Print nothing: the journal keeps what is worth keeping."""

    def _handle(self) -> None:
        path, _, query = self.path.partition("?")
        path = path.removeprefix(API_PREFIX) or "/"
        try:
            with read_body(self.rfile, self.headers) as body:
                self.took_effect = self.server.state.switches.watch(Visit(self.command, path, head_of(body)))
                fault = self._strike_before(path)
                if not self._serve_git(path, query, body, fault):
                    self._serve_rest(path, query, body, fault)
        except HangUpError:
            self._note(path, 0)
            self.close_connection = True
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def _strike_before(self, path: str) -> Fault | None:
        """Let a fault happen that comes before the effect; give one that is still to come."""
        state = self.server.state
        with state.lock:
            fault = state.switches.take_fault(self.command, path)
        if fault is None or fault.after:
            return fault
        self._strike(fault)
        if not fault.breaks:
            return None
        return fault

    def _strike(self, fault: Fault) -> None:
        if fault.delay:
            self.server.closing.wait(fault.delay)
        if fault.call is not None:
            fault.call()
        if fault.breaks and fault.status is None:
            raise HangUpError

    def _end(self, path: str, answer: Answer, fault: Fault | None) -> None:
        """Send an answer, or what a fault makes of it."""
        self.took_effect()
        if fault is not None and fault.after:
            self._strike(fault)
        if fault is not None and fault.status is not None:
            refusal = RefusalError(fault.status, fault.message).answer(self.server.state.url)
            answer = Answer(fault.status, refusal.body, dict(fault.headers))
        body = answer.encode()
        self._note(path, answer.status)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _note(self, path: str, status: int) -> None:
        with self.server.state.lock:
            self.server.state.journal.append(JournalEntry(self.command, path, status))

    def _token(self) -> tuple[Token | None, bool]:
        """Give the token that came with the request, and whether one was tried."""
        header = self.headers.get("Authorization", "")
        kind, _, word = header.partition(" ")
        value = basic_password(header) if kind.lower() == "basic" else word.strip()
        return (self.server.state.find_token(value) if value else None), bool(header)

    def _serve_git(self, path: str, query: str, body: IO[bytes], fault: Fault | None) -> bool:
        """Answer git's own requests; False for any other."""
        target = find_target(path)
        if target is None or self.command != GIT_VERBS[target[1]]:
            return False
        if fault is not None and not fault.after:
            self._end(path, Answer(), fault)
            return True
        state, (name, wanted) = self.server.state, target
        service = query.removeprefix("service=") if wanted == "info/refs" else wanted
        token, given = self._token()
        refused = refuse(state, name, service, token, given)
        repository = state.find_repository(name)
        if refused is not None or repository is None:
            self._end(path, refused or Answer(404), fault)
            return True
        call = GitCall(repository, service, token, self.headers.get("Git-Protocol", ""))
        if wanted == "info/refs":
            self._end(path, advertise(state, call), fault)
        elif fault is not None:
            kind = {"Content-Type": f"application/x-{service}-result"}
            self._end(path, Answer(200, b"".join(exchange(state, call, body)), kind), fault)
        else:
            self._stream(path, service, exchange(state, call, body))
        return True

    def _stream(self, path: str, service: str, pieces: Iterable[bytes]) -> None:
        """Send pieces as they come, chunked."""
        self.send_response(200)
        self.send_header("Content-Type", f"application/x-{service}-result")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in pieces:
            if piece:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.took_effect()
        self._note(path, 200)
        self.wfile.write(b"0\r\n\r\n")

    def _serve_rest(self, path: str, query: str, body: IO[bytes], fault: Fault | None) -> None:
        """Answer a request of the REST interface, a download, or a look at the page."""
        if fault is not None and not fault.after:
            self._end(path, Answer(), fault)
            return
        self._end(path, self._answer(path, query, body.read()), fault)

    def _answer(self, path: str, query: str, body: bytes) -> Answer:
        state = self.server.state
        headers = {name.lower(): value for name, value in self.headers.items()}
        method = "GET" if self.command == "HEAD" else self.command
        try:
            token, given = self._token()
            if given and token is None:
                return RefusalError(401, "Bad credentials").answer(state.url)
            request = Request(method, path, query, headers, body)
            with state.lock:
                seen = self._look(path) if method == "GET" else None
                return seen or dispatch(self.server.routes, state, request, token)
        except RefusalError as refusal:
            return refusal.answer(state.url)
        except Exception:  # noqa: BLE001 - a server answers, whatever happens inside
            return Answer(500, {"message": traceback.format_exc()})

    def _look(self, path: str) -> Answer | None:
        """Give a download or the page that people look at."""
        page = None if self.path.startswith("/api/") else render_page(self.server.state, path)
        return page or find_download(self.server.state, path)
