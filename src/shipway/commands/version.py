"""version: the version as it stands, and the one a bump would give."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from pathlib import Path

from shipway.commands.screen import Screen
from shipway.parser import Request as Words
from shipway.project.outlook import open_outlook
from shipway.release.outcomes import ReleaseError
from shipway.world.git import Git
from shipway.world.process import Processes


def show_version(words: Words, root: Path, screen: Screen) -> None:
    """Show the version and where it lives, without asking anyone outside this work tree."""
    outlook = open_outlook(Git(root, Processes(screen.environment)), words.package, words.bump, words.pre)
    name, source = outlook.name, outlook.source
    current = source.read() or outlook.line.current
    screen.facts |= {"distribution": name, "version": str(current), "kind": source.kind, "source": source.place}
    if outlook.request is None:
        screen.say(f"{name} {current}   ({source.place})")
        return
    from shipway.release.decision import AUTO

    content = None
    with nullcontext() if outlook.request.bump == AUTO else suppress(ReleaseError):  # other words do without it
        content = outlook.content
    decision = outlook.decide(content)
    screen.facts |= {"next": str(decision.version), "bump": decision.bump, "remarks": list(decision.remarks)}
    screen.say(f"{name} {current} -> {decision.version}")
    for remark in decision.remarks:
        screen.say(f"  {remark}")
