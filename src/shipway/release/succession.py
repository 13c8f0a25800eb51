"""Which version comes next on a line of release: from the version that is written down, and those that are tagged."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from packaging.version import Version

from shipway.release.request import Request
from shipway.release.standing import Policy, Standing
from shipway.release.version import find_version, next_version


def choose_version(request: Request, current: Version, tagged: Collection[Version]) -> Version:
    """Choose the version that a request means; pre-releases live in tags alone, so they are counted on from there.

    ``current`` is what the project says, ``tagged`` what this line has released.
    """
    if request.pre is None and current not in tagged and find_version(request.bump) == current:
        return current  # the first release of a version that was written by hand
    start = max(_begun(request, current, tagged), default=current)
    return next_version(max(start, current), request.bump, request.pre)


def count_from_zero(version: Version, pre: str | None, standing: Standing, policy: Policy) -> Version:
    """Give the first pre-release of a version the number 0, where the line or its tool counts from there."""
    if pre is None or version.pre is None or version.pre[1] != 1 or version.is_devrelease or version.is_postrelease:
        return version
    release = version.base_version
    earlier = [one.pre for one in standing.tagged if one.pre and not one.is_devrelease and one.base_version != release]
    shown = {number for kind, number in earlier if kind == pre and number <= 1}
    begun = [one for one in (*standing.tagged, standing.current) if one.base_version == release]
    first = Version(f"{release}{pre}0")
    from_zero = 0 in shown or (not shown and policy.starts == 0)
    return first if from_zero and all(one < first for one in begun) else version


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
