"""changelog: show what the next version would tell, add an entry, or judge what a pull request and the files tell."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shipway.parser import Request as Words
from shipway.project.changelog import find_changelog
from shipway.release.outcomes import BlockedError, UsageError
from shipway.world.git import Git
from shipway.world.process import Processes

if TYPE_CHECKING:
    from shipway.commands.screen import Screen
    from shipway.project.changelogs.contract import Changelog

MOST_SHOWN = 50


def run_changelog(words: Words, root: Path, screen: Screen) -> None:
    """Show what the next version will tell; ``add TYPE TEXT`` adds to it, ``check`` and ``lint`` judge it."""
    git = Git(root, Processes(screen.environment))
    changelog = find_changelog(git)
    screen.facts |= {"changelog": changelog.kind}
    match words.words[:1]:
        case ("add",):
            _add(words, changelog, screen)
        case ("check",):
            _check(words, changelog, git, screen)
        case ("lint",):
            _lint(changelog, git, screen)
        case _:
            _show(changelog, git, screen)


def _add(words: Words, changelog: Changelog, screen: Screen) -> None:
    given = words.words[1:]
    if not given and sys.stdin.isatty() and sys.stdout.isatty():
        given = (input("kind of change: ").strip(), input("what changed, for users: ").strip())
    name = changelog.add(given, words.issue or "", words.front)
    screen.facts["fragment"] = name
    screen.say(f"wrote {name}")


def _check(words: Words, changelog: Changelog, git: Git, screen: Screen) -> None:
    from shipway.project.changelogs.checks import TITLE, Asked, check_pull_request, find_base

    _require_no_more(words)
    title = screen.environment.find(TITLE) or ""
    said = check_pull_request(changelog, Asked(git, find_base(git, words.since or _target(git, screen)), title))
    screen.say(said)


def _target(git: Git, screen: Screen) -> str:
    """Give the branch that a pull request goes to: as CI says, else the configured one."""
    from shipway.project.settings import read_setting

    environment = screen.environment
    remote, branch = (str(read_setting(git.root, environment, name)) for name in ("remote", "branch"))
    return f"{remote}/{environment.find('GITHUB_BASE_REF') or branch}"


def _lint(changelog: Changelog, git: Git, screen: Screen) -> None:
    from shipway.project.changelogs.checks import lint

    problems = lint(changelog, git)
    screen.facts["problems"] = problems
    if not problems:
        screen.say("nothing is wrong with the changelog")
        return
    more = [f"and {len(problems) - MOST_SHOWN} more"] if len(problems) > MOST_SHOWN else []
    for problem in (*problems[:MOST_SHOWN], *more):
        screen.say(problem)
    what = "1 thing is wrong" if len(problems) == 1 else f"{len(problems)} things are wrong"
    raise BlockedError(f"{what} with the changelog", why=problems[0], remedy="mend what is named, and commit")


def _require_no_more(words: Words) -> None:
    if len(words.words) > 1:
        what = f"{words.words[0]} takes no word {words.words[1]!r}"
        raise UsageError(what, remedy="name the branch to compare with as --since REF")


def _show(changelog: Changelog, git: Git, screen: Screen) -> None:
    from shipway.project.base import require_whole
    from shipway.project.changelogs.contract import Span
    from shipway.project.line import read_own_line
    from shipway.world.clock import Clock

    require_whole(git)
    line = read_own_line(git)
    last = max((version for version in line.releases if not version.is_prerelease), default=None)
    preview = changelog.preview(Span(line.commit_of(last), "HEAD"), line.current, Clock().now().date())
    for remark in preview.remarks:
        screen.say(remark)
    screen.facts |= {"notes": preview.notes, "entries": preview.entries}
    screen.say(preview.notes or f"Nothing is noted yet. To add an entry: {changelog.advice}")
