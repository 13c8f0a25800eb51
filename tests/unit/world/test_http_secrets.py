"""The HTTP door: redirects, proxies and certificates; who gets a token, and what an error may show."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from shipway.release.outcomes import ConfigurationError, ReleaseError, UnavailableError
from shipway.world.http import Http
from world.http_support import BEARER, CANARY, CountingClock, Reply, ScriptedServer, http_with


def test_a_redirect_on_the_same_server_keeps_the_token(server: ScriptedServer, http: Http) -> None:
    server.on("GET /old", Reply(301, headers={"Location": "/new"}))
    server.on("GET /new", Reply(200))
    answer = http.request("GET", f"{server.url}/old", headers=BEARER)
    assert answer.url == f"{server.url}/new"
    assert server.seen[-1].headers["Authorization"] == f"Bearer {CANARY}"


def test_a_redirect_to_another_host_loses_the_token(server: ScriptedServer, http: Http) -> None:
    server.on("GET /old", Reply(307, headers={"Location": f"{server.other_url}/new"}))
    server.on("GET /new", Reply(200))
    assert http.request("GET", f"{server.url}/old", headers=BEARER).status == 200
    assert "Authorization" not in server.seen[-1].headers
    assert CANARY not in str(server.seen[-1].headers)


def test_credentials_in_an_address_stay_with_its_server(server: ScriptedServer, http: Http) -> None:
    server.on("GET /a", Reply(302, headers={"Location": f"{server.url}/b"}))
    server.on("GET /b", Reply(302, headers={"Location": f"{server.other_url}/c"}))
    server.on("GET /c", Reply(200))
    answer = http.request("GET", f"{server.url.replace('//', f'//me:{CANARY}@')}/a")
    assert ["Authorization" in seen.headers for seen in server.seen] == [True, True, False]
    assert CANARY not in repr(answer)
    assert CANARY not in answer.url


def test_a_change_is_not_redirected(server: ScriptedServer, http: Http) -> None:
    server.on("POST /old", Reply(307, headers={"Location": f"{server.other_url}/new"}))
    assert http.request("POST", f"{server.url}/old", headers=BEARER).status == 307
    assert len(server.seen) == 1


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://127.0.0.1:port/"])
def test_a_redirect_to_somewhere_odd_is_not_followed(server: ScriptedServer, http: Http, target: str) -> None:
    server.on("GET /x", Reply(302, headers={"Location": target}))
    with pytest.raises(UnavailableError):
        http.request("GET", f"{server.url}/x")


def test_redirects_in_a_circle_end(server: ScriptedServer, http: Http) -> None:
    server.on("GET /x", Reply(302, headers={"Location": "/x"}))
    with pytest.raises(UnavailableError, match="redirected more than"):
        http.request("GET", f"{server.url}/x")
    assert len(server.seen) == 6


def test_netrc_never_replaces_a_token(
    server: ScriptedServer, http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"default login me password {CANARY}-netrc\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("GET /x", Reply(200))
    http.request("GET", f"{server.url}/x")
    http.request("GET", f"{server.url}/x", headers=BEARER)
    assert [seen.headers.get("Authorization") for seen in server.seen] == [None, f"Bearer {CANARY}"]


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_the_proxy_of_the_environment_is_asked(server: ScriptedServer, clock: CountingClock, variable: str) -> None:
    server.on("GET http://forge.invalid/x", Reply(200, b"by proxy"))
    answer = http_with(clock, **{variable: server.url}).request("GET", "http://forge.invalid/x")
    assert answer.content == b"by proxy"


def test_no_proxy_is_honoured(server: ScriptedServer, clock: CountingClock) -> None:
    server.on("GET /x", Reply(200))
    http = http_with(clock, http_proxy="http://127.0.0.1:1", NO_PROXY="127.0.0.1")
    assert http.request("GET", f"{server.url}/x").status == 200


def test_a_proxy_that_is_not_there_is_an_error_without_its_password(clock: CountingClock) -> None:
    http = http_with(clock, http_proxy=f"http://me:{CANARY}@127.0.0.1:1")
    with pytest.raises(UnavailableError, match="cannot ask") as caught:
        http.request("GET", "http://forge.invalid/x")
    assert CANARY not in caught.value.render()


@pytest.fixture
def tls_server() -> Iterator[tuple[ScriptedServer, trustme.CA]]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ScriptedServer(context) as running:
        yield running, authority


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_certificates_come_from_the_environment(
    tls_server: tuple[ScriptedServer, trustme.CA], clock: CountingClock, tmp_path: Path, variable: str
) -> None:
    server, authority = tls_server
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server.on("GET /x", Reply(200))
    http = http_with(clock, **{variable: str(tmp_path / "ca.pem")})
    assert http.request("GET", f"{server.other_url}/x").status == 200


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(
    tls_server: tuple[ScriptedServer, trustme.CA], clock: CountingClock, http: Http
) -> None:
    server, _ = tls_server
    with pytest.raises(UnavailableError, match="cannot ask") as caught:
        http.request("GET", f"{server.other_url}/x", headers=BEARER)
    assert "certificate is not accepted" in caught.value.why
    assert clock.slept == []


def test_a_redirect_that_leaves_tls_is_not_followed(
    tls_server: tuple[ScriptedServer, trustme.CA], clock: CountingClock, tmp_path: Path
) -> None:
    server, authority = tls_server
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server.on("GET /x", Reply(302, headers={"Location": "http://localhost/x"}))
    with pytest.raises(UnavailableError, match="without TLS"):
        http_with(clock, SSL_CERT_FILE=str(tmp_path / "ca.pem")).request("GET", f"{server.other_url}/x")


def test_a_certificate_bundle_that_is_missing_is_a_configuration_error(clock: CountingClock) -> None:
    with pytest.raises(ConfigurationError, match="certificate bundle"):
        http_with(clock, SSL_CERT_FILE="/missing.pem").request("GET", "https://127.0.0.1:1/")


@pytest.mark.parametrize("url", ["no-address", "http://", "gopher://x/", "http://[x/", "http://a:b/"])
def test_an_address_that_is_none_is_a_configuration_error(http: Http, url: str) -> None:
    with pytest.raises(ConfigurationError, match="address cannot be used"):
        http.request("GET", url)


@pytest.mark.parametrize("token", [f"{CANARY}\n", f"{CANARY}\r\nX-Evil: 1", f"{CANARY}…"])
def test_a_token_that_no_header_can_hold_is_not_shown(http: Http, token: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        http.request("GET", "http://127.0.0.1:1/", headers={"Authorization": f"Bearer {token}"})
    assert CANARY not in caught.value.render()


@pytest.mark.parametrize("status", [418, 500, 503])
def test_no_secret_comes_back_in_a_servers_words(server: ScriptedServer, clock: CountingClock, status: int) -> None:
    basic = "bWU6Y2FuYXJ5LTdmM2E5YzVl"
    echo = f"you said Bearer {CANARY}, basic {basic}, env {CANARY}-env, http://me:{CANARY}@host/"
    server.on("POST /x", Reply(status, echo))
    http = http_with(clock, SOME_TOKEN=f"{CANARY}-env")
    url = f"{server.url.replace('//', f'//me:{CANARY}@')}/x?token={CANARY}"
    shown = ""
    try:
        shown = http.quote(http.request("POST", url, headers=BEARER))
    except ReleaseError as error:
        shown = error.render()
    assert "***" in shown
    assert CANARY not in shown
    assert basic not in shown


def test_a_strangers_words_are_short_and_printable(server: ScriptedServer, http: Http) -> None:
    server.on("GET /x", Reply(404, "a\x1b[31mred\r\n::error::no\u202e\x00" + "z" * 5000))
    words = http.quote(http.request("GET", f"{server.url}/x"))
    assert words.startswith("a [31mred ::error::no")
    assert len(words) == 200
    assert words.isprintable()
