"""The index door: pages in JSON and HTML, what is no page, and addresses from twine's tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.version import Version
from twine.utils import DEFAULT_REPOSITORY, TEST_REPOSITORY

from shipway.rehearsal.index.model import Failure, IndexSwitches
from shipway.rehearsal.index.server import EmbeddedIndex
from shipway.release.outcomes import ConfigurationError, UnavailableError
from shipway.world.environment import Environment
from shipway.world.http import Http
from shipway.world.index import Index, addresses, simple_url_of
from world.http_support import CountingClock, Reply, ScriptedServer
from world.index_support import make_sdist, make_wheel, post

DIGEST = hashlib.sha256(b"").hexdigest()
JSON = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
SDIST = {"filename": "acme_widgets-1.0.tar.gz", "url": "../../f/a.tar.gz", "hashes": {"sha256": DIGEST}}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def http() -> Http:
    return Http(Environment({}), CountingClock())


@pytest.fixture
def index(server: ScriptedServer, http: Http) -> Index:
    return Index(http, f"{server.url}/simple")


def page(*files: object, **more: object) -> Reply:
    content = {"meta": {"api-version": "1.4"}, "name": "acme-widgets", "files": list(files)}
    return Reply(200, {**content, **more}, JSON)


PATH = "GET /simple/acme-widgets/"


def test_a_json_page_is_read_with_all_it_says(server: ScriptedServer, index: Index) -> None:
    wheel = {
        "filename": "acme_widgets-1.0-py3-none-any.whl",
        "url": "http://files.invalid/w.whl",
        "hashes": {"sha256": DIGEST.upper(), "md5": "x"},
        "size": 12,
        "yanked": "broken",
        "provenance": "/p",
    }
    server.on(PATH, page(SDIST, wheel))
    project = index.find_project("Acme.Widgets")
    assert project is not None
    sdist, built = project.files_of("1.0")
    assert (sdist.url, sdist.digest, sdist.size) == (f"{server.url}/f/a.tar.gz", DIGEST, None)
    assert (sdist.yanked, sdist.provenance) == (False, None)
    assert (built.digest, built.size, built.yanked) == (DIGEST, 12, True)
    assert built.provenance == f"{server.url}/p"
    assert project.status == "active"


def test_an_html_page_is_read_with_all_it_says(server: ScriptedServer, index: Index) -> None:
    server.on(
        PATH,
        Reply(
            200,
            f"""<!DOCTYPE html><html><head>
            <meta name="pypi:repository-version" content="1.3">
            <meta name="pypi:project-status" content="quarantined"></head><body>
            <a href="../../f/acme_widgets-1.0.tar.gz#sha256={DIGEST}" data-yanked="">acme_widgets-1.0.tar.gz</a>
            <a href="/f/acme_widgets-1.0%2Blocal-py3-none-any.whl" data-provenance="/p?a=1&amp;b=2"
              >acme_widgets-1.0+local-py3-none-any.whl</a>
            <a href="/about">About us</a></body></html>""",
            HTML,
        ),
    )
    project = index.find_project("acme-widgets")
    assert project is not None
    assert project.status == "quarantined"
    sdist, wheel = project.files
    assert (sdist.name, sdist.digest, sdist.yanked) == ("acme_widgets-1.0.tar.gz", DIGEST, True)
    assert sdist.url == f"{server.url}/f/acme_widgets-1.0.tar.gz"
    assert (wheel.digest, wheel.yanked, wheel.provenance) == ("", False, f"{server.url}/p?a=1&b=2")
    assert project.files_of("1.0+local") == (wheel,)


def test_an_html_page_of_an_old_server_is_known_by_its_files(server: ScriptedServer, index: Index) -> None:
    link = '<a href="/f/acme-widgets-1.0.zip#md5=0">acme-widgets-1.0.zip</a>'
    server.on(PATH, Reply(200, f"<html><title>Links</title>{link}</html>", HTML))
    project = index.find_project("acme-widgets")
    assert project is not None
    assert [file.digest for file in project.files_of(Version("1.0.0"))] == [""]


def test_404_is_the_one_answer_that_means_nothing_there(server: ScriptedServer, index: Index) -> None:
    server.on(PATH, Reply(404, "no such project"))
    assert index.find_project("acme-widgets") is None


@pytest.mark.parametrize("status", [400, 401, 403, 406, 410, 418, 500, 503])
def test_any_other_status_means_that_it_could_not_be_asked(server: ScriptedServer, index: Index, status: int) -> None:
    server.on(PATH, Reply(status, "go away\x1b[2J"))
    with pytest.raises(UnavailableError) as caught:
        index.find_project("acme-widgets")
    assert "\x1b" not in caught.value.render()


@pytest.mark.parametrize("status", [401, 403])
def test_a_private_index_asks_for_credentials(server: ScriptedServer, index: Index, status: int) -> None:
    server.on(PATH, Reply(status))
    with pytest.raises(UnavailableError) as caught:
        index.find_project("acme-widgets")
    assert "credentials" in caught.value.remedy


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<html><form action=login></form></html>", HTML),
        Reply(200, '<html><a href="/login">login</a></html>', HTML),
        Reply(200, "", HTML),
        Reply(200, '<meta name="pypi:repository-version" content="2.0">', HTML),
        Reply(200, "<![bogus", HTML),
        Reply(200, b"PNG", {"Content-Type": "image/png"}),
        Reply(200, b"{}", {}),
        Reply(200, "not json", JSON),
        Reply(200, [], JSON),
        Reply(200, {"files": []}, JSON),
        page(name="another"),
        page(meta={"api-version": "2.0"}),
        page(files=None),
        page(files=["x"]),
        page({"filename": "x"}),
        page({**SDIST, "hashes": None}),
        page({**SDIST, "hashes": {"sha256": "abc"}}),
        page({**SDIST, "url": "http://[bad"}),
        Reply(204),
    ],
)
def test_what_is_no_simple_page_never_reads_as_empty(server: ScriptedServer, index: Index, reply: Reply) -> None:
    server.on(PATH, reply)
    with pytest.raises(UnavailableError):
        index.find_project("acme-widgets")


def test_a_project_without_files_is_there(server: ScriptedServer, index: Index) -> None:
    server.on(PATH, page())
    project = index.find_project("acme-widgets")
    assert project is not None
    assert project.files == ()


def test_names_that_follow_no_standard_are_kept_but_belong_to_no_version(server: ScriptedServer, index: Index) -> None:
    odd = ("acme-widgets-latest.tar.gz", "acme_widgets-1.0.egg", "x.whl", "other-1.0.tar.gz", "acme_widgets-1.0.exe")
    server.on(PATH, page(SDIST, *({**SDIST, "filename": name} for name in odd)))
    project = index.find_project("acme-widgets")
    assert project is not None
    assert len(project.files) == 6
    assert [file.name for file in project.files_of("1.0")] == [SDIST["filename"]]
    assert project.files_of("11.0") == ()


def test_credentials_in_the_address_are_sent_and_never_kept(server: ScriptedServer, http: Http) -> None:
    canary = "canary-5d2b"
    server.on(PATH, page(SDIST))
    server.on("GET /simple/other/", Reply(403, f"{canary} may not look"))
    index = Index(http, f"{server.url.replace('//', f'//me:{canary}@')}/simple/")
    project = index.find_project("acme-widgets")
    assert "Authorization" in server.seen[0].headers
    assert canary not in repr(project)
    with pytest.raises(UnavailableError) as caught:
        index.find_project("other")
    assert canary not in caught.value.render()


def test_caches_are_asked_to_look_again(server: ScriptedServer, index: Index) -> None:
    server.on(PATH, page())
    index.find_project("acme-widgets")
    assert server.seen[0].headers["Cache-Control"] == "max-age=0"


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    switches = IndexSwitches(attestations_by_token=True)
    with EmbeddedIndex(tmp_path / "index", switches=switches) as running:
        yield running


@pytest.mark.parametrize("html_only", [False, True])
def test_an_index_shows_what_was_uploaded(embedded: EmbeddedIndex, tmp_path: Path, http: Http, html_only: bool) -> None:
    embedded.switches.html_only = html_only
    sdist, wheel = make_sdist(tmp_path), make_wheel(tmp_path)
    assert post(embedded, sdist).status_code == 200
    assert post(embedded, wheel).status_code == 200
    embedded.yank(sdist.name, "wrong")
    project = Index(http, embedded.simple_url).find_project("Acme_Widgets")
    assert project is not None
    found = {file.name: (file.digest, file.yanked) for file in project.files_of("1.0")}
    assert found == {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path is sdist) for path in (sdist, wheel)
    }
    for file in project.files:
        assert http.request("GET", file.url).status == 200


@pytest.mark.parametrize("html_only", [False, True])
@pytest.mark.parametrize("status", ["archived", "quarantined"])
def test_the_status_of_a_project_is_seen(
    embedded: EmbeddedIndex, tmp_path: Path, http: Http, html_only: bool, status: str
) -> None:
    embedded.switches.html_only = html_only
    embedded.switches.statuses["acme-widgets"] = status
    post(embedded, make_wheel(tmp_path))
    project = Index(http, embedded.simple_url).find_project("acme-widgets")
    assert project is not None
    assert project.status == status


def test_an_index_that_stumbles_is_asked_again_and_one_that_is_down_is_not_empty(
    embedded: EmbeddedIndex, http: Http
) -> None:
    index = Index(http, embedded.simple_url)
    embedded.switches.failures = [Failure("project", 503, times=2)]
    assert index.find_project("acme-widgets") is None
    embedded.switches.failures = [Failure("project", None, times=99)]
    with pytest.raises(UnavailableError):
        index.find_project("acme-widgets")


def test_addresses_come_from_twines_tables() -> None:
    for name, upload in {"default": DEFAULT_REPOSITORY, "test": TEST_REPOSITORY}.items():
        found, simple = addresses(name)
        assert found == upload
        assert urlsplit(simple).path == "/simple/"
        assert urlsplit(simple).scheme == "https"
    default, test = (urlsplit(addresses(name)[1]).netloc for name in ("default", "test"))
    assert urlsplit(DEFAULT_REPOSITORY).netloc == f"upload.{default}"
    assert test == f"test.{default}"


def test_an_unknown_index_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="no index is called tset"):
        addresses("tset")


def test_the_simple_address_follows_from_an_upload_address_by_rule() -> None:
    assert simple_url_of("http://127.0.0.1:8/legacy") == "http://127.0.0.1:8/simple/"
    assert simple_url_of("https://upload.corp.example/a/legacy/") == "https://corp.example/a/simple/"


def test_an_upload_address_that_tells_nothing_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="does not follow") as caught:
        simple_url_of("https://me:secret@corp.example/upload/")
    assert "secret" not in caught.value.render()
