"""The embedded package index: serves real pip, uv and twine on the loopback, by the big index's rules."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from shipway.rehearsal.index.http import HOST, Answer, LoopbackServer, Request, phrase
from shipway.rehearsal.index.model import Failure, IndexSwitches, JournalEntry, Permit, Publisher, StoredFile
from shipway.rehearsal.index.names import normalise
from shipway.rehearsal.index.oidc import CiJob, TrustedPublishing
from shipway.rehearsal.index.routes import IndexRoutes, refusal
from shipway.rehearsal.index.store import IndexStore
from shipway.rehearsal.watch import HangUpError, Visit
from shipway.world.clock import Clock


class EmbeddedIndex:
    """A package index in threads of this process, from ``with`` to its end; its files lie in ``directory``.

    ``token`` uploads to every project. ``switches`` make it nasty; ``journal`` lists what was asked.
    """

    def __init__(
        self,
        directory: Path,
        *,
        tls: ssl.SSLContext | None = None,
        switches: IndexSwitches | None = None,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or Clock()
        self.switches = switches or IndexSwitches()
        self.journal: list[JournalEntry] = []
        self.url = ""
        self.store = IndexStore(directory, self.switches, clock)
        self.token = self._new_token()
        self._tls = tls
        self._publishing = TrustedPublishing(clock)
        self._routes = IndexRoutes(self.store, self.switches, self._publishing)
        self._routes.tokens[self.token] = Permit()
        self._running = ExitStack()

    def __enter__(self) -> EmbeddedIndex:
        server = LoopbackServer(self._watched, self._tls)
        self.url = f"{'https' if self._tls else 'http'}://{HOST}:{server.server_port}"
        self._routes.url = self.url
        server.start()
        self._running.callback(server.stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    @property
    def simple_url(self) -> str:
        """The address of the simple API."""
        return f"{self.url}/simple/"

    @property
    def upload_url(self) -> str:
        """The address that takes uploads."""
        return f"{self.url}/legacy/"

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Every file on the index, shown on its pages already or not."""
        return self.store.files

    @property
    def burnt(self) -> frozenset[str]:
        """File names that can never be used again."""
        return self.store.burnt

    @property
    def live_tokens(self) -> int:
        """How many minted upload tokens are neither burnt nor over."""
        return self._publishing.live()

    @property
    def job(self) -> CiJob:
        """The CI job for which the identity provider speaks; change its fields at will."""
        return self._publishing.job

    @property
    def publishers(self) -> list[Publisher]:
        """The trusted publishers; add to it at will."""
        return self._publishing.publishers

    @property
    def identity_variables(self) -> dict[str, str]:
        """The variables by which a CI job finds its identity provider."""
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/ci/id-token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self._publishing.request_token,
        }

    def grant(self, *projects: str) -> str:
        """Give a new upload token for these projects only."""
        token = self._new_token()
        self._routes.tokens[token] = Permit(frozenset(normalise(project) for project in projects))
        return token

    def expire(self, token: str) -> None:
        """Have an upload token be good for nothing from now on."""
        del self._routes.tokens[token]

    def yank(self, file_name: str, reason: str = "") -> None:
        """Mark a file as yanked (PEP 592)."""
        self.store.yank(file_name, reason)

    def unyank(self, file_name: str) -> None:
        """Take the mark of being yanked away again."""
        self.store.unyank(file_name)

    def delete(self, file_name: str) -> None:
        """Delete a file, as its owner would: the name is burnt."""
        self.store.delete(file_name)

    def add_foreign_file(self, file_name: str, content: bytes) -> StoredFile:
        """Put a file there that somebody else uploaded."""
        return self.store.add_foreign(file_name, content)

    def reveal(self) -> None:
        """End the lag of all files uploaded so far."""
        self.store.reveal()

    def count(self, route: str, status: int | None = None) -> int:
        """Count the requests of a route, by the name that `index_routes.TABLE` gives it."""
        return sum(entry.route == route and status in {None, entry.status} for entry in list(self.journal))

    def _watched(self, request: Request) -> Answer | None:
        """Answer a request under the eyes of a watcher, who may cut the connection."""
        try:
            took_effect = self.switches.watch(Visit(request.method, request.path))
            answer = self._respond(request)
            took_effect()
        except HangUpError:
            return None
        return answer

    def _respond(self, request: Request) -> Answer | None:
        route, answer = self._routes.find(request)
        failure = self.switches.take_failure(route)
        given: Answer | None
        if failure is None:
            given = _attempt(request, answer)
        else:
            if failure.after:
                _attempt(request, answer)
            given = _failed(request, failure)
        self.journal.append(JournalEntry(request.method, quote(request.path), given.status if given else 0, route))
        return given

    @staticmethod
    def _new_token() -> str:
        return "pypi-" + secrets.token_urlsafe(24)


def _attempt(request: Request, answer: Callable[[], Answer]) -> Answer:
    try:
        return answer()
    except OSError as error:  # our own disk: say so, rather than hang up
        return refusal(request, 500, f"The index cannot use its directory: {error.strerror}")


def _failed(request: Request, failure: Failure) -> Answer | None:
    if failure.status is None:
        return None
    answer = refusal(request, failure.status, phrase(failure.status))
    if failure.retry_after is None:
        return answer
    headers = {**answer.headers, "Retry-After": str(failure.retry_after)}
    return Answer(answer.status, answer.body, answer.content_type, answer.reason, headers)
