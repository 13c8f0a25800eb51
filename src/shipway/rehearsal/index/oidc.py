"""Trusted publishing: plays the CI's identity provider, and mints upload tokens for its JWTs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shipway.rehearsal.index.model import Permit, Publisher
from shipway.rehearsal.index.names import normalise
from shipway.world.clock import Clock

AUDIENCE = "shipway-rehearsal"
ISSUER = "https://token.ci.invalid"
TOKEN_SECONDS = 15 * 60


@dataclass
class CiJob:
    """The CI job that asks for identity tokens: its claims follow from these words."""

    repository: str = "acme/widgets"
    workflow: str = "release.yml"
    environment: str = ""
    ref: str = "refs/heads/main"
    called_workflow: str = ""
    """A reusable workflow that the job runs in, as ``owner/name/.github/workflows/file.yml@ref``."""
    lifetime: int = 300

    def claims(self, audience: str, now: float) -> dict[str, Any]:
        """Give the claims of a token for one audience."""
        workflow_ref = f"{self.repository}/.github/workflows/{self.workflow}@{self.ref}"
        claims = {
            "iss": ISSUER,
            "aud": audience,
            "sub": f"repo:{self.repository}:ref:{self.ref}",
            "repository": self.repository,
            "repository_owner": self.repository.partition("/")[0],
            "workflow_ref": workflow_ref,
            "job_workflow_ref": self.called_workflow or workflow_ref,
            "ref": self.ref,
            "jti": secrets.token_hex(8),
            "iat": int(now),
            "nbf": int(now),
            "exp": int(now) + self.lifetime,
        }
        return claims | ({"environment": self.environment} if self.environment else {})


class MintError(Exception):
    """An exchange is refused: the code and description of the answer."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


class TrustedPublishing:
    """Issues identity tokens for ``job``; changes them into short-lived upload tokens for ``publishers``."""

    def __init__(self, clock: Clock) -> None:
        self.job = CiJob()
        self.publishers: list[Publisher] = []
        self.request_token = secrets.token_urlsafe(24)
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._used: set[str] = set()
        self._minted: dict[str, tuple[float, Permit]] = {}

    def issue(self, audience: str) -> str:
        """Give a JWT about the job, as the CI's identity provider does."""
        return sign(self.job.claims(audience, self._now()), self._key)

    def mint(self, jwt: str) -> tuple[str, int]:
        """Change a JWT into an upload token and the moment it ends; raises `MintError`."""
        claims = self._require_claims(jwt)
        permit = self._require_publisher(claims)
        with self._lock:
            if claims["jti"] in self._used:
                raise MintError("invalid-reuse-token", "invalid token: already used")
            self._used.add(claims["jti"])
            token = "pypi-" + secrets.token_urlsafe(24)
            ends = self._now() + TOKEN_SECONDS
            self._minted[token] = (ends, permit)
        return token, int(ends)

    def burn(self, token: str) -> None:
        """End a minted token early; raises `MintError` when it is none."""
        with self._lock:
            if self._minted.pop(token, None) is None:
                raise MintError("invalid-token", "not a minted token, or ended already")

    def live(self) -> int:
        """Count the minted tokens that still let somebody upload."""
        with self._lock:
            return sum(self._now() < ends for ends, _ in self._minted.values())

    def find_permit(self, token: str) -> Permit | None:
        """Give what a minted token allows, while it lives."""
        with self._lock:
            ends, permit = self._minted.get(token, (0.0, None))
        return permit if self._now() < ends else None

    def _require_claims(self, jwt: str) -> Mapping[str, Any]:
        claims = verify(jwt, self._key)
        if claims is None:
            raise MintError("invalid-token", "malformed JWT, or its signature is not the issuer's")
        if claims.get("iss") != ISSUER or claims.get("aud") != AUDIENCE:
            raise MintError("invalid-token", "the token is for another audience or from another issuer")
        if not claims["nbf"] <= self._now() < claims["exp"]:
            raise MintError("invalid-token", "the token has expired")
        return claims

    def _require_publisher(self, claims: Mapping[str, Any]) -> Permit:
        matching = [publisher for publisher in self.publishers if _matches(publisher, claims)]
        if not matching:
            why = "valid token, but no corresponding publisher (Publisher with matching claims was not found)"
            raise MintError("invalid-publisher", why)
        return Permit(frozenset(normalise(publisher.project) for publisher in matching), matching[0])

    def _now(self) -> float:
        return self._clock.now().timestamp()


def sign(claims: Mapping[str, Any], key: bytes) -> str:
    """Give a JWT (RFC 7519) with an HMAC-SHA256 signature."""
    head = _encode(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    content = f"{head}.{_encode(json.dumps(claims).encode())}"
    return f"{content}.{_encode(_signature(content, key))}"


def verify(jwt: str, key: bytes) -> Mapping[str, Any] | None:
    """Give the claims of a JWT that this key has signed, else None."""
    content, _, signature = jwt.rpartition(".")
    try:
        if not hmac.compare_digest(_decode(signature), _signature(content, key)):
            return None
        claims = json.loads(_decode(content.partition(".")[2]))
    except ValueError:
        return None
    return claims if isinstance(claims, dict) else None


def _matches(publisher: Publisher, claims: Mapping[str, Any]) -> bool:
    """Hold a publisher against the claims; a reusable workflow is not its caller, so it never matches."""
    workflow = f"{publisher.repository}/.github/workflows/{publisher.workflow}@".lower()
    environment = str(claims.get("environment", "")).lower()
    return (
        str(claims["repository"]).lower() == publisher.repository.lower()
        and str(claims["job_workflow_ref"]).lower().startswith(workflow)
        and (not publisher.environment or publisher.environment.lower() == environment)
    )


def _signature(content: str, key: bytes) -> bytes:
    return hmac.new(key, content.encode(), hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
