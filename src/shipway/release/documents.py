"""JSON documents read exactly: every field is there, of its type, and no other one; anything else is a `ValueError`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def parse_exactly(text: str, kind: type[T], what: str) -> T:
    """Read a document into a dataclass made of texts, numbers, flags, tuples and other dataclasses."""
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        found = _read(value, kind, what)
    except RecursionError:
        raise ValueError(f"{what} is nested too deeply") from None
    assert isinstance(found, kind)  # noqa: S101 - what _read gives for a dataclass
    return found


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that stands twice: two readers would take two different values."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands there twice")
    return made


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")


def _read(value: object, kind: Any, where: str) -> object:  # noqa: ANN401 - any type that an annotation can name
    origin = get_origin(kind)
    if origin is UnionType:
        return None if value is None else _read(value, next(k for k in get_args(kind) if k is not NoneType), where)
    if origin is tuple:
        return tuple(_read(item, get_args(kind)[0], f"{where}[{n}]") for n, item in enumerate(_list(value, where)))
    if origin is Literal:
        return _one_of(value, get_args(kind), where)
    if is_dataclass(kind):
        return _read_fields(value, kind, where)
    return _plain(value, kind, where)


def _read_fields(value: object, kind: Any, where: str) -> object:  # noqa: ANN401 - a dataclass
    if not isinstance(value, dict):
        raise ValueError(f"{where} is no JSON object")  # noqa: TRY004 - a bad document, not a bad call
    hints = _hints(kind)
    if missing := sorted(set(hints) - set(value)):
        raise ValueError(f"{where} lacks {', '.join(missing)}")
    if unknown := sorted(set(value) - set(hints)):
        raise ValueError(f"{where} has {unknown[0]!r}, which this version of Shipway does not know")
    return kind(**{name: _read(value[name], hint, f"{where}.{name}") for name, hint in hints.items()})


@lru_cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{where} is no list")  # noqa: TRY004 - a bad document, not a bad call
    return value


def _one_of(value: object, known: tuple[object, ...], where: str) -> object:
    if value not in known:
        raise ValueError(f"{where} is none of {', '.join(map(str, known))}")
    return value


def _plain(value: object, kind: Any, where: str) -> object:  # noqa: ANN401 - str, int, float or bool
    fitting = isinstance(value, (int, float) if kind is float else kind)
    if not fitting or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{where} is no {_WORDS[kind]}")
    return float(value) if kind is float else value  # type: ignore[arg-type]


_WORDS = {str: "text", int: "whole number", float: "number", bool: "yes or no"}
