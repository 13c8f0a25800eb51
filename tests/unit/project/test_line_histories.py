"""The last release before every release of histories made by chance, in four ways of working with branches."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packaging.version import Version

from unit.project.line_support import make_history

STYLES = ("on the trunk", "squashed", "git-flow", "on branches of their own")


@dataclass
class Made:
    """A history in the making: its rows, what the files say at each commit, and every release with its parent."""

    chance: random.Random
    rows: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    releases: list[tuple[Version, str]] = field(default_factory=list)
    week: float = 0.0

    def commit(self, *parents: str, version: str = "", release: bool = False) -> str:
        """Add a commit, whose files say what those of its last parent say, or another version."""
        name = f"c{len(self.rows)}"
        self.week += self.chance.choice([0.02, 0.1, 0.3, 0.6])
        tag = f" = v{version}" if release else ""
        self.rows.append(f"{name}{' < ' * bool(parents)}{' '.join(parents)}{tag} @ {self.week:.3f}")
        self.written[name] = version or self.written[parents[-1]]
        if release:
            self.releases.append((Version(version), parents[-1]))
        return name

    def commits(self, tip: str, fewest: int, most: int) -> str:
        """Add some commits after another."""
        for _ in range(self.chance.randint(fewest, most)):
            tip = self.commit(tip)
        return tip


def make(style: str, seed: int) -> Made:
    """Make a history: a trunk with minor versions, and branches that mend them."""
    made = Made(random.Random(seed))  # noqa: S311 - a history by chance, the same each time
    trunk, minor, branches = made.commit(version="0.0.0"), 0, dict[int, tuple[str, int]]()
    for _ in range(made.chance.randint(6, 14)):
        trunk = made.commits(trunk, 1, 6)
        if made.chance.random() < 0.55 or not branches:
            minor += 1
            trunk, branches[minor] = release(made, style, trunk, minor, branches.get(minor - 1, (trunk, 0))[0])
        elif style != "git-flow":
            mended = made.chance.choice([*branches])
            tip, patch = branches[mended]
            tip = made.commit(made.commits(tip, 1, 5), version=f"1.{mended}.{patch + 1}", release=True)
            branches[mended] = tip, patch + 1
    return made


def release(made: Made, style: str, trunk: str, minor: int, before: str) -> tuple[str, tuple[str, int]]:
    """Make a minor release in one of the styles: gives the trunk's new tip, and the branch that can mend it."""
    version = f"1.{minor}.0"
    if style == "on the trunk":
        tip = made.commit(trunk, version=version, release=True)
        return tip, (tip, 0)
    if style == "squashed":
        tip = made.commit(made.commits(trunk, 0, 2), version=version, release=True)
        return made.commit(made.commits(trunk, 0, 1), version=version), (tip, 0)
    if style == "git-flow":
        tip = made.commit(*dict.fromkeys([before, trunk]), version=version, release=True)
        return made.commit(trunk, version=version), (tip, 0)
    tip = made.commits(made.commit(trunk, version=f"{version}.dev0"), 0, 4)
    tip = made.commit(tip, version=version, release=True)
    return made.commit(trunk, version=f"1.{minor + 1}.0.dev0"), (tip, 0)


def check(folder: Path, style: str, seed: int) -> None:
    """Stand before each release: the last one is the highest of those made earlier, of its own minor if it mends."""
    made = make(style, seed)
    history = make_history(folder, "\n".join(made.rows))
    for place, (version, parent) in enumerate(made.releases):
        earlier = [one for one, _ in made.releases[:place] if one < version]
        own = [one for one in earlier if one.release[:2] == version.release[:2]] if version.micro else earlier
        wanted = str(max(own)) if own else None
        assert history.last(parent, made.written[parent]) == wanted, (style, seed, version)
        assert history.last(parent) == wanted, (style, seed, version)


@pytest.mark.parametrize("style", STYLES)
def test_before_every_release_the_last_one_is_found(tmp_path: Path, style: str) -> None:
    check(tmp_path, style, 1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 22))
@pytest.mark.parametrize("style", STYLES)
def test_before_every_release_of_more_histories_the_last_one_is_found(tmp_path: Path, style: str, seed: int) -> None:
    check(tmp_path, style, seed)
