"""The noxfile and the tasks file: written where there is none, and added to where there is one."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from shipway.adopt.script_block import render_script_block, with_needs
from shipway.grammar import CODE_SESSIONS, COMMANDS

CHECKS = ("lint", "style", "pre-commit", "typecheck", "mypy", "test", "tests", "unit", "unit_tests")
"""What sessions are called that check the code, in most repositories."""
NAMES = tuple(command.name for command in (*CODE_SESSIONS, *COMMANDS))
MAIN_GUARD = re.compile(r"^if __name__ ==", re.MULTILINE)
AFTER_IMPORT = re.compile(r"(?m)(?<=^import nox)\n+|(?<=^import shipway)\n+")
AS_A_SCRIPT = """\
if __name__ == "__main__":
    nox.main()  # brings what the block above names, and reads this file again
"""
"""Stands before the import of what may not be there yet, so that ``python noxfile.py`` does what ``nox`` does."""


def render_noxfile(needs: Sequence[str], folder: str = "") -> str:
    """Write a noxfile for a repository that has none; ``folder`` is where a vendored package stands."""
    path = ("import sys\nfrom pathlib import Path\n\n", path_line(folder)) if folder else ("", "")
    return (
        f'{render_script_block(needs)}"""The sessions of this repository: ``nox -l`` lists them."""\n\n'
        f"{path[0]}import nox\n\n{AS_A_SCRIPT}\n{path[1]}import shipway\n\n"
        'nox.options.default_venv_backend = "uv|virtualenv"\n\nshipway.register()\n'
    )


def render_tasks(folder: str = "") -> str:
    """Write a tasks file for a repository that has none."""
    path = f"import sys\nfrom pathlib import Path\n\n{path_line(folder)}" if folder else ""
    head = '"""The tasks of this repository: ``inv -l`` lists them."""'
    return f"{head}\n\n{path}import shipway\n\nns = shipway.collection()\n"


def spaced(text: str, lines: int) -> str:
    """Put as many blank lines after imports as a repository's linter wants, in a file that we wrote."""
    return AFTER_IMPORT.sub("\n" * (lines + 1), text)


def extend_noxfile(text: str, needs: Sequence[str], folder: str = "") -> str:
    """Add our sessions to a noxfile; its own stay, and ours of the same names are left out by `register`.

    Raises `SyntaxError` where it is not Python.
    """
    tree = ast.parse(text)
    if imports_shipway(tree):
        return text
    call = "shipway.register()\n"
    text = _with_import(text, tree, folder)
    guard = MAIN_GUARD.search(text)
    at = guard.start() if guard else len(text)
    gap = "" if text[:at].endswith("\n\n\n") else "\n" if text[:at].endswith("\n") else "\n\n"
    text = f"{text[:at]}{gap}{call}{chr(10) * 2 if guard else ''}{text[at:]}"
    return with_needs(text, needs)


def extend_tasks(text: str, folder: str = "") -> str:
    """Add our tasks to a tasks file that leaves it to invoke to find its tasks; raises `SyntaxError`.

    A file that builds its own namespace is left as it is.
    """
    tree = ast.parse(text)
    if imports_shipway(tree) or any(name in ("ns", "namespace") for name in _assigned(tree)):
        return text
    own = list(_decorated(tree, "task"))
    taken = sorted({name.replace("_", "-") for name in own} & set(NAMES))
    added = "".join(f"ns.add_task({name})\n" for name in own)
    text = _with_import(text, tree, folder)
    return f"{text.rstrip()}\n\n\nns = shipway.collection({_skip(taken)})\n{added}"


def _with_import(text: str, tree: ast.Module, folder: str) -> str:
    """Put our import after the last import at the top, in the file's own line."""
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    last = max((node.end_lineno or 0 for node in imports), default=0)
    lines = text.splitlines(keepends=True)
    if last and not lines[last - 1].endswith("\n"):
        lines[last - 1] += "\n"
    path = f"\nimport sys\nfrom pathlib import Path\n\n{path_line(folder)}" if folder else ""
    return "".join([*lines[:last], f"{path}import shipway\n", *lines[last:]])


def path_line(folder: str) -> str:
    """Write the line that has Python find what stands in a folder, and a gap below it."""
    return f"sys.path.insert(0, str(Path(__file__).parent / {_quoted(folder)}))\n\n"


def _skip(taken: Collection[str]) -> str:
    return "skip={" + ", ".join(_quoted(name) for name in taken) + "}" if taken else ""


def imports_shipway(tree: ast.AST) -> bool:
    """Whether a file imports us, anywhere in it."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return any((name or "").split(".")[0] == "shipway" for name in (*names, *modules))


def find_gates(tree: ast.Module) -> list[str]:
    """Name the sessions of a noxfile that check the code, going by their names: a release shall insist on them."""
    return [name for name in _session_names(tree) if name in CHECKS]


def _session_names(tree: ast.Module) -> Iterator[str]:
    """Name the sessions of a noxfile: by the decorator's ``name``, else by the function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if _called(decorator) == "session":
                    yield _given_name(decorator) or node.name


def _decorated(tree: ast.Module, name: str) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any(_called(item) == name for item in node.decorator_list):
            yield node.name


def _called(decorator: ast.expr) -> str:
    """Give the last word of a decorator: ``session`` for ``@nox.session(...)``."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""


def _given_name(decorator: ast.expr) -> str:
    if isinstance(decorator, ast.Call):
        for keyword in decorator.keywords:
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return ""


def _assigned(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)
