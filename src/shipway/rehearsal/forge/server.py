"""The embedded forge: GitHub-shaped, in threads of this process, with real bare repositories."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from shipway.rehearsal.forge import archives, assets, checks, pulls, releases, repositories, reviews, runs, settings
from shipway.rehearsal.forge.http import ForgeHTTPServer
from shipway.rehearsal.forge.merges import MergeOrder
from shipway.rehearsal.forge.objects import BareRepository
from shipway.rehearsal.forge.rules import install_hook
from shipway.rehearsal.forge.state import CheckRun, ForgeState, Pull, Repository, Review, Token, WorkflowRun, new_secret
from shipway.rehearsal.forge.switches import ForgeSwitches, JournalEntry
from shipway.release.outcomes import UsageError

ROUTES = (
    *checks.ROUTES,
    *runs.ROUTES,
    *settings.ROUTES,
    *repositories.ROUTES,
    *pulls.ROUTES,
    *reviews.ROUTES,
    *archives.ROUTES,
    *assets.ROUTES,
    *releases.ROUTES,
)


class EmbeddedForge:
    """A forge on loopback for as long as the ``with`` block lasts."""

    def __init__(
        self, directory: Path, *, tls: ssl.SSLContext | None = None, switches: ForgeSwitches | None = None
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.state = ForgeState(directory, switches or ForgeSwitches())
        self._server = ForgeHTTPServer(self.state, ROUTES, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="forge")
        scheme = "https" if tls is not None else "http"
        self.state.url = f"{scheme}://localhost:{self._server.server_port}"

    def __enter__(self) -> EmbeddedForge:
        """Start answering."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop answering, and wait for every thread."""
        self._server.stop()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where people look, and git's addresses start."""
        return self.state.url

    @property
    def api_url(self) -> str:
        """Where the REST interface starts."""
        return self.state.api_url

    @property
    def tokens(self) -> dict[str, Token]:
        """The tokens by name; see `forge.state.standard_tokens`."""
        return self.state.tokens

    @property
    def switches(self) -> ForgeSwitches:
        """What goes wrong; may be turned at any time."""
        return self.state.switches

    @property
    def journal(self) -> list[JournalEntry]:
        """Every request so far."""
        with self.state.lock:
            return list(self.state.journal)

    def count(self, method: str, path: str = "*") -> int:
        """Count requests whose path fits a glob (without host, ``/api/v3`` and query)."""
        return sum(entry.method == method and fnmatchcase(entry.path, path) for entry in self.journal)

    def git_url(self, full_name: str) -> str:
        """Give the address that git clones from and pushes to."""
        return f"{self.url}/{quote(full_name)}.git"

    def add_token(self, token: Token | str) -> Token:
        """Add a token: a whole one, or a usual one by its name."""
        added = Token(token, new_secret()) if isinstance(token, str) else token
        self.state.tokens[added.name] = added
        return added

    def renew_token(self, name: str) -> Token:
        """Give a token a fresh value; its old one is good for nothing from now on."""
        return self.add_token(replace(self.tokens[name], value=new_secret()))

    def create_repository(
        self, full_name: str, source: Path, commit: str, branch: str = "main", *, private: bool = False
    ) -> Repository:
        """Make a repository: one protected branch at a commit of the source, and all tags of the source."""
        owner, _, name = full_name.partition("/")
        home = self.state.directory.resolve()
        git = BareRepository(home / owner / f"{name}.git", home)
        git.create(branch, source, commit)
        install_hook(git)
        state = self.state
        repository = Repository(next(state.ids), owner, name, git, branch, state.now(), private, [branch])
        with state.lock:
            state.repositories[full_name] = repository
        return repository

    def repository(self, full_name: str | None = None) -> Repository:
        """Give a repository by its name, or the only one."""
        known = self.state.repositories
        if full_name is not None and full_name in known:
            return known[full_name]
        if full_name is None and len(known) == 1:
            return next(iter(known.values()))
        raise UsageError(f"the embedded forge has no repository {full_name or 'of its own'}")

    def pull(self, number: int, repository: str | None = None) -> Pull:
        """Give a pull request."""
        return pulls.find_pull(self.repository(repository), number)

    def merge_pull_request(
        self, number: int, method: str = "merge", *, login: str = "maintainer", repository: str | None = None
    ) -> str:
        """Merge as a maintainer does: ``merge``, ``squash`` or ``rebase``; give the base's new commit."""
        where = self.repository(repository)
        with self.state.lock:
            pull = pulls.find_pull(where, number)
            return pulls.merge_pull(self.state, where, pull, MergeOrder(method, login))

    def close_pull_request(self, number: int, *, repository: str | None = None) -> None:
        """Close a pull request as a person does, without merging it."""
        with self.state.lock:
            pulls.close_pull(self.state, self.pull(number, repository))

    def review(self, number: int, state: str = "APPROVED", *, repository: str | None = None) -> Review:
        """Review a pull request as a maintainer does."""
        with self.state.lock:
            pull = self.pull(number, repository)
            return reviews.add_review(self.state, pull, ("maintainer", state, ""))

    def add_check_run(
        self,
        commit: str,
        names: Sequence[str],
        *,
        status: str = "completed",
        conclusion: str | None = "success",
        repository: str | None = None,
    ) -> None:
        """Say what CI found about a commit: one check run for each name."""
        where, state = self.repository(repository), self.state
        with state.lock:
            made = [CheckRun(next(state.ids), commit, name, status, conclusion, state.now()) for name in names]
            where.checks.extend(made)

    def add_run(self, run_id: int | str, status: str = "in_progress", *, repository: str | None = None) -> None:
        """Say that CI runs something at the head of the default branch, under a number as it hands out."""
        where, number = self.repository(repository), int(run_id)
        commit = where.git.branch(where.default_branch) or ""
        with self.state.lock:
            where.runs[number] = WorkflowRun(number, commit, where.default_branch, status, self.state.now())

    def end_run(self, run_id: int | str, *, repository: str | None = None) -> None:
        """Say that a CI run has ended, however it did."""
        with self.state.lock:
            self.repository(repository).runs[int(run_id)].status = "completed"
