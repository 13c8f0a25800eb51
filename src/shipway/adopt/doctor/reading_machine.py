"""Reading what this machine says: lock file, interpreters, clock, programs."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path

from shipway.adopt.doctor.facts import Answer, Lock, MachineFacts, ask
from shipway.project.configuration import Configuration
from shipway.project.lockfiles import LOCK, find_lock
from shipway.release.outcomes import BlockedError, ReleaseError, ToolError, UnavailableError
from shipway.steps.contract import Doors
from shipway.world.github import GitHub
from shipway.world.http import Http
from shipway.world.installer import find_uv
from shipway.world.process import tail
from shipway.world.tools import read_tools

STALE = "needs to be updated"
"""How uv says that a lock file has to change, rather than that it could not look."""


def read_machine(root: Path, configuration: Configuration, doors: Doors) -> MachineFacts:
    """Read clock, programs and interpreters."""
    servers = {"index": doors.index.simple_url}
    if isinstance(doors.forge, GitHub):
        servers["forge"] = f"{doors.forge.api_url}/meta"
    http = doors.index.http
    skews = {name: read_skew(http, url) for name, url in servers.items()}
    pythons = {version: _runs(root, doors, version) for version in configuration.python}
    return MachineFacts(skews, read_tools(doors.git), pythons, doors.environment.is_github)


def read_lock(root: Path, doors: Doors) -> Lock | ReleaseError:
    """Say how the lock file stands to ``pyproject.toml``, or what uv says against it."""
    if find_lock(root) is None:
        return "none"
    uv = find_uv()
    if uv is None:
        return ToolError(f"{LOCK} needs uv, which is not installed", remedy="python -m pip install uv")
    checked = doors.processes.run([uv, "lock", "--check"], cwd=root, check=False)
    if checked.code == 0:
        return "in step"
    if STALE in checked.output:
        return "stale"
    why = doors.environment.redact(tail(checked.output))
    return BlockedError(f"uv cannot lock: {LOCK} could not be made again", why=why, remedy="uv lock")


def _runs(root: Path, doors: Doors, version: str) -> bool:
    """Whether an interpreter of this version starts here: ours, on the path or among uv's own."""
    if platform.python_version().startswith(f"{version}."):
        return True
    return any(_starts(root, doors, argv) for argv in _ways(version))


def _ways(version: str) -> Iterator[list[str]]:
    yield [f"python{version}", "-c", "pass"]
    uv = find_uv()
    if uv:
        yield [uv, "python", "find", "--no-python-downloads", "--no-project", version]


def _starts(root: Path, doors: Doors, argv: list[str]) -> bool:
    try:
        return doors.processes.run(argv, cwd=root, check=False).code == 0
    except ToolError:
        return False


def read_skew(http: Http, url: str) -> Answer[float]:
    """Give by how many seconds our clock is ahead of a server's."""
    return ask(lambda: parse_skew(http.request("HEAD", url).headers.get("Date", ""), http.clock.now()))


def parse_skew(told: str, now: datetime) -> float:
    """Hold the time that a server has told (RFC 9110, Date) against ours."""
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        raise UnavailableError("a server did not say what time it is", remedy="try again") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return (now - aware).total_seconds()
