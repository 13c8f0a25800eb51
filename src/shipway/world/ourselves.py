"""Starting this very copy of Shipway as a program: installed, from source or vendored."""

from __future__ import annotations

import os
import sys

from shipway.world.environment import HOME, Environment


def own_argv(front: str, command: str, *words: str) -> list[str]:
    """Give the words that run a command in a process of its own.

    Without ``-P``, modules in the repository's root would come before the installed ones.
    """
    safe = ["-P"] if sys.version_info >= (3, 11) else []
    return [sys.executable, *safe, "-m", "shipway", "--front", front, command, *words]


def own_environment(environment: Environment) -> dict[str, str]:
    """Give the variables by which a child finds this copy of Shipway: none where it is installed."""
    if HOME.name in {"site-packages", "dist-packages"}:
        return {}
    before = environment.find("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([str(HOME), *([before] if before else [])])}
