"""A version that is written into files: the places where it stands, and the next one put there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packaging.version import Version

from shipway.project.versions.contract import parse_version
from shipway.project.versions.spelling import TEXT, Form
from shipway.release.outcomes import ConfigurationError


@dataclass(frozen=True)
class Place:
    """A stretch of one file's text in which the version stands; ``label`` is how people find it there."""

    path: str
    text: str
    start: int
    end: int
    label: str
    form: Form = TEXT

    @property
    def written(self) -> str:
        """What stands there."""
        return self.text[self.start : self.end]

    def agrees(self, version: Version) -> bool:
        """Whether what stands there is this version, in this place's way of writing."""
        try:
            return self.form.render(version, self.written) == self.written
        except ConfigurationError:
            return False


@dataclass(frozen=True)
class WrittenVersion:
    """A version in files; ``told`` is its text, ``places`` all that spell it, the first one leading.

    ``stale`` is where another tool notes a version for itself that is not this one: left alone, and told.
    """

    kind: str
    told: str
    places: tuple[Place, ...]
    setting: str = ""
    stale: tuple[Place, ...] = ()

    @property
    def place(self) -> str:
        """The leading file, and the setting that names it."""
        lead = self.places[0]
        return f"{lead.path}, {self.setting or lead.label}"

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that spells the version, the leading one first."""
        return tuple(dict.fromkeys(place.path for place in self.places))

    def read(self) -> Version:
        """Read the version."""
        return parse_version(self.told, self.places[0].path)

    def rewrite(self, version: Version) -> Mapping[str, str]:
        """Change what stands in the places, and nothing else."""
        return rewrite_places(self.places, version)

    def build_variables(self, version: Version) -> Mapping[str, str]:
        """Give none: the back-end reads the file."""
        del version
        return {}

    def build_tag(self, version: Version) -> str:
        """Give none: the back-end does not look at tags."""
        del version
        return ""


def rewrite_places(places: tuple[Place, ...], version: Version) -> dict[str, str]:
    """Give the new text of every file, each place in its own way of writing."""
    edited: dict[str, str] = {}
    for path in dict.fromkeys(place.path for place in places):
        mine = {(place.start, place.end): place for place in places if place.path == path}
        text, below = next(place.text for place in mine.values()), len(next(iter(mine.values())).text)
        for place in sorted(mine.values(), key=lambda place: place.start, reverse=True):
            if place.end > below:  # within one that was written already
                continue
            text = f"{text[: place.start]}{place.form.render(version, place.written)}{text[place.end :]}"
            below = place.start
        edited[path] = text
    return edited
