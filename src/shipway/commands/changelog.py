"""changelog: show the unreleased notes, or add a fragment."""

from __future__ import annotations

from pathlib import Path

from shipway.changelog.sections import body_of, is_empty
from shipway.commands.screen import Screen
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.fragments import add_fragment, list_fragments
from shipway.project.towncrier import Towncrier, draft_command, find_towncrier
from shipway.project.version_source import PYPROJECT, read_version
from shipway.release.outcomes import ConfigurationError, UsageError
from shipway.world.clock import Clock
from shipway.world.process import Processes


def run_changelog(words: Words, root: Path, screen: Screen) -> None:
    """Show what the next version will tell, or with ``add TYPE TEXT`` write a fragment."""
    towncrier = find_towncrier(root)
    if towncrier is None:
        remedy = f'add [tool.towncrier] with directory = "changelog.d" to {PYPROJECT}'
        raise ConfigurationError("towncrier is not configured", remedy=remedy)
    if words.words:
        _add(words, towncrier, screen)
    else:
        _show(towncrier, root, screen)


def _add(words: Words, towncrier: Towncrier, screen: Screen) -> None:
    if len(words.words) != 3:
        example = command_line("changelog", "add", towncrier.words[0], "What changed.", front=words.front)
        raise UsageError("add takes a type and a text", why=f"types: {', '.join(towncrier.words)}", remedy=example)
    _, kind, text = words.words
    path = add_fragment(towncrier, kind, text, words.issue or "")
    name = path.relative_to(towncrier.root).as_posix()
    screen.facts["fragment"] = name
    screen.say(f"wrote {name}")


def _show(towncrier: Towncrier, root: Path, screen: Screen) -> None:
    listing = list_fragments(towncrier)
    for misnamed in listing.misnamed:
        screen.say(f"{misnamed.path.relative_to(root)} would be left out: {misnamed.why}")
    argv = draft_command(read_version(root), Clock().now().date())
    notes = body_of(Processes(screen.environment).run(argv, cwd=root).stdout, read_version(root))
    empty = is_empty(notes)
    screen.facts |= {"notes": "" if empty else notes, "fragments": len(listing.fragments)}
    add = command_line("changelog", "add", towncrier.words[0], "What changed.")
    screen.say(f"Nothing is noted yet. To add an entry: {add}" if empty else notes)
