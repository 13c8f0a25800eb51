"""status: where the release stands, by looking at the world and changing nothing."""

from __future__ import annotations

from shipway.commands.planning import all_done
from shipway.commands.release import Releasing
from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.flows import settlement_steps
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.version_source import read_name, read_version
from shipway.release.version import last_release


def show_status(words: Words, place: Workplace, screen: Screen) -> None:
    """Show each step's state of the release that is under way, or what was released last."""
    plan = place.handover.find_plan()
    if plan is None:
        _show_rest(place, screen)
        return
    releasing = Releasing(words, place, screen)
    releasing.show(plan)
    candidate = releasing.maker(plan).find()
    rerun = command_line("release", *plan.words(), front=words.front)
    if candidate is None:
        screen.say(f"Nothing is built or shared yet. To go on: {rerun}")
        return
    found = releasing.engine(plan).look(settlement_steps(releasing.settlement(candidate)))
    screen.facts["released"] = all_done(found)
    screen.say(f"{plan.version} is out." if all_done(found) else f"To go on: {rerun}")


def _show_rest(place: Workplace, screen: Screen) -> None:
    """Say what is there when no release is under way."""
    refs = place.doors.git.remote_refs("refs/tags/*")
    tags = [ref.removeprefix("refs/tags/") for ref in refs if not ref.endswith("^{}")]
    last = last_release(tags, place.configuration.tag_format)
    name, version = read_name(place.root), read_version(place.root)
    screen.facts |= {"version": str(version), "previous": str(last) if last else None}
    screen.say(f"{name} {version}; last release: {last or 'none'}; no release is under way here")
    screen.say(f"To see what one would be: {command_line('plan', 'minor')}")
