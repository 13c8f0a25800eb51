# /// script
# requires-python = ">=3.11"
# dependencies = ["uv>=0.9", "pip"]
# ///
"""Adopt Shipway in public packages by the README's own lines, and print how far each one came.

    python scripts/adopt_packages.py [PACKAGE ...] [--sdists FOLDER]

Each sdist is put under git as its maintainers have it, with a tag. Then come the lines of the README's section "Use it
in yours", word for word, in a virtual environment that holds nothing; then `nox -l`, `inv -l`, `nox -s lint build
check` and `nox -s rehearse -- patch`. Shipway itself is the wheel of the source beside this script.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rehearse_real_packages import GIT, NotReadyError, Package, fetch, last_line, run, unpack
from uv import find_uv_bin

ROOT = Path(__file__).resolve().parents[1]
LEAST = 6
LIMIT = 120.0
TABLE = """\
typing-inspection 0.4.5 7f16c411e7930dc79596d42ab44672a3fe5f60eb34b781a1647e7872363120c7 hatchling static, Makefile, uv.lock, HISTORY.md
cachetools 8.0.1 deb1d376d4d28c2f33f3e3058043b005e0af75c35c094bd54053e27d2906ad95 setuptools attr, tox, CHANGELOG.rst
attrs 26.1.0 d03ceb89cb322a8fd706d4fb91940737b6642aa36998fe130a9bc96c985eff32 hatchling hatch-vcs, towncrier, tox
structlog 26.1.0 f63a716cbd1b1291cf7661de7794b455acfa4c43c5bcf1630e6ad5ddc1adb3b7 hatchling hatch-vcs, Keep a Changelog, tox
pluggy 1.7.0 d1eaa46ebb595891b860ab086b4d09c8588af65ebd4361b8e8f4bb8920b90ba8 setuptools setuptools-scm, towncrier, tox
pytest-mock 3.17.0 e36576e0985e01027e999891e7a966c67822d40c89ef1b4c8b6e22737e3590b4 setuptools setuptools-scm, CHANGELOG.rst, tox
nox 2026.10.20 5da57c009c3dfdd762c068d9079b17966ec967a9eb02cd8ebcf016a946eaf67f hatchling static, noxfile, CHANGELOG.md
towncrier 26.9.0 ace9031631c718cc0709107b8755e6e31350eb8acdc877af43df3177addb9a55 hatchling static, noxfile, towncrier
invoke 3.0.3 437b6a622223824380bfb4e64f612711a6b648c795f565efc8625af66fb57f0c setuptools static, tasks.py
argcomplete 3.7.2 aad8b69a0b9969edb62db0d1752354c0d50717b10e0cbb00e2a958381b9fc6b9 hatchling hatch-vcs, Makefile, Changes.rst
build 1.6.1 51cc11666391ab6f092070437ac747002ff46f3e4113a3622177ee6b488bfc53 flit_core Flit's __version__, towncrier, tox
scriv 1.8.0 7b1a105dd411ac541998250fc8594742419f94cee984ca1257c5ebf5af21918b setuptools literal by scriv, Makefile, tox
humanize 4.17.0 1d6a36c453dbfbb3f0b34601d2e0b4ce5d48d780305cd45714843f0068fde6ac hatchling hatch-vcs, pre-commit, tox
tenacity 9.2.1 a606b5c808d0cded4a359d5b9932d867ff2a6a6b64d37350260fd01bbdf83839 hatchling hatch-vcs, reno
markdown-it-py 4.3.0 91a58fa5b72c71a40cf7177250fd767480d7a2bb3ac426ccfb76fb90305fdaaa flit_core Flit's __version__, CHANGELOG.md, tox
cibuildwheel 4.3.5 43c30292b9ec8d08a8eb3873436e64d4d1434c5dcbc855fb0afbfc69732048f1 hatchling static, noxfile, docs/changelog.md
"""  # noqa: E501 - one row a package
PACKAGES = tuple(Package(*row.split(maxsplit=4)) for row in TABLE.splitlines())
BARE_TAGS = frozenset(
    {"attrs", "structlog", "pluggy", "nox", "towncrier", "build", "scriv", "invoke", "humanize", "tenacity"}
)
"""Packages whose tags are the bare version."""
THEN = ("nox -l", "inv -l", "nox -s lint build check")
"""What is run after the README's lines, of which the last one is the rehearsal."""


@dataclass
class Adoption:
    """How far one package came: seconds of the README's lines, and each command that failed, with its last words."""

    package: Package
    seconds: float = 0.0
    passed: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def readme_lines() -> list[str]:
    """Give the lines that the README says to type."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Use it in yours")[2]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[0].splitlines()


def adopt(package: Package, folder: Path, sdists: Path, wheels: Path) -> Adoption:
    """Type the lines in a package's repository, one after the other."""
    adoption = Adoption(package)
    try:
        source = unpack(fetch(package, sdists), folder / package.name)
        put_under_git(source, package)
    except NotReadyError as error:
        adoption.failed["fetch"] = str(error)
        return adoption
    place = folder / f"{package.name}-venv"
    run([find_uv_bin(), "venv", "--quiet", "--seed", str(place)], cwd=folder)
    variables = environment(place, wheels)
    began = time.monotonic()
    for line in readme_lines():
        if not type_in(line, source, variables, adoption):
            return adoption
    adoption.seconds = time.monotonic() - began
    for line in THEN:
        type_in(line, source, variables, adoption)
    return adoption


def type_in(line: str, source: Path, variables: Mapping[str, str], adoption: Adoption) -> bool:
    """Type a line into a shell; whether it ended well."""
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=source,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode == 0:
        adoption.passed.append(line)
        return True
    adoption.failed[line] = said(done.stdout + done.stderr)
    return False


def said(printed: str) -> str:
    """Give our message with its remedy, or the last line where it is somebody else's."""
    ours = re.search(r"^([a-z ]+: .+)\n(?:  why:.*\n(?: {9}.*\n)*)?  next: (.+)$", printed, re.MULTILINE)
    return f"{ours[1]}; next: {ours[2]}" if ours else last_line(printed)


def put_under_git(source: Path, package: Package) -> None:
    """Commit a source tree as the version that it has, with its tag; nothing is added to it."""
    for words in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", f"Import {package.name} {package.version}"),
        ("tag", package.version if package.name in BARE_TAGS else f"v{package.version}"),
    ):
        done = run(["git", *words], cwd=source)
        if done.returncode != 0:
            raise NotReadyError(f"git {words[0]} failed: {last_line(done.stderr)}")


def environment(place: Path, wheels: Path) -> dict[str, str]:
    """Give a shell's variables: the virtual environment first, and our wheel to be found; nobody is asked."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "SHIPWAY_"))}
    return {
        **kept,
        **GIT,
        "PATH": os.pathsep.join([str(place / "bin"), os.environ["PATH"]]),
        "VIRTUAL_ENV": str(place),
        "PIP_FIND_LINKS": str(wheels),
        "UV_FIND_LINKS": str(wheels),
        "NO_COLOR": "1",
        "CI": "true",
    }


def render(adoptions: Sequence[Adoption]) -> str:
    """Render how far each came as a Markdown table."""
    rows = ["| package | back-end | what it has | README's lines | then |", "|---|---|---|---|---|"]
    for each in adoptions:
        lines = f"{each.seconds:.0f} s" if each.seconds else "stopped"
        then = "; ".join(f"`{line}`: {why}" for line, why in each.failed.items()) or "all passed"
        cells = [f"{each.package.name} {each.package.version}", each.package.backend, each.package.layout, lines, then]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def main() -> int:
    """Adopt in every package (or those named) and print the table; 1 where too few came to the end in time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", nargs="*", help="only these")
    parser.add_argument("--sdists", type=Path, help="keep downloaded sdists here, and take them from here")
    words = parser.parse_args()
    chosen = [package for package in PACKAGES if not words.package or package.name in words.package]
    with tempfile.TemporaryDirectory(prefix="adopt-packages-") as name:
        folder = Path(name)
        sdists, wheels = (words.sdists or folder / "sdists").resolve(), folder / "wheels"
        sdists.mkdir(parents=True, exist_ok=True)
        subprocess.run([find_uv_bin(), "build", "--quiet", "--wheel", "--out-dir", str(wheels), str(ROOT)], check=True)
        adoptions = []
        for package in chosen:
            print(f"{package.name} {package.version}", file=sys.stderr, flush=True)
            adoptions.append(adopt(package, folder, sdists, wheels))
            print(render(adoptions[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    print(render(adoptions))
    reached = sum(not each.failed and each.seconds <= LIMIT for each in adoptions)
    return 0 if reached >= min(LEAST, len(chosen)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
