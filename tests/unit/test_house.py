"""The house of docs/architecture.md: who may import whom, which door leads outside, and how big a room may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "shipway"

ROOMS = (
    "grammar",
    "release",
    "parser",
    "changelog",
    "world",
    "project",
    "steps",
    "flows",
    "candidates",
    "engine",
    "rehearsal",
    "timeline",
    "adopt",
    "commands",
    "fronts",
    "__init__",
    "__main__",
)
"""From the lowest room up: each may import from itself and from what stands before it."""

MODULES = sorted(SOURCE.rglob("*.py"))
PURE = ("grammar", "release", "parser", "changelog")
IMPURE = {"subprocess", "socket", "requests", "urllib", "http", "os", "time", "random", "shutil", "tempfile"}
DOORS = {
    "subprocess": {"world/process.py", "rehearsal/forge/git.py"},
    "requests": {"world/http.py", "world/http_exchange.py"},
    "nox": {
        f"fronts/{name}.py"
        for name in ("nox", "child", "code", "coverage", "once", "testing", "tools", "wheel", "words")
    },
    "invoke": {"fronts/invoke.py", "__init__.py"},  # the latter for its types alone
}


def name_of(path: Path) -> str:
    """Give a module's file as people write it, from the top of the package."""
    return path.relative_to(SOURCE).as_posix()


def room_of(name: str) -> str:
    """Give the room of a module: its folder, or itself where it stands at the top."""
    return name.split("/", maxsplit=1)[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    """Give every module that a file imports, also the late ones and those for types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_rooms(path: Path) -> set[str]:
    """Give the rooms that a module imports from."""
    parts = [name.split(".") for name in imports_of(path) if name.startswith("shipway.")]
    return {part[1] for part in parts if part[1] in ROOMS}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_from_rooms_below_it(path: Path) -> None:
    floor = ROOMS.index(room_of(name_of(path)))
    above = {room for room in own_rooms(path) if ROOMS.index(room) > floor}
    assert not above, f"{name_of(path)} reaches up to {above}"


@pytest.mark.parametrize("path", sorted((SOURCE / "steps").glob("*.py")), ids=name_of)
def test_a_step_never_imports_another_step(path: Path) -> None:
    siblings = {name for name in imports_of(path) if name.startswith("shipway.steps.")}
    assert {name for name in siblings if not name.startswith("shipway.steps.contract")} == set()


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(name_of(p)) in PURE], ids=name_of)
def test_a_pure_room_reaches_nothing_outside(path: Path) -> None:
    assert {name.split(".")[0] for name in imports_of(path)} & IMPURE == set()


@pytest.mark.parametrize("module", DOORS)
def test_each_way_outside_has_one_door(module: str) -> None:
    users = {name_of(path) for path in MODULES if module in {name.split(".")[0] for name in imports_of(path)}}
    assert users == DOORS[module] & users
    assert users, f"nobody uses {module}: the door is gone"


def test_only_the_environment_door_reads_variables() -> None:
    readers = {name_of(path) for path in MODULES if "os.environ" in path.read_text(encoding="utf-8")}
    assert readers == {"world/environment.py"}


def test_only_the_clock_tells_the_time() -> None:
    tellers = {name_of(path) for path in MODULES if "time" in set(imports_of(path))}
    assert tellers == {"world/clock.py"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert (ast.get_docstring(ast.parse(text)) or "").splitlines()[0].endswith((".", ":"))
    assert len(text.splitlines()) <= 300


def test_importing_shipway_acts_on_nothing_and_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    heavy = ("nox", "invoke", "requests", "rich", "tomlkit")
    code = f"import shipway, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(SOURCE.parent)}, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")
