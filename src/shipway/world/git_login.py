"""How git logs in to a web address: by a header in its settings, never by a word in an argument list."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit, urlunsplit


def without_login(url: str) -> tuple[str, str]:
    """Split ``name:password`` off a web address, which git would hand to its helper as an argument."""
    parts = urlsplit(url) if url.startswith(("http://", "https://")) else None
    if parts is None or not parts.password:
        return url, ""
    plain = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return plain, f"{unquote(parts.username or '')}:{unquote(parts.password)}"


def login_settings(url: str, login: str) -> list[tuple[str, str]]:
    """Give the settings that log git in to the server of an address (RFC 7617); none without a login."""
    if not login:
        return []
    from base64 import b64encode

    parts = urlsplit(url)
    header = f"http.{parts.scheme}://{parts.netloc}/.extraHeader"
    basic = b64encode(login.encode()).decode()
    # Empty first: with a second such header, as checkout actions leave one, the server would refuse.
    return [(header, ""), (header, f"Authorization: Basic {basic}")]
