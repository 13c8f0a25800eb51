"""What a Python module assigns to its names, with where it stands: parsed, never imported.

What the parser of this interpreter does not take (Python 2, or a later Python) is searched line by line instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

LITERAL = re.compile(r"""[rRuU]?("{3}|'{3}|"|')(?P<text>.*)\1""", re.DOTALL)
LINE = re.compile("\r\n|\r|\n")
ASSIGNED = re.compile(
    r"""^[ \t]*(?P<name>\w+)[ \t]*=[ \t]*u?(?P<quote>["'])(?P<text>[^"'\r\n\\]*)(?P=quote)""", re.MULTILINE
)


@dataclass(frozen=True)
class Imported:
    """A name that an import brings: ``name`` of ``module`` ("" for the module itself), ``level`` dots before it."""

    module: str
    name: str
    level: int


@dataclass(frozen=True)
class PythonText:
    """One module: its text, and what it assigns and imports outside of functions and classes."""

    path: str
    text: str
    tree: ast.Module | None
    problem: str = ""
    assigned: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    imported: dict[str, Imported] = field(default_factory=dict)

    def settled(self, name: str) -> ast.expr | None:
        """Give what a name is given: the one value, or the one at the margin where conditions may give it others."""
        import ast

        values = self.assigned.get(name, [])
        if len(values) > 1 and self.tree is not None:
            plain = (node for node in self.tree.body if isinstance(node, ast.Assign))
            given = [pair for node in plain for target in node.targets for pair in _targets(target, node.value)]
            values = [value for other, value in given if other == name]
        return values[0] if len(values) == 1 else None

    def span_of(self, node: ast.expr) -> tuple[int, int]:
        """Give where an expression stands in the text."""
        source = self.text.removeprefix("\ufeff")
        shift = len(self.text) - len(source)
        start = _offset(source, node.lineno, node.col_offset)
        end = _offset(source, node.end_lineno or node.lineno, node.end_col_offset or 0)
        return start + shift, end + shift

    def literal(self, node: ast.expr) -> tuple[int, int] | None:
        """Give where the text within a plain literal's quotes stands; None for what is spelled otherwise."""
        start, end = self.span_of(node)
        found = LITERAL.fullmatch(self.text, start, end)
        if found is None or found["text"] != getattr(node, "value", None):
            return None
        return found.span("text")

    def lines(self, name: str) -> list[tuple[str, tuple[int, int]]]:
        """Give the texts that whole lines assign to a name: all there is where the module cannot be parsed."""
        found = (match for match in ASSIGNED.finditer(self.text) if match["name"] == name)
        return [(match["text"], match.span("text")) for match in found]


@lru_cache(maxsize=16)
def parse_python(path: str, text: str) -> PythonText:
    """Parse a module, once; one that cannot be parsed has a problem, and nothing assigned."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a stranger's module is warned of is none of our reader's business
            tree = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return PythonText(path, text, None, problem=str(error))
    module = PythonText(path, text, tree)
    for name, value in _bindings(tree):
        if isinstance(value, Imported):
            module.imported[name] = value
        module.assigned.setdefault(name, []).append(None if isinstance(value, Imported) else value)
    return module


def _bindings(module: ast.Module) -> Iterator[tuple[str, ast.expr | Imported | None]]:
    """Give every name that a module binds anywhere outside of functions and classes, with what it gets."""
    import ast

    waiting: list[ast.AST] = list(module.body)
    for node in waiting:
        if isinstance(node, ast.Assign):
            yield from (pair for target in node.targets for pair in _targets(target, node.value))
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)) and isinstance(node.target, ast.Name):
            yield node.target.id, node.value if isinstance(node, ast.AnnAssign) else None
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, Imported(alias.name, "", 0)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, Imported(node.module or "", alias.name, node.level)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            waiting.extend(ast.iter_child_nodes(node))


def _targets(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr | None]]:
    """Give the names of one target; ``A, B = 1, 2`` binds each to its own."""
    import ast

    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        values = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else []
        for place, element in enumerate(target.elts):
            if isinstance(element, ast.Name):
                yield element.id, values[place] if values else None


def _offset(source: str, line: int, column: int) -> int:
    """Give the place of a line and a column as the parser counts them: in bytes of UTF-8."""
    ends = [0, *(found.end() for found in LINE.finditer(source))]
    start = ends[line - 1]
    following = source[start:].encode(errors="surrogatepass")
    return start + len(following[:column].decode(errors="surrogatepass"))
