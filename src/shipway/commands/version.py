"""version: the version as it stands, and the one a bump would give."""

from __future__ import annotations

from pathlib import Path

from shipway.commands.screen import Screen
from shipway.parser import Request as Words
from shipway.project.version_source import PYPROJECT, read_name, read_version
from shipway.release.version import next_version


def show_version(words: Words, root: Path, screen: Screen) -> None:
    """Show the version and where it lives, without asking anyone outside this work tree."""
    name, current = read_name(root), read_version(root)
    screen.facts |= {"distribution": name, "version": str(current), "source": f"{PYPROJECT}: [project] version"}
    if words.bump is None:
        screen.say(f"{name} {current}   ({PYPROJECT}, [project] version)")
        return
    following = next_version(current, words.bump, words.pre)
    screen.facts["next"] = str(following)
    screen.say(f"{name} {current} -> {following}")
