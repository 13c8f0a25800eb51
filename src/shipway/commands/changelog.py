"""changelog: show what the next version would tell, or add an entry."""

from __future__ import annotations

from pathlib import Path

from packaging.version import Version

from shipway.commands.screen import Screen
from shipway.parser import Request as Words
from shipway.project.changelog import require_changelog
from shipway.project.changelogs.contract import Changelog, Span
from shipway.project.line import Line, read_own_line
from shipway.world.clock import Clock
from shipway.world.git import Git
from shipway.world.process import Processes


def run_changelog(words: Words, root: Path, screen: Screen) -> None:
    """Show what the next version will tell, or with ``add TYPE TEXT`` add an entry."""
    git = Git(root, Processes(screen.environment))
    changelog = require_changelog(git)
    if words.words:
        _add(words, changelog, screen)
    else:
        _show(changelog, git, screen)


def _add(words: Words, changelog: Changelog, screen: Screen) -> None:
    name = changelog.add(words.words[1:], words.issue or "", words.front)
    screen.facts["fragment"] = name
    screen.say(f"wrote {name}")


def _show(changelog: Changelog, git: Git, screen: Screen) -> None:
    line = read_own_line(git)
    span = Span(line.commit_of(_last_final(line)), "HEAD")
    preview = changelog.preview(span, line.current, Clock().now().date())
    for remark in preview.remarks:
        screen.say(remark)
    screen.facts |= {"changelog": changelog.kind, "notes": preview.notes, "entries": preview.entries}
    screen.say(preview.notes or f"Nothing is noted yet. To add an entry: {changelog.advice}")


def _last_final(line: Line) -> Version | None:
    """Give the last release that the next version is compared with."""
    return max((version for version in line.releases if not version.is_prerelease), default=None)
