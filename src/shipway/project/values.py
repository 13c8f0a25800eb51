"""Values of configuration keys: from TOML or from an environment variable to what the key means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from packaging.version import Version

from shipway.project.keys import Key, Kind, Value
from shipway.project.remote import is_ref_name, remote_repository
from shipway.release.scheme import SEMVER, is_pattern
from shipway.release.spelling import PLACEHOLDER, count_places
from shipway.release.version import render_tag

FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
INDEXES = ("default", "test")
SCHEMES = ("auto", SEMVER)
TITLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*=[^\x00-\x1f\x7f#<>]*")
PYTHON = re.compile(r"(pypy)?3\.[0-9]{1,2}t?")
SAMPLES = (Version("1.2.3"), Version("1!2.3rc4.post5.dev6"))
LONGEST_SHOWN = 60


def convert(key: Key, raw: object) -> Value:
    """Turn a TOML value into the key's value; raises ValueError that says what is wrong."""
    value = tuple(raw) if isinstance(raw, list) else raw
    if key.kind == "titles" and isinstance(raw, Mapping):
        value = tuple(f"{word}={title}" for word, title in raw.items())
    return CHECKS[key.kind](key, value)


def parse_variable(key: Key, text: str) -> object:
    """Read an environment variable's text by the type of its key; what cannot be read stays text."""
    if key.kind in {"labels", "pythons", "sessions", "titles"}:
        return [part.strip() for part in text.split(",") if part.strip()]
    if key.kind == "flag":
        return FLAGS.get(text.strip().lower(), text)
    if key.kind == "seconds":
        return int(text) if re.fullmatch(r"\s*[0-9]{1,9}\s*", text) else text
    return text


def shown(value: object) -> str:
    """Give a value as an error shows it: short, quoted, on one line."""
    text = repr(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def closest(word: str, known: tuple[str, ...]) -> str:
    """Give the nearest known word as a question, or nothing."""
    from difflib import get_close_matches  # only mistakes need it

    matches = get_close_matches(word.lower(), known, n=1)
    return f" (did you mean {matches[0]}?)" if matches else ""


def _text(_: Key, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"takes text, not {shown(value)}")  # noqa: TRY004 - one kind of error for every problem
    if not value.strip() or not value.isprintable():
        raise ValueError(f"takes text on one line, not {shown(value)}")
    return value


def _choice(key: Key, value: object) -> str:
    text = _text(key, value)
    if text not in key.allowed:
        raise ValueError(f"takes one of {', '.join(key.allowed)}, not {shown(text)}{closest(text, key.allowed)}")
    return text


def _ref(key: Key, value: object) -> str:
    text = _text(key, value)
    if not is_ref_name(text):
        raise ValueError(f"{shown(text)} is not a name that git takes")
    return text


def _format(key: Key, value: object) -> str:
    text = _text(key, value)
    if count_places(text) != 1:
        raise ValueError(f"holds {PLACEHOLDER} exactly once, not {shown(text)}")
    if not all(is_ref_name(render_tag(version, text)) for version in SAMPLES):
        raise ValueError(f"{shown(text)} does not give names that git takes")
    return text


def _scheme(key: Key, value: object) -> str:
    text = _text(key, value)
    if text not in SCHEMES and not is_pattern(text):
        raise ValueError(f"takes {', '.join(SCHEMES)} or a pattern such as YYYY.MM.MICRO, not {shown(text)}")
    return text


def _repository(key: Key, value: object) -> str:
    text = _text(key, value)
    if remote_repository(f"https://host.invalid/{text}") != ("host.invalid", text):
        raise ValueError(f"takes owner/name, not {shown(text)}")
    return text


def _address(key: Key, value: object) -> str:
    text = _text(key, value)
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_web = False
    if "@" in text.partition("://")[2].partition("/")[0]:
        raise ValueError("holds credentials: keep them in the environment, the keyring or .netrc")
    if not is_web or " " in text:
        raise ValueError(f"takes an address that begins with https://, not {shown(text)}")
    return text


def _index(key: Key, value: object) -> str:
    text = _text(key, value)
    if text in INDEXES or "://" in text:
        return text if text in INDEXES else _address(key, text)
    raise ValueError(f"takes default, test or an address of a simple API, not {shown(text)}{closest(text, INDEXES)}")


def _flag(_: Key, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"takes true or false, not {shown(value)}")  # noqa: TRY004 - as above
    return value


def _labels(key: Key, value: object) -> tuple[str, ...]:
    if not isinstance(value, tuple):
        raise ValueError(f"takes a list of texts, not {shown(value)}")  # noqa: TRY004 - as above
    return tuple(_text(key, item) for item in value)


def _pythons(key: Key, value: object) -> tuple[str, ...]:
    names = _labels(key, value)
    wrong = [name for name in names if not PYTHON.fullmatch(name)]
    if wrong or not names:
        raise ValueError(f'takes a list of Python versions such as "3.12", not {shown(names)}')
    return names


def _seconds(_: Key, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ValueError(f"takes a whole number of seconds above 0, not {shown(value)}")
    return value


def _titles(_: Key, value: object) -> tuple[str, ...]:
    """Take a type and a title in each text, with an equals sign between."""
    if not isinstance(value, tuple) or not all(isinstance(one, str) and TITLE.fullmatch(one) for one in value):
        raise ValueError(f'takes a table of types with their sections, such as feat = "Added", not {shown(value)}')
    return value


CHECKS: Mapping[Kind, Callable[[Key, object], Value]] = {
    "choice": _choice,
    "text": _text,
    "ref": _ref,
    "format": _format,
    "scheme": _scheme,
    "repository": _repository,
    "index": _index,
    "address": _address,
    "flag": _flag,
    "labels": _labels,
    "pythons": _pythons,
    "sessions": _labels,
    "seconds": _seconds,
    "titles": _titles,
}
