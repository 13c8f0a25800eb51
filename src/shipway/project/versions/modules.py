"""Where a project's modules are, and a version in the one that ``attr`` or a file's name leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shipway.project.files import Find
from shipway.project.versions.contract import require_inside
from shipway.project.versions.python_text import parse_python
from shipway.project.versions.python_version import Reader, Spelled
from shipway.project.versions.written import Place, WrittenVersion
from shipway.release.outcomes import ConfigurationError


def read_attr(attr: str, looked: Sequence[str], find: Find, remedy: str, setting: str) -> WrittenVersion:
    """Give the version of a module's attribute; ``looked`` are the paths that the module can have."""
    name = attr.rpartition(".")[2]
    path = next((path for path in looked if find(path) is not None), None)
    if path is None:
        what = f"the module of attr {attr} is not there"
        raise ConfigurationError(what, why=f"looked for {', '.join(looked)}", remedy=remedy)
    found = Reader(find).read(path, name)
    if found is not None:
        return WrittenVersion("setuptools", found.told, found.places, setting)
    module = parse_python(path, find(path) or "")
    if module.tree is None:
        raise ConfigurationError(f"{path} is broken: {module.problem}", remedy=f"mend {path}")
    what = f"attr {attr} leads to {path}, which does not assign {name} one plain text"
    why = "a release has to write the next version there, so it must not be computed, assigned twice or out of reach"
    remedy = f'write {name} = "1.2.3" into {path}, or name the module that has it: {remedy}'
    raise ConfigurationError(what, why=why, remedy=remedy)


def is_attr(attr: str) -> bool:
    """Whether a text names an attribute of a module."""
    return all(part.isidentifier() for part in attr.split("."))


def read_whole(path: str, find: Find, setting: str) -> Spelled | None:
    """Give the version of a file that holds nothing else."""
    text = find(path)
    if text is None:
        return None
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    place = Place(path, text, start, max(start, len(text.rstrip())), setting)
    return Spelled(place.written, (place,))


def paths_of(module: str, folders: Mapping[str, str], where: Sequence[str], setting: str) -> Iterator[str]:
    """Give the paths that a module can have, likeliest first: by ``package_dir``, then where packages are found."""
    parts = module.split(".") if module else []
    for folder, rest in _folders(parts, folders, where):
        stem = "/".join([*(part for part in folder.split("/") if part not in ("", ".")), *rest])
        paths = [f"{stem}.py"] if rest else []
        for path in [*paths, f"{stem}/__init__.py" if stem else "__init__.py"]:
            yield require_inside(path, setting)


def _folders(parts: list[str], folders: Mapping[str, str], where: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Give the folders to look in, each with the parts of the module's name that are left to find there."""
    for count in range(len(parts), -1, -1):
        folder = folders.get(".".join(parts[:count]))
        if isinstance(folder, str):
            yield folder, parts[count:]
    yield from ((folder, parts) for folder in dict.fromkeys([*where, "src", "lib", ""]))
