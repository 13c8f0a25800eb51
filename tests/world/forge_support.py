"""A forge with one repository, real git clients of it, and a plain REST client whose exchanges are held."""

from __future__ import annotations

import atexit
import os
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import requests

from shipway.rehearsal.forge.server import EmbeddedForge
from shipway.rehearsal.forge.switches import ForgeSwitches
from world.openapi_support import VERSION_HEADER, Exchange, document, hold

NAME = "acme/widgets"
ORDINARY = "release"
WORKFLOW = ".github/workflows/ci.yml"


def git_environment(home: Path) -> dict[str, str]:
    """Give the variables for a git that knows nothing of this machine."""
    person = {f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C"} | person | quiet


@dataclass
class Clone:
    """A work tree and the git commands in it."""

    path: Path

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run git and give how it went."""
        return subprocess.run(
            ["git", *words],
            cwd=self.path,
            env=git_environment(self.path.parent),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def git(self, *words: str, stdin: str = "") -> str:
        """Run git, which must go well, and give what it printed."""
        done = self.run(*words, stdin=stdin)
        assert done.returncode == 0, f"git {words}: {done.stderr}"
        return done.stdout.strip()

    def commit(self, message: str, **files: str) -> str:
        """Write files, commit, give the commit."""
        for name, content in files.items():
            (self.path / name).write_text(content, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def import_commit(self, branch: str, files: Mapping[str, str], start: str = "") -> str:
        """Put a commit straight onto a branch, past every rule, and give it."""
        who = "committer tester <tester@example.invalid> 1700000000 +0000"
        lines = [f"commit refs/heads/{branch}", who, "data <<END"]
        lines += [f"change on {branch}", "END", *([f"from {start}"] if start else [])]
        for name, content in files.items():
            lines += [f"M 100644 inline {name}", f"data {len(content.encode())}", content]
        self.git("fast-import", "--quiet", "--force", stdin="\n".join([*lines, ""]))
        return self.git("rev-parse", f"refs/heads/{branch}")

    def write_workflow(self, content: str) -> str:
        """Commit another content of the workflow file."""
        (self.path / WORKFLOW).write_text(content, encoding="utf-8")
        return self.commit("workflow")


@dataclass
class Site:
    """A running forge with the repository ``acme/widgets``."""

    forge: EmbeddedForge
    home: Path
    first: str

    def address(self, token: str | None) -> str:
        """Give the git address, with a named token in it."""
        url = self.forge.git_url(NAME)
        return url.replace("://", f"://x:{self.forge.tokens[token].value}@") if token else url

    def clone(self, token: str | None = ORDINARY, *options: str, name: str = "clone") -> Clone:
        """Clone as the owner of a token."""
        Clone(self.home).git("clone", "--quiet", *options, self.address(token), name)
        return Clone(self.home / name)

    def refs(self) -> dict[str, str]:
        """Give the repository's refs as they are on disk."""
        return {name: sha for name, (sha, _) in self.forge.repository().git.list_refs().items()}

    def add_branch(self, branch: str = "release/1", **files: str) -> str:
        """Put a branch with one commit on the first into the repository, and give the commit."""
        bare = Clone(self.forge.repository().git.path)
        return bare.import_commit(branch, files or {"a": branch}, self.first)

    def api(self, token: str | None = ORDINARY) -> Api:
        """Give a REST client with a token."""
        return Api(self.forge, self.forge.tokens[token].value if token else None)


@dataclass
class Api:
    """A plain REST client; what GitHub describes is held against its description."""

    forge: EmbeddedForge
    token: str | None

    def ask(
        self, method: str, path: str, json: object = None, *, held: bool = True, **query: str | int
    ) -> requests.Response:
        """Ask the repository's interface; ``held`` is off for requests that are wrong on purpose."""
        url = f"{self.forge.api_url}/repos/{NAME}{path}"
        return self.send(method, url, held=held, json=json, params=query)

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - JSON
        """Read, which must go well."""
        url = f"{self.forge.api_url}/repos/{NAME}{path}"
        answer = self.send("GET", url, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def open_pull(self, head: str = "release/1", title: str = "Release 1", body: str = "words") -> Any:  # noqa: ANN401 - JSON
        """Open a pull request, which must go well."""
        sent = {"head": head, "base": "main", "title": title, "body": body}
        answer = self.ask("POST", "/pulls", json=sent)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def draft(self, tag: str = "v1", **fields: object) -> Any:  # noqa: ANN401 - JSON
        """Create a draft, which must go well."""
        answer = self.ask("POST", "/releases", json={"tag_name": tag, "draft": True} | fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def upload(self, release: Mapping[str, Any], name: str, content: bytes, *, held: bool = True) -> requests.Response:
        """Upload a file to a release."""
        url = release["upload_url"].partition("{")[0]
        headers = {"Content-Type": "application/octet-stream"}
        return self.send("POST", url, held=held, data=content, params={"name": name}, headers=headers)

    def send(self, method: str, url: str, *, held: bool = True, **more: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        """Send a request anywhere, and hold the exchange if its operation is described."""
        headers = {"Accept": "application/vnd.github+json", VERSION_HEADER: "2022-11-28", **more.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        with requests.Session() as session:
            session.trust_env = False
            prepared = session.prepare_request(requests.Request(method, url, headers=headers, **more))
            answer = session.send(prepared, timeout=30, allow_redirects=False)
        if held and is_described(method, url) and answer.status_code not in (302, 500, 502):
            hold_exchange(prepared, answer)
        return answer


def is_described(method: str, url: str) -> bool:
    """Whether the cut-out of GitHub's description has the operation."""
    words = url[url.index("/repos/") :].partition("?")[0].split("/") if "/repos/" in url else []
    uploads = "/api/uploads/" in url
    return any(
        len(words) == len(path.split("/"))
        and all(p == w or p.startswith("{") for p, w in zip(path.split("/"), words, strict=True))
        and method.lower() in item
        and uploads == ((method, words[-1]) == ("POST", "assets"))
        and not (method == "GET" and words[-1] == "assets")
        for path, item in document()["paths"].items()
    )


def hold_exchange(prepared: requests.PreparedRequest, answer: requests.Response) -> None:
    """Hold a request and its answer against GitHub's description."""
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    kind, method = answer.headers.get("Content-Type", ""), str(prepared.method)
    headers = dict(prepared.headers)
    hold(Exchange(method, str(prepared.url), headers, body, answer.status_code, kind, answer.content))


@cache
def make_source() -> tuple[Path, str]:
    """Make the repository that every site begins with, once in each process; give it and its commit."""
    folder = tempfile.mkdtemp(prefix="forge-source-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    source = Clone(Path(folder))
    source.git("init", "--quiet", "--initial-branch=main")
    first = source.import_commit("main", {"README": "hello\n", WORKFLOW: "on: push\n"})
    source.git("update-ref", "refs/tags/v0", first)
    return source.path, first


@contextmanager
def running_site(
    home: Path, *, tls: ssl.SSLContext | None = None, switches: ForgeSwitches | None = None, private: bool = False
) -> Iterator[Site]:
    """Run a forge with one repository that has one commit with a workflow, and one tag."""
    source, first = make_source()
    home.mkdir(exist_ok=True)
    with EmbeddedForge(home / "forge", tls=tls, switches=switches) as forge:
        forge.create_repository(NAME, source, first, private=private)
        yield Site(forge, home, first)
