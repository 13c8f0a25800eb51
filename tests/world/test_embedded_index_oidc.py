"""Trusted publishing at the embedded index: the exchange, its refusals, and uv doing it over TLS."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from shipway.rehearsal.index.model import Publisher
from shipway.rehearsal.index.oidc import AUDIENCE, ISSUER, sign
from shipway.rehearsal.index.server import EmbeddedIndex
from shipway.world.clock import Clock
from world.index_support import attest, look, make_wheel, post, run, server_context, uv_publish

PUBLISHER = Publisher("acme-widgets", "acme/widgets", "release.yml", "publish")


class LateClock(Clock):
    """A clock that a test can put forward."""

    late = timedelta(0)

    def now(self) -> datetime:
        """Give the moment, as late as the test wants it."""
        return super().now() + self.late


@pytest.fixture(name="clock")
def late_clock() -> LateClock:
    return LateClock()


@pytest.fixture(name="index")
def trusting_index(tmp_path: Path, clock: LateClock) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex(tmp_path / "index", clock=clock) as index:
        index.publishers.append(PUBLISHER)
        index.job.environment = "publish"
        yield index


def identity(index: EmbeddedIndex, audience: str = AUDIENCE) -> str:
    variables = index.identity_variables
    answer = requests.get(
        f"{variables['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience={audience}",
        headers={"Authorization": f"bearer {variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
        timeout=10,
    )
    assert answer.status_code == 200
    return str(answer.json()["value"])


def mint(index: EmbeddedIndex, jwt: object) -> requests.Response:
    return requests.post(f"{index.url}/_/oidc/mint-token", json={"token": jwt}, timeout=10)


def code_of(answer: requests.Response) -> str:
    assert answer.status_code == 422
    content = answer.json()
    assert content["message"] == "Token request failed"
    assert content["errors"][0]["description"]
    return str(content["errors"][0]["code"])


def test_the_raw_exchange_gives_a_token_that_uploads_until_it_is_burnt(index: EmbeddedIndex, tmp_path: Path) -> None:
    audience = requests.get(f"{index.url}/_/oidc/audience", timeout=10).json()["audience"]
    minted = mint(index, identity(index, audience))
    assert minted.status_code == 200
    token = minted.json()["token"]
    assert minted.json()["expires"] > 0
    assert post(index, make_wheel(tmp_path), token=token).status_code == 200
    assert index.files[0].publisher == PUBLISHER
    for status in (200, 422):
        answer = requests.post(f"{index.url}/_/oidc/burn-token", json={"token": token}, timeout=10)
        assert answer.status_code == status
    other = make_wheel(tmp_path, version="1.1")
    assert post(index, other, token=token, version="1.1").status_code == 403


def test_the_identity_library_that_twine_uses_gets_a_token_that_mints(index: EmbeddedIndex, tmp_path: Path) -> None:
    variables = {"GITHUB_ACTIONS": "true", **index.identity_variables}
    done = run(tmp_path, sys.executable, "-m", "id", AUDIENCE, **variables)
    assert done.returncode == 0, done.stderr
    assert mint(index, done.stdout.strip()).status_code == 200


def test_a_minted_token_is_for_the_publishers_project_only(index: EmbeddedIndex, tmp_path: Path) -> None:
    token = mint(index, identity(index)).json()["token"]
    assert post(index, make_wheel(tmp_path, "other"), token=token, name="other").status_code == 403


def test_a_minted_token_ends(index: EmbeddedIndex, clock: LateClock, tmp_path: Path) -> None:
    token = mint(index, identity(index)).json()["token"]
    clock.late = timedelta(minutes=16)
    assert post(index, make_wheel(tmp_path), token=token).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("repository", "acme/other"),
        ("workflow", "other.yml"),
        ("environment", ""),
        ("environment", "other"),
        ("called_workflow", "acme/shared/.github/workflows/release.yml@refs/heads/main"),
    ],
)
def test_claims_that_no_publisher_matches_are_refused(index: EmbeddedIndex, field: str, value: str) -> None:
    setattr(index.job, field, value)
    assert code_of(mint(index, identity(index))) == "invalid-publisher"


def test_a_publisher_without_an_environment_takes_any(index: EmbeddedIndex) -> None:
    index.publishers[:] = [Publisher("acme-widgets", "Acme/Widgets", "release.yml")]
    assert mint(index, identity(index)).status_code == 200


def test_a_token_for_another_audience_is_refused(index: EmbeddedIndex) -> None:
    assert code_of(mint(index, identity(index, "sigstore"))) == "invalid-token"


def test_an_expired_token_is_refused(index: EmbeddedIndex, clock: LateClock) -> None:
    jwt = identity(index)
    clock.late = timedelta(minutes=6)
    assert code_of(mint(index, jwt)) == "invalid-token"


def test_a_token_is_good_once(index: EmbeddedIndex) -> None:
    jwt = identity(index)
    assert mint(index, jwt).status_code == 200
    assert code_of(mint(index, jwt)) == "invalid-reuse-token"


@pytest.mark.parametrize("jwt", ["", "a.b.c", "é.é.é", "one", sign({"iss": ISSUER, "aud": AUDIENCE}, b"other key")])
def test_a_token_that_the_issuer_has_not_signed_is_refused(index: EmbeddedIndex, jwt: str) -> None:
    assert code_of(mint(index, jwt)) == "invalid-token"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"token": 7}', b"\xff"])
def test_a_mint_request_without_a_token_is_refused(index: EmbeddedIndex, body: bytes) -> None:
    answer = requests.post(f"{index.url}/_/oidc/mint-token", data=body, timeout=10)
    assert code_of(answer) == "invalid-payload"


@pytest.mark.parametrize("authorization", ["", "bearer wrong", "basic x"])
def test_the_identity_provider_wants_the_request_token(index: EmbeddedIndex, authorization: str) -> None:
    url = index.identity_variables["ACTIONS_ID_TOKEN_REQUEST_URL"]
    answer = requests.get(url, headers={"Authorization": authorization}, timeout=10)
    assert answer.status_code == 401


def test_nothing_kept_or_shown_holds_a_token(index: EmbeddedIndex, tmp_path: Path) -> None:
    jwt = identity(index)
    token = mint(index, jwt).json()["token"]
    post(index, make_wheel(tmp_path), token=token)
    seen = repr(index.journal) + repr(index.files) + requests.get(index.url, timeout=10).text
    assert not any(secret in seen for secret in (jwt, token, index.token, jwt.rpartition(".")[2]))


def test_uv_publishes_by_trusted_publishing_over_tls_with_its_attestation(tmp_path: Path) -> None:
    context, trust = server_context(tmp_path)
    wheel = make_wheel(tmp_path / "dist")
    attest(wheel)
    with EmbeddedIndex(tmp_path / "index", tls=context) as index:
        index.publishers.append(PUBLISHER)
        index.job.environment = "publish"
        variables = {"GITHUB_ACTIONS": "true", **trust, **index.identity_variables}
        done = uv_publish(tmp_path, index, "--trusted-publishing", "always", **variables)
        assert done.returncode == 0, done.stderr
        routes = [entry.route for entry in index.journal]
        assert routes == ["audience", "identity", "mint", "upload", "burn"]
        assert {entry.status for entry in index.journal} == {200}
        page = requests.get(f"{index.simple_url}acme-widgets/", verify=trust["SSL_CERT_FILE"], timeout=10)
        assert "data-provenance=" in page.text
        provenance = f"{index.url}/integrity/acme-widgets/1.0/{wheel.name}/provenance"
        content = requests.get(provenance, verify=trust["SSL_CERT_FILE"], timeout=10).json()
    publisher = content["attestation_bundles"][0]["publisher"]
    assert publisher == {
        "kind": "GitHub",
        "repository": "acme/widgets",
        "workflow": "release.yml",
        "environment": "publish",
    }


def test_uv_is_told_why_its_exchange_is_refused(tmp_path: Path) -> None:
    context, trust = server_context(tmp_path)
    make_wheel(tmp_path / "dist")
    with EmbeddedIndex(tmp_path / "index", tls=context) as index:
        variables = {"GITHUB_ACTIONS": "true", **trust, **index.identity_variables}
        done = uv_publish(tmp_path, index, "--trusted-publishing", "always", **variables)
        assert (done.returncode != 0, index.files) == (True, ())
    assert "no corresponding publisher" in done.stderr


def test_a_client_that_does_not_trust_the_certificate_gets_nothing(tmp_path: Path) -> None:
    context, _ = server_context(tmp_path)
    with EmbeddedIndex(tmp_path / "index", tls=context) as index:
        with pytest.raises(requests.exceptions.SSLError):
            look(index)
        assert index.journal == []
