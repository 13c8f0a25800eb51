"""The files of the project, read by their paths from a folder or from a commit, and written into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shipway.release.outcomes import ConfigurationError
from shipway.world.git_local import LocalGit

NO_SUCH_FILE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)

Find = Callable[[str], str | None]
"""Gives the text of one of the project's files by its path; None where there is none."""


def in_folder(root: Path) -> Find:
    """Read files of a folder, with their line ends as they are."""

    def find(path: str) -> str | None:
        try:
            return (root / path).read_bytes().decode()
        except NO_SUCH_FILE:
            return None
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"{path} is not UTF-8: byte {error.start}", remedy="save it as UTF-8") from None

    return find


def in_commit(git: LocalGit, commit: str) -> Find:
    """Read files of a commit."""
    return lambda path: git.find_file(commit, path)


def write_file(root: Path, name: str, text: str) -> None:
    """Write a file of a folder: bytes in, bytes out; a link that leads out of the folder is not followed."""
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise ConfigurationError(f"{name} leads out of the project's folder", remedy=f"make {name} a file of its own")
    path.write_bytes(text.encode())
