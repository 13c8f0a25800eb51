"""The version that a Python module spells: followed through names, tuples and imports to what can be rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import dirname
from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from shipway.project.files import Find
from shipway.project.versions import python_levels as levels
from shipway.project.versions import python_numbers as numbers
from shipway.project.versions.python_text import Imported, PythonText, parse_python
from shipway.project.versions.spelling import NUMBERS
from shipway.project.versions.written import Place

if TYPE_CHECKING:
    import ast

MOST_HOPS = 3
TEXTS = ("__version__", "VERSION", "version", "__VERSION__", "_version", "release")
"""Names that a module gives its version, the likeliest first."""
TUPLES = ("version_info", "VERSION", "__version_info__", "VERSION_INFO", "version_tuple", "__version_tuple__")


@dataclass(frozen=True)
class Spelled:
    """A version as text, and every place that spells it."""

    told: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Reader:
    """Follows names through the modules of one project.

    A reader that is ``loose`` takes the one literal that a program searching the text would find.
    """

    find: Find
    loose: bool = False

    def read(self, path: str, name: str, hops: int = MOST_HOPS) -> Spelled | None:
        """Give the version that a module assigns to a name; None where it cannot be followed to what is written."""
        text = self.find(path)
        return None if text is None else self.read_name(parse_python(path, text), name, hops)

    def read_name(self, module: PythonText, name: str, hops: int = MOST_HOPS) -> Spelled | None:
        """Give the version that a parsed module assigns to a name."""
        if module.tree is None:
            lines = module.lines(name)
            return _line(module, name, *lines[0]) if len(lines) == 1 else None
        values = module.assigned.get(name, [])
        value = values[0] if len(values) == 1 else self._only_literal(values) or _first_of_all(module, name)
        if value is not None:
            found = self.read_value(module, value, name, hops)
            return replace(found, places=(*found.places, *_beside(module, found, name))) if found else None
        parts = levels.read_parts(module) if len(values) > 1 else None
        if parts is not None:
            return Spelled(*parts)
        imported = module.imported.get(name if values else "*")
        if imported is None or len(values) > 1:
            return None
        return self._follow(module, replace(imported, name=name) if not values else imported, "", hops)

    def read_value(self, module: PythonText, value: ast.expr, name: str, hops: int = MOST_HOPS) -> Spelled | None:
        """Give the version that an expression of a module is."""
        import ast

        if hops < 0:
            return None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            span = module.literal(value)
            return Spelled(value.value, (Place(module.path, module.text, *span, name),)) if span else None
        if isinstance(value, ast.Name):
            return self.read_name(module, value.id, hops - 1)
        return self._read_computed(module, value, name, hops)

    def _read_computed(self, module: PythonText, value: ast.expr, name: str, hops: int) -> Spelled | None:
        """Give the version that an attribute or a call is."""
        import ast

        if isinstance(value, ast.Attribute):
            imported = module.imported.get(ast.unparse(value.value))
            return self._follow(module, imported, value.attr, hops) if imported else None
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "str" and value.args:
            return self.read_value(module, value.args[0], name, hops - 1)
        return self._read_counted(module, value, name, hops)

    def _read_counted(self, module: PythonText, value: ast.expr, name: str, hops: int) -> Spelled | None:
        """Give the version that an expression makes of numbers."""
        import ast

        counted = numbers.read_numbers(module, value, name)
        if counted is None and isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            return self._of_imported(module, value.func, hops)
        return Spelled(*counted) if counted else None

    def _of_imported(self, module: PythonText, method: ast.Attribute, hops: int) -> Spelled | None:
        """Give the version of ``version.short()``, where Incremental's ``version`` is another module's."""
        import ast

        if method.attr not in numbers.METHODS or not isinstance(method.value, ast.Name):
            return None
        return self.read_name(module, method.value.id, hops - 1) if method.value.id in module.imported else None

    def _only_literal(self, values: list[ast.expr | None]) -> ast.expr | None:
        """Give the one literal among several values, where nothing computes another."""
        import ast

        if not self.loose or any(isinstance(value, ast.Call) for value in values):
            return None
        found = [value for value in values if isinstance(value, ast.Constant) and _is_version(value.value)]
        return found[0] if len(found) == 1 else None

    def _follow(self, module: PythonText, imported: Imported, attribute: str, hops: int) -> Spelled | None:
        """Read what an import leads to: a name of a module, or with an attribute a name of the module imported."""
        steps = [(imported.module, attribute or imported.name)]
        if attribute and imported.name:
            steps = [(f"{imported.module}.{imported.name}".strip("."), attribute)]
        for dotted, name in steps:
            for path in _paths(module.path, dotted, imported.level):
                if self.find(path) is not None:
                    return self.read(path, name, hops - 1) if hops > 0 else None
        return None


def _first_of_all(module: PythonText, name: str) -> ast.expr | None:
    """Give the one plain version that a module assigns outside of any block, where blocks compute others later.

    That one is what setuptools and Flit read, which parse a module rather than run it.
    """
    import ast

    if module.tree is None or name in module.imported:
        return None
    plain = [node for node in module.tree.body if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))]
    values = [node.value for node in plain if name in [getattr(one, "id", "") for one in _targets_of(node)]]
    others = [
        value for value in module.assigned.get(name, []) if isinstance(value, ast.Constant) and value not in values
    ]
    first = values[0] if len(values) == 1 and not others else None
    return first if isinstance(first, ast.Constant) and _is_version(first.value) else None


def _targets_of(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[ast.expr]:
    return [node.target] if not hasattr(node, "targets") else node.targets


def _line(module: PythonText, name: str, told: str, span: tuple[int, int]) -> Spelled:
    return Spelled(told, (Place(module.path, module.text, *span, name),))


def _is_version(text: object) -> bool:
    try:
        return isinstance(text, str) and bool(Version(text))
    except InvalidVersion:
        return False


def _beside(module: PythonText, found: Spelled, name: str) -> Iterator[Place]:
    """Give what spells the same version beside it: another text, or a tuple such as ``version_info``."""
    import ast

    if not _is_version(found.told) or found.places[0].path != module.path:
        return
    for other, values in module.assigned.items():
        value = values[0] if len(values) == 1 else None
        if other == name or value is None:
            continue
        span = module.literal(value) if other in TEXTS and isinstance(value, ast.Constant) else None
        if span and module.text[slice(*span)] == found.told:
            yield Place(module.path, module.text, *span, other)
        elif other in TUPLES and levels.is_plain_tuple(value):
            place = Place(module.path, module.text, *module.span_of(value), other, NUMBERS)
            if place.agrees(Version(found.told)):
                yield place


def _paths(path: str, dotted: str, level: int) -> Iterator[str]:
    """Give the paths that an import in one module can lead to."""
    parts = dotted.split(".") if dotted else []
    folders = dirname(path).split("/") if dirname(path) else []
    if level:
        bases = [folders[: len(folders) - level + 1]] if level <= len(folders) + 1 else []
    else:
        top = parts[0] if parts else ""
        bases = [folders[: folders.index(top)]] if top in folders else [folders, ["src"], ["lib"], []]
    for base in bases:
        stem = "/".join([*base, *parts])
        yield from (f"{stem}/__init__.py" if stem else "__init__.py", *([f"{stem}.py"] if parts else []))
