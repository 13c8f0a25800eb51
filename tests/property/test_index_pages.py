"""Pages of the simple API: whatever comes in, it is a page or an error, and both forms say the same."""

from __future__ import annotations

import contextlib
import html
import json
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from packaging.version import Version

from shipway.release.outcomes import UnavailableError
from shipway.world.http_exchange import Response, quote_text, with_credentials_of, without_credentials
from shipway.world.index_pages import parse_page
from shipway.world.index_project import IndexFile, IndexProject, find_identity

BASE = "https://index.example/simple/acme-widgets/"
JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"

VERSIONS = st.builds(
    "{}.{}{}".format, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["", "rc1", ".dev2", ".post3", "+l.4"])
)
ENDINGS = st.sampled_from(["acme_widgets-{}.tar.gz", "acme_widgets-{}-py3-none-any.whl", "acme_widgets-{}.egg"])
FILES = st.builds(
    lambda name, version, digest, yanked, provenance: IndexFile(
        name.format(version), f"https://files.example/{quote(name.format(version))}", digest, None, yanked, provenance
    ),
    ENDINGS,
    VERSIONS,
    st.one_of(st.just(""), st.binary(min_size=32, max_size=32).map(bytes.hex)),
    st.booleans(),
    st.one_of(st.none(), st.just("https://files.example/p?a=1&b=2")),
)
STATUSES = st.sampled_from(["active", "archived", "deprecated", "quarantined"])
PROJECTS = st.builds(IndexProject, st.just("acme-widgets"), STATUSES, st.lists(FILES, max_size=5).map(tuple))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["meta", "name", "files", "filename", "url", "hashes", "sha256", "project-status", "size"])
            | st.text(),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
TAGS = st.sampled_from(
    ["<a href='", "'>", "</a>", "<meta name='pypi:repository-version' content='1.", "<!", "<![", "&#", "//["]
)


def answer(kind: str, content: bytes) -> Response:
    return Response(200, BASE, {"Content-Type": kind}, content)


def render_json(project: IndexProject) -> Response:
    files = [
        {
            "filename": file.name,
            "url": file.url,
            "hashes": {"sha256": file.digest} if file.digest else {},
            "yanked": file.yanked,
            "provenance": file.provenance,
        }
        for file in project.files
    ]
    status = {"status": project.status}
    page = {"meta": {"api-version": "1.4"}, "name": project.name, "project-status": status, "files": files}
    return answer(JSON, json.dumps(page).encode())


def render_html(project: IndexProject) -> Response:
    lines = ['<meta name="pypi:repository-version" content="1.4">']
    lines.append(f'<meta name="pypi:project-status" content="{project.status}">')
    for file in project.files:
        address = html.escape(file.url + (f"#sha256={file.digest}" if file.digest else ""))
        yanked = " data-yanked" if file.yanked else ""
        provenance = f' data-provenance="{html.escape(file.provenance)}"' if file.provenance else ""
        lines.append(f'<a href="{address}"{yanked}{provenance}>{html.escape(file.name)}</a><br>')
    return answer(HTML, "\n".join(lines).encode())


@given(PROJECTS)
def test_a_json_page_is_read_back(project: IndexProject) -> None:
    assert parse_page(render_json(project), project.name) == project


@given(PROJECTS)
def test_an_html_page_is_read_back(project: IndexProject) -> None:
    assert parse_page(render_html(project), project.name) == project


@given(PROJECTS, VERSIONS)
def test_each_file_belongs_to_one_version_at_most(project: IndexProject, version: str) -> None:
    for file in project.files_of(version):
        assert find_identity(file.name) == (canonicalize_name(project.name), Version(version))
        assert not file.name.endswith(".egg")
    versions = {identity[1] for file in project.files if (identity := find_identity(file.name))}
    spread = [file for found in versions for file in project.files_of(found)]
    assert sorted(file.name for file in spread) == sorted(
        file.name for file in project.files if not file.name.endswith(".egg")
    )


@given(ANY_JSON)
def test_any_json_is_a_page_or_an_error(value: object) -> None:
    with contextlib.suppress(UnavailableError):
        assert parse_page(answer(JSON, json.dumps(value).encode()), "acme-widgets").name == "acme-widgets"


@given(st.sampled_from([JSON, HTML, "text/html", "", "text/plain"]), st.binary())
def test_any_bytes_are_a_page_or_an_error(kind: str, content: bytes) -> None:
    with contextlib.suppress(UnavailableError):
        parse_page(answer(kind, content), "acme-widgets")


@given(st.lists(TAGS | st.text(max_size=5), max_size=20).map("".join))
def test_any_html_is_a_page_or_an_error(text: str) -> None:
    with contextlib.suppress(UnavailableError):
        parse_page(answer(HTML, text.encode("utf-8", "replace")), "acme-widgets")


@given(st.text())
def test_any_file_name_has_an_identity_or_none(name: str) -> None:
    for ending in ("", ".whl", ".tar.gz", ".zip"):
        find_identity(name + ending)


@given(st.text())
def test_a_strangers_words_become_one_short_printable_line(text: str) -> None:
    shown = quote_text(text)
    assert len(shown) <= 200
    assert shown.isprintable()
    assert quote_text(shown) == shown


@given(st.sampled_from(["", "me@", "me:secret@", "me:p%40ss@"]), st.sampled_from(["h", "h:8", "[::1]:8"]))
def test_credentials_leave_an_address_and_come_back(credentials: str, host: str) -> None:
    url = f"https://{credentials}{host}/a?b=c"
    assert without_credentials(url) == f"https://{host}/a?b=c"
    assert with_credentials_of(url, without_credentials(url)) == url
