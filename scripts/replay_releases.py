# /// script
# requires-python = ">=3.10"
# dependencies = ["packaging>=25", "tomli>=2", "tomlkit>=0.13", "towncrier>=24.8"]
# ///
"""Ask at the commit before each past release of a repository what comes next, and hold that against what came.

``python scripts/replay_releases.py REPOSITORY [--last 20] [--package NAME] [--json]``

The repository is cloned to a temporary folder, and nobody else is asked; what answers is the source beside this script,
by ``plan auto --json``. A version that ``auto`` does not give is asked for by itself, as a person would have done, so
that previous release and notes can be held against the truth all the same. Notes are held against the section that the
release's own commit has for it, entry by entry, by their first letters.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packaging.version import Version

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from shipway.changelog.sections import find_section
from shipway.project.line import Line, read_own_line
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

SOURCE = Path(__file__).resolve().parents[1] / "src"
ENTRY = re.compile(r"^[ \t]*[-*+][ \t]+(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|`([^`<]*)[^`]*`_*|\(?#[0-9]+\)?")
HASH = re.compile(r"\b[0-9a-f]{7,40}\b")
ENOUGH = 30
"""How many letters of an entry have to be the same."""


@dataclass(frozen=True)
class Answer:
    """What was said before one release: ``auto`` is the version or "", ``found`` of ``published`` entries were told."""

    version: str
    auto: str
    previous: str
    expected: str
    kind: str
    system: str
    found: int
    published: int
    blocks: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether ``auto`` gave the version, after the right one."""
        return self.auto == self.version and self.previous == self.expected

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        entries = f"{self.found} of {self.published}" if self.published else ""
        said = "" if self.is_right else "; ".join(self.blocks)[:90]
        return (self.version, self.auto or "undecided", self.previous, self.kind, self.system, entries, said)


def main() -> int:
    """Replay the releases of one repository, and print what was said."""
    words = read_words()
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "clone"
        git(Path.cwd(), "clone", "--quiet", "--no-hardlinks", str(words.repository.resolve()), str(clone))
        line = read_own_line(Git(clone, Processes(Environment())))
        finals = [version for version in sorted(line.releases) if not version.is_prerelease]
        asked = [
            version
            for version in finals
            if git(clone, "rev-parse", "--verify", f"{line.releases[version]}^", check=False)
        ]
        answers = [ask(clone, line, version, words.package) for version in asked[-words.last :]]
    if not answers:
        print(f"no release of this line is tagged in {words.repository}: git fetch --tags", file=sys.stderr)
    elif words.json:
        print(json.dumps([asdict(answer) for answer in answers], indent=2))
    else:
        print_table(answers)
    return 0 if answers else 1


def read_words() -> argparse.Namespace:
    """Read the command's words."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path, help="a clone with its tags")
    parser.add_argument("--last", type=int, default=20, help="how many releases, the newest ones (20)")
    parser.add_argument("--package", default="", help="one of several distributions")
    parser.add_argument("--json", action="store_true", help="print every answer as JSON")
    return parser.parse_args()


def ask(clone: Path, line: Line, version: Version, package: str) -> Answer:
    """Stand before a release, and ask."""
    commit = line.releases[version]
    git(clone, "checkout", "--quiet", "--force", "--detach", f"{commit}^")
    git(clone, "clean", "--force", "-d", "-x", "--quiet")
    auto = plan(clone, "auto", package)
    told = auto if auto.get("version") == str(version) else plan(clone, str(version), package)
    file = (told.get("changelog") or {}).get("file") or ""
    entries = read_entries(find_section(git(clone, "show", f"{commit}:{file}", check=False), version) or "")
    notes = plain(told.get("notes") or "")
    before = line.last_before(version, final=True)
    return Answer(
        str(version),
        auto.get("version") or "",
        (told.get("previous") or {}).get("version") or "",
        str(before) if before else "",
        (auto.get("version_source") or {}).get("kind") or "",
        (auto.get("changelog") or {}).get("system") or "",
        sum(entry in notes for entry in entries),
        len(entries),
        tuple(block["what"] for block in auto.get("blocks", ())),
    )


def plan(clone: Path, word: str, package: str) -> dict[str, Any]:
    """Ask for one plan; what fails is told as what blocks."""
    argv = [sys.executable, "-m", "shipway", "plan", word, "--json", *(["--package", package] if package else [])]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(argv, cwd=clone, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {"blocks": [{"what": (done.stderr or done.stdout).strip()[-200:]}]}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def read_entries(section: str) -> list[str]:
    """Give the entries of a section by their first letters."""
    return [text for found in ENTRY.finditer(section) if (text := plain(found[1])[:ENOUGH])]


def plain(text: str) -> str:
    """Give the letters and numbers of a text, without links, numbers of issues, and ids of commits."""
    bare = LINK.sub(lambda found: found[1] or found[2] or "", text)
    return "".join(letter for letter in HASH.sub("", bare).lower() if letter.isalnum())


def git(folder: Path, *words: str, check: bool = True) -> str:
    """Run git, and give what it printed; nothing where it may fail and did."""
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=check)
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def print_table(answers: Sequence[Answer]) -> None:
    """Print a row for each release, and the sum."""
    head = ("version", "auto says", "after", "version source", "changelog", "entries", "")
    rows = [head, *(answer.cells for answer in answers)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    right, told = sum(one.is_right for one in answers), sum(one.found for one in answers)
    print(
        f"\n{right} of {len(answers)} right; {told} of {sum(one.published for one in answers)} published entries told"
    )


if __name__ == "__main__":
    raise SystemExit(main())
