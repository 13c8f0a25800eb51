"""Starting this very copy of Shipway as a program: installed, from source or vendored."""

from __future__ import annotations

import os
import sys

from shipway.world.environment import HOME, Environment

SAFE_PATH = ("-P",) if sys.version_info >= (3, 11) else ()
"""Without it, a folder of the repository such as ``build/`` would come before the installed module."""


def own_module(name: str, *words: str) -> list[str]:
    """Give the words that run a module of our own environment as a program."""
    return [sys.executable, *SAFE_PATH, "-m", name, *words]


def own_argv(front: str, command: str, *words: str) -> list[str]:
    """Give the words that run a command of ours in a process of its own."""
    return own_module("shipway", "--front", front, command, *words)


def own_environment(environment: Environment) -> dict[str, str]:
    """Give the variables by which a child finds this copy of Shipway: none where it is installed."""
    if HOME.name in {"site-packages", "dist-packages"}:
        return {}
    before = environment.find("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([str(HOME), *([before] if before else [])])}
