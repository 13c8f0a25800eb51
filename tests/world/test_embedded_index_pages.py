"""The embedded index's pages: simple API in both formats, provenance, files, and the page for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import requests

from shipway.rehearsal.index.pages import JSON_PAGE, choose_format
from shipway.rehearsal.index.server import EmbeddedIndex
from world.index_support import attest, look, make_sdist, make_wheel, metadata, post

HTML_PAGE = "application/vnd.pypi.simple.v1+html"


@pytest.fixture(name="index")
def filled_index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex(tmp_path / "index") as index:
        index.switches.attestations_by_token = True
        wheel = make_wheel(tmp_path / "dist")
        given = f"[{attest(wheel).read_text()}]"
        post(index, wheel, attestations=given, requires_python=">=3.8", summary="<script>x</script>")
        post(index, make_sdist(tmp_path / "dist"))
        yield index


def test_the_json_page_says_all_of_a_project(index: EmbeddedIndex) -> None:
    answer = look(index)
    page = answer.json()
    assert answer.headers["Content-Type"].startswith(JSON_PAGE)
    assert answer.headers["Vary"] == "Accept"
    assert page["meta"] == {"api-version": "1.4"}
    assert (page["name"], page["versions"]) == ("acme-widgets", ["1.0"])
    assert page["project-status"] == {"status": "active"}
    wheel, sdist = page["files"]
    stored = index.files[0]
    assert wheel["filename"] == stored.name
    assert wheel["hashes"] == {"sha256": stored.digest}
    assert (wheel["size"], wheel["yanked"], wheel["requires-python"]) == (stored.size, False, ">=3.8")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", wheel["upload-time"])
    assert sdist["provenance"] is None
    assert "requires-python" not in sdist


def test_the_html_page_says_the_same(index: EmbeddedIndex) -> None:
    index.yank("acme_widgets-1.0.tar.gz", 'a "bad" <day>')
    answer = look(index, accept=HTML_PAGE)
    assert answer.headers["Content-Type"].startswith(HTML_PAGE)
    assert '<meta name="pypi:project-status" content="active">' in answer.text
    first, second = re.findall(r"<a .*</a>", answer.text)
    stored = index.files[0]
    assert f"#sha256={stored.digest}" in first
    assert 'data-requires-python="&gt;=3.8"' in first
    assert "data-provenance=" in first
    found = re.search(r'data-yanked="([^"]*)"', second)
    assert found is not None
    assert unescape(found[1]) == 'a "bad" <day>'
    assert "data-yanked" not in first


@pytest.mark.parametrize(("reason", "shown"), [("", True), ("broken", "broken")])
def test_a_yank_shows_in_json_with_its_reason(index: EmbeddedIndex, reason: str, shown: object) -> None:
    index.yank(index.files[0].name, reason)
    assert look(index).json()["files"][0]["yanked"] == shown


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/html", "text/html"),
        (f"{JSON_PAGE}, {HTML_PAGE}; q=0.1, text/html; q=0.01", JSON_PAGE),
        (f"text/html;q=0.01, {HTML_PAGE};q=0.2, {JSON_PAGE};q=0.1", HTML_PAGE),
        ("application/vnd.pypi.simple.latest+json", JSON_PAGE),
        (f"{JSON_PAGE};q=0, text/html", "text/html"),
        ("image/png", None),
        (f"{JSON_PAGE};q=many", None),
    ],
)
def test_the_format_is_what_the_client_likes_best(accept: str, chosen: str | None) -> None:
    assert choose_format(accept) == chosen


def test_a_client_that_likes_no_format_is_told_406(index: EmbeddedIndex) -> None:
    assert look(index, accept="image/png").status_code == 406


def test_an_unknown_project_is_404(index: EmbeddedIndex) -> None:
    assert look(index, "nobody").status_code == 404


@pytest.mark.parametrize("path", ["Acme_Widgets/", "acme.widgets", "acme-widgets"])
def test_another_spelling_is_redirected_to_the_normalised_name(index: EmbeddedIndex, path: str) -> None:
    answer = requests.get(index.simple_url + path, allow_redirects=False, timeout=10)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{index.simple_url}acme-widgets/"


def test_a_hostile_spelling_gets_no_header_of_its_own(index: EmbeddedIndex) -> None:
    answer = requests.get(f"{index.simple_url}x%0d%0aSet-Cookie:%20a=b", allow_redirects=False, timeout=10)
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in index.journal[-1].path


def test_the_list_names_every_project(index: EmbeddedIndex, tmp_path: Path) -> None:
    other = make_wheel(tmp_path, "zebra")
    index.add_foreign_file(other.name, other.read_bytes())
    listed = requests.get(index.simple_url, headers={"Accept": JSON_PAGE}, timeout=10).json()
    assert [project["name"] for project in listed["projects"]] == ["acme-widgets", "zebra"]
    assert '<a href="/simple/zebra/">' in requests.get(index.simple_url, timeout=10).text


def test_a_file_comes_whole_and_with_its_length(index: EmbeddedIndex) -> None:
    entry, stored = look(index).json()["files"][0], index.files[0]
    answer = requests.get(entry["url"], timeout=10)
    assert answer.content == stored.path.read_bytes()
    assert int(answer.headers["Content-Length"]) == stored.size
    head = requests.head(entry["url"], timeout=10)
    assert (head.content, head.headers["Content-Length"]) == (b"", str(stored.size))


def test_a_file_under_another_digest_is_404(index: EmbeddedIndex) -> None:
    url = look(index).json()["files"][0]["url"].replace(index.files[0].digest, "0" * 64)
    assert requests.get(url, timeout=10).status_code == 404


def test_provenance_holds_the_attestations(index: EmbeddedIndex) -> None:
    wheel = look(index).json()["files"][0]
    answer = requests.get(wheel["provenance"], timeout=10)
    assert answer.headers["Content-Type"] == "application/vnd.pypi.integrity.v1+json"
    content = answer.json()
    assert content["version"] == 1
    assert content["attestation_bundles"][0]["attestations"] == list(index.files[0].attestations)


def test_a_file_without_attestations_has_no_provenance(index: EmbeddedIndex) -> None:
    sdist = index.files[1]
    url = f"{index.url}/integrity/acme-widgets/1.0/{sdist.name}/provenance"
    assert requests.get(url, timeout=10).status_code == 404


def test_a_quarantined_project_shows_its_status_and_no_files(index: EmbeddedIndex) -> None:
    index.switches.statuses["acme-widgets"] = "quarantined"
    page = look(index).json()
    assert (page["project-status"]["status"], page["files"]) == ("quarantined", [])
    assert 'content="quarantined"' in look(index, accept="text/html").text


def test_an_archived_project_shows_its_status_and_its_files(index: EmbeddedIndex) -> None:
    index.switches.statuses["acme-widgets"] = "archived"
    page = look(index).json()
    assert (page["project-status"]["status"], len(page["files"])) == ("archived", 2)


def test_the_page_for_people_shows_files_and_digests_and_escapes(index: EmbeddedIndex) -> None:
    index.yank(index.files[1].name, "</td><script>y</script>")
    index.delete(index.files[0].name)
    left = index.files[0]
    answer = requests.get(index.url, timeout=10)
    assert left.digest in answer.text
    assert left.name in answer.text
    assert "Burnt" in answer.text
    assert "<script>" not in answer.text
    assert "&lt;script&gt;y" in answer.text


def test_a_hostile_summary_is_escaped(index: EmbeddedIndex, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "zebra", inner=metadata("zebra", "1.0"))
    post(index, wheel, name="zebra", summary="<script>z</script>")
    answer = requests.get(index.url, timeout=10)
    assert "&lt;script&gt;z" in answer.text
    assert "<script>" not in answer.text


def test_an_empty_index_says_so(tmp_path: Path) -> None:
    with EmbeddedIndex(tmp_path) as index:
        assert "Nothing yet" in requests.get(index.url, timeout=10).text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/legacy/", 405)])
def test_what_is_not_there_is_refused(index: EmbeddedIndex, method: str, path: str, status: int) -> None:
    assert requests.request(method, index.url + path, timeout=10).status_code == status


def test_the_journal_has_method_path_and_status_and_no_query(index: EmbeddedIndex) -> None:
    index.journal.clear()
    requests.get(f"{index.simple_url}acme-widgets/?token=canary", timeout=10)
    entry = index.journal[0]
    assert (entry.method, entry.path, entry.status, entry.route) == ("GET", "/simple/acme-widgets/", 200, "project")
    assert "canary" not in repr(index.journal)
