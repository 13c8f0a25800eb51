"""The remote's address and the names of refs, as git reads them (gitrevisions, git-check-ref-format)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]{2,}):(?P<path>[^:\s]+)")
OWNER_AND_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
NOT_IN_REFS = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|(^|/)\.|\.lock(/|$)|^[/-]|[/.]$|^@$|^$")


def remote_repository(url: str) -> tuple[str, str] | None:
    """Read host and ``owner/name`` from a git address (https, ssh, scp-like); else give None."""
    place = _split(url.strip())
    if place is None:
        return None
    host, path = place
    path = path.strip("/").removesuffix(".git")
    if not host or not OWNER_AND_NAME.fullmatch(path) or any(part in {".", ".."} for part in path.split("/")):
        return None
    return host.lower(), path


def is_ref_name(name: str) -> bool:
    """Tell whether git takes this as the name of a branch or tag."""
    return NOT_IN_REFS.search(name) is None


def _split(url: str) -> tuple[str, str] | None:
    """Give host (with the port of a web address) and path, without credentials."""
    if "://" not in url:
        matched = SCP_LIKE.fullmatch(url)
        return (matched["host"], matched["path"]) if matched else None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in {"https", "http", "ssh", "git+ssh"}:
        return None
    if port is not None and parts.scheme in {"https", "http"}:
        host = f"{host}:{port}"
    return host, parts.path
