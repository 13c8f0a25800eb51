"""The configuration of a release: ``[tool.shipway]``, the environment over it, detection under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shipway.project.detection import (
    TAG_FORMAT,
    Detected,
    Surroundings,
    detect_forge,
    detect_forge_url,
    detect_python,
    detect_repository,
    detect_tag_format,
)
from shipway.project.keys import KEYS, Key, Value
from shipway.project.pyproject import PYPROJECT, read_pyproject
from shipway.project.values import closest, convert, parse_variable, shown
from shipway.release.outcomes import ConfigurationError
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


@dataclass
class _Reading:
    """What has been read so far: values, where they came from, and every problem met on the way."""

    values: dict[str, Value] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def take(self, key: Key, raw: object, source: str, place: str) -> None:
        """Take a value that somebody wrote, or note what is wrong with it."""
        self.sources[key.name] = source
        try:
            self.values[key.name] = convert(key, raw)
        except ValueError as error:
            self.problems.append(f"{place} {error}")

    def settle(self, name: str, detected: Detected | None) -> None:
        """Take what was detected, unless somebody wrote a value."""
        if detected is not None and name not in self.sources:
            self.values[name] = detected.value
            self.sources[name] = f"detected: {detected.why}"


def read_configuration(
    root: Path, environment: Environment, remote_url: str | None, tags: Sequence[Seen] = (), names: tuple[str, ...] = ()
) -> Configuration:
    """Read and check the whole configuration; every problem is told in one `ConfigurationError`.

    ``tags`` are those that show how releases are tagged, ``names`` those that they may call the distribution by.
    """
    pyproject = read_pyproject(root)
    reading = _Reading()
    _take_written(reading, pyproject, environment)
    _detect(reading, Surroundings(root, remote_url, environment, pyproject, tags, names))
    for key in KEYS:
        if key.name not in reading.sources:
            reading.values[key.name] = key.default
            reading.sources[key.name] = "default"
    _compare(reading)
    if reading.problems:
        raise _error(reading.problems)
    values: dict[str, Any] = {key.field: reading.values[key.name] for key in KEYS}
    return Configuration(**values, sources=reading.sources, names=names)


def read_setting(root: Path, environment: Environment, name: str) -> Value:
    """Read what somebody wrote for one key; its default where nobody did, without asking what a remote would tell."""
    written = find_setting(root, environment, name)
    return next(key.default for key in KEYS if key.name == name) if written is None else written


def find_setting(root: Path, environment: Environment, name: str) -> Value | None:
    """Read what somebody wrote for one key; None where nobody did."""
    reading = _Reading()
    _take_written(reading, read_pyproject(root), environment)
    if reading.problems:
        raise _error(reading.problems)
    return reading.values.get(name)


def _take_written(reading: _Reading, pyproject: Mapping[str, Any], environment: Environment) -> None:
    table = _table(reading, pyproject)
    names = tuple(key.name for key in KEYS)
    for name in table:
        if name not in names:
            reading.problems.append(f"{shown(name)} is not a key of [tool.shipway]{closest(name, names)}")
    for key in KEYS:
        text = environment.find(key.variable)
        if text is not None:
            source = f"environment {key.variable}"
            reading.take(key, parse_variable(key, text), source, key.variable)
        elif key.name in table:
            reading.take(key, table[key.name], PYPROJECT, key.name)


def _table(reading: _Reading, pyproject: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = pyproject.get("tool", {})
    table = tool.get("shipway", {}) if isinstance(tool, Mapping) else tool
    if isinstance(table, Mapping):
        return table
    reading.problems.append(f"[tool.shipway] is a table, not {shown(table)}")
    return {}


def _detect(reading: _Reading, around: Surroundings) -> None:
    reading.settle("python", detect_python(around))
    reading.settle(TAG_FORMAT, detect_tag_format(around))
    reading.settle("repository", detect_repository(around))
    reading.settle("forge", detect_forge(around))
    forge = reading.values.get("forge")
    if forge == "github":
        reading.settle("forge-url", detect_forge_url(around))
    elif forge == "none":
        reading.settle("flow", Detected("direct", "there is no forge"))


def _compare(reading: _Reading) -> None:
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


def _error(problems: list[str]) -> ConfigurationError:
    remedy = f"mend [tool.shipway] in {PYPROJECT}; docs/configuration.md names every key"
    if len(problems) == 1:
        return ConfigurationError(problems[0], remedy=remedy)
    lines = "".join(f"\n  - {problem}" for problem in problems)
    return ConfigurationError(f"{len(problems)} problems:{lines}", remedy=remedy)
