"""The programs that a release is made with, and their versions: a build can be understood only with those."""

from __future__ import annotations

from shipway.world.git_local import LocalGit

PACKAGES = ("nox", "build", "twine", "uv", "towncrier", "shipway")


def read_tools(git: LocalGit) -> dict[str, str]:
    """Give each program's version; one that is not installed beside us, or only as source, is left out."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version(), "git": git.read("version").removeprefix("git version ")}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
