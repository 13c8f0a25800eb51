"""workflows: hold the repository's workflows against the templates of this edition, and bring them up to date."""

from __future__ import annotations

from pathlib import Path

from shipway.adopt.presence import find_presence
from shipway.adopt.proposal import write_all
from shipway.adopt.workflows.drift import Workflows
from shipway.commands.screen import Screen
from shipway.commands.workplace import read_settings
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.release.outcomes import BlockedError
from shipway.world.process import Processes


def show_workflows(words: Words, root: Path, screen: Screen) -> None:
    """Show the drift as a diff; with ``--check`` it blocks, with ``--update`` it is mended."""
    settings, processes = read_settings(root, screen.environment), Processes(screen.environment)
    workflows = Workflows(root, settings, find_presence(root), processes)
    if not workflows.written():
        what = f"there is no workflow of Shipway's in {root.name}"
        remedy = command_line("init", front=words.front)
        raise BlockedError(what, why="nothing can be held against the templates", remedy=remedy)
    changed = [proposal for proposal in workflows.propose() if proposal.is_change]
    screen.facts["drifted"] = [proposal.name for proposal in changed]
    for proposal in changed:
        screen.say(proposal.diff())
    if not changed:
        return screen.say(f"{', '.join(workflows.written())}: as this edition writes them.")
    if words.update:
        return screen.say(f"wrote {', '.join(write_all(root, changed))}")
    remedy = command_line("workflows", "--update", front=words.front)
    if words.check:
        what = f"{', '.join(proposal.name for proposal in changed)}: not as this edition writes them"
        raise BlockedError(what, why="workflows that drift break on the day of a release", remedy=remedy)
    return screen.say(f"To bring them up to date: {remedy}")
