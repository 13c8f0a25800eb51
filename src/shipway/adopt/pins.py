"""Pins: what the workflows install, by version and digest, for jobs in which nothing unforeseen may run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from shipway.release.outcomes import ToolError, UnavailableError
from shipway.world.installer import find_uv
from shipway.world.process import Processes, tail

UPLOADERS = {"twine": ("twine",), "uv": ("uv",), "external": ()}
PUBLISH_NEEDS = ("filelock", "packaging", "requests", "rich", "tomli; python_version < '3.11'", "tomlkit", "urllib3")
"""What a run that only publishes imports, besides the program that uploads."""
REACH = (
    "connect to the network, or name a private index in UV_DEFAULT_INDEX, or a folder with the wheels in UV_FIND_LINKS"
)
"""What lets uv find what is to be pinned."""
COMMON = (
    "--universal",
    "--python-version=3.10",
    "--generate-hashes",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)


def compile_pins(needs: Sequence[str], root: Path, processes: Processes) -> str:
    """Have uv resolve needs to versions and digests (requirements of pip, PEP 508); the text names no index.

    Raises `UnavailableError` where an index does not answer or lacks one of them, `ToolError` without uv.
    """
    uv = find_uv()
    if uv is None:
        raise ToolError("pins need uv, which is not installed", remedy="python -m pip install uv")
    asked = "".join(f"{need}\n" for need in needs)
    done = processes.run([uv, "pip", "compile", *COMMON, "-"], cwd=root, stdin=asked, check=False)
    if done.code != 0:
        why = processes.environment.redact(tail(done.stderr))
        raise UnavailableError("what the workflows install could not be pinned", why=why, remedy=REACH)
    return done.stdout


def select_publish_pins(pins: str, publisher: str, root: Path, processes: Processes) -> str:
    """Keep of the pins of all jobs those that the job which publishes needs, Shipway's own among them."""
    thin = compile_pins((*PUBLISH_NEEDS, *UPLOADERS[publisher]), root, processes)
    return select_pins(pins, {"shipway", *names_of(thin)})


def select_pins(pins: str, names: Collection[str]) -> str:
    """Keep of compiled pins the ones of these names, as they are."""
    return "".join(block for block in _blocks(pins) if _name(block) in names)


def names_of(pins: str) -> set[str]:
    """Name what is pinned, normalised as uv writes it."""
    return {_name(block) for block in _blocks(pins)}


def _blocks(pins: str) -> list[str]:
    """Split pins into one text each: a line with the version, and those with its digests."""
    blocks: list[str] = []
    for line in pins.splitlines(keepends=True):
        if line[:1].isspace() and blocks:
            blocks[-1] += line
        elif line.strip() and not line.startswith("#"):
            blocks.append(line)
    return blocks


def _name(block: str) -> str:
    return block.partition("==")[0].strip()
