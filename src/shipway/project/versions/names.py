"""The name of a project that has none under ``[project]``: where Poetry, Flit, setuptools and maturin have it."""

from __future__ import annotations

from typing import Any

from shipway.project.files import Find
from shipway.project.pyproject import NAME, find_table, parse_toml
from shipway.project.versions.ini import read_setup_cfg
from shipway.project.versions.python_text import parse_python
from shipway.project.versions.setup_call import read_setup_call

MOST_MODULES = 8


def name_elsewhere(pyproject: dict[str, Any], find: Find) -> str | None:
    """Give the name as written; None where nothing tells it."""
    poetry = (find_table(pyproject, "tool", "poetry") or {}).get("name")
    flit = find_table(pyproject, "tool", "flit", "metadata") or {}
    for name in (poetry, flit.get("dist-name"), flit.get("module")):
        if isinstance(name, str):
            return name
    call = read_setup_call(find)
    named = call.text_of("name") if call else None
    if named is None:
        named = next((value for key, value in _metadata(find).items() if key == "name"), None)
    return named or _crate(pyproject, find) or (_package(find) or _title(call.paths(), find) if call else None)


def _metadata(find: Find) -> dict[str, str]:
    return dict(read_setup_cfg(find).get("metadata", {}))


def _crate(pyproject: dict[str, Any], find: Find) -> str | None:
    """Give the name of the crate that maturin builds."""
    backend = (find_table(pyproject, "build-system") or {}).get("build-backend")
    text = find("Cargo.toml") if backend == "maturin" else None
    found = (find_table(parse_toml(text, "Cargo.toml"), "package") or {}).get("name") if text is not None else None
    return found if isinstance(found, str) else None


def _title(paths: list[str], find: Find) -> str | None:
    """Give the ``__title__`` in a module that setup.py reads."""
    for path in [path for path in paths if path.endswith(".py")][:MOST_MODULES]:
        values = parse_python(path, find(path) or "").assigned.get("__title__", [])
        title = getattr(values[0], "value", None) if len(values) == 1 else None
        if isinstance(title, str) and NAME.fullmatch(title):
            return title
    return None


def _package(find: Find) -> str | None:
    """Give the first name in the ``packages`` or ``py_modules`` of a ``setup()`` that computes its name."""
    import ast

    call = read_setup_call(find)
    for key in ("packages", "py_modules"):
        value = call.value_of(key) if call else None
        if isinstance(value, ast.List) and value.elts and isinstance(value.elts[0], ast.Constant):
            name = value.elts[0].value
            return name if isinstance(name, str) and NAME.fullmatch(name) else None
    return None
