"""Pointing: have a noxfile and a tasks file find the vendored package."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from shipway.adopt.noxfile import extend_noxfile, extend_tasks, imports_shipway, path_line, render_noxfile, render_tasks
from shipway.adopt.presence import script_needs
from shipway.adopt.proposal import Proposal, read_present
from shipway.adopt.script_block import named, with_needs
from shipway.release.outcomes import ConfigurationError

NOXFILE, TASKS = "noxfile.py", "tasks.py"


@dataclass(frozen=True)
class Pointed:
    """The two files as they would be, and what a person has to do where we cannot do it safely."""

    proposals: tuple[Proposal, ...]
    remarks: tuple[str, ...]


def point_files(root: Path, folder: str, needs: Sequence[str], gone: Collection[str]) -> Pointed:
    """Point both files of a repository to a folder; ``gone`` are the needs of the edition before."""
    texts = {name: read_present(root, name) for name in (NOXFILE, TASKS)}
    wanted = script_needs(needs)
    proposals, remarks = [], []
    for name, text in texts.items():
        try:
            after = _noxfile(text, folder, wanted, gone) if name == NOXFILE else _tasks(text, folder)
        except SyntaxError as error:
            raise ConfigurationError(f"{name} is not Python: {error}", remedy=f"mend {name}") from None
        if after is None:
            remarks.append(f"{name} finds Shipway in a way of its own; above that, put:\n{_lines(folder)}")
        else:
            proposals.append(Proposal(name, text, after))
    return Pointed(tuple(proposals), tuple(remarks))


def _noxfile(text: str | None, folder: str, needs: Sequence[str], gone: Collection[str]) -> str | None:
    if text is None:
        return render_noxfile(needs, folder)
    if not imports_shipway(ast.parse(text)):
        return extend_noxfile(text, needs, folder)
    pointed = point(text, folder)
    return None if pointed is None else with_needs(pointed, needs, {*gone, *named(text, "shipway")})


def _tasks(text: str | None, folder: str) -> str | None:
    if text is None:
        return render_tasks(folder)
    return point(text, folder) if imports_shipway(ast.parse(text)) else extend_tasks(text, folder)


def point(text: str, folder: str) -> str | None:
    """Put the folder on the path right above our import; None where that import is no plain line of the file's own."""
    tree = ast.parse(text)
    if _names_the_folder(tree, folder):
        return text
    first = next((node for node in tree.body if imports_shipway(node)), None)
    if not isinstance(first, (ast.Import, ast.ImportFrom)):
        return None
    lines = text.splitlines(keepends=True)
    before = "".join(lines[: first.lineno - 1])
    imports = [line for line in ("import sys\n", "from pathlib import Path\n") if line not in lines[: first.lineno - 1]]
    gap = "" if not before or before.endswith("\n\n") else "\n"
    added = f"{''.join(imports)}{chr(10) if imports else gap}{path_line(folder)}"
    return f"{before}{added}{''.join(lines[first.lineno - 1 :])}"


def _names_the_folder(tree: ast.Module, folder: str) -> bool:
    """Whether a call that changes ``sys.path`` names the folder."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    changes = [call for call in calls if ast.unparse(call.func) in ("sys.path.insert", "sys.path.append")]
    return any(isinstance(n, ast.Constant) and n.value == folder for call in changes for n in ast.walk(call))


def _lines(folder: str) -> str:
    return f"import sys\nfrom pathlib import Path\n\n{path_line(folder)}".rstrip()
