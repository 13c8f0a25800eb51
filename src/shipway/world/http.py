"""The HTTP door: the only place that opens connections as a client.

Time limits always; waits go through the clock; what changes something on a server is sent once, and when its
answer is lost, the error says so and the next run looks. Proxies and certificate bundles come from the
environment as `requests` reads them (it is imported with the first request); a ``.netrc`` never adds credentials
that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import IO, TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from shipway.release.outcomes import ConfigurationError, UnavailableError
from shipway.world.clock import Clock
from shipway.world.environment import MASKED, Environment
from shipway.world.http_exchange import REDIRECTS, SAFE_METHODS, Call, Response, origin, quote_text, without_credentials

if TYPE_CHECKING:
    import requests

CONNECT_SECONDS = 10
READ_SECONDS = 30
WHOLE_ANSWER_SECONDS = 300
LARGEST_ANSWER = 100 * 1024 * 1024
PATIENCE_SECONDS = 60.0
PAUSES = (1.0, 2.0, 4.0)
MOST_REDIRECTS = 5
MOST_PAGES = 200
REPEATABLE = SAFE_METHODS | {"PUT"}
BUSY = frozenset({429, 502, 503, 504})
AGAIN = "run the same command again"


class _Failure(Exception):  # noqa: N818 - not an outcome: decides about another try, never leaves this module
    """One try that brought no usable answer."""

    def __init__(
        self, reason: str, *, sent: bool, passing: bool = True, refused: bool = False, wait: float | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.passing = passing
        self.refused = refused
        self.wait = wait


class Http:
    """Asks servers, with time limits, bounded patience, and no second try of what must not happen twice."""

    def __init__(self, environment: Environment, clock: Clock) -> None:
        self.environment = environment
        self.clock = clock

    @cached_property
    def _session(self) -> requests.Session:
        import requests

        session = requests.Session()
        # Else a .netrc replaces our Authorization header; proxies and certificates are set below.
        session.trust_env = False
        session.headers["User-Agent"] = "shipway"
        return session

    def request(  # noqa: PLR0913 - one request has that many parts
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        data: bytes | IO[bytes] | None = None,
        timeout: float = READ_SECONDS,
        repeat: bool | None = None,
    ) -> Response:
        """Send a request and give the answer, whatever its status below 500, but for "too many requests".

        Tried again only where that is harmless: nothing was sent, the server asked to wait and so has done nothing,
        or ``repeat`` (default: GET, HEAD and PUT).
        Redirects are followed for GET and HEAD alone.
        """
        call = Call(method.upper(), url, dict(headers or {}), json, data, timeout)
        repeat = call.method in REPEATABLE if repeat is None else repeat
        left = PATIENCE_SECONDS
        for pause in (*PAUSES, None):
            call.rewind()
            try:
                return self._follow(call)
            except _Failure as failure:
                wait = failure.wait if failure.wait is not None else pause
                harmless = failure.passing and (repeat or failure.refused or not failure.sent)
                if pause is None or wait is None or wait > left or not harmless:
                    raise self._unavailable(call, failure) from None
            left -= wait
            self.clock.sleep(wait)
        raise AssertionError("the last pause is None")

    def pages(self, url: str, *, headers: Mapping[str, str] | None = None) -> Iterator[Response]:
        """Give every page of a listing, by ``Link: rel=next`` (RFC 8288), on this server alone."""
        seen: set[str] = set()
        following: str | None = url
        while following:
            if following in seen or len(seen) == MOST_PAGES or origin(following) != origin(url):
                where = without_credentials(url).partition("?")[0]
                raise UnavailableError(f"the listing at {self.environment.redact(where)} does not end as one should")
            seen.add(following)
            answer = self.request("GET", following, headers=headers)
            yield answer
            following = answer.next_url

    def quote(self, answer: Response, text: str | None = None) -> str:
        """Give a server's words as an error may show them: one short line, nothing secret."""
        words = answer.text if text is None else text
        for secret in answer.secrets:
            words = words.replace(secret, MASKED)
        return quote_text(self.environment.redact(words))

    def _follow(self, call: Call) -> Response:
        """Send a request on for as long as it is redirected."""
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._send(call)
            location = answer.headers.get("Location")
            if answer.status not in REDIRECTS or call.method not in SAFE_METHODS or not location:
                return answer
            call = call.redirected(location)
        raise UnavailableError(f"{self.environment.redact(call.label)} was redirected more than {MOST_REDIRECTS} times")

    def _send(self, call: Call) -> Response:
        """Make one try, and sort out what it brought."""
        try:
            with self._session.request(
                call.method,
                call.url,
                headers=dict(call.headers),
                json=call.json,
                data=call.data,
                timeout=(CONNECT_SECONDS, call.timeout),
                allow_redirects=False,
                stream=True,
                proxies=self._proxies(call.url),
                verify=self.environment.find("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE") or True,
            ) as raw:
                answer = self._read(raw, call)
        except (OSError, ValueError) as error:  # RequestException is an OSError
            raise _failure_of(error, call) from None
        self._require_served(answer)
        return answer

    def _read(self, raw: requests.Response, call: Call) -> Response:
        """Read an answer to its end, within bounds of time and size."""
        deadline = self.clock.monotonic() + WHOLE_ANSWER_SECONDS
        content = bytearray()
        for chunk in raw.iter_content(65536):
            content += chunk
            if len(content) > LARGEST_ANSWER or self.clock.monotonic() > deadline:
                raise _Failure("the answer did not end in time", sent=True, passing=False)
        url = without_credentials(call.url)
        following = raw.links.get("next", {}).get("url")
        next_url = urljoin(url, following) if following else None
        return Response(raw.status_code, url, raw.headers, bytes(content), next_url, call.secrets)

    def _require_served(self, answer: Response) -> None:
        """Raise for an answer that is none: the server is broken, busy, or wants us to wait."""
        asked_to_wait = answer.status == 429 or (answer.status == 403 and "Retry-After" in answer.headers)
        if answer.status < 500 and not asked_to_wait:
            return
        reason = f"it answered {answer.status}: {self.quote(answer)}".rstrip(": ")
        passing = answer.status in BUSY or asked_to_wait
        raise _Failure(reason, sent=True, passing=passing, refused=asked_to_wait, wait=self._retry_after(answer))

    def _retry_after(self, answer: Response) -> float | None:
        """Read ``Retry-After`` (RFC 9110), in seconds from now; None where none makes sense."""
        value = answer.headers.get("Retry-After", "").strip()
        if value.isdecimal():
            return float(value)
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return max(0.0, (moment - self.clock.now()).total_seconds())

    def _proxies(self, url: str) -> dict[str, str]:
        """Give the proxy that the environment names for an address, as `requests` does."""
        from requests.utils import should_bypass_proxies

        scheme = urlsplit(url).scheme
        proxy = self.environment.find(f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY")
        exceptions = self.environment.find("no_proxy", "NO_PROXY") or ""
        if proxy is None or should_bypass_proxies(url, no_proxy=exceptions):
            return {}
        return {scheme: proxy}

    def _unavailable(self, call: Call, failure: _Failure) -> UnavailableError:
        """Say what a failure means: not asked, asked to wait, or asked and the answer lost."""
        label = self.environment.redact(call.label)
        reason = quote_text(self.environment.redact(failure.reason))
        if not failure.sent:
            return UnavailableError(f"cannot ask {label}", why=reason, remedy=f"{AGAIN} when it can be reached")
        if failure.refused:
            when = f"in {failure.wait:.0f} s" if failure.wait is not None else "later"
            return UnavailableError(f"{label} is refused for now", why=reason, remedy=f"{AGAIN} {when}")
        if call.method in SAFE_METHODS:
            return UnavailableError(f"{label} brought no usable answer", why=reason, remedy=AGAIN)
        why = f"{reason}; it may have been done all the same, so it is not sent twice"
        remedy = f"{AGAIN}: it looks what is there first"
        return UnavailableError(f"the answer to {label} was lost", why=why, remedy=remedy)


def _failure_of(error: Exception, call: Call) -> Exception:
    """Sort an error of the library: what was never sent, what may have arrived, what can never work."""
    from requests import exceptions
    from urllib3.exceptions import NewConnectionError, ReadTimeoutError

    broken_off = (exceptions.ConnectionError, exceptions.ChunkedEncodingError, exceptions.ContentDecodingError)
    cause = _innermost(error)
    if "CERTIFICATE_VERIFY_FAILED" in str(cause):
        return _Failure(f"its TLS certificate is not accepted: {cause}", sent=False, passing=False)
    if isinstance(error, exceptions.ConnectTimeout):
        return _Failure(f"no connection within {CONNECT_SECONDS} s", sent=False)
    if isinstance(error, exceptions.Timeout) or isinstance(cause, ReadTimeoutError):
        return _Failure(f"no answer within {call.timeout:g} s", sent=True)
    if isinstance(error, exceptions.ProxyError) or isinstance(cause, NewConnectionError):
        return _Failure(str(cause).rpartition("connection: ")[2], sent=False)
    if isinstance(error, broken_off):
        return _Failure(str(cause), sent=True)
    return _unsendable(error)


def _unsendable(error: Exception) -> ConfigurationError:
    """Name a request that can never be sent; the library's own words may hold the token or the address."""
    from requests import exceptions

    if isinstance(error, exceptions.InvalidHeader | UnicodeError):
        return ConfigurationError("a header cannot be sent as it is", remedy="look for a line break in the token")
    if isinstance(error, exceptions.RequestException | ValueError):
        return ConfigurationError("an address cannot be used", why=type(error).__name__, remedy="check it")
    remedy = "check REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and SSL_CERT_FILE"
    return ConfigurationError("the certificate bundle cannot be read", remedy=remedy)


def _innermost(error: BaseException) -> BaseException:
    """Find the cause inside the wrappings of `requests` and urllib3."""
    inner = [getattr(error, "reason", None), *error.args]
    found = next((item for item in inner if isinstance(item, Exception)), None)
    return error if found is None else _innermost(found)
