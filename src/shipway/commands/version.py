"""version: the version as it stands, and the one a bump would give."""

from __future__ import annotations

from pathlib import Path

from shipway.commands.screen import Screen
from shipway.parser import Request as Words
from shipway.project.files import in_folder
from shipway.project.line import read_current
from shipway.project.pyproject import read_name
from shipway.project.version_source import find_version_source
from shipway.release.version import next_version
from shipway.world.git import Git
from shipway.world.process import Processes


def show_version(words: Words, root: Path, screen: Screen) -> None:
    """Show the version and where it lives, without asking anyone outside this work tree."""
    git = Git(root, Processes(screen.environment))
    name, current, source = read_name(root), read_current(git), find_version_source(in_folder(root))
    screen.facts |= {"distribution": name, "version": str(current), "kind": source.kind, "source": source.place}
    if words.bump is None:
        screen.say(f"{name} {current}   ({source.place})")
        return
    following = next_version(current, words.bump, words.pre)
    screen.facts["next"] = str(following)
    screen.say(f"{name} {current} -> {following}")
