"""One wheel of the project for all cells of a run: built by the first, installed by each.

A release has one wheel too. What only fits the Python that it was built with is built by every cell for itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from shutil import rmtree

import nox

PURE = "-none-any.whl"


def find_source(session: nox.Session) -> str:
    """Give what a cell installs the project from: the wheel of this run, or the folder."""
    from filelock import FileLock

    config = session._runner.global_config  # nox has no public name for it
    # Several at once are processes of their own, and children of the one that is the run.
    process = os.getppid() if config.parallel_worker else os.getpid()
    begun = _begun(process)
    # pip leaves a wheel of the same version alone that an environment used again holds; a folder it installs anew.
    is_kept = session.venv_backend != "uv" and getattr(session.virtualenv, "_reused", True)
    if not begun or config.no_install or is_kept:
        return "."
    folder = session.cache_dir.absolute() / "wheels" / f"{process}-{begun}"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not list(folder.glob("*.whl")):
            _tidy(folder.parent)
            _build(session, folder)
    wheel = next(folder.glob("*.whl"))
    return str(wheel) if wheel.name.endswith(PURE) and "py3" in wheel.name.split("-")[-3] else "."


def _build(session: nox.Session, folder: Path) -> None:
    """Build the wheel of the project."""
    if session.venv_backend == "uv":
        python = str(Path(session.bin, "python"))
        session.run("uv", "build", "--quiet", "--wheel", "--python", python, "--out-dir", str(folder), external=True)
    else:
        session.run("python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), ".")


def _begun(process: int) -> str:
    """Give when a process began, which with its number names it for ever; "" where the system does not tell."""
    try:
        return (
            Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
        )
    except OSError:
        return ""


def _tidy(folder: Path) -> None:
    """Throw away what runs have left that are over."""
    for place in [place for place in folder.iterdir() if place.is_dir()]:
        process, _, begun = place.name.partition("-")
        if _begun(int(process)) != begun:
            rmtree(place, ignore_errors=True)
            Path(f"{place}.lock").unlink(missing_ok=True)
