"""Pages of the simple API, JSON or HTML, read strictly: what is no such page never reads as empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from packaging.utils import canonicalize_name

from shipway.release.outcomes import UnavailableError
from shipway.world.http_exchange import Response, quote_text
from shipway.world.index_project import IndexFile, IndexProject

API_MAJOR = "1"
ACTIVE = "active"
SHA256 = re.compile(r"[0-9a-f]{64}")
ARCHIVES = (".whl", ".tar.gz", ".zip", ".egg", ".tar.bz2", ".tgz", ".tar.xz", ".exe", ".msi", ".rpm", ".deb", ".dmg")


def parse_page(answer: Response, project: str) -> IndexProject:
    """Read one project's page, by the type it says it has."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    try:
        if kind in ("application/vnd.pypi.simple.v1+json", "application/json"):
            return parse_json(answer.json(), answer.url, project)
        if kind in ("application/vnd.pypi.simple.v1+html", "text/html"):
            return parse_html(answer.text, answer.url, project)
    except ValueError as problem:
        raise _no_page(answer, str(problem)) from None
    raise _no_page(answer, f"its type is {quote_text(kind) or 'not given'}")


def parse_json(page: object, base: str, project: str) -> IndexProject:
    """Read a JSON page (PEP 691) with its status (PEP 792); raises ValueError for anything else."""
    fields = _mapping(page, "the page")
    _require_version(str(_mapping(fields.get("meta"), "meta").get("api-version", "")))
    if canonicalize_name(str(fields.get("name", ""))) != canonicalize_name(project):
        raise ValueError(f"it is about {quote_text(str(fields.get('name')))}, not {project}")
    files = fields.get("files")
    if not isinstance(files, list):
        raise ValueError("it has no list of files")  # noqa: TRY004 - a bad page, not a bad call
    status = _mapping(fields.get("project-status") or {}, "project-status").get("status", ACTIVE)
    return IndexProject(project, quote_text(str(status)), tuple(_parse_file(entry, base) for entry in files))


def parse_html(text: str, base: str, project: str) -> IndexProject:
    """Read an HTML page (PEP 503) with its status; raises ValueError where nothing shows that it is one."""
    page = _read_html(text)
    version = page.meta.get("pypi:repository-version")
    if version is not None:
        _require_version(version)
    files = tuple(_file_of_link(attributes, base) for attributes, label in page.links if _is_file(attributes, label))
    if version is None and not any(file.name.lower().endswith(ARCHIVES) for file in files):
        raise ValueError("nothing in it says that it is a page of the simple API")
    return IndexProject(project, quote_text(page.meta.get("pypi:project-status", ACTIVE)), files)


def _read_html(text: str) -> _Page:
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError:  # how the parser says that a declaration is beyond it
        raise ValueError("it is no HTML") from None
    return page


def _parse_file(entry: object, base: str) -> IndexFile:
    """Read one file of a JSON page."""
    fields = _mapping(entry, "a file")
    name, url = fields.get("filename"), fields.get("url")
    if not isinstance(name, str) or not isinstance(url, str) or not name:
        raise ValueError("a file has no name or address")
    size, provenance = fields.get("size"), fields.get("provenance")
    return IndexFile(
        name,
        urljoin(base, url),
        _sha256(_mapping(fields.get("hashes"), "hashes").get("sha256", "")),
        size if isinstance(size, int) else None,
        bool(fields.get("yanked")),
        urljoin(base, provenance) if isinstance(provenance, str) else None,
    )


def _file_of_link(attributes: Mapping[str, str], base: str) -> IndexFile:
    """Read one anchor of an HTML page."""
    url, _, fragment = urljoin(base, attributes["href"]).partition("#")
    algorithm, _, digest = fragment.partition("=")
    provenance = attributes.get("data-provenance")
    return IndexFile(
        unquote(urlsplit(url).path.rpartition("/")[2]),
        url,
        _sha256(digest) if algorithm == "sha256" else "",
        None,
        "data-yanked" in attributes,
        urljoin(base, provenance) if provenance else None,
    )


def _is_file(attributes: Mapping[str, str], label: str) -> bool:
    """Tell whether an anchor is a file's: PEP 503 wants its text to be the file name that it leads to."""
    name = unquote(urlsplit(attributes.get("href", "")).path.rpartition("/")[2])
    return bool(name) and name == label.strip()


def _sha256(value: object) -> str:
    """Give a digest as it is compared; one that is no SHA-256 in hex is refused, not ignored."""
    digest = str(value).strip().lower()
    if digest and not SHA256.fullmatch(digest):
        raise ValueError("a file has a digest that is no SHA-256")
    return digest


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no JSON object")  # noqa: TRY004 - a bad page, not a bad call
    return value


def _require_version(version: str) -> None:
    """Refuse a page of another major version (PEP 629): its words may mean something else."""
    if version.partition(".")[0] != API_MAJOR:
        raise ValueError(f"it speaks version {quote_text(version) or '(none)'} of the simple API")


def _no_page(answer: Response, why: str) -> UnavailableError:
    what = f"{answer.url} answered 200 with something that is no page of the simple API"
    return UnavailableError(what, why=why, remedy="check the address of the index")


class _Page(HTMLParser):
    """Collects the anchors and ``meta`` tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: list[tuple[dict[str, str], str]] = []
        self._open: dict[str, str] | None = None
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a ``meta`` tag, or that an anchor begins."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "meta" and "name" in attributes:
            self.meta[attributes["name"].lower()] = attributes.get("content", "").strip()
        elif tag == "a":
            self._open, self._label = attributes, ""

    def handle_data(self, data: str) -> None:
        """Collect the text of an anchor."""
        self._label += data

    def handle_endtag(self, tag: str) -> None:
        """Note an anchor with its text."""
        if tag == "a" and self._open is not None:
            self.links.append((self._open, self._label))
            self._open = None
