"""The configuration of a release: ``[tool.shipway]``, the environment over it, detection under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipway.project.detection import (
    Detected,
    Surroundings,
    detect_forge,
    detect_forge_url,
    detect_python,
    detect_repository,
    detect_tag_format,
)
from shipway.project.keys import KEYS, TAG_FORMAT
from shipway.project.pyproject import read_pyproject
from shipway.project.settings import Reading
from shipway.project.values import shown
from shipway.release.tagnames import DEFAULT_FORM, Seen, TagRule
from shipway.world.environment import Environment


@dataclass(frozen=True)
class Configuration:
    """Every setting of a release, and in ``sources`` (by the key's name in TOML) where each came from."""

    flow: str
    branch: str
    remote: str
    tag_format: str
    version_scheme: str
    zero_version: str
    lower_bump: str
    release_branch: str
    forge: str
    forge_url: str
    repository: str
    index: str
    index_url: str
    upload_url: str
    publisher: str
    environment: str
    attestations: bool
    register: bool
    pull_request_labels: tuple[str, ...]
    python: tuple[str, ...]
    gates: tuple[str, ...]
    development: str
    confirm_timeout: int
    changelog: str
    changelog_sections: tuple[str, ...]
    squash_commits: bool
    changelog_file: str
    version_files: tuple[str, ...]
    sources: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def tag_rule(self) -> TagRule:
        """Which tags are releases: the format alone where somebody wrote it."""
        source = self.sources.get(TAG_FORMAT, "default")
        is_found = source.startswith("detected") or (source == "default" and self.tag_format == DEFAULT_FORM)
        return TagRule(self.tag_format, self.names, strict=not is_found)


def read_configuration(
    root: Path, environment: Environment, remote_url: str | None, tags: Sequence[Seen] = (), names: tuple[str, ...] = ()
) -> Configuration:
    """Read and check the whole configuration; every problem is told in one `ConfigurationError`.

    ``tags`` are those that show how releases are tagged, ``names`` those that they may call the distribution by.
    """
    pyproject = read_pyproject(root)
    reading = Reading()
    reading.take_written(pyproject, environment)
    _detect(reading, Surroundings(root, remote_url, environment, pyproject, tags, names))
    for key in KEYS:
        if key.name not in reading.sources:
            reading.values[key.name] = key.default
            reading.sources[key.name] = "default"
    _compare(reading)
    reading.require_sound()
    values: dict[str, Any] = {key.field: reading.values[key.name] for key in KEYS}
    return Configuration(**values, sources=reading.sources, names=names)


def _settle(reading: Reading, name: str, detected: Detected | None) -> None:
    """Take what was detected, unless somebody wrote a value."""
    if detected is not None and name not in reading.sources:
        reading.values[name] = detected.value
        reading.sources[name] = f"detected: {detected.why}"


def _detect(reading: Reading, around: Surroundings) -> None:
    _settle(reading, "python", detect_python(around))
    _settle(reading, TAG_FORMAT, detect_tag_format(around))
    _settle(reading, "repository", detect_repository(around))
    _settle(reading, "forge", detect_forge(around))
    forge = reading.values.get("forge")
    if forge == "github":
        _settle(reading, "forge-url", detect_forge_url(around))
    elif forge == "none":
        _settle(reading, "flow", Detected("direct", "there is no forge"))


def _compare(reading: Reading) -> None:
    """Note values that do not go together; a value with a problem of its own is left alone."""
    values = reading.values
    if values.get("forge") == "none" and values.get("flow") == "publish-first":
        origin = reading.sources["forge"].replace("detected: ", "", 1)
        reading.problems.append(f"flow publish-first needs a forge for its pull request, and forge is none ({origin})")
    if values.get("forge") == "github":
        for name in ("forge-url", "repository"):
            if values.get(name) == "":
                reading.problems.append(f"forge is github, but {name} is not set and the remote does not tell it")
    branch, release_branch = values.get("branch"), values.get("release-branch")
    if branch and release_branch and str(release_branch).startswith(f"{branch}/"):
        reading.problems.append(
            f"release-branch {shown(release_branch)} cannot stand beside branch {shown(branch)} in git"
        )
