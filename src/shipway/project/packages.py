"""The distributions of one repository: the name of each, and its folder."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from shipway.project.files import Find, in_folder
from shipway.project.pyproject import NAME, PYPROJECT, find_name, find_table, parse_toml
from shipway.release.outcomes import ConfigurationError, UsageError
from shipway.world.git_local import LocalGit

RELEASE_PLEASE = ("release-please-config.json", ".github/release-please-config.json")
MARKS = (PYPROJECT, "setup.py", "setup.cfg")
DEEPEST = 3
MOST = 1000
NAME_IT = "say which one is meant: --package NAME"
ELSEWHERE = re.compile(
    r"(?:[-_.]?tests?[-_.]?|tests?[-_].*|.*[-_]tests?|testing|testdata|fixtures?|examples?|samples?|demos?|docs?|tutorials?"
    r"|templates?|_?vendor(?:ed)?|third[-_]?party|external|node_modules|site-packages|benchmarks?|\..*|.*\{.*)",
    re.IGNORECASE,
)
"""Folders whose projects are no distributions of this repository."""


@dataclass(frozen=True)
class Package:
    """One distribution: its name as written, and its folder, "" for the repository itself."""

    name: str
    folder: str


def find_packages(paths: Collection[str], find: Find) -> tuple[Package, ...]:
    """Find every distribution, the root first; ``paths`` are the files of the commit, ``find`` reads them.

    The members of a uv workspace and the packages of release-please are told; else the folders count that hold a
    project, no deeper than three, and none of tests, examples, documentation, templates and vendored code.
    """
    root = next(iter(_named([""], paths, find)), None)
    told = list(_named(_told(paths, find), paths, find))
    found = told or list(_named(_looked_for(paths), paths, find))
    packages = dict.fromkeys([*([root] if root else []), *sorted(found, key=lambda package: package.folder)])
    return tuple(package for package in packages)[:MOST]


def list_packages(git: LocalGit) -> tuple[Package, ...]:
    """Find every distribution of HEAD."""
    if git.find_commit("HEAD") is None:
        return ()
    return find_packages(frozenset(git.tracked_paths("HEAD")), in_folder(git.root))


def choose_package(packages: Sequence[Package], name: str | None) -> str:
    """Give the folder of the one that is meant: the named one, the repository itself, or the only one.

    Raises `UsageError` for a name that none of them has, and for none where there are several.
    """
    listed = ", ".join(f"{one.name} ({one.folder or 'the repository itself'})" for one in packages)
    if name is not None:
        from packaging.utils import canonicalize_name  # slow to import, and most repositories have one package

        wanted = canonicalize_name(name)
        found = next((one for one in packages if canonicalize_name(one.name) == wanted), None)
        if found is None:
            raise UsageError(
                f"no distribution here is called {name}", why=f"there is {listed or 'none'}", remedy=NAME_IT
            )
        return found.folder
    if len({one.folder for one in packages}) > 1 and packages[0].folder:
        raise UsageError("there are several distributions here", why=f"there is {listed}", remedy=NAME_IT)
    return packages[0].folder if packages else ""


def inside(find: Find, folder: str) -> Find:
    """Read the files of one package by their paths within its folder."""
    return (lambda path: find(f"{folder}/{path}")) if folder else find


def _told(paths: Collection[str], find: Find) -> list[str]:
    """Give the folders that a workspace or release-please names."""
    text = find(PYPROJECT) if PYPROJECT in paths else None
    workspace = find_table(_toml(text), "tool", "uv", "workspace") or {}
    members, excluded = _texts(workspace.get("members")), _texts(workspace.get("exclude"))
    folders = [path.rpartition("/")[0] for path in paths if path.endswith(f"/{PYPROJECT}")]
    found = [
        folder
        for folder in folders
        if any(_matches(folder, member) for member in members) and not any(_matches(folder, out) for out in excluded)
    ]
    for name in RELEASE_PLEASE:
        found += [folder for folder in _packages_of(name, find(name) or "") if folder] if name in paths else []
    return list(dict.fromkeys(found))


def _packages_of(name: str, text: str) -> list[str]:
    """Give the folders of release-please's configuration; none of one that is broken."""
    from shipway.project.versions.json_text import parse_json

    try:
        document = parse_json(name, text)
    except ConfigurationError:
        return []
    packages = document.get("packages") if isinstance(document, dict) else None
    return [path.removeprefix("./").strip("/.") for path in packages] if isinstance(packages, dict) else []


def _matches(folder: str, pattern: str) -> bool:
    """Whether a folder is one that a workspace's pattern means: ``packages/*`` is one level, ``**`` any number."""
    parts, wanted = folder.split("/"), pattern.strip("/").removeprefix("./").split("/")
    if "**" in wanted:
        return fnmatchcase(folder, pattern.strip("/").removeprefix("./").replace("**", "*"))
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _looked_for(paths: Collection[str]) -> list[str]:
    """Give the folders with a file of a project, where distributions are usually kept."""
    found: dict[str, None] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        parts = folder.split("/")
        if folder and name in MARKS and len(parts) <= DEEPEST and not any(map(ELSEWHERE.fullmatch, parts)):
            found[folder] = None
    return list(found)


def _named(folders: Collection[str], paths: Collection[str], find: Find) -> Iterator[Package]:
    """Give the folders that hold a distribution, with its name."""
    held = paths if isinstance(paths, (set, frozenset)) else frozenset(paths)
    for folder in folders:
        within = inside(find, folder)
        marks = [name for name in MARKS if (f"{folder}/{name}" if folder else name) in held]
        try:
            if not marks or not _is_distribution(within, marks):
                continue
            name = find_name(_among(within, marks))
        except ConfigurationError:
            continue  # broken, or not UTF-8: it says so itself where it is the one that is meant
        if NAME.fullmatch(name):
            yield Package(name, folder)


def _among(find: Find, marks: list[str]) -> Find:
    """Read a folder's files; one that the commit does not have is not asked for."""
    return lambda path: find(path) if path not in MARKS or path in marks else None


def _is_distribution(find: Find, marks: list[str]) -> bool:
    """Whether a folder's project is built: it has a version or a build back-end, or a setup.py."""
    if "setup.py" in marks:
        return True
    document = _toml(find(PYPROJECT)) if PYPROJECT in marks else {}
    project = find_table(document, "project")
    if project is not None:
        packaged = (find_table(document, "tool", "uv") or {}).get("package")
        return packaged is not False and ("build-system" in document or "version" in project or "dynamic" in project)
    poetry = find_table(document, "tool", "poetry")
    if poetry is not None:
        return poetry.get("package-mode") is not False and "name" in poetry
    return find_table(document, "tool", "flit", "metadata") is not None or "setup.cfg" in marks


def _toml(text: str | None) -> dict[str, Any]:
    """Parse what may be anybody's file; empty where it is broken."""
    try:
        return parse_toml(text or "", PYPROJECT)
    except ConfigurationError:
        return {}


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
