"""Looking for secrets: a server that echoes them, programs that write down how they were called, and the search."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import ssl
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from end_to_end.support import World

MINTED = "pypi-minted-canary-0d57b2c4e1"
"""The upload token that the echoing server gives to trusted publishers."""
ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
SHIM = """\
#!/usr/bin/env bash
printf '%s\\0' "$0" "$@" | tr '\\n' ' ' >> {log}
printf '\\n' >> {log}
exec -a {name} {program} "$@"
"""


class Echo:
    """A server that answers everything with the secrets that came along, in several spellings."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.url = ""
        self.seen: list[str] = []

    def answer(self, path: str, header: str) -> tuple[int, str]:
        """Give status and text; the exchange of trusted publishing works, and mints a known token."""
        if "/simple/" in path:
            return 404, "nothing here"
        if "/_/oidc/" in path or "/ci/" in path:
            return 200, json.dumps({"audience": "echo", "value": "a.b.c", "token": MINTED, "success": True})
        self.seen.append(path)
        secret = header.rpartition(" ")[2]
        if header.lower().startswith("basic"):
            secret = base64.b64decode(secret).decode().partition(":")[2]
        whole = [header, secret, quote(secret, safe=""), json.dumps(secret)]
        whole += [base64.b64encode(f"{'x' * n}{secret}y".encode()).decode() for n in range(3)]
        return self.status, "you sent " + " and ".join(whole)


@contextmanager
def echo_server(status: int, tls: ssl.SSLContext | None = None) -> Iterator[Echo]:
    """Serve an `Echo` on the loopback."""
    echo = Echo(status)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, text = echo.answer(self.path, self.headers.get("Authorization", ""))
            wants_json = "json" in self.headers.get("Accept", "") and status >= 400
            body = (json.dumps({"message": text, "errors": [text]}) if wants_json else text).encode()
            reason = "".join(character if character.isprintable() else "?" for character in text)
            self.send_response(status, reason if status >= 400 else "OK")
            self.send_header("Content-Type", "text/plain" if status >= 400 and not wants_json else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_PATCH = do_GET  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        echo.url = f"http{'s' if tls else ''}://localhost:{server.server_port}"
        yield echo
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Recorder:
    """An environment like the running one, whose python, uv and git write their words down and then do their work.

    git's own children are written down too: they come from a copy of its folder of programs.
    """

    place: Path
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.place / "commands"
        self.bin.mkdir(parents=True)
        home = Path(sys.executable).resolve().parent
        settings = Path(sys.prefix, "pyvenv.cfg")
        text = settings.read_text(encoding="utf-8") if settings.is_file() else f"home = {home}\n"
        (self.place / "pyvenv.cfg").write_text(text, encoding="utf-8")
        (self.place / "lib").symlink_to(Path(sys.prefix, "lib"))
        self._record(self.python, Path(sys.executable))
        self._record(self.bin / "git", Path(_found("git")))
        if Path(sys.executable).with_name("uv").exists():
            self._record(self.bin / "uv", Path(sys.executable).with_name("uv"))
        own = Path(subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip())
        (self.place / "git-core").mkdir()
        for program in own.iterdir():
            shown = self.place / "git-core" / program.name
            if program.name in ("git", "git-remote-http", "git-remote-https"):
                self._record(shown, program)
            else:
                shown.symlink_to(program)

    @property
    def bin(self) -> Path:
        """The folder that comes first on PATH."""
        return self.place / "bin"

    @property
    def python(self) -> Path:
        """The interpreter that writes down every start, also of its own children."""
        return self.bin / "python"

    def variables(self, path: str) -> dict[str, str]:
        """Give what makes children find these programs."""
        return {"PATH": f"{self.bin}{os.pathsep}{path}", "GIT_EXEC_PATH": str(self.place / "git-core")}

    def add(self, name: str, text: str) -> None:
        """Put another program on PATH."""
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def commands(self) -> list[str]:
        """Give every command so far, its words apart by zero bytes."""
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []

    def _record(self, shown: Path, program: Path) -> None:
        shown.write_text(SHIM.format(log=self.log, name=shown, program=program), encoding="utf-8")
        shown.chmod(0o755)


def find_traces(world: World | None, printed: str, files: Iterable[Path], canaries: Sequence[str]) -> list[str]:
    """Search all that a release printed, wrote or sent for canaries, however they are spelled; name where they are."""
    places = [("printed", printed.encode())]
    roots = [*files, *([world.clone / ".release", world.clone / ".git"] if world else [])]
    for root in roots:
        found = sorted(root.rglob("*")) if root.is_dir() else [root]
        places += [(str(path), path.read_bytes()) for path in found if path.is_file() and path.name != "config"]
    if world:
        places += [(f"objects of {place}", _objects(place)) for place in (world.clone, world.bare)]
        places += [(file.name, file.path.read_bytes()) for file in world.stage.index.files]
        repository = world.stage.forge.repository(world.stage.repository)
        places += [(f"#{pull.number}", f"{pull.title}\n{pull.body}".encode()) for pull in repository.pulls]
        places += [(release.tag, f"{release.name}\n{release.body}".encode()) for release in repository.releases]
    return [f"{name}: {canary}" for name, data in places for canary in canaries if _holds(data, canary)]


def _holds(data: bytes, canary: str) -> bool:
    """Whether bytes hold a canary as it is, or in any coding that is undone here (not made: that is the product's)."""
    wanted = canary.encode()
    views = [
        data,
        unquote_to_bytes(data),
        data.replace(b'\\"', b'"').replace(b"\\\\", b"\\").replace(b"\\u00fc", "ü".encode()),
    ]
    views += [part for run in ENCODED.findall(data) for part in _decoded(run)]
    views += [content for _, content in _members(data)]
    return any(wanted in view for view in views)


def _decoded(run: bytes) -> Iterator[bytes]:
    """Decode a run of base64 from each place at which it may begin."""
    plain = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    for start in range(4):
        part = plain[start:]
        part = part[: len(part) // 4 * 4 + (len(part) % 4 if len(part) % 4 != 1 else 0)]
        yield base64.b64decode(part + b"=" * (-len(part) % 4))


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the members of an archive."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist())
    if data[:2] == b"\x1f\x8b":
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for member in packed.getmembers():
                if (content := packed.extractfile(member)) is not None:
                    yield member.name, content.read()


def _objects(folder: Path) -> bytes:
    """Give the contents of all git objects of a repository."""
    words = ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"]
    return subprocess.run(words, cwd=folder, capture_output=True, check=True).stdout


def _found(name: str) -> str:
    import shutil

    path = shutil.which(name)
    assert path
    return path
