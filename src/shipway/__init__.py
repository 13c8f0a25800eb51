"""Shipway takes a Python repository from "main is green" to "released, and provably so".

A noxfile calls `register`, a tasks file assigns ``ns = collection()``; both are thin fronts of the same
commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import invoke.collection

    from shipway.fronts.invoke import Replacement as TaskReplacement
    from shipway.fronts.nox import Replacement

__all__ = ["__version__", "collection", "register"]

__version__: str


def register(
    replace: Mapping[str, Replacement] | None = None,
    skip: Collection[str] = (),
    *,
    steps: bool = False,
    prefix: str = "",
    aliases: Mapping[str, str] | None = None,
) -> None:
    """Register Shipway's nox sessions: call it from the noxfile."""
    from shipway.fronts import nox

    nox.register(replace, skip, steps=steps, prefix=prefix, aliases=aliases)


def collection(
    replace: Mapping[str, TaskReplacement] | None = None, skip: Collection[str] = (), *, steps: bool = False
) -> invoke.collection.Collection:
    """Give Shipway's invoke tasks: assign them to ``ns`` in the tasks file."""
    from shipway.fronts import invoke

    return invoke.collection(replace, skip, steps=steps)


def __getattr__(name: str) -> str:
    """Find ``__version__`` when it is asked for: reading it takes longer than importing this module."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _vendored_version() or _source_version() or _installed_version()


def _vendored_version() -> str | None:
    """Read the version in the manifest of a vendored copy; None where this is none."""
    import json
    from pathlib import Path

    manifest = Path(__file__).with_name("vendored.json")
    if not manifest.is_file():
        return None
    try:
        return str(json.loads(manifest.read_bytes())["version"])
    except (ValueError, LookupError, TypeError):
        return "unknown"  # vendor --check says why


def _source_version() -> str | None:
    """Read the version of the repository that this module stands in, if it stands in one."""
    import re
    from pathlib import Path

    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    if not pyproject.is_file():
        return None
    project = re.search(r'^name = "shipway"\nversion = "(.+)"$', pyproject.read_text("utf-8"), re.MULTILINE)
    return project[1] if project else None


def _installed_version() -> str:
    from importlib.metadata import version

    return version("shipway")
