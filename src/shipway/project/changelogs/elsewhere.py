"""Changelogs that stand where their names do not say it: below the documentation, and those of a file per version."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from packaging.version import Version

from shipway.project.changelogs.names import KNOWN, SEPARATORS, SUFFIXES, ChangelogFile, read_changelog_file
from shipway.release.version import find_version

TOPS = ("doc", "docs", "documentation", "sites", "changelog", "changelogs", "releases", "release-notes", "whatsnew")
WORDS = (*KNOWN, "release", "whatsnew")
DEEPEST = 4
MOST_LISTED, MOST_READ = 4000, 60
NAMED = re.compile(
    r"(?P<before>(?:v|version|release|whats[-_]?new)?[-_]?)(?P<version>[0-9]+(?:\.[0-9]+)+[a-z0-9.]*)(?P<after>.*)"
)
"""The name of a file that is about one version."""
DIRECTIVE = re.compile(
    r"^(?:\.\. changelog::[ \t]*\r?\n[ \t]+:(?P<mark>version):[ \t]*|[-*][ \t]+:(?P<role>release):`)"
    r"(?P<version>[0-9][0-9A-Za-z.]*)",
    re.MULTILINE,
)
"""How two programs for documentation mark a version's section: changelog and releases."""
FEWEST = 3
ENDED = re.compile(r"^(?:#+ )?v?[0-9]+(?:\.[0-9]+)+ (?:and|or) (?:newer|later)\b", re.MULTILINE)
"""A title in a file that is gone on with elsewhere."""


@dataclass(frozen=True)
class Files:
    """A folder that holds a file for each version."""

    folder: str
    versions: Mapping[Version, str]

    @property
    def newest(self) -> Version:
        """The highest version that has a file."""
        return max(self.versions)

    def told(self, version: Version) -> str | None:
        """Give the path of the file that tells of a version; a pre-release is told of in that of its final one."""
        return self.versions.get(version) or self.versions.get(Version(version.base_version))

    def name(self, version: Version) -> str:
        """Give the path of a version's file, that is there or is named as the newest is."""
        told = self.told(version)
        if told is not None:
            return told
        known = PurePosixPath(self.versions[self.newest])
        named = NAMED.fullmatch(known.name.removesuffix(known.suffix))
        before, after = (named["before"], named["after"]) if named else ("", "")
        parts = len(named["version"].split(".")) if named else 0
        short = parts < len(version.release) and version.release[2:] == (0,)
        text = str(version)[: -len(".0")] if short and not version.is_prerelease else str(version)
        return str(known.with_name(f"{before}{text}{after}{known.suffix}"))


def find_elsewhere(root: Path, name: str) -> ChangelogFile | Files | None:
    """Find a changelog below the documentation: the one that the distribution's name is on, else of the newest version.

    Only files count whose path speaks of changes, and that tell of several versions, they or one of the same series.
    """
    paths = list(_paths(root))
    found: list[tuple[bool, Version, ChangelogFile | Files]] = [
        (False, files.newest, files) for files in _by_folder(paths) if len(files.versions) >= FEWEST
    ]
    candidates = [path for path in paths if _version_of(path) is None][:MOST_READ]
    read = [read_changelog_file(root, path) for path in candidates]
    told = [(file, versions) for file in read if file is not None and (versions := _versions(file.text))]
    series = {_series(file) for file, versions in told if len(versions) >= FEWEST}
    for file, versions in told:
        if _series(file) in series or find_mark(file.text):
            found.append((PurePosixPath(file.path).stem.lower() == name.lower(), max(versions), file))
    return max(found, key=lambda one: one[:2])[2] if found else None


def _series(file: ChangelogFile) -> str:
    """Give the name that a file shares with those of other major versions beside it: version9.rst with version8.rst."""
    return re.sub(r"[0-9.]+(?=\.[a-z]+$)", "", file.path)


def find_folder(root: Path) -> Files | None:
    """Find the folder with a file for each version that has the highest one."""
    found = [files for files in _by_folder(list(_paths(root))) if len(files.versions) >= FEWEST]
    return max(found, key=lambda files: files.newest, default=None)


def find_named(root: Path, top: Path, name: str) -> ChangelogFile | None:
    """Find the changelog that bears a distribution's name below the documentation of its repository; by ``root``."""
    found = find_elsewhere(top, name)
    if not isinstance(found, ChangelogFile) or PurePosixPath(found.path).stem.lower() != name.lower():
        return None
    return replace(found, path=Path(os.path.relpath(top / found.path, root)).as_posix())


def files_in(root: Path, folder: str) -> Files | None:
    """Give the files of a version each in one folder; None where there are few, or it is the top."""
    if folder in ("", ".") or not (root / folder).is_dir():
        return None
    names = sorted(path.name for path in (root / folder).iterdir() if path.suffix in SUFFIXES and path.suffix)
    found = next(_by_folder([f"{folder}/{name}" for name in names[:MOST_LISTED]]), None)
    return found if found is not None and len(found.versions) >= FEWEST else None


def _paths(root: Path) -> Iterator[str]:
    """Give the files whose paths speak of changes, in order; a bounded number of them."""
    listed = 0
    for top in TOPS:
        for folder, folders, names in os.walk(root / top):
            below = Path(folder).relative_to(root).as_posix()
            folders[:] = sorted(one for one in folders if not one.startswith((".", "_"))) if _depth(below) else []
            for name in sorted(names):
                listed += 1
                if listed > MOST_LISTED:
                    return
                if Path(name).suffix.lower() in SUFFIXES and Path(name).suffix and _speaks(f"{below}/{name}"):
                    yield f"{below}/{name}"


def _depth(below: str) -> bool:
    return below.count("/") + 1 < DEEPEST


def _speaks(path: str) -> bool:
    """Whether a path says that it is about changes."""
    parts = [SEPARATORS.sub("", part).lower() for part in PurePosixPath(path).with_suffix("").parts]
    return any(part in WORDS for part in parts[:-1]) or parts[-1].startswith(WORDS)


def _by_folder(paths: list[str]) -> Iterator[Files]:
    """Give the folders with files that are named like versions."""
    folders: dict[str, dict[Version, str]] = {}
    for path in paths:
        version = _version_of(path)
        if version is not None:
            folders.setdefault(str(PurePosixPath(path).parent), {}).setdefault(version, path)
    yield from (Files(folder, versions) for folder, versions in folders.items())


def _version_of(path: str) -> Version | None:
    file = PurePosixPath(path)
    named = NAMED.fullmatch(file.name.removesuffix(file.suffix))
    return find_version(named["version"]) if named else None


def _versions(text: str) -> list[Version]:
    """Give the versions that a text has sections for."""
    from shipway.changelog.outline import outline

    marked = [find_version(found["version"]) for found in DIRECTIVE.finditer(text)]
    told = marked or [one.version for one in outline(text)]
    return [one for one in told if one is not None and len(one.release) > 1]


def find_mark(text: str) -> str:
    """Say how a text marks its versions: by "version" of the one program or "release" of the other; "" for titles."""
    found = DIRECTIVE.search(text)
    return (found["mark"] or found["role"]) if found is not None else ""
