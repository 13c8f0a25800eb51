"""What a secret looks like in a text: where one stands, and how else it may be spelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote

URL_CREDENTIALS = re.compile(r"(?<=://)([^/\s:@]+)(?::([^/\s@]*))?@")
AUTHORIZATION = re.compile(r"(?i)(authorization:\s*)(?:(\w+)[^\S\n]+)?(\S+)")
MASK_COMMAND = re.compile(r"::add-mask::(\S+)")
SHORTEST_ENCODED = 8
"""Below that, base64 of a secret is so short that other words hold it by chance."""
SHORTEST_PASSWORD = 8
"""A shorter one in an address, or one that repeats the name, is a test's: masking it would garble ordinary words."""
SHORTEST_USER = 20
"""A name in an address is a token from this length on; below, it is a name that texts may hold."""


def credentials_in(text: str) -> Iterator[str]:
    """Find the secrets that stand in a text: in addresses, in headers that log in, in commands to mask something."""
    for user, password in URL_CREDENTIALS.findall(text):
        if len(user) >= SHORTEST_USER:
            yield unquote(user)
        if len(password) >= SHORTEST_PASSWORD and password != user:
            yield unquote(password)
    for _, scheme, word in AUTHORIZATION.findall(text):
        yield word.strip("'\"")
        if scheme.lower() == "basic":
            yield from _password_of(word.strip("'\""))
    yield from MASK_COMMAND.findall(text)


def spellings(secret: str) -> Iterator[str]:
    """Give a secret as it is, and as it stands in addresses, in JSON, in Python's quotes and inside of base64."""
    import json  # without a secret there is nothing to spell

    yield from (secret, quote(secret, safe=""), quote(secret), quote_plus(secret))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
    data = secret.encode(errors="surrogateescape")
    if len(data) >= SHORTEST_ENCODED:
        for before in range(3):
            yield from _encoded(data, before)


def _encoded(data: bytes, before: int) -> Iterator[str]:
    """Give the part of base64 (RFC 4648) that only the data decides, whatever stands around it."""
    from base64 import b64encode

    first, end = (0, 2, 3)[before], (before + len(data)) * 8 // 6
    core = b64encode(bytes(before) + data).decode()[first:end]
    yield from (core, core.replace("+", "-").replace("/", "_"))


def _password_of(word: str) -> Iterator[str]:
    """Give the password of HTTP's basic authentication (RFC 7617), if that is what the word is."""
    from base64 import b64decode

    try:
        password = b64decode(word, validate=True).decode().partition(":")[2]
    except ValueError:
        return
    if password:
        yield password
