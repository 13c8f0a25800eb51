"""The addresses that a project's newest distribution on the index names as its own: how one sees whose it is."""

from __future__ import annotations

from email.parser import HeaderParser

from packaging.version import Version

from shipway.release.outcomes import UnavailableError
from shipway.world.http import Http
from shipway.world.index_project import IndexFile, IndexProject, find_identity

METADATA = ".metadata"
"""What stands behind the address of a wheel for its metadata alone (PEP 658)."""


def read_links(http: Http, project: IndexProject) -> tuple[str, ...]:
    """Give home page and project links of the newest wheel; none where the index does not tell them."""
    wheel = _newest_wheel(project)
    if wheel is None:
        return ()
    answer = http.request("GET", wheel.url.partition("#")[0] + METADATA)
    if answer.status == 404:
        return ()
    if answer.status != 200:
        raise UnavailableError(f"the index answered {answer.status} for the metadata of {wheel.name}")
    return parse_links(answer.text)


def parse_links(metadata: str) -> tuple[str, ...]:
    """Read the links out of a distribution's core metadata."""
    fields = HeaderParser().parsestr(metadata)
    named = [str(value).partition(",")[2].strip() for value in fields.get_all("Project-URL") or ()]
    return tuple(link for link in [*named, str(fields.get("Home-page") or "").strip()] if link)


def _newest_wheel(project: IndexProject) -> IndexFile | None:
    wheels = [(known[1], file) for file in project.files if file.name.endswith(".whl") and (known := _identity(file))]
    return max(wheels, key=lambda pair: pair[0])[1] if wheels else None


def _identity(file: IndexFile) -> tuple[str, Version] | None:
    return find_identity(file.name)
