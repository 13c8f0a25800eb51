"""The version that ``setup.py`` hands to ``setup()``: a text of its own, or one that it reads in the package.

What reads a file is not understood, only where it reads: of the files that setup.py names, and then of the likely
modules of the package, the first with one plain version is it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from packaging.version import InvalidVersion, Version

from shipway.project.files import Find
from shipway.project.versions.contract import VersionSource, require_inside
from shipway.project.versions.modules import read_whole
from shipway.project.versions.names import name_elsewhere
from shipway.project.versions.python_text import parse_python
from shipway.project.versions.python_version import TEXTS, Reader, Spelled
from shipway.project.versions.setup_call import SETUP_PY, SetupCall, read_setup_call
from shipway.project.versions.written import Place, WrittenVersion
from shipway.release.outcomes import ConfigurationError

if TYPE_CHECKING:
    import ast

KIND = "setup.py"
MODULES = (
    "__init__",
    "_version",
    "__version__",
    "version",
    "__about__",
    "about",
    "__meta__",
    "_meta",
    "release",
    "__pkginfo__",
)
LIKELY = (*TEXTS[:4], "__versionstr__")
"""What a module that may be anybody's calls its version."""
MOST_IMPORTS = 30
REMEDY = f'write version="1.2.3" into the setup() of {SETUP_PY}, or [project] with a version into pyproject.toml'


def find_setup_py(pyproject: dict[str, Any], find: Find) -> VersionSource | None:
    """Find the version that ``setup.py`` tells; `ConfigurationError` where it makes it up in an unknown way."""
    call = read_setup_call(find)
    if call is None:
        return None
    value = call.arguments.get("version")
    if call.module.tree is None:
        return _by_lines(call) or _searched(pyproject, call, find)
    if value is None:
        return None
    reader = Reader(find, loose=True)
    for given in (value, call.returned_by(value)):
        found = reader.read_value(call.module, given, "version of setup()") if given is not None else None
        if found is not None and _is_version(found.told):
            return WrittenVersion(KIND, found.told, found.places, f"setup() in {SETUP_PY}")
    source = _called(call, value, find) or _searched(pyproject, call, find)
    if source is None:
        what = f"{SETUP_PY} computes the version, and no file that it names has it as one plain text"
        raise ConfigurationError(what, why="a release has to write the next version there", remedy=REMEDY)
    return source


def find_likely(name: str, find: Find, folders: tuple[str, ...] = ("src/", "", "lib/", "python/")) -> Spelled | None:
    """Find the version in the likely modules of a distribution, by its name."""
    reader = Reader(find, loose=True)
    for stem in _stems(name):
        for folder in folders:
            is_folder = find(f"{folder}{stem}/__init__.py") is not None
            found = find_inside(f"{folder}{stem}", find) if is_folder else _read_module(reader, f"{folder}{stem}.py")
            if found is not None:
                return found
    return None


def find_inside(folder: str, find: Find) -> Spelled | None:
    """Find the version in the likely modules of a package, by its folder."""
    reader = Reader(find, loose=True)
    found = (_read_module(reader, f"{folder}/{module}.py") for module in MODULES)
    return next((one for one in found if one is not None), None)


def _by_lines(call: SetupCall) -> VersionSource | None:
    """Give the version of a setup.py that cannot be parsed: the one line that hands a text over."""
    found = call.lines("version") or call.module.lines("version") or call.module.lines("__version__")
    if len(found) != 1:
        return None
    told, span = found[0]
    place = Place(SETUP_PY, call.module.text, *span, "version of setup()")
    return WrittenVersion(KIND, told, (place,))


def _called(call: SetupCall, value: ast.expr, find: Find) -> VersionSource | None:
    """Give the version of ``version=read_version("acme", "about.py")``: by the texts of that very call."""
    import ast

    joined = [text for node in ast.walk(value) for text in call.texts_of(node)]
    texts = dict.fromkeys([*joined, *filter(None, map(call.plain, ast.walk(value)))])
    reader = Reader(find, loose=True)
    for text in texts:
        stem = text.strip("/").removeprefix("./")
        dotted = stem.replace(".", "/") if re.fullmatch(r"[\w.]+", stem) else stem
        paths = [stem] if "." in stem or "/" in stem or stem.isupper() else []
        if re.fullmatch(r"[\w/]+", dotted):
            paths += [f"{folder}{dotted}{end}" for folder in ("", "src/") for end in ("/__init__.py", ".py")]
        for path in paths[:6]:
            found = _read_file(reader, path)
            if found is not None:
                return WrittenVersion(KIND, found.told, found.places, f"read by {SETUP_PY}")
    return None


def _searched(pyproject: dict[str, Any], call: SetupCall, find: Find) -> VersionSource | None:
    """Give the version of the first file that setup.py names, or of a likely module of the package."""
    reader = Reader(find, loose=True)
    for path in [*call.paths(), *_named_by_neighbours(call, find)]:
        found = _read_file(reader, path) or _read_file(reader, f"src/{path}")
        if found is not None:
            return WrittenVersion(KIND, found.told, found.places, f"read by {SETUP_PY}")
    name = name_elsewhere(pyproject, find)
    found = (find_likely(name, find) if name else None) or _read_module(reader, SETUP_PY)
    return WrittenVersion(KIND, found.told, found.places, f"read by {SETUP_PY}") if found else None


def _named_by_neighbours(call: SetupCall, find: Find) -> Iterator[str]:
    """Give the files that modules beside setup.py name, which it imports for its own use."""
    for imported in list(call.module.imported.values())[:MOST_IMPORTS]:
        name = imported.module.partition(".")[0]
        text = find(f"{name}.py") if name not in ("", "setup", "setuptools") else None
        if text is not None:
            yield from SetupCall(parse_python(f"{name}.py", text)).paths()


def _read_file(reader: Reader, path: str) -> Spelled | None:
    """Give the version of a module, or of a file that is nothing but one."""
    if not _is_path(path) or path == SETUP_PY:
        return None
    if path.endswith(".py"):
        return _read_module(reader, path)
    if path.endswith((".toml", ".json")):
        return _read_other(reader.find, path)
    found = read_whole(path, reader.find, "the whole file")
    return found if found is not None and _is_version(found.told) else None


def _read_other(find: Find, path: str) -> Spelled | None:
    """Give the version of a crate or of a Node package that setup.py reads."""
    if find(path) is None or path.rpartition("/")[2] not in ("Cargo.toml", "package.json"):
        return None
    if path.endswith(".json"):
        from shipway.project.versions.json_text import json_place

        place = json_place(path, find(path), ("version",))
        return Spelled(place.written, (place,))
    from shipway.project.versions.cargo import read_crate

    return Spelled(*read_crate(path, find))


def _read_module(reader: Reader, path: str) -> Spelled | None:
    """Give the version of a module that may be anybody's: one that cannot be read has none."""
    with suppress(ConfigurationError):
        for name in LIKELY if _is_path(path) and reader.find(path) is not None else ():
            found = reader.read(path, name)
            if found is not None and _is_version(found.told):
                return found
    return None


def _stems(name: str) -> Iterator[str]:
    """Give the folders that a distribution's package can have, by its name."""
    plain = re.sub(r"[-.]+", "_", name)
    short = re.sub(r"^(?:python|py)[-_.]?|[-_.](?:python|py)$", "", name, flags=re.IGNORECASE)
    forms = (
        plain,
        plain.lower(),
        name.replace(".", "/").replace("-", "_"),
        name.replace("-", "/").lower(),
        short.replace("-", "_").lower(),
        plain.replace("_", "").lower(),
    )
    yield from dict.fromkeys(form for form in forms if form)


def _is_path(path: str) -> bool:
    try:
        require_inside(path, SETUP_PY)
    except ConfigurationError:
        return False
    return True


def _is_version(text: str) -> bool:
    try:
        return bool(Version(text))
    except InvalidVersion:
        return False
