"""Tiny distributions made by hand, and real clients in a clean environment, to test the embedded index."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import ssl
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import requests
import trustme

from shipway.rehearsal.index.server import EmbeddedIndex

BACKEND = '''"""A build backend that needs nothing: packs its own metadata and module."""
import zipfile
from pathlib import Path

def _tag(): return "{stem}-{version}"

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = _tag() + "-py3-none-any.whl"
    info = _tag() + ".dist-info"
    with zipfile.ZipFile(Path(wheel_directory, name), "w") as wheel:
        wheel.write("{stem}.py")
        wheel.write("PKG-INFO", info + "/METADATA")
        wheel.writestr(info + "/WHEEL", {wheel!r})
        wheel.writestr(info + "/RECORD", "")
    return name
'''
WHEEL = "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def metadata(name: str, version: str, summary: str = "Tiny") -> str:
    """Give valid core metadata that `twine check --strict` likes."""
    return (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {summary}\n"
        "Requires-Python: >=3.8\nDescription-Content-Type: text/markdown\n\n# Tiny\n\nA few words.\n"
    )


def make_wheel(
    directory: Path, name: str = "acme-widgets", version: str = "1.0", *, marker: str = "", inner: str = ""
) -> Path:
    """Write a tiny pure wheel; another ``marker`` gives other bytes, ``inner`` other metadata."""
    stem = name.replace("-", "_")
    info = f"{stem}-{version}.dist-info"
    members = {
        f"{stem}.py": f"VERSION = {version!r}\nMARKER = {marker!r}\n",
        f"{info}/METADATA": inner or metadata(name, version),
        f"{info}/WHEEL": WHEEL,
    }
    record = [f"{path},sha256={_record_digest(text)},{len(text)}" for path, text in members.items()]
    members[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,"]) + "\n"
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / f"{stem}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in members.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return target


def make_sdist(directory: Path, name: str = "acme-widgets", version: str = "1.0", *, marker: str = "") -> Path:
    """Write a tiny sdist that builds offline, by a backend of its own."""
    stem = name.replace("-", "_")
    members = {
        "PKG-INFO": metadata(name, version),
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": BACKEND.format(stem=stem, version=version, wheel=WHEEL),
        f"{stem}.py": f"VERSION = {version!r}\nMARKER = {marker!r}\n",
    }
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for path, text in members.items():
            entry = tarfile.TarInfo(f"{stem}-{version}/{path}")
            entry.size, entry.mtime = len(text.encode()), 1_600_000_000
            archive.addfile(entry, io.BytesIO(text.encode()))
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / f"{stem}-{version}.tar.gz"
    target.write_bytes(gzip.compress(raw.getvalue(), mtime=0))
    return target


def attest(path: Path, *, subject: str = "") -> Path:
    """Write an unsigned attestation about a file beside it, as uv and twine look for it."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": subject or path.name, "digest": {"sha256": digest}}],
        "predicateType": "https://docs.example.invalid/publish/v1",
        "predicate": None,
    }
    attestation = {
        "version": 1,
        "verification_material": {"certificate": "", "transparency_entries": [{}]},
        "envelope": {"statement": base64.b64encode(json.dumps(statement).encode()).decode(), "signature": ""},
    }
    target = path.with_name(f"{path.name}.publish.attestation")
    target.write_text(json.dumps(attestation))
    return target


def form_of(path: Path, **changed: str) -> dict[str, str]:
    """Give an upload form's text fields for a file of the tiny project; an empty value leaves a field out."""
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.1",
        "name": "acme-widgets",
        "version": "1.0",
        "filetype": "sdist" if path.name.endswith(".tar.gz") else "bdist_wheel",
        "sha256_digest": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    return {name: value for name, value in (fields | changed).items() if value}


def post(
    index: EmbeddedIndex, path: Path, *, token: str = "", file_name: str = "", **changed: str
) -> requests.Response:
    """Upload a file by hand, as twine would."""
    return requests.post(
        index.upload_url,
        data=form_of(path, **changed),
        files={"content": (file_name or path.name, path.read_bytes())},
        auth=("__token__", token or index.token),
        timeout=10,
    )


def look(index: EmbeddedIndex, project: str = "acme-widgets", accept: str = "") -> requests.Response:
    """Ask for a project's simple page: JSON, unless told otherwise."""
    headers = {"Accept": accept or "application/vnd.pypi.simple.v1+json"}
    return requests.get(f"{index.simple_url}{project}/", headers=headers, timeout=10)


def run(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a client in an environment with nothing but PATH, an empty HOME, and ``variables``."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "COLUMNS": "500",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "UV_NO_CONFIG": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_HTTP_RETRIES": "0",
        **variables,
    }
    return subprocess.run(words, env=environment, cwd=home, capture_output=True, text=True, timeout=60, check=False)


def twine(home: Path, index: EmbeddedIndex, *given: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the real ``twine upload``."""
    words = (sys.executable, "-m", "twine", "upload", "--non-interactive", "--disable-progress-bar")
    token = {"TWINE_USERNAME": "__token__", "TWINE_PASSWORD": index.token}
    where = ("--repository-url", index.upload_url)
    return run(home, *words, *where, *map(str, given), **(token | variables))


def uv_publish(home: Path, index: EmbeddedIndex, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the real ``uv publish``."""
    trusted = "--trusted-publishing" in words  # uv refuses a token beside it
    given = {} if trusted else {"UV_PUBLISH_TOKEN": index.token}
    return run(home, "uv", "publish", "--publish-url", index.upload_url, *words, **(given | variables))


def server_context(directory: Path) -> tuple[ssl.SSLContext, Mapping[str, str]]:
    """Make a certificate: the server's context, and the variables by which clients trust it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    trusted = directory / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    return context, {"SSL_CERT_FILE": str(trusted), "REQUESTS_CA_BUNDLE": str(trusted)}


def _record_digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
