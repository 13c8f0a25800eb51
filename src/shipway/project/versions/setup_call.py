"""What ``setup.py`` hands to ``setup()``: parsed, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from shipway.project.files import Find
from shipway.project.versions.python_text import PythonText, parse_python

if TYPE_CHECKING:
    import ast

SETUP_PY = "setup.py"
FILE = re.compile(
    r"[\w./\\-]+\.(?:py|txt|in)|(?:[\w./-]+/)?(?:Cargo\.toml|package\.json)|(?:[\w./-]+/)?_?_?(?:VERSION|version|Version|RELEASE)_?_?"
)
"""What a path of a file that tells a version looks like."""
MOST_PATHS = 30
MOST_NAMES = 8
LONGEST_PATH = 200
KEYWORD = re.compile(
    r"""^[ \t]*(?:setup\()?(?P<key>name|version)[ \t]*=[ \t]*u?(?P<quote>["'])(?P<text>[^"'\r\n\\]*)(?P=quote)""",
    re.MULTILINE,
)


@dataclass(frozen=True)
class SetupCall:
    """The module and the arguments of its call of ``setup()``."""

    module: PythonText
    arguments: dict[str, ast.expr] = field(default_factory=dict)

    def value_of(self, key: str) -> ast.expr | None:
        """Give an argument, or what the name that it is was given."""
        import ast

        value = self.arguments.get(key)
        for _ in range(MOST_NAMES):
            if not isinstance(value, ast.Name):
                break
            value = self.module.settled(value.id)
        return value

    def text_of(self, key: str) -> str | None:
        """Give an argument that is a plain text, or a name that is given one."""
        import ast

        value = self.value_of(key)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
        found = self.lines(key) if self.module.tree is None else []
        return found[0][0] if len(found) == 1 else None

    def plain(self, node: ast.AST) -> str:
        """Give a plain text, or the one that a name is given; "" for anything else."""
        import ast

        given = self.module.settled(node.id) if isinstance(node, ast.Name) else node
        value = given.value if isinstance(given, ast.Constant) else None
        return value if isinstance(value, str) and len(value) < LONGEST_PATH else ""

    def texts_of(self, node: ast.AST) -> Iterator[str]:
        """Give the texts of a node that may be a path: arguments and operands joined, and what is plain."""
        import ast

        if isinstance(node, ast.Call):
            parts = [self.plain(item) for item in node.args]
        elif isinstance(node, (ast.Tuple, ast.List)):
            parts = [self.plain(item) for item in node.elts]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            parts = [self.plain(item) for item in _divided(node)]
        else:
            parts = []
        told = [part.strip("/") for part in parts if part]
        yield from ["/".join(told)] if len(told) > 1 else []
        yield from [self.plain(node)] if isinstance(node, ast.Constant) and self.plain(node) else []

    def returned_by(self, value: ast.expr) -> ast.expr | None:
        """Give what a function of the module returns, where ``value`` calls it and there is one return."""
        import ast

        name = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
        for node in self.module.tree.body if self.module.tree is not None else ():
            if isinstance(node, ast.FunctionDef) and node.name == name:
                returns = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return)]
                return returns[0] if len(returns) == 1 else None
        return None

    def lines(self, key: str) -> list[tuple[str, tuple[int, int]]]:
        """Give the texts that lines hand over for a key: all there is where the module cannot be parsed."""
        found = (match for match in KEYWORD.finditer(self.module.text) if match["key"] == key)
        return [(match["text"], match.span("text")) for match in found]

    def paths(self) -> list[str]:
        """Give the paths of files that the module names, in the order of the text, and their parts joined."""
        import ast

        found: dict[str, None] = {}
        for node in ast.walk(self.module.tree) if self.module.tree is not None else ():
            for text in self.texts_of(node):
                if FILE.fullmatch(text) and ".." not in text and not text.startswith("/"):
                    found[text.removeprefix("./")] = None
            if len(found) >= MOST_PATHS:
                break
        return list(found)


def read_setup_call(find: Find) -> SetupCall | None:
    """Read ``setup.py``; None where there is none."""
    text = find(SETUP_PY)
    return None if text is None else _parse(text)


@lru_cache(maxsize=4)
def _parse(text: str) -> SetupCall:
    module = parse_python(SETUP_PY, text)
    return SetupCall(module, _arguments(module))


def _arguments(module: PythonText) -> dict[str, ast.expr]:
    """Give the arguments of the last call of ``setup``, those of ``**kwargs`` too where they are spelled out."""
    import ast

    found: dict[str, ast.expr] = {}
    for node in ast.walk(module.tree) if module.tree is not None else ():
        if isinstance(node, ast.Call) and _is_setup(node.func):
            for keyword in node.keywords:
                found |= {keyword.arg: keyword.value} if keyword.arg else dict(_spread(module, keyword.value))
    return found


def _is_setup(function: ast.expr) -> bool:
    import ast

    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name == "setup"


def _spread(module: PythonText, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Give the entries of a dictionary that is spelled out, or of one that a name is given."""
    import ast

    if isinstance(value, ast.Name) and module.tree is not None:
        given = [node for node in ast.walk(module.tree) if isinstance(node, ast.Assign)]
        named = [node.value for node in given if any(getattr(to, "id", "") == value.id for to in node.targets)]
        value = named[0] if named else value
    if isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, item
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
        yield from ((keyword.arg, keyword.value) for keyword in value.keywords if keyword.arg)


def _divided(node: ast.expr) -> Iterator[ast.expr]:
    """Give the operands of ``folder / "acme" / "version.py"``, the arguments of ``Path("acme")`` too, from the left."""
    import ast

    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        yield from _divided(node.left)
        yield node.right
    elif isinstance(node, ast.Call):
        yield from node.args
    else:
        yield node
