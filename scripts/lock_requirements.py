"""Pin everything that Shipway runs on and is tested with, by version and digest, into ``requirements/``.

    python scripts/lock_requirements.py [--upgrade]

One file a dependency group, and ``shipway.txt`` for what Shipway itself needs. The files install from whatever index
is set up, because they name none.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
GROUPS = ("lint", "typecheck", "tests")
COMMON = (
    "--universal",
    "--python-version=3.10",
    "--generate-hashes",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--custom-compile-command=python scripts/lock_requirements.py",
    "--quiet",
)


def sources_of(name: str) -> list[str]:
    """Give what a file is compiled from: Shipway's own needs, a group's, or both where a session installs both."""
    if name == "shipway":
        return ["pyproject.toml"]
    return ["--group", name] if name == "lint" else ["pyproject.toml", "--group", name]


def main() -> None:
    """Write every file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="move to the newest versions")
    more = ["--upgrade"] if parser.parse_args().upgrade else []
    for name in ("shipway", *GROUPS):
        output = f"requirements/{name}.txt"
        argv = [find_uv_bin(), "pip", "compile", *sources_of(name), *COMMON, *more, "--output-file", output]
        subprocess.run(argv, cwd=ROOT, check=True)
        print(f"wrote {output}")


if __name__ == "__main__":
    main()
