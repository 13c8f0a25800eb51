"""Testing the wheel that was built, with the source of the package out of the way: build once, test that, release that.

The tests run in a copy of the repository that lacks every file which the wheel brings. So neither the folder, nor a
``pythonpath`` of pytest's configuration, nor a file beside the tests can stand in for what users will install.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nox

from shipway.grammar import command_line
from shipway.release.outcomes import ReleaseError
from shipway.world.environment import Environment

WHEEL = "--wheel"
"""The word after ``--`` that asks for it."""
FOLDERS = (".release/dist", "dist")
SOURCES = ("", "src", "lib", "python")
"""Where packages stand in a repository."""


def find_wheel(session: nox.Session, root: Path) -> Path:
    """Find the one wheel that was built: a release's own, else the one in ``dist/``."""
    there = [found for folder in FOLDERS if (found := sorted((root / folder).glob("*.whl")))]
    if not there:
        session.error(f"{WHEEL} tests the wheel that was built, and there is none: {command_line('build')}")
    wheel, *others = there[0]
    if others:
        names = ", ".join(path.name for path in there[0])
        again = f"rm {wheel.parent.relative_to(root)}/*.whl && {command_line('build')}"
        session.error(f"{WHEEL} takes one wheel, and there are {names}: {again}")
    return wheel.absolute()


def install_again(session: nox.Session, wheel: Path) -> None:
    """Install the wheel over one of the same version that an environment may hold which is used again."""
    if session._runner.global_config.no_install:  # nox has no public name for it
        session.error(f"{WHEEL} without an installation would test what was installed before: leave out -R")
    session.install("--no-deps", "--force-reinstall", str(wheel))


@contextmanager
def away_from_the_source(session: nox.Session, root: Path, wheel: Path) -> Iterator[None]:
    """Go to a copy of the repository without the source of the package."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="shipway-") as folder:
        copy = Path(folder).resolve()
        for name in _files(session, root, wheel):
            place = copy / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, place, follow_symlinks=False)
        session.env["PYTHONPATH"] = None
        with session.chdir(copy):
            yield


def _files(session: nox.Session, root: Path, wheel: Path) -> list[str]:
    """Name the files of the work tree, as git knows them, that the wheel does not bring."""
    from zipfile import BadZipFile, ZipFile

    from shipway.world.process import Processes

    try:
        with ZipFile(wheel) as archive:
            brought = set(archive.namelist())
    except (BadZipFile, OSError) as error:
        session.error(f"{wheel.name} cannot be read: {error}: {command_line('build')}")
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = Processes(Environment()).run(words, cwd=root).stdout.split("\0")
    except ReleaseError as error:
        session.error(error.render())
    hidden = {f"{source}/{name}".lstrip("/") for name in brought for source in SOURCES}
    return [name for name in listed if name and name not in hidden and _is_file(root / name)]


def _is_file(path: Path) -> bool:
    return path.is_file() or path.is_symlink()
