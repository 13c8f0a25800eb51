"""version: the version as it stands, and the one a bump would give."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shipway.commands.screen import Screen
from shipway.parser import Request as Words
from shipway.project.base import require_whole
from shipway.project.outlook import AUTOMATIC, Outlook, open_outlook
from shipway.release.outcomes import ReleaseError
from shipway.world.git import Git
from shipway.world.process import Processes

if TYPE_CHECKING:
    from shipway.project.changelogs.contract import Content


def show_version(words: Words, root: Path, screen: Screen) -> None:
    """Show the version and where it lives, without asking anyone outside this work tree."""
    outlook = open_outlook(Git(root, Processes(screen.environment)), words.package, words.bump, words.pre)
    name, source = outlook.name, outlook.source
    current = source.read() or outlook.line.current
    screen.facts |= {"distribution": name, "version": str(current), "kind": source.kind, "source": source.place}
    if outlook.request is None:
        screen.say(f"{name} {current}   ({source.place})")
        return
    require_whole(outlook.git)
    decision = outlook.decide(_read_content(outlook))
    screen.facts |= {"next": str(decision.version), "bump": decision.bump, "remarks": list(decision.remarks)}
    screen.say(f"{name} {current} -> {decision.version}")
    for remark in decision.remarks:
        screen.say(f"  {remark}")


def _read_content(outlook: Outlook) -> Content | None:
    """Read what the next version holds; None where that cannot be read, and other words than ``auto`` do without it."""
    if outlook.request is not None and outlook.request.bump != AUTOMATIC:
        with suppress(ReleaseError):
            return outlook.content
        return None
    with outlook.counting() as counted:
        _ = outlook.standing, outlook.policy  # git walks meanwhile
        return counted()
