"""Which version comes next: by a request's words, what a line has come to, and what its content asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest

from packaging.version import Version

from shipway.release.begun import Found, begun_by_calendar, by_calendar, is_set_by_hand, not_below_begun, set_by_hand
from shipway.release.outcomes import BlockedError, UsageError
from shipway.release.request import Request
from shipway.release.scheme import SEMVER, has_micro, mends_by_micro
from shipway.release.series import next_in_series
from shipway.release.standing import BEGUN, NOTHING, Policy, Standing
from shipway.release.succession import choose_version, count_from_zero
from shipway.release.version import LEVELS, difference, explain, find_version, next_version, require_kind, spelled_like

__all__ = ["AUTO", "Decision", "Policy", "Standing", "decide"]

AUTO = "auto"
"""The bump that is taken from what the next version holds."""

FIRST = Version("0.1.0")
"""The first version of a project that says none."""
MOST_SHOWN = 40


@dataclass(frozen=True)
class Decision:
    """The next version, the level that it is of, and what it was chosen by."""

    version: Version
    bump: str
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """All that a person should know of it."""
        return (*self.reasons, *self.warnings)


def decide(request: Request, standing: Standing, level: str, policy: Policy) -> Decision:
    """Choose the next version; ``level`` is what the content asks for, "" where nothing of it counts.

    Raises `UsageError` for words that mean nothing, `BlockedError` for a version that does not go up, and for a bump
    below what the content asks for, where the policy says so.
    """
    standing = standing.plain
    require_kind(request.pre)
    if request.bump == AUTO and request.pre is None and policy.pre and not standing.asked:
        request = replace(request, pre=policy.kind_after(standing.previous) or None)
    if request.bump == AUTO:
        found = _asked(standing) if standing.asked else _auto(standing, level, policy)
        found = _as_prerelease(found, request.pre, standing) if request.pre else found
    elif standing.written is not None and _leads_to_what_is_set(request, standing, policy):
        found = _as_prerelease(set_by_hand(standing.written, standing), request.pre, standing)
    elif request.bump == "":
        found = _next_prerelease(request.pre, standing)
    elif policy.scheme != SEMVER and request.bump in LEVELS and request.bump != "final":
        micro = request.bump == "patch" and has_micro(policy.scheme)
        found = begun_by_calendar(standing, policy, micro=micro)
        found = _as_prerelease(found, request.pre, standing) if request.pre else found
    else:
        found = _by_words(request, standing, policy)
    found.version = count_from_zero(found.version, request.pre, standing, policy)
    _require_upwards(found.version, standing)
    _hold_against_content(found, standing, level, policy)
    version = found.version
    if policy.scheme == SEMVER and version not in (find_version(request.bump), standing.written):
        version = _as_begun(spelled_like(version, standing.spelled), standing)
    bump = difference(standing.final, version) if standing.final else "first"
    return Decision(version, bump, tuple(found.reasons), tuple(found.warnings))


def _as_begun(version: Version, standing: Standing) -> Version:
    """Give a version all the numbers that the files or a pre-release have begun it with: 3.0.0 of 3.0.0.dev0."""
    known = [one for one in (standing.written, *standing.tagged) if one is not None and _leads_to(one, version)]
    longest = max(known, key=lambda one: len(one.release), default=version)
    return spelled_like(version, [longest]) if len(longest.release) > len(version.release) else version


def _leads_to(begun: Version, version: Version) -> bool:
    """Whether a version is a final one, or one that comes before it or after; how many zeros it ends with aside."""
    return begun.epoch == version.epoch and all(
        a == b for a, b in zip_longest(begun.release, version.release, fillvalue=0)
    )


# --- by words -------------------------------------------------------------------------------------


def _by_words(request: Request, standing: Standing, policy: Policy) -> Found:
    """Follow a level, ``final`` or a version that a person said."""
    written, final = standing.written, standing.final
    if written is not None and request.pre is None:
        is_first = final is None and not written.is_prerelease and request.bump == "final" and not standing.tagged
        if is_first or (is_set_by_hand(standing, policy) and _reaches(written, request.bump, final)):
            return Found(written, [f"{written} is in the files and was never released: it is the next version"])
        if find_version(request.bump) == written and written not in standing.tagged and written >= standing.current:
            return Found(written, [f"{written} is in the files, and was never released"])
    said = find_version(request.bump) if request.pre is None else None
    if said is not None and written is not None and said < written and not standing.binds(said):
        version = choose_version(request, final or NOTHING, standing.tagged)
        return Found(version, [f"{version} comes out before {written}, which the files have begun"])
    version = choose_version(request, standing.current, standing.tagged)
    return Found(version, [explain(request.bump, request.pre, standing.current, version)])


def _leads_to_what_is_set(request: Request, standing: Standing, policy: Policy) -> bool:
    """Whether a pre-release is asked for of the version that was set by hand, and that nobody has got yet."""
    if request.pre in (None, "post") or standing.written is None or not is_set_by_hand(standing, policy):
        return False
    return _reaches(standing.written, request.bump or "final", standing.final)


def _reaches(written: Version, bump: str, final: Version | None) -> bool:
    """Whether a version that was written by hand is at least what a bump of the last release gives."""
    return bump == "final" or (bump in LEVELS and final is not None and next_version(final, bump) <= written)


def _next_prerelease(pre: str | None, standing: Standing) -> Found:
    """Go on within the release that has been begun: ``--pre`` without a level."""
    top = standing.current if pre == "post" else max([standing.current, *standing.tagged])
    if pre is None:
        raise UsageError("nothing says which version comes next", remedy="say auto, minor, patch, or a version")
    if pre != "post" and not top.is_prerelease:
        what = f"there is no pre-release to go on from after {top}"
        why = f"{top} is final, so --pre {pre} alone does not say which release it leads to"
        raise BlockedError(what, why=why, remedy=f"say minor --pre {pre}")
    version = next_version(top, "final", pre)
    return Found(version, [f"{version} is the next {pre} after {top}"])


def _as_prerelease(found: Found, pre: str | None, standing: Standing) -> Found:
    """Give the next pre-release on the way to a version."""
    if pre == "post":
        return _next_prerelease(pre, standing)
    known = [*standing.tagged, *([standing.written] if standing.written else [])]
    begun = [one for one in known if one.is_prerelease and one.base_version == found.version.base_version]
    top = max(begun, default=None)
    version = next_version(top, "final", pre) if top else Version(f"{found.version.base_version}.{pre}1")
    return Found(version, [*found.reasons, f"{version} is a pre-release of {found.version}"], found.warnings)


# --- by content -----------------------------------------------------------------------------------


def _asked(standing: Standing) -> Found:
    """Follow the version that the content itself asks for."""
    if find_version(standing.asked) is None:
        what = f"the content asks for {standing.asked[:MOST_SHOWN]!r}, which is no version"
        why = "the content decides what auto gives"
        raise BlockedError(what, why=why, remedy="say major, minor, patch, or a version")
    current = standing.current if standing.binds(Version(standing.asked)) else standing.final or NOTHING
    version = choose_version(Request(standing.asked), current, standing.tagged)
    return Found(version, [f"the content asks for {version}"])


def _auto(standing: Standing, level: str, policy: Policy) -> Found:
    """Take the version from the content, and from what the files and the tags have begun."""
    if standing.previous is None and not standing.tagged:
        return _first(standing, policy)
    if standing.is_never_final and policy.pre != BEGUN:  # else the tool goes on with each of them by itself
        version = next_in_series(standing, level, policy)
        return Found(version, [f"{version} after {max(standing.tagged)}: no release of this line is final"])
    if policy.scheme != SEMVER:
        micro = level == "patch" and mends_by_micro(policy.scheme, standing.final, standing.tagged, standing.today)
        return begun_by_calendar(standing, policy, micro=micro)
    if is_set_by_hand(standing, policy) and standing.written is not None:
        return set_by_hand(standing.written, standing)
    return not_below_begun(_by_level(standing, level, policy), standing)


def _first(standing: Standing, policy: Policy) -> Found:
    """Give the first version of all: the one that is written."""
    written = standing.written
    if written is not None and written != NOTHING:
        version = next_version(written, "final") if written.is_devrelease else written
        warning = f"no tag says what was released; if {version} is out already, tag it, or say the version"
        return Found(
            version, [f"nothing is tagged yet, and the files say {written}: it is the first release"], [warning]
        )
    if policy.scheme != SEMVER:
        return by_calendar(standing, policy, micro=False)
    return Found(FIRST, [f"nothing is tagged yet, and nothing says a version: {FIRST} is the first"])


def _by_level(standing: Standing, level: str, policy: Policy) -> Found:
    """Raise the last final release by the level of the content."""
    last = standing.final
    written = standing.written
    reasons = [] if level else ["nothing in the content counts; this is what a patch would give"]
    warnings = []
    if last is None:
        return Found(next_version(standing.previous, "final") if standing.previous else FIRST, reasons)
    if written is not None and written > last and not written.is_prerelease:
        warnings.append(f"the files say {written}, and no tag says that it was released; going on from it")
        last = written
    bump = policy.level_of(level or "patch", last)
    version = next_version(last, bump)
    if level and level == policy.precedent[0]:
        reasons.append(f"a {level} change made a {bump} version of the releases before")
    elif bump != (level or "patch"):
        reasons.append(f"before 1.0.0 a {level} change makes a {bump} version (zero = {policy.zero})")
    reasons.append(f"{bump} after {last} is {version}")
    return Found(version, reasons, warnings)


# --- what holds for all ---------------------------------------------------------------------------


def _require_upwards(version: Version, standing: Standing) -> None:
    """Refuse a version that is below what the files say, or not above the last final release."""
    final = standing.final
    floor = standing.written if standing.binds(version) else None
    low = next((one for one in (floor, final) if one is not None and version < one), None)
    if low is not None or version == final or version in standing.tagged:
        why = "installers take the highest version, so a lower one would reach nobody"
        what = f"{version} goes down: the version is {low}" if low else f"{version} is released already"
        raise BlockedError(what, why=why, remedy="say major, minor, patch, or a higher version")


def _hold_against_content(found: Found, standing: Standing, level: str, policy: Policy) -> None:
    """Warn of a version below what its content asks for, or refuse it."""
    last = standing.final
    if standing.asked and found.version != find_version(standing.asked):
        found.warnings.append(f"the content asks for {standing.asked[:MOST_SHOWN]!r}")
    if last is None or not level or policy.scheme != SEMVER or found.version.is_postrelease:
        return
    bump = policy.level_of(level, last)
    wanted = next_version(last, bump)
    if Version(found.version.base_version) >= wanted:
        return
    what = f"{found.version} is less than its content asks for: {bump}, which is {wanted}"
    if policy.lower == "block":
        why = "users take a smaller step for one that breaks less"
        raise BlockedError(what, why=why, remedy=f"say {bump}, or auto")
    found.warnings.append(what)
