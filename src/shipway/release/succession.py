"""Which version comes next on a line of release: from the version that is written down, and those that are tagged."""

from __future__ import annotations

from collections.abc import Collection

from packaging.version import Version

from shipway.release.plan import Request
from shipway.release.version import next_version


def choose_version(request: Request, current: Version, tagged: Collection[Version]) -> Version:
    """Choose the version that a request means; pre-releases live in tags alone, so they are counted on from there.

    ``current`` is what the project says, ``tagged`` what this line has released.
    """
    if request.bump == str(current) and request.pre is None and current not in tagged:
        return current  # the first release of a version that was written by hand
    newest = max((version for version in tagged if version.is_prerelease), default=current)
    if newest > current and _counts_on(request, current, newest):
        return next_version(newest, request.bump, request.pre)
    return next_version(current, request.bump, request.pre)


def _counts_on(request: Request, current: Version, newest: Version) -> bool:
    """Whether a request goes on from the newest pre-release, and not from what the project says."""
    if request.bump == "final":
        return request.pre != "post"
    return request.pre is not None and next_version(current, request.bump, request.pre).release == newest.release
