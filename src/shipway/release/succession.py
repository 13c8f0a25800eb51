"""Which version comes next on a line of release: from the version that is written down, and those that are tagged."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from packaging.version import Version

from shipway.release.plan import Request
from shipway.release.version import next_version


def choose_version(request: Request, current: Version, tagged: Collection[Version]) -> Version:
    """Choose the version that a request means; pre-releases live in tags alone, so they are counted on from there.

    ``current`` is what the project says, ``tagged`` what this line has released.
    """
    if request.bump == str(current) and request.pre is None and current not in tagged:
        return current  # the first release of a version that was written by hand
    start = max(_begun(request, current, tagged), default=current)
    return next_version(max(start, current), request.bump, request.pre)


def following(version: Version) -> Version:
    """Give the version of the same kind that comes after one that is used up."""
    return next_version(version, "final" if version.is_postrelease else "patch", _kind_of(version))


def _kind_of(version: Version) -> str | None:
    """Give what ``--pre`` calls a version like this; None for a final one."""
    if version.is_devrelease:
        return "dev"
    return version.pre[0] if version.pre else "post" if version.is_postrelease else None


def _begun(request: Request, current: Version, tagged: Collection[Version]) -> Iterator[Version]:
    """Give the pre-releases that a request goes on from, rather than from what the project says."""
    release = None
    if request.bump != "final" and request.pre is not None:
        release = next_version(current, request.bump, request.pre).release
    elif request.bump != "final" or request.pre == "post":
        return
    for version in tagged:
        if version.is_prerelease and (release is None or version.release == release):
            yield version
