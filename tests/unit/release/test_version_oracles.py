"""Against oracles: ``uv version --bump`` over a grid of versions and requests, and packaging's own ordering."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from shipway.release.decision import Policy, Standing, decide
from shipway.release.outcomes import ReleaseError
from shipway.release.request import Request
from shipway.world.installer import find_uv

DOCS = Path(__file__).parents[3] / "docs" / "bumping.md"
KINDS = {"a": "alpha", "b": "beta", "rc": "rc", "dev": "dev", "post": "post"}
REFUSED = "refused"

VERSIONS = ["1.2.3", "1.2", "1.2.3.4", "1!1.2.3", "1.2.3.post1", "1.2.3+local", "1.0.0rc2", "1.3.0.dev1"]
MORE_VERSIONS = [
    *("0.0.0", "0.1.0", "1", "24.1.0", "2.0.0rc1", "1.3.1rc1", "1.3.0a2"),
    *("1.3.0b1.dev2", "1.0.0rc1.dev2", "1.2.3.post2.dev1"),
]
REQUESTS = ["major", "minor", "patch", "final", "--pre a", "--pre rc", "--pre dev", "--pre post", "minor --pre rc"]
MORE_REQUESTS = ["--pre b", "major --pre a", "patch --pre b", "patch --pre rc", "minor --pre dev", "patch --pre dev"]


def ours(version: str, words: str) -> str:
    """Give what we make of a version that is out, with nothing else known."""
    level, _, pre = words.partition("--pre ")
    standing = Standing(Version(version), Version(version), [Version(version)], date(2024, 5, 3))
    try:
        return str(decide(Request(level.strip(), pre or None), standing, "", Policy()).version)
    except ReleaseError:
        return REFUSED


def uvs(folder: Path, version: str, words: str) -> str:
    """Give what uv makes of it."""
    level, _, pre = words.partition("--pre ")
    bumps = [{"final": "stable"}.get(level.strip(), level.strip()), KINDS.get(pre, "")]
    (folder / "pyproject.toml").write_text(f'[project]\nname = "x"\nversion = "{version}"\n')
    program = find_uv()
    assert program is not None
    words_of_uv = [word for bump in bumps if bump for word in ("--bump", bump)]
    command = [program, "version", "--frozen", "--dry-run", "--short", "--offline", "--no-config", *words_of_uv]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else REFUSED


def documented() -> dict[tuple[str, str], tuple[str, str]]:
    """Read the table of differences in the documentation."""
    rows = re.findall(
        r"^\| `([^`]+)` \| `([^`]+)` \| `?([^`|]+?)`? \| `?([^`|]+?)`? \|", DOCS.read_text(), re.MULTILINE
    )
    return {(version, words): (our, other) for version, words, our, other in rows}


def differences(folder: Path, versions: list[str], requests: list[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Give where we and uv disagree."""
    found = {}
    for version in versions:
        for words in requests:
            pair = ours(version, words), uvs(folder, version, words)
            if pair[0] != pair[1]:
                found[version, words] = pair
    return found


def test_every_difference_to_uv_is_in_the_documentation(tmp_path: Path) -> None:
    known = {key: pair for key, pair in documented().items() if key[0] in VERSIONS and key[1] in REQUESTS}
    assert differences(tmp_path, VERSIONS, REQUESTS) == known


@pytest.mark.long
def test_every_difference_to_uv_on_a_larger_grid_is_in_the_documentation(tmp_path: Path) -> None:
    versions, requests = VERSIONS + MORE_VERSIONS, REQUESTS + MORE_REQUESTS
    assert differences(tmp_path, versions, requests) == documented()
