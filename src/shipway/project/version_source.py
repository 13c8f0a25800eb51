"""The version of the project: which kind of source it has, and writing the next version into a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from shipway.project.files import Find, in_folder, write_file
from shipway.project.pyproject import OLDER, PYPROJECT, find_name, find_table, parse_pyproject
from shipway.project.versions.contract import EXAMPLE, LONGEST_SHOWN, VersionSource, parse_version
from shipway.project.versions.static import find_static
from shipway.release.outcomes import BlockedError, ConfigurationError

if TYPE_CHECKING:
    from shipway.project.versions.written import Place

Look = Callable[[dict[str, Any], Find], VersionSource | None]

LARGEST = 1_000_000
LARGEST_LOCK = 8_000_000
"""Characters of a file that is looked at for a version, and of a lock file."""
MOST_FILES = 400
TOOL_FILES = (
    *(".bumpversion.cfg", ".bumpversion.toml", "setup.cfg", "tbump.toml", ".cz.toml", "cz.toml"),
    *(".release-please-manifest.json", ".github/.release-please-manifest.json", ".github/release-please-manifest.json"),
)
"""Files in which other release tools are told of files that spell the version."""
LONGEST_NAME = 255
"""Bytes of one name in a path, on nearly every file system."""


@dataclass(frozen=True)
class Agreement:
    """What every place that spells the version says: whether they agree, and the table of them."""

    version: Version | None
    places: tuple[Place, ...] = ()
    stale: tuple[Place, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether all of them say the same."""
        return self.version is not None and all(place.agrees(self.version) for place in self.places)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What another tool notes for itself, and nobody has kept in step; it is left alone."""
        return tuple(
            f"{place.label} says {shown(place.written)}, not {self.version}: it is left as it is"
            for place in self.stale
        )

    def table(self) -> str:
        """Give the places, one a line: the file, where in it, what it says; those that differ are marked."""
        rows = [(place.path, place.label, shown(place.written), self._remark(place)) for place in self.places]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) for row in rows]
        return "\n".join(f"  {line}  {row[3]}".rstrip() for line, row in zip(lines, rows, strict=True))

    def _remark(self, place: Place) -> str:
        return "" if self.version is not None and place.agrees(self.version) else "differs"


def shown(text: str) -> str:
    """Give what stands in a file as people may see it: short, and on one line."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in text)
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}..."


def find_version_source(find: Find) -> VersionSource:
    """Find where the version comes from, by what ``find`` reads; `ConfigurationError` where nothing says it."""
    find = remembering(find)
    pyproject = parse_pyproject(find)
    source = _find_lead(pyproject, find)
    if _may_have_further(pyproject, find):
        from shipway.project.version_files import with_further

        return with_further(source, pyproject, find)
    return source


def remembering(find: Find) -> Find:
    """Read every file once, a bounded number of them, and none that is too large to be about a version."""
    held: dict[str, str | None] = {}

    def remembered(path: str) -> str | None:
        if path not in held:
            text = _read(path, find) if len(held) < MOST_FILES else None
            if text is not None and len(text) > (LARGEST_LOCK if path.endswith(".lock") else LARGEST):
                text = None
            held[path] = text
        return held[path]

    return remembered


def _read(path: str, find: Find) -> str | None:
    """Read a file; a path that no file can have is none, whoever made it up."""
    if "\0" in path or any(len(part.encode(errors="replace")) > LONGEST_NAME for part in path.split("/")):
        return None
    try:
        return find(path)
    except OSError as error:
        what = f"{shown(path)} cannot be read: {error.strerror or error}"
        raise ConfigurationError(what, remedy=f"make {shown(path)} a file that can be read") from None


def read_versions(find: Find) -> Agreement:
    """Read the version in every place that spells it."""
    source = find_version_source(find)
    version, places = source.read(), getattr(source, "places", ())
    if version is None and places:
        version = parse_version(places[0].written, places[0].path)
    return Agreement(version, tuple(places), tuple(getattr(source, "stale", ())))


def require_agreement(find: Find) -> None:
    """Refuse a release while the places that spell the version disagree; one table says where."""
    agreement = read_versions(find)
    if agreement.agrees or agreement.version is None:
        return
    what = f"the version is not the same everywhere:\n{agreement.table()}"
    why = "a release writes the next version over this one, in all of these places"
    remedy = f"write {agreement.version} into the others, or take them out of what names them; then commit"
    raise BlockedError(what, why=why, remedy=remedy)


def write_version(root: Path, version: Version) -> None:
    """Write the version into the files of a tree: bytes in, bytes out, so that line ends stay as they are."""
    for name, text in find_version_source(in_folder(root)).rewrite(version).items():
        write_file(root, name, text)


def _find_lead(pyproject: dict[str, Any], find: Find) -> VersionSource:
    """Find the source that the build back-end reads."""
    for look in _looks(pyproject):
        source = look(pyproject, find)
        if source is not None:
            return source
    return _require_likely(pyproject, find)


def _looks(pyproject: dict[str, Any]) -> Iterator[Look]:
    """Give how each kind is found, the most certain first; what is not reached is not even imported.

    An attribute that setuptools is given wins over its plug-ins; what is told in ``pyproject.toml`` over setup.cfg and
    setup.py.
    """
    from shipway.project.versions.tags import find_asking, find_called, find_plugged, find_required, find_tagged

    yield find_plugged
    yield find_static
    if "tool" in pyproject:
        from shipway.project.versions.poetry import find_poetry

        yield _find_attribute
        yield find_poetry
    if pyproject:
        yield find_tagged
        yield find_asking
        yield from _by_back_end()
    from shipway.project.versions.setup_cfg import find_setup_cfg
    from shipway.project.versions.setup_py import find_setup_py

    yield find_called
    yield find_setup_py
    yield find_setup_cfg
    yield find_required


def _find_attribute(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find what setuptools is told; the plug-in where its attribute is in a module that one writes from tags."""
    from shipway.project.versions.setuptools import find_setuptools
    from shipway.project.versions.tags import find_tagged

    try:
        return find_setuptools(pyproject, find)
    except ConfigurationError:
        tagged = find_tagged(pyproject, find)
        if tagged is None:
            raise
        return tagged


def _by_back_end() -> Iterator[Look]:
    """Give how the kinds are found that belong to one build back-end."""
    from shipway.project.versions.cargo import find_cargo
    from shipway.project.versions.flit import find_flit
    from shipway.project.versions.hatch import find_hatch
    from shipway.project.versions.meson import find_meson
    from shipway.project.versions.pdm import find_pdm
    from shipway.project.versions.scikit_build import find_scikit_build

    yield from (find_hatch, find_pdm, find_flit, find_cargo, find_scikit_build, find_meson)


def _require_likely(pyproject: dict[str, Any], find: Find) -> VersionSource:
    """Find the version that nothing declares in a likely module of the package; `ConfigurationError` without one."""
    from shipway.project.versions.setup_py import find_likely
    from shipway.project.versions.written import WrittenVersion

    name = _find_name(find)
    found = find_likely(name, find) if name else None
    if found is not None:
        return WrittenVersion("module", found.told, found.places, "the package's own version")
    remedy = f'take "version" out of dynamic, and write {EXAMPLE}; or set one that docs/version-sources.md names'
    why = "and it says nothing that is known here of where the version comes from"
    if find_table(pyproject, "project") is not None:
        what = f"[project] in {PYPROJECT} says that its version is dynamic"
    elif any(find(older) is not None for older in OLDER):
        what, why = "neither setup.py nor setup.cfg tells the version", "a release has to write the next one somewhere"
        remedy = f"write {EXAMPLE} into setup() of setup.py; or set one that docs/version-sources.md names"
    else:
        what = f"{PYPROJECT} has no [project] table"
        why = "name and version are read from it (PEP 621), or from [tool.poetry], setup.cfg or setup.py"
        remedy = f"write a [project] table with a name and {EXAMPLE}"
    raise ConfigurationError(what, why=why, remedy=remedy)


def _find_name(find: Find) -> str | None:
    try:
        return find_name(find)
    except ConfigurationError:
        return None


def _may_have_further(pyproject: dict[str, Any], find: Find) -> bool:
    """Whether the project, or another release tool, may name further files that spell the version."""
    tools = find_table(pyproject, "tool") or {}
    if any(name in tools for name in ("bumpversion", "bumpver", "commitizen", "semantic_release", "tbump")):
        return True
    if "version-files" in (find_table(pyproject, "tool", "shipway") or {}):
        return True
    return any(_is_there(name, find) for name in TOOL_FILES)


def _is_there(path: str, find: Find) -> bool:
    """Whether another tool's file is there; one that cannot be read is its own affair."""
    try:
        return find(path) is not None
    except ConfigurationError:
        return False
