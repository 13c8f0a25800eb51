"""Which file is the changelog: by its name, where it stands, and by the versions that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from shipway.project.files import NO_SUCH_FILE, Find

STEMS = ("CHANGELOG", "CHANGES", "HISTORY", "NEWS")
MARKDOWN = tuple(f"{spelled}.md" for stem in STEMS for spelled in (stem, stem.lower(), stem.capitalize()))
OTHERS = tuple(f"{spelled}.rst" for stem in STEMS for spelled in (stem, stem.lower(), stem.capitalize()))
FOLDERS = (
    "",
    "docs",
    "doc",
    "docs/source",
    "doc/source",
    "docs/src",
    "docs/en",
    "docs/en/docs",
    "docs/about",
    "docs/docs",
)
KNOWN = (
    "changelog",
    "changes",
    "history",
    "news",
    "releasenotes",
    "whatsnew",
    "releases",
    "releasehistory",
    "changehistory",
    "versionhistory",
    "changelogs",
    "releasenote",
    "release",
)
"""The names of changelogs, without dashes and the like, the likelier ones first."""
VAGUE = ("release",)
"""Those that are as often the names of texts on how releases are made."""
FEWEST = 2
"""How many sections such a file has, where it is the changelog."""
SUFFIXES = (".md", ".rst", ".txt", "", ".markdown")
SEPARATORS = re.compile(r"[-_. ]")
LARGEST = 8_000_000
OTHERWISE = "cp1252"


@dataclass(frozen=True)
class ChangelogFile:
    """A changelog as it stands in a folder: its path below it, its text, and how that is spelled in bytes."""

    path: str
    text: str
    encoding: str = "utf-8"

    @property
    def is_rst(self) -> bool:
        """Whether it is reStructuredText, by its name; without an ending that tells, by its headings."""
        suffix = Path(self.path).suffix.lower()
        return suffix == ".rst" or (suffix in {".txt", ""} and re.search(r"^#{1,6} ", self.text, re.MULTILINE) is None)

    def encode(self, text: str) -> bytes:
        """Give a text in the bytes of the file; what these cannot tell is in UTF-8."""
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            return text.encode(errors="replace")


def find_changelog_file(root: Path, *, named: str = "") -> ChangelogFile | None:
    """Find the changelog of a folder: of several, the one with the newest version, then the likeliest name."""
    if named:
        return read_changelog_file(root, named)
    read = (read_changelog_file(root, path) for path in _paths(root))
    files = [found for found in read if found is not None and not _is_something_else(found)]
    if len(files) < 2:
        return files[0] if files else None
    return max(enumerate(files), key=lambda numbered: (*_newest(numbered[1]), -numbered[0]))[1]


def read_changelog_file(root: Path, path: str) -> ChangelogFile | None:
    """Read a changelog whatever its bytes are; None where there is none, or what is there is no changelog."""
    try:
        content = (root / path).read_bytes()
    except (*NO_SUCH_FILE, OSError):
        return None
    if len(content) > LARGEST or b"\0" in content[:4096]:
        return None
    for encoding in ("utf-8", OTHERWISE):
        try:
            return ChangelogFile(path, content.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return ChangelogFile(path, content.decode("latin-1"), "latin-1")


def find_markdown(find: Find) -> str | None:
    """Find the changelog in Markdown that is there."""
    return next((name for name in MARKDOWN if find(name) is not None), None)


def find_candidates(paths: Iterable[str]) -> list[str]:
    """Find the files among some paths that are named like changelogs, the likelier ones first."""
    split = [(path.rpartition("/")[0], path.rpartition("/")[2], path) for path in paths]
    ranked = [
        (FOLDERS.index(folder), rank, path)
        for folder, name, path in split
        if folder in FOLDERS and (rank := _rank(name)) is not None
    ]
    return [path for _, _, path in sorted(ranked)]


def _paths(root: Path) -> Iterator[str]:
    """Give the paths of the files that are named like changelogs, the likelier ones first."""
    for folder in FOLDERS:
        try:
            names = [path.name for path in (root / folder).iterdir() if path.is_file()]
        except OSError:
            continue
        ranked = sorted((rank, name) for name in names if (rank := _rank(name)) is not None)
        yield from (f"{folder}/{name}" if folder else name for _, name in ranked)


def _rank(name: str) -> tuple[int, int] | None:
    """Say how likely a file's name is that of a changelog; None where it is not."""
    path = Path(name)
    suffix = path.suffix.lower()
    stem = SEPARATORS.sub("", path.stem if suffix in SUFFIXES else name).lower()
    if suffix not in SUFFIXES or stem not in KNOWN:
        return None
    return KNOWN.index(stem), SUFFIXES.index(suffix)


def _is_something_else(file: ChangelogFile) -> bool:
    """Tell whether a file may be named as changelogs are, and tells of no versions."""
    if Path(file.path).stem.lower() not in VAGUE:
        return False
    from shipway.changelog.outline import outline

    sections = outline(file.text)
    return len(sections) < FEWEST or all(section.version is None for section in sections)


def _newest(file: ChangelogFile) -> tuple[bool, Version]:
    """Give whether a file has versions or a place for the next one, and the highest of the first few."""
    from shipway.changelog.outline import outline

    sections = outline(file.text)
    versions = [section.version for section in sections[:5] if section.version is not None]
    return bool(sections), max(versions, default=Version("0"))
