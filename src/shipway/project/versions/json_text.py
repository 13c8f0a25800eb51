"""A text in a JSON file, found to the character by its keys, so that it can be changed and nothing else."""

from __future__ import annotations

import re

from shipway.project.versions.spelling import SEMVER_TEXT, Form
from shipway.project.versions.written import Place
from shipway.release.outcomes import ConfigurationError

MOST_TRIED = 40
CHANGED = "0!0"


def parse_json(path: str, text: str) -> object:
    """Parse JSON; `ConfigurationError` for what is none."""
    import json

    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is broken: {error}", remedy=f"mend {path}") from None


def json_place(path: str, text: str | None, keys: tuple[str, ...], form: Form = SEMVER_TEXT) -> Place:
    """Give the place of a text that stands under these keys; `ConfigurationError` where there is none."""
    label = ".".join(keys)
    found = _look_up(parse_json(path, text), keys) if text is not None else None
    if text is None or not isinstance(found, str):
        what = f"{path} has no text under {label}" if text is not None else f"{path} is not there"
        raise ConfigurationError(what, remedy=f'write "{keys[-1]}": "1.2.3" into {path}')
    span = _by_trying(path, text, keys, found)
    if span is None:
        what = f"{label} in {path} is written in a way that cannot be edited"
        raise ConfigurationError(what, remedy=f'write it plainly, as "{keys[-1]}": "1.2.3"')
    return Place(path, text, *span, label, form)


def _by_trying(path: str, text: str, keys: tuple[str, ...], value: str) -> tuple[int, int] | None:
    """Find the value whose replacement changes what stands under the keys and nothing else."""
    wanted = parse_json(path, text)
    table = _look_up(wanted, keys[:-1])
    if not isinstance(table, dict):
        return None
    table[keys[-1]] = CHANGED
    member = re.compile(rf'"{re.escape(keys[-1])}"\s*:\s*"(?P<value>{re.escape(value)})"')
    for _, found in zip(range(MOST_TRIED), member.finditer(text), strict=False):
        start, end = found.span("value")
        if repr(parse_json(path, f"{text[:start]}{CHANGED}{text[end:]}")) == repr(wanted):
            return start, end
    return None


def _look_up(document: object, keys: tuple[str, ...]) -> object:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document
