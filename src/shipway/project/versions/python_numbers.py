"""A version that a module makes of numbers: joined, formatted, Django's tuple, or Incremental's ``Version``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.version import Version

from shipway.project.versions import python_levels as levels
from shipway.project.versions import python_texts as texts
from shipway.project.versions.python_levels import Counted, is_plain_tuple, literal_of
from shipway.project.versions.python_text import PythonText
from shipway.project.versions.spelling import ALL_NUMBERS, NUMBERS, Form
from shipway.project.versions.written import Place
from shipway.release.outcomes import ConfigurationError

if TYPE_CHECKING:
    import ast

METHODS = ("public", "base", "short")
"""How Incremental's version gives its text."""
FORMATTED = re.compile(r"%[ds](?:\.%[ds])+")
KEYWORDS = {"release_candidate": "rc", "post": ".post", "dev": ".dev"}
"""How Incremental spells what comes after the numbers."""


def read_numbers(module: PythonText, value: ast.expr, name: str) -> Counted | None:
    """Give the version that an expression makes of numbers, and where they stand."""
    import ast

    if is_plain_tuple(value):
        return _joined(module, value, name)
    if isinstance(value, ast.JoinedStr):
        return _formatted(module, value)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod) and isinstance(value.left, ast.Constant):
        return _percent(module, str(value.left.value), value.right)
    if isinstance(value, ast.Call):
        return _called(module, value, name)
    return None


def _called(module: PythonText, call: ast.Call, name: str) -> Counted | None:
    import ast

    function = call.func
    if isinstance(function, ast.Attribute):
        return _by_method(module, call, function, name)
    if not isinstance(function, ast.Name):
        return None
    if function.id in ("Version", "getVersionString") and (found := _incremental(module, call, name)):
        return found
    if call.keywords:
        from shipway.project.versions.python_keywords import read_keywords  # few have it

        return read_keywords(module, call)
    if call.args and function.id not in ("Version", "getVersionString"):
        return levels.read_levels(module, call.args) or texts.read_texts(module, call.args[0], finals=True)
    return None


def _by_method(module: PythonText, call: ast.Call, method: ast.Attribute, name: str) -> Counted | None:
    import ast

    if isinstance(method.value, ast.Constant):
        if method.attr != "join" or method.value.value != "." or len(call.args) != 1:
            return None
        given = _without_text(call.args[0])
        return _of_tuple(module, given) or texts.read_texts(module, given)
    if method.attr in METHODS:
        return _incremental(module, method.value, name)
    return None if call.args else texts.read_levelled(module, method.value)


def _without_text(value: ast.expr) -> ast.expr:
    """Give the ``X`` of ``map(str, X)``, ``(str(n) for n in X)`` and ``[str(n) for n in X]``."""
    import ast

    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "map":
        return value.args[-1] if value.args else value
    if isinstance(value, (ast.GeneratorExp, ast.ListComp)) and not value.generators[0].ifs:
        return value.generators[0].iter
    return value


def _of_tuple(module: PythonText, value: ast.expr) -> Counted | None:
    """Give the version that a tuple, or its first elements, are when they are joined."""
    import ast

    most = None
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice) and value.slice.lower is None:
        most = getattr(value.slice.upper, "value", None)
        value = value.value if isinstance(most, int) and most > 0 else value
    found = literal_of(module, value)
    if found is None:
        return None
    items = [getattr(item, "value", None) for item in getattr(found, "elts", [])]
    if most is None:
        return _joined(module, found, "")
    place = Place(module.path, module.text, *module.span_of(found), "tuple", NUMBERS)
    return (".".join(map(str, items[:most])), (place,)) if all(type(item) is int for item in items[:most]) else None


def _joined(module: PythonText, value: ast.expr, name: str) -> Counted | None:
    items = [getattr(item, "value", None) for item in getattr(value, "elts", [])]
    if not all(type(item) is int for item in items):
        return None
    place = Place(module.path, module.text, *module.span_of(value), name or "tuple", ALL_NUMBERS)
    return ".".join(map(str, items)), (place,)


def _formatted(module: PythonText, value: ast.JoinedStr) -> Counted | None:
    """Give the version of ``f"{MAJOR}.{MINOR}.{PATCH}"``, where each name is given one number."""
    import ast

    names = [part.value for part in value.values if isinstance(part, ast.FormattedValue)]
    between = [part for part in value.values if not isinstance(part, ast.FormattedValue)]
    if len(between) != len(names) - 1 or any(getattr(part, "value", None) != "." for part in between):
        return None
    return _single_numbers(module, names)


def _percent(module: PythonText, text: str, value: ast.expr) -> Counted | None:
    """Give the version of ``"%d.%d" % VERSION``, or of a tuple of names."""
    import ast

    if not FORMATTED.fullmatch(text):
        return None
    found = literal_of(module, value)
    if found is not None:
        return _joined(module, found, "") if len(getattr(found, "elts", [])) == text.count("%") else None
    return _single_numbers(module, value.elts) if isinstance(value, ast.Tuple) else None


def _single_numbers(module: PythonText, names: list[ast.expr]) -> Counted | None:
    import ast

    places, told = [], []
    for number, item in enumerate(names):
        values = module.assigned.get(item.id, []) if isinstance(item, ast.Name) else []
        value = values[0] if len(values) == 1 else None
        if not isinstance(value, ast.Constant) or not str(value.value).isdecimal() or isinstance(value.value, bool):
            return None
        span = module.literal(value) if isinstance(value.value, str) else module.span_of(value)
        if span is None:
            return None
        label = item.id if isinstance(item, ast.Name) else ""
        places.append(Place(module.path, module.text, *span, label, _one_part(number, len(names))))
        told.append(str(value.value))
    return (".".join(told), tuple(places)) if len(places) > 1 else None


def _one_part(number: int, count: int) -> Form:
    """Give the form of one part of a version that has its parts in names of their own."""

    def render(version: Version, like: str) -> str:
        plain = ".".join(map(str, version.release))
        if len(version.release) > count or str(version) != plain:
            what = f"{version} does not fit the {count} numbers that the version is made of"
            raise ConfigurationError(what, why=f"one of them is {like}", remedy='write __version__ = "1.2.3"')
        return str([*version.release, *[0] * count][number])

    return Form(render)


def _incremental(module: PythonText, value: ast.expr, name: str) -> Counted | None:
    """Give the version of ``Version("name", 24, 8, 0, release_candidate=1)``."""
    import ast

    if isinstance(value, ast.Name):
        values = module.assigned.get(value.id, [])
        if len(values) == 1 and values[0] is not None:
            return _incremental(module, values[0], value.id) if not isinstance(values[0], ast.Name) else None
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name) or value.func.id != "Version":
        return None
    first, *rest = [getattr(item, "value", None) for item in value.args] or [None]
    after = {keyword.arg or "": getattr(keyword.value, "value", None) for keyword in value.keywords}
    if not isinstance(first, str) or not rest or not all(type(item) is int for item in [*rest, *after.values()]):
        return None
    if not after.keys() <= KEYWORDS.keys():
        return None
    told = ".".join(map(str, rest)) + "".join(f"{KEYWORDS[word]}{after[word]}" for word in KEYWORDS if word in after)
    start, end = module.span_of(value.args[1])[0], module.span_of(value)[1] - 1
    return told, (Place(module.path, module.text, start, end, name, Form(_render_incremental)),)


def _render_incremental(version: Version, like: str) -> str:
    """Spell ``24, 8, 0, release_candidate=1``; what stands after it stays."""
    if version.epoch or version.local or (version.pre and version.pre[0] != "rc"):
        what = f"Incremental has no spelling for {version}"
        raise ConfigurationError(what, why="it knows release candidates, post and dev", remedy="choose --pre rc")
    parts = [str(number) for number in (*version.release, 0, 0)[:3]]
    parts += [f"release_candidate={version.pre[1]}"] if version.pre else []
    parts += [f"post={version.post}"] if version.post is not None else []
    parts += [f"dev={version.dev}"] if version.dev is not None else []
    tail = re.search(r",?\s*\Z", like)
    return ", ".join(parts) + (tail[0] if tail else "")
