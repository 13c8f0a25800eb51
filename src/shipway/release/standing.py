"""What the next version is chosen from: where a line of release stands, and what its repository wants of versions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from packaging.version import Version

from shipway.release.scheme import SEMVER
from shipway.release.version import next_version

BEGUN = "begun"
"""Instead of a kind of pre-release: the kind of the one that has been begun, and none where none has."""
A_HABIT = 3
"""Of how many versions only pre-releases have to be there, before the next one is taken for another such."""
NOTHING = Version("0.0.0")
"""What a project says that leaves its version to the tags."""


LOWERED = {"minor": {"major": "minor"}, "shifted": {"major": "minor", "minor": "patch"}, "features": {"minor": "patch"}}
"""What a level means before 1.0.0, by the words of `Policy.zero`."""


@dataclass(frozen=True)
class Standing:
    """Where a line of release stands.

    ``written`` is the version in the files (None: in tags alone), ``previous`` the last release of any kind, ``tagged``
    everything that the line has released; ``today`` is what a calendar version goes by; ``asked`` is the version that
    the content itself asks for (``Release-As``), "" for none.
    """

    written: Version | None
    previous: Version | None
    tagged: Collection[Version]
    today: date
    asked: str = ""

    @cached_property
    def final(self) -> Version | None:
        """The last release that is no pre-release."""
        known = {*self.tagged, *([self.previous] if self.previous else [])}
        return max((version for version in known if not version.is_prerelease), default=None)

    @cached_property
    def plain(self) -> Standing:
        """Without what stands after the version in the files: a local part, and ``.post0``, which says "since then"."""
        written = self.written
        if written is None:
            return self
        text = written.public
        if written.post == 0 and all(one.post != 0 for one in self.tagged):
            text = text.partition(".post0")[0]
        return self if text == str(written) else replace(self, written=Version(text))

    def begun_by(self, start: Version | None) -> Version | None:
        """Give the version that a pre-release has begun, where it is above the last final release."""
        if start is None or not start.is_prerelease:
            return None
        version = next_version(start, "final")
        return version if version > (self.final or NOTHING) else None

    @cached_property
    def is_never_final(self) -> bool:
        """Whether no release is final, and each is the one pre-release of its version: 0.40b0, 0.41b0.

        A few of them may have had another one (0.41b1), where the line has come far without a final release.
        """
        if any(one.pre is None or one.is_devrelease or one.is_postrelease for one in self.tagged):
            return False
        versions = {one.base_version for one in self.tagged}
        is_alone = 1 < len(versions) == len({*self.tagged}) or len(versions) >= A_HABIT
        return is_alone and not (self.written is not None and self.written.is_postrelease)

    @cached_property
    def current(self) -> Version:
        """The version that the next one has to be above: what is written, or released if that is more."""
        return max(self.written or NOTHING, self.final or self.previous or NOTHING)

    @cached_property
    def spelled(self) -> list[Version]:
        """What shows how many numbers a version has: final releases, newest first, then what the files have begun."""
        finals = [one for one in (*self.tagged, self.current) if not one.is_prerelease]
        return [*sorted(finals, reverse=True), *([Version(self.written.base_version)] if self.written else [])]

    def binds(self, version: Version) -> bool:
        """Whether what the files say is the least that a version may be: not where nobody has got it yet.

        That is so of a development version, and of a final one that its own pre-releases come before.
        """
        written = self.written
        if written is None or version >= written or written in self.tagged:
            return True
        is_own = version.is_prerelease and version.base_version == written.base_version
        return not written.is_devrelease and (written.is_prerelease or not is_own)


@dataclass(frozen=True)
class Policy:
    """What a repository wants of its versions.

    ``scheme`` is "semver" or a calendar's pattern; ``zero`` says what a level means before 1.0.0 (as in `LOWERED`,
    "major", or "none", which leaves 0.x with any release), ``is_told`` that a person wrote it; ``lower`` what is done
    to a bump below what the content asks for ("warn" or "block"); ``pre`` is the kind of pre-release that ``auto``
    makes, "" for none, "begun" for that of the last release; ``starts`` is the number of the first one of a version,
    where the line does not show it. ``precedent`` is a level, and the lower bump that the line's own releases made of
    it.
    """

    scheme: str = SEMVER
    zero: str = "minor"
    lower: str = "warn"
    pre: str = ""
    starts: int = 1
    precedent: tuple[str, str] = ("", "")
    is_told: bool = False

    def kind_after(self, last: Version | None) -> str:
        """Give the kind of pre-release that ``auto`` makes after a release, "" for none."""
        begun = last.pre[0] if last is not None and last.pre is not None else ""
        return begun if self.pre == BEGUN else self.pre

    def level_of(self, level: str, last: Version) -> str:
        """Give the bump that a level of content means after a version; before 1.0.0 it may mean another."""
        if level and level == self.precedent[0]:
            return self.precedent[1]
        if last.major > 0 or self.zero == "major":
            return level
        if self.zero == "none":
            return "major"
        return LOWERED.get(self.zero, LOWERED["minor"]).get(level, level)
