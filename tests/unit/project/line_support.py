"""Small histories, written as a list: one commit a row, made at once by git's own importer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from shipway.project.line import Line, read_line, read_line_at
from shipway.release.tagnames import TagRule
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

WEEK = 7 * 24 * 60 * 60
START = 1_600_000_000
ANY = TagRule(strict=False)


def environment() -> dict[str, str]:
    """Give the variables with which git reads nobody's settings."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C"}


@dataclass(frozen=True)
class History:
    """A repository, and the name of each of its commits."""

    git: Git
    commits: dict[str, str]

    def line(self, name: str, written: str | None = None, rule: TagRule = ANY) -> Line:
        """Give the line of a commit by its name, as it is seen standing there."""
        return read_line_at(self.git, self.commits[name], Version(written) if written else None, rule)

    def last(self, name: str, written: str | None = None) -> str | None:
        """Give the last release before a commit, of any kind."""
        return str(max(self.line(name, written).versions, default=None) or "") or None

    def at_the_tip(self, name: str, written: str | None = None, rule: TagRule = ANY) -> Line:
        """Give the line of a commit that is the tip of the remote's branch."""
        rows = self.git.read("show-ref", "--tags", "--dereference").splitlines()
        refs = {ref: held for held, ref in (row.split(" ", 1) for row in rows)}
        return read_line(self.git, refs, self.commits[name], Version(written) if written else None, rule)


def make_history(folder: Path, text: str) -> History:
    """Make a repository of rows ``NAME [< PARENT..] [= TAG..] [@ WEEK]``.

    The parent is the row above, the week the row's own number; a tag with a ``+`` before it is annotated.
    """
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True, env=environment())
    stream = "".join(_import(text))
    command = ["git", "-C", str(folder), "fast-import", "--quiet", "--export-marks=marks"]
    subprocess.run(command, input=stream.encode(), check=True, env=environment())
    marks = dict(line.split() for line in (folder / "marks").read_text().splitlines())
    names = [row.split()[0] for row in _rows(text)]
    commits = {name: marks[f":{number}"] for number, name in enumerate(names, start=1)}
    return History(Git(folder, Processes(Environment(environment()))), commits)


def _rows(text: str) -> list[str]:
    return [row for row in map(str.strip, text.strip().splitlines()) if row]


def _import(text: str) -> Iterator[str]:
    known: dict[str, int] = {}
    for number, row in enumerate(_rows(text), start=1):
        rest, _, week = row.partition(" @ ")
        rest, _, tags = rest.partition(" = ")
        name, _, parents = rest.partition(" < ")
        date = START + round(float(week or number) * WEEK)
        known[name.strip()] = number
        yield f"commit refs/heads/all\nmark :{number}\ncommitter A <a@example.org> {date} +0000\n"
        yield f"data {len(name)}\n{name}\n"
        yield from (f"{'merge' if place else 'from'} :{known[one]}\n" for place, one in enumerate(parents.split()))
        if not parents and number > 1:
            yield f"from :{number - 1}\n"
        yield f"M 100644 inline {name.strip()}\ndata 1\nx\n"
        for tag in tags.split():
            plain = tag.removeprefix("+")
            if plain == tag:
                yield f"reset refs/tags/{tag}\nfrom :{number}\n\n"
            else:
                yield f"tag {plain}\nfrom :{number}\ntagger A <a@example.org> {START + 999 * WEEK} +0000\ndata 1\nx\n"
