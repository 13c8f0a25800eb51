"""Detection: what configuration need not say, because the repository and its remote say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from shipway.project.keys import Value
from shipway.project.matrix import find_pythons
from shipway.project.remote import remote_repository
from shipway.release.tagnames import Seen, find_form
from shipway.world.environment import Environment

PUBLIC_HOST = "github.com"
PUBLIC_API = "https://api.github.com"


@dataclass(frozen=True)
class Detected:
    """A value that was found, and why it is that one."""

    value: Value
    why: str


@dataclass(frozen=True)
class Surroundings:
    """What detection looks at: the folder, the remote's address, the environment, ``pyproject.toml``, tags."""

    root: Path
    remote_url: str | None
    environment: Environment
    pyproject: Mapping[str, Any]
    tags: Sequence[Seen] = ()
    names: tuple[str, ...] = ()

    @property
    def host(self) -> str | None:
        """The host of the remote, with the port of a web address."""
        place = remote_repository(self.remote_url) if self.remote_url else None
        return place[0] if place else None

    @property
    def is_server_of_run(self) -> bool:
        """Whether the CI run that we are in belongs to the remote's host."""
        server = self.environment.find("GITHUB_SERVER_URL")
        return bool(server and self.host and _hostname(server) == self.host.partition(":")[0])


def detect_forge(around: Surroundings) -> Detected:
    """Find the forge from the host of the remote."""
    if around.host is None:
        why = "the remote is not on a forge" if around.remote_url else "there is no remote"
        return Detected("none", why)
    if around.host == PUBLIC_HOST or around.is_server_of_run:
        return Detected("github", f"the remote is on {around.host}")
    return Detected("none", f"{around.host} is not known as a forge")


def detect_forge_url(around: Surroundings) -> Detected | None:
    """Find the address of the forge's API; None where nothing tells."""
    given = around.environment.find("GITHUB_API_URL")
    if given and (around.is_server_of_run or not around.environment.find("GITHUB_SERVER_URL")):
        return Detected(given.rstrip("/"), "GITHUB_API_URL")
    if around.host is None:
        return None
    api = PUBLIC_API if around.host == PUBLIC_HOST else f"https://{around.host}/api/v3"
    return Detected(api, f"the remote is on {around.host}")


def detect_repository(around: Surroundings) -> Detected | None:
    """Find owner and name from the address of the remote; None where it has none."""
    place = remote_repository(around.remote_url) if around.remote_url else None
    return Detected(place[1], "the remote's address") if place else None


def find_page(remote_url: str | None, environment: Environment) -> str:
    """Give the address at which people see the repository on its forge; "" where that is not known."""
    around = Surroundings(Path(), remote_url, environment, {})
    place = remote_repository(remote_url) if remote_url else None
    if place is None or detect_forge(around).value != "github":
        return ""
    server = environment.find("GITHUB_SERVER_URL") if around.is_server_of_run else None
    return f"{(server or f'https://{place[0]}').rstrip('/')}/{place[1]}"


def detect_python(around: Surroundings) -> Detected | None:
    """Find the Python versions of the matrix."""
    found = find_pythons(around.root, around.pyproject)
    return Detected(*found) if found else None


def detect_tag_format(around: Surroundings) -> Detected | None:
    """Find how releases are tagged; None where nothing is."""
    form = find_form(around.tags, around.names)
    return Detected(form, "the tags of this clone") if form else None


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
