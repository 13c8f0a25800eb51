"""Lines that are never final: each version's pre-release is what people install, and the next version follows it."""

from __future__ import annotations

from packaging.version import Version

from shipway.release.standing import Policy, Standing
from shipway.release.version import next_version


def next_in_series(standing: Standing, level: str, policy: Policy) -> Version:
    """Give the first pre-release of the next version, in the form of the last one's."""
    last, written = max(standing.tagged), standing.written
    base = Version(last.base_version)
    is_begun = written is not None and Version(written.base_version) > base
    after = (
        written.base_version if written and is_begun else next_version(base, policy.level_of(level or "patch", base))
    )
    known = [one.pre for one in standing.tagged if one.pre is not None and one.base_version == last.base_version]
    kind, number = min(known, key=lambda pre: pre[1], default=("b", 0))
    version = Version(f"{after}{kind}{number}")
    if written is not None and written.pre is not None and version < written:
        return Version(f"{after}{written.pre[0]}{written.pre[1]}")
    return version
