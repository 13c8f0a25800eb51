"""The index door: which files an index has for a project, and where indexes are.

Reads the simple API: JSON (PEP 691, 700, 792), and HTML (PEP 503, 592, 629) where an index has no JSON.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from packaging.utils import canonicalize_name

from shipway.release.outcomes import ConfigurationError, UnavailableError
from shipway.world.http import Http
from shipway.world.http_exchange import Response
from shipway.world.index_pages import parse_page
from shipway.world.index_project import IndexFile, IndexProject

__all__ = ["Index", "IndexFile", "IndexProject", "addresses", "simple_url_of"]

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
UPLOAD_PATH = "/legacy/"
SIMPLE_PATH = "/simple/"
UPLOAD_HOST = "upload."


class Index:
    """Reads an index by its simple API."""

    def __init__(self, http: Http, simple_url: str) -> None:
        self.http = http
        self.simple_url = simple_url.rstrip("/") + "/"

    def find_project(self, name: str) -> IndexProject | None:
        """Give a project, or None where the index says that there is none: by 404, and by nothing else."""
        project = canonicalize_name(name)
        # Caches between us and the index are asked to look again, as pip does.
        headers = {"Accept": ACCEPT, "Cache-Control": "max-age=0"}
        answer = self.http.request("GET", f"{self.simple_url}{project}/", headers=headers)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise self._not_answered(answer)
        return parse_page(answer, project)

    def _not_answered(self, answer: Response) -> UnavailableError:
        """Say that the index did not tell, which never reads as an empty one."""
        what = f"the index answered {answer.status} when asked for {self.http.environment.redact(answer.url)}"
        if answer.status in (401, 403):
            remedy = "give credentials that may read this index"
        else:
            remedy = "check the address of the index, and try again"
        return UnavailableError(what, why=self.http.quote(answer), remedy=remedy)


def addresses(name: str) -> tuple[str, str]:
    """Give upload address and simple API of the index ``default`` or ``test``, by twine's own tables."""
    from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY

    known = {"default": DEFAULT_REPOSITORY, "test": TEST_REPOSITORY}
    if name not in known:
        raise ConfigurationError(f"no index is called {name}", remedy="say default, test, or give its address")
    return known[name], simple_url_of(known[name])


def simple_url_of(upload_url: str) -> str:
    """Derive the simple API's address from an upload address that ends as the big index's does."""
    parts = urlsplit(upload_url)
    path = parts.path.rstrip("/") + "/"
    if not path.endswith(UPLOAD_PATH):
        what = "the address of the simple API does not follow from the upload address"
        raise ConfigurationError(what, remedy="set index to the address of the simple API in [tool.shipway]")
    netloc = parts.netloc.removeprefix(UPLOAD_HOST)
    return urlunsplit((parts.scheme, netloc, path.removesuffix(UPLOAD_PATH) + SIMPLE_PATH, "", ""))
