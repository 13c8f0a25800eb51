"""What the files, the tags and the day have begun: the version that is set by hand, led to, or due."""

from __future__ import annotations

from dataclasses import dataclass, field

from packaging.version import Version

from shipway.release.scheme import SEMVER, is_same_period, next_calendar
from shipway.release.standing import NOTHING, Policy, Standing
from shipway.release.version import follows, next_version


@dataclass
class Found:
    """A version on its way to a decision, with what is to be told of it."""

    version: Version
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def not_below_begun(found: Found, standing: Standing) -> Found:
    """Give the release that the files or the tags have begun, where it is higher."""
    final, previous = standing.final or NOTHING, standing.previous
    begun = [one for one in (standing.written, previous) if one is not None and one.is_prerelease]
    for start in sorted(begun, reverse=True):
        version = next_version(start, "final")
        if version > final and version >= found.version:
            found.reasons.append(f"{version} has been begun by {start}")
            return Found(version, found.reasons, found.warnings)
    return found


def begun_by_calendar(standing: Standing, policy: Policy, *, micro: bool) -> Found:
    """Take the version from the day, unless the files or the tags have begun another."""
    if is_set_by_hand(standing, policy) and standing.written is not None:
        return set_by_hand(standing.written, standing)
    found = not_below_begun(by_calendar(standing, policy, micro=micro), standing)
    for start in (standing.written, standing.previous):
        begun = standing.begun_by(start)
        if begun is not None and not micro and _is_due(begun, start, found.version, policy):
            return Found(begun, [f"{begun} has been begun by {start}"])
    return found


def _is_due(begun: Version, start: Version | None, today: Version, policy: Policy) -> bool:
    """Whether what has been begun still is what comes: candidates lead to theirs on any day."""
    return (start is not None and start.pre is not None) or is_same_period(policy.scheme, begun, today)


def by_calendar(standing: Standing, policy: Policy, *, micro: bool) -> Found:
    """Take the version from the day."""
    last = standing.final
    if standing.written is not None and not standing.written.is_prerelease:
        last = max(standing.written, last or NOTHING)
    version = next_calendar(policy.scheme, last, standing.tagged, standing.today, micro=micro)
    after = f" after {last}" if last else ""
    what = "mends it" if micro else f"is {policy.scheme} on {standing.today.isoformat()}"
    return Found(version, [f"{version}{after} {what}"])


def set_by_hand(written: Version, standing: Standing) -> Found:
    """Give the version that a person wrote into the files."""
    last = standing.final or standing.previous
    why = f"{written} was set by hand after {last} and is not tagged: it is the next version"
    return Found(written, [why])


def is_set_by_hand(standing: Standing, policy: Policy) -> bool:
    """Whether the files say a final version that was never released, and that can follow the last release."""
    written, final = standing.written, standing.final
    if written is None or written.is_prerelease or written in standing.tagged:
        return False
    if final is None:
        return bool(standing.tagged) and written > max(standing.tagged)
    return written > final and (policy.scheme != SEMVER or follows(written, final))
