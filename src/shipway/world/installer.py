"""Fresh environments and installs: by uv where it is there, by virtualenv and pip elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shipway.world.ourselves import own_module
from shipway.world.process import Completed, Processes


@lru_cache
def find_uv() -> str | None:
    """Give the path of the uv that came with us, if this platform has one."""
    try:
        from uv import find_uv_bin
    except ImportError:
        return None
    try:
        return str(find_uv_bin())
    except FileNotFoundError:
        return None


@dataclass(frozen=True)
class Installer:
    """Makes environments that hold nothing, and installs into them."""

    processes: Processes

    def make_environment(self, place: Path) -> Path:
        """Make an empty environment with our own interpreter; give its interpreter's path."""
        uv = find_uv()
        if uv:
            argv = [uv, "venv", "--quiet", "--no-project", "--clear", "--python", sys.executable, str(place)]
        else:
            argv = own_module("virtualenv", "--quiet", "--clear", str(place))
        self.processes.run(argv, cwd=place.parent)
        return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def install(self, python: Path, words: Sequence[str], *, extra_index: str = "") -> Completed:
        """Install with the user's own settings; an extra index comes before them. The caller reads the exit code."""
        uv = find_uv()
        if uv:
            more = ["--index", extra_index] if extra_index else []
            argv = [uv, "pip", "install", "--quiet", "--python", str(python), *more, *words]
        else:
            more = ["--extra-index-url", extra_index] if extra_index else []
            argv = [*_pip(python), *more, *words]
        return self.processes.run(argv, cwd=python.parent, check=False)

    def install_as_stranger(self, python: Path, words: Sequence[str], simple_url: str) -> Completed:
        """Install from one index alone, past every cache and setting. The caller reads the exit code."""
        uv = find_uv()
        if uv:
            fresh = ["--no-config", "--no-cache", "--python", str(python)]
            argv = [uv, "pip", "install", "--quiet", *fresh, "--default-index", simple_url, *words]
        else:
            argv = [*_pip(python), "--isolated", "--no-cache-dir", "--index-url", simple_url, *words]
        return self.processes.run(argv, cwd=python.parent, check=False)


def _pip(python: Path) -> list[str]:
    return own_module("pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check")
