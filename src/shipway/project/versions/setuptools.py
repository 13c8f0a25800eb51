"""A version in a module or a file that setuptools reads: ``[tool.setuptools.dynamic] version``.

The module is parsed, never imported; it is looked for as setuptools documents it: by ``package-dir``, then in the
folders of ``packages.find``, in ``src`` and at the top.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from shipway.project.files import Find
from shipway.project.pyproject import PYPROJECT, find_table
from shipway.project.versions.contract import VersionSource, parse_version, require_inside
from shipway.release.outcomes import ConfigurationError

TABLE = "[tool.setuptools.dynamic]"
LITERAL = re.compile(r"""[rRuU]?("{3}|'{3}|"|')(?P<text>.*)\1""", re.DOTALL)
SET_ATTR = f'set version = {{attr = "PACKAGE.MODULE.__version__"}} under {TABLE} in {PYPROJECT}'
LINE = re.compile("\r\n|\r|\n")


@dataclass(frozen=True)
class WrittenVersion:
    """A version between two places of one file's text."""

    path: str
    text: str
    start: int
    end: int
    setting: str
    kind: str = "setuptools"

    @property
    def place(self) -> str:
        """The file, and the setting that names it."""
        return f"{self.path}, {TABLE} {self.setting}"

    @property
    def files(self) -> tuple[str, ...]:
        """The one file."""
        return (self.path,)

    def read(self) -> Version:
        """Read the version."""
        return parse_version(self.text[self.start : self.end], self.path)

    def rewrite(self, version: Version) -> Mapping[str, str]:
        """Change what stands between the places, and nothing else."""
        return {self.path: f"{self.text[: self.start]}{version}{self.text[self.end :]}"}

    def build_variables(self, version: Version) -> Mapping[str, str]:
        """Give none: setuptools reads the file."""
        del version
        return {}


def find_setuptools(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find what setuptools is told of the version; `ConfigurationError` for what cannot be written."""
    dynamic = find_table(pyproject, "tool", "setuptools", "dynamic")
    if dynamic is None or "version" not in dynamic:
        return None
    told = dynamic["version"]
    attr, file = (told.get("attr"), told.get("file")) if isinstance(told, dict) else (None, None)
    if isinstance(attr, str):
        return _find_attr(attr.strip(), pyproject, find)
    names = [file] if isinstance(file, str) else file
    if isinstance(names, list) and len(names) == 1 and isinstance(names[0], str):
        return _find_file(require_inside(names[0], f"version.file in {TABLE}"), find)
    raise ConfigurationError(f"version in {TABLE} names neither an attr nor one file", remedy=SET_ATTR)


def _find_file(path: str, find: Find) -> VersionSource:
    text = find(path)
    if text is None:
        what = f"{path} is not there, and {TABLE} says that it is the version"
        raise ConfigurationError(what, remedy=f"write the version into {path}, or {SET_ATTR}")
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    return WrittenVersion(path, text, start, max(start, len(text.rstrip())), f"file {path}")


def _find_attr(attr: str, pyproject: dict[str, Any], find: Find) -> VersionSource:
    module, _, name = attr.rpartition(".")
    if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".") if module):
        raise ConfigurationError(f"attr in {TABLE} is {attr[:60]!r}, which is no name of an attribute", remedy=SET_ATTR)
    looked = list(_candidates(module, pyproject))
    for path in looked:
        text = find(path)
        if text is not None:
            return WrittenVersion(path, text, *_find_literal(text, name, path, attr), f"attr {attr}")
    what = f"the module of attr {attr} is not there"
    raise ConfigurationError(what, why=f"looked for {', '.join(looked)}", remedy=SET_ATTR)


def _candidates(module: str, pyproject: dict[str, Any]) -> Iterator[str]:
    """Give the paths that a module can have, likeliest first."""
    table = find_table(pyproject, "tool", "setuptools") or {}
    parts = module.split(".") if module else []
    for folder, rest in _folders(table, parts):
        stem = "/".join([*(part for part in folder.split("/") if part not in ("", ".")), *rest])
        paths = [f"{stem}.py"] if rest else []
        for path in [*paths, f"{stem}/__init__.py" if stem else "__init__.py"]:
            yield require_inside(path, "package-dir in [tool.setuptools]")


def _folders(table: dict[str, Any], parts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Give the folders to look in, each with the parts of the module's name that are left to find there."""
    known = table.get("package-dir")
    folders = known if isinstance(known, dict) else {}
    for count in range(len(parts), -1, -1):
        folder = folders.get(".".join(parts[:count]))
        if isinstance(folder, str):
            yield folder, parts[count:]
    where = (find_table(table, "packages", "find") or {}).get("where")
    found = [name for name in where if isinstance(name, str)] if isinstance(where, list) else []
    yield from ((folder, parts) for folder in dict.fromkeys([*found, "src", ""]))


def _find_literal(text: str, name: str, path: str, attr: str) -> tuple[int, int]:
    """Find where the text is written that a module assigns to a name, once and plainly."""
    source = text.removeprefix("\ufeff")
    try:
        values = [value for target, value in _assignments(ast.parse(source)) if target == name]
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is broken: {error}", remedy=f"mend {path}") from None
    value = values[0] if len(values) == 1 else None
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        start = _offset(source, value.lineno, value.col_offset)
        end = _offset(source, value.end_lineno or value.lineno, value.end_col_offset or 0)
        literal, shift = LITERAL.fullmatch(source, start, end), len(text) - len(source)
        if literal is not None and literal["text"] == value.value:
            return literal.start("text") + shift, literal.end("text") + shift
    what = f"attr {attr} leads to {path}, which does not assign {name} one plain text"
    why = "a release has to write the next version there, so it must not be imported, computed or assigned twice"
    remedy = f'write {name} = "1.2.3" into {path}, or name the module that has it: {SET_ATTR}'
    raise ConfigurationError(what, why=why, remedy=remedy)


def _assignments(module: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    """Give every name that a module assigns anywhere outside of functions and classes, with what it gets."""
    waiting: list[ast.AST] = list(module.body)
    for node in waiting:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and isinstance(node.target, ast.Name):
            yield node.target.id, node.value if isinstance(node, ast.AnnAssign) else None
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name, None) for alias in node.names)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            waiting.extend(ast.iter_child_nodes(node))


def _offset(source: str, line: int, column: int) -> int:
    """Give the place of a line and a column as the parser counts them: in bytes of UTF-8."""
    ends = [0, *(found.end() for found in LINE.finditer(source))]
    start = ends[line - 1]
    following = source[start:].encode()
    return start + len(following[:column].decode())
