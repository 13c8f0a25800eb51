"""``setup.cfg`` and files like it: read as configparser reads them, and a value found to the character."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shipway.project.files import Find
from shipway.release.outcomes import ConfigurationError

SETUP_CFG = "setup.cfg"

Ini = Mapping[str, Mapping[str, str]]


def parse_ini(text: str, file: str) -> Ini:
    """Parse an ini file; `ConfigurationError` for a broken one."""
    import configparser

    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text.removeprefix("\ufeff"))
    except (configparser.Error, ValueError, AttributeError, TypeError) as error:
        what = f"{file} is broken: {' '.join(str(error).split())}"
        raise ConfigurationError(what, remedy=f"mend {file}") from None
    return {section: {key: value or "" for key, value in parser.items(section)} for section in parser.sections()}


def read_setup_cfg(find: Find) -> Ini:
    """Read ``setup.cfg``; empty where there is none."""
    text = find(SETUP_CFG)
    return parse_ini(text, SETUP_CFG) if text is not None else {}


def find_value(text: str, section: str, key: str, value: str) -> tuple[int, int] | None:
    """Find the place of a value of one line in its section; None where it is written in another way."""
    header = re.search(rf"^\ufeff?\[{re.escape(section)}\]", text, re.MULTILINE)
    if header is None:
        return None
    following = re.compile(r"^\[", re.MULTILINE).search(text, header.end())
    end = following.start() if following else len(text)
    line = rf"^{re.escape(key)}[ \t]*[=:][ \t]*(?P<value>{re.escape(value)})[ \t]*\r?$"
    found = list(re.compile(line, re.MULTILINE | re.IGNORECASE).finditer(text, header.end(), end))
    return found[-1].span("value") if found else None
