"""A version that a module makes by naming its parts: ``Version(major=22, minor=1, micro=0, releaselevel="final")``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import Version

from shipway.project.versions.python_levels import FINAL, LEVELS, Counted
from shipway.project.versions.python_text import PythonText
from shipway.project.versions.spelling import Form
from shipway.project.versions.written import Place
from shipway.release.outcomes import ConfigurationError

if TYPE_CHECKING:
    import ast

NUMBERS = ("major", "minor", "micro", "patch")
LEVEL, SERIAL = "releaselevel", "serial"
PLACES = 3
"""How many numbers of a version have a word."""
LONG = {"a": "alpha", "b": "beta", "rc": "candidate"}
"""How modules write out the levels that versions shorten."""


def read_keywords(module: PythonText, call: ast.Call) -> Counted | None:
    """Give the version of a call that names each part; a last part that is 0 is taken for left out."""
    import ast

    values = {one.arg: one.value.value for one in call.keywords if one.arg and isinstance(one.value, ast.Constant)}
    numbers = [values[name] for name in NUMBERS if name in values]
    if (
        call.args
        or len(values) < len(call.keywords)
        or not {"major", "minor"} <= {*values} <= {*NUMBERS, LEVEL, SERIAL}
    ):
        return None
    level, serial = str(values.get(LEVEL, "final")), values.get(SERIAL, 0)
    if not all(type(one) is int for one in (*numbers, serial)) or level not in (*LEVELS, *FINAL):
        return None
    told = ".".join(map(str, numbers[:2] if numbers[2:] == [0] else numbers))
    start, end = module.span_of(call.keywords[0].value)[0], module.span_of(call)[1]
    start = module.text.rindex("(", 0, start) + 1
    place = Place(module.path, module.text, start, end - 1, "the parts of the version", Form(_render))
    return told + ("" if level in FINAL else f"{LEVELS[level]}{serial!r}"), (place,)


def _render(version: Version, like: str) -> str:
    """Put a version's parts where the words for them stand."""
    kind, serial = version.pre or ("", 0)
    has_more = bool(version.epoch or version.local or version.is_postrelease or version.is_devrelease)
    if has_more or len(version.release) > PLACES or (kind and LEVEL not in like):
        raise ConfigurationError(f"{version} has no place in {like.strip()[:60]}", remedy='write __version__ = "1.2.3"')
    major, minor, micro = version.major, version.minor, version.micro
    numbers = {"major": major, "minor": minor, "micro": micro, "patch": micro}
    level = "rc" if kind == "rc" and "candidate" not in like else LONG.get(kind, "final")
    text = re.sub(r"\b(major|minor|micro|patch)(\s*=\s*)[0-9]+", lambda m: f"{m[1]}{m[2]}{numbers[m[1]]}", like)
    text = re.sub(rf"\b({LEVEL}\s*=\s*[\"'])\w*", lambda m: f"{m[1]}{level}", text)
    return re.sub(rf"\b({SERIAL}\s*=\s*)[0-9]+", lambda m: f"{m[1]}{serial}", text)
