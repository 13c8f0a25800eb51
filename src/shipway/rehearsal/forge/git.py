"""Git over smart HTTP (git's ``http-protocol`` document): the only module here that streams to a program."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote

from shipway.rehearsal.forge.objects import server_environment
from shipway.rehearsal.forge.pulls import follow_branches
from shipway.rehearsal.forge.routes import Answer
from shipway.rehearsal.forge.rules import rules_environment
from shipway.rehearsal.forge.state import ForgeState, Repository, Token

SERVICES = ("git-upload-pack", "git-receive-pack")
CHUNK = 1 << 16
CHALLENGE = {"WWW-Authenticate": 'Basic realm="embedded forge"', "Content-Type": "text/plain"}
UNCACHED = {"Cache-Control": "no-cache, max-age=0, must-revalidate"}


@dataclass(frozen=True)
class GitCall:
    """One request of a git client: which service of which repository, and who asks."""

    repository: Repository
    service: str
    token: Token | None
    protocol: str


def find_target(path: str) -> tuple[str, str] | None:
    """Split a path into repository and what git wants there; None for a path that is not git's."""
    for ending in ("/info/refs", *(f"/{service}" for service in SERVICES)):
        if path.endswith(ending):
            return unquote(path.removesuffix(ending).strip("/").removesuffix(".git")), ending[1:]
    return None


def basic_password(header: str) -> str | None:
    """Give the password of a Basic authorization (RFC 7617)."""
    kind, _, word = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        return base64.b64decode(word, validate=True).decode().partition(":")[2]
    except ValueError:
        return None


def refuse(state: ForgeState, name: str, service: str, token: Token | None, given: bool) -> Answer | None:
    """Say no where a token is missing, unknown or too weak."""
    repository = state.find_repository(name)
    writes = service == "git-receive-pack"
    hidden = repository is None or repository.private
    if token is None and (given or writes or hidden):
        return Answer(401, b"Authentication failed\n" if given else b"Authentication required\n", dict(CHALLENGE))
    if repository is None:
        return Answer(404, b"Repository not found.\n", {"Content-Type": "text/plain"})
    if service not in SERVICES:
        return Answer(403, b"Please use the smart protocol.\n", {"Content-Type": "text/plain"})
    if writes and token is not None and not token.may_push:
        words = f"Write access to repository not granted: {name} denied to {token.login}.\n"
        return Answer(403, words.encode(), {"Content-Type": "text/plain"})
    return None


def _start(state: ForgeState, call: GitCall, words: list[str], body: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start git's side of the exchange."""
    env = server_environment(state.directory)
    if call.protocol:
        env["GIT_PROTOCOL"] = call.protocol
    if call.token is not None:
        env |= rules_environment(call.repository, call.token, state.switches)
    hidden = [f"uploadpack.hideRefs={prefix}" for prefix in state.switches.hidden_refs]
    options = [word for setting in hidden for word in ("-c", setting)]
    program = call.service.removeprefix("git-")
    argv = ["git", *options, program, "--stateless-rpc", *words, str(call.repository.git.path)]
    return subprocess.Popen(argv, stdin=body, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env)


def advertise(state: ForgeState, call: GitCall) -> Answer:
    """Answer ``info/refs``: what refs there are, and what the server can do."""
    with _start(state, call, ["--advertise-refs"], subprocess.DEVNULL) as child:
        refs, _ = child.communicate()
    line = f"# service={call.service}\n"
    head = b"" if "version=2" in call.protocol and call.service == "git-upload-pack" else _packet(line)
    return Answer(200, head + refs, {"Content-Type": f"application/x-{call.service}-advertisement", **UNCACHED})


def _packet(line: str) -> bytes:
    return f"{len(line) + 4:04x}{line}0000".encode()


def exchange(state: ForgeState, call: GitCall, body: IO[bytes]) -> Iterator[bytes]:
    """Run one exchange and give git's answer as it comes; after a push, pull requests follow first."""
    if call.service == "git-receive-pack":
        with _start(state, call, [], body) as child:
            answer, _ = child.communicate()
        with state.lock:
            follow_branches(state, call.repository)
        yield answer
        return
    with _start(state, call, [], body) as child:
        assert child.stdout is not None  # noqa: S101 - asked for with PIPE
        try:
            while chunk := child.stdout.read(CHUNK):
                yield chunk
        finally:
            child.kill()
