"""A version that a module makes of a tuple with a level, such as Django's, or of a name for each part, as IPython."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from packaging.version import Version

from shipway.project.versions.python_text import PythonText
from shipway.project.versions.spelling import ALL_NUMBERS, NUMBERS, NUMBERS_OUT, Form
from shipway.project.versions.written import Place

if TYPE_CHECKING:
    import ast

Counted = tuple[str, tuple[Place, ...]]
"""A version as text, and where it stands."""
LEVELS = {"alpha": "a", "beta": "b", "rc": "rc", "a": "a", "b": "b", "c": "rc", "candidate": "rc", "dev": ".dev"}
FINAL = ("final", "", "stable")
ELEMENTS = 5
FINALS = (2, 3)
"""How many numbers a tuple has that has no level, and so is a final version's."""
PARTS = ("_version_major", "_version_minor", "_version_patch")
EXTRA = "_version_extra"


def is_plain_tuple(value: ast.expr) -> bool:
    """Whether an expression is a tuple or list of whole numbers and texts, beginning with a number."""
    import ast

    return (
        isinstance(value, (ast.Tuple, ast.List))
        and bool(value.elts)
        and all(isinstance(item, ast.Constant) and type(item.value) in (int, str) for item in value.elts)
        and type(getattr(value.elts[0], "value", None)) is int
    )


def literal_of(module: PythonText, value: ast.expr) -> ast.expr | None:
    """Give the plain tuple that an expression is, or that the module assigns to its name, once."""
    import ast

    if isinstance(value, ast.Name):
        values = module.assigned.get(value.id, [])
        value = values[0] if len(values) == 1 and values[0] is not None else value
    return value if is_plain_tuple(value) else None


def read_levels(module: PythonText, arguments: list[ast.expr]) -> Counted | None:
    """Give the version of a tuple such as ``(5, 2, 0, "final", 0)``, or ``(5, 2, 0)``, that is handed to a function.

    Handed over whole, it is read as Django does, whose alpha 0 is no release; spread, as coverage does, which may hand
    over a number of its own for development.
    """
    import ast

    first, *rest = arguments
    is_spread = isinstance(first, ast.Starred)
    found = literal_of(module, first.value if isinstance(first, ast.Starred) else first)
    items = [getattr(item, "value", None) for item in getattr(found, "elts", [])]
    if found is not None and not rest and not is_spread and len(items) in FINALS and all(type(i) is int for i in items):
        place = Place(module.path, module.text, *module.span_of(found), "the tuple of the version", ALL_NUMBERS)
        return ".".join(map(str, items)), (place,)
    if found is None or not _has_level(items) or len(rest) > is_spread:
        return None
    numbers, level, serial = items[:3], str(items[3]), items[4]
    text = ".".join(str(item) for item in (numbers if numbers[2] else numbers[:2]))
    if level == "alpha" and serial == 0 and not is_spread:
        text += ".dev0"
    elif level not in FINAL:
        text += f"{LEVELS[level]}{serial}"
    form = NUMBERS_OUT if "candidate" in module.text else NUMBERS
    places = (Place(module.path, module.text, *module.span_of(found), "the tuple of the version", form),)
    development = _number(module, rest[0]) if rest else None
    if rest and development is None:
        return None
    if development is None:
        return text, places
    told, place = development
    return (f"{text}.dev{told}" if told else text), (*places, place)


def _has_level(items: list[object]) -> bool:
    known = len(items) == ELEMENTS and isinstance(items[3], str) and items[3] in (*LEVELS, *FINAL)
    return known and all(type(item) is int for item in (*items[:3], items[4]))


def _number(module: PythonText, value: ast.expr) -> tuple[int, Place] | None:
    """Give the number that a name is given, once, and its place."""
    import ast

    values = module.assigned.get(value.id, []) if isinstance(value, ast.Name) else []
    literal = values[0] if len(values) == 1 else None
    if not isinstance(literal, ast.Constant) or type(literal.value) is not int:
        return None
    label = value.id if isinstance(value, ast.Name) else ""
    form = Form(lambda version, _: str(version.dev or 0))
    return literal.value, Place(module.path, module.text, *module.span_of(literal), label, form)


def read_parts(module: PythonText) -> Counted | None:
    """Give the version of ``_version_major`` and the like, with the last that is given to ``_version_extra``."""
    import ast

    places, told = [], []
    for number, name in enumerate(PARTS):
        values = module.assigned.get(name, [])
        value = values[0] if len(values) == 1 else None
        if not isinstance(value, ast.Constant) or type(value.value) is not int:
            return None
        told.append(str(value.value))
        form = Form(partial(_part, number))
        places.append(Place(module.path, module.text, *module.span_of(value), name, form))
    extra = module.assigned.get(EXTRA, [None])[-1]
    if not isinstance(extra, ast.Constant) or not isinstance(extra.value, str):
        return None
    span = module.literal(extra)
    if span is None:
        return None
    places.append(Place(module.path, module.text, *span, EXTRA, Form(_extra)))
    return ".".join(told) + extra.value, tuple(places)


def _part(number: int, version: Version, like: str) -> str:
    """Spell one part of a version."""
    del like
    return str([*version.release, *[0] * len(PARTS)][number])


def _extra(version: Version, like: str) -> str:
    """Spell what comes after the numbers; ``.dev`` stays without a number where it has none."""
    after = str(version).removeprefix(".".join(map(str, version.release)))
    return like if after == f"{like}0" else after
