"""A version that a module makes of texts, or hands to a class of its own: ``("1", "2", "0")``, ``Version(1, 2, 0)``."""

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

QUOTED = re.compile(r"""(["'])([^"']*)\1""")
FEWEST, NUMBERS = 2, 3
SPELLED_OUT = {"a": "alpha", "b": "beta", "rc": "candidate"}
"""What a class of its own calls them; a repository that says ``rc`` keeps saying so."""


def read_texts(module: PythonText, value: ast.expr, *, finals: bool = False) -> Counted | None:
    """Give the version of a name's tuple of texts; with ``finals`` a function makes it, which may spell others."""
    import ast

    values = module.assigned.get(value.id, []) if isinstance(value, ast.Name) else []
    given = values[0] if len(values) == 1 else None
    items = [getattr(item, "value", None) for item in getattr(given, "elts", [])]
    told = [item for item in items if isinstance(item, str)]
    if not isinstance(given, (ast.Tuple, ast.List)) or len(told) < max(FEWEST, len(items)) or not told[0].isdecimal():
        return None
    if finals and not all(item.isdecimal() for item in told):
        return None
    form = Form(_finals if finals else _texts)
    return ".".join(told), (Place(module.path, module.text, *module.span_of(given), "tuple", form),)


def _texts(version: Version, like: str) -> str:
    """Spell ``("1", "2", "0rc1")``: the parts of the version between the dots."""
    found = [*QUOTED.finditer(like)]
    quote, between = found[0][1], like[found[0].end() : found[1].start()]
    parts = between.join(f"{quote}{part}{quote}" for part in str(version).split("."))
    return f"{like[: found[0].start()]}{parts}{like[found[-1].end() :]}"


def _finals(version: Version, like: str) -> str:
    if str(version) != version.base_version or version.epoch:
        what = f"{version} has no known spelling as {like[:60]}"
        raise ConfigurationError(
            what, why="a function of the module's own reads it", remedy='write __version__ = "1.2.3"'
        )
    return _texts(version, like)


def read_levelled(module: PythonText, value: ast.expr) -> Counted | None:
    """Give the version of ``Version(4, 1, 3, "final")``, a class of its own that gives its text by a method."""
    import ast

    if isinstance(value, ast.Name):
        values = module.assigned.get(value.id, [])
        value = values[0] if len(values) == 1 and values[0] is not None else value
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name) or value.keywords:
        return None
    items = [getattr(item, "value", None) for item in value.args]
    numbers, level = items[:NUMBERS], items[NUMBERS] if len(items) > NUMBERS else None
    if len(numbers) < NUMBERS or not all(type(item) is int for item in numbers) or not isinstance(level, str):
        return None
    text, serial = ".".join(map(str, numbers)), items[NUMBERS + 1 :]
    if level not in FINAL:
        if level not in LEVELS or len(serial) != 1 or type(serial[0]) is not int:
            return None
        text += f"{LEVELS[level]}{serial[0]}"
    start, end = module.span_of(value.args[0])[0], module.span_of(value.args[-1])[1]
    return text, (Place(module.path, module.text, start, end, "arguments of the version", Form(_levelled)),)


def _levelled(version: Version, like: str) -> str:
    """Spell ``4, 1, 3, "beta", 1``; a final one has no number after its level."""
    if version.is_postrelease or version.is_devrelease or version.epoch or version.local:
        what = f"{version} has no known spelling as {like[:60]}"
        raise ConfigurationError(what, why="a class of its own reads it", remedy='write __version__ = "1.2.3"')
    found = QUOTED.search(like)
    quote = found[1] if found else '"'
    numbers = ", ".join(map(str, [*version.release, 0, 0][:NUMBERS]))
    if version.pre is None:
        return f"{numbers}, {quote}final{quote}"
    kind, serial = version.pre
    word = kind if found and found[2] in ("a", "b", "rc") else SPELLED_OUT[kind]
    return f"{numbers}, {quote}{word}{quote}, {serial}"
