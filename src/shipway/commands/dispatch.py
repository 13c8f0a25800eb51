"""Which body belongs to which command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from shipway.commands.abandon import abandon
from shipway.commands.changelog import run_changelog
from shipway.commands.elsewhere import find_or_clone
from shipway.commands.holding import Holding
from shipway.commands.init import init
from shipway.commands.matrix import print_matrix
from shipway.commands.release import Releasing
from shipway.commands.screen import Screen
from shipway.commands.standalone import Standalone
from shipway.commands.status import show_status
from shipway.commands.vendor import vendor
from shipway.commands.verify import verify
from shipway.commands.version import show_version
from shipway.commands.workflows import show_workflows
from shipway.commands.workplace import Workplace, find_root, open_workplace
from shipway.parser import Request as Words
from shipway.project.handover import Handover
from shipway.project.turn import take_turn
from shipway.world.environment import Environment
from shipway.world.process import Processes


def run_command(words: Words, folder: Path, environment: Environment, screen: Screen) -> None:
    """Run one command in the repository around ``folder``; raises its outcome, unless that is success."""
    root = find_root(find_or_clone(folder, environment), Processes(environment))
    simple = IN_THE_FOLDER.get(words.command)
    if simple is not None:
        return simple(words, root, screen)
    if words.command == "matrix":
        return print_matrix(root, screen)
    screen.handover = Handover(root)
    if words.command == "doctor":
        from shipway.commands.doctor import run_doctor

        return run_doctor(root, environment, screen, words.front)
    place = open_workplace(root, environment)
    if words.command == "status":
        return show_status(words, place, screen)
    if words.command == "verify":
        return verify(words, place, screen)
    screen.handover = None  # until it is our turn, journal and outcome are another run's
    with take_turn(place.handover, place.doors.clock.now().isoformat()):
        screen.handover = place.handover
        return abandon(words, place, screen) if words.command == "abandon" else _release(words, place, screen)


def _rehearse(words: Words, root: Path, screen: Screen) -> None:
    if words.kill:
        from shipway.commands.rehearse_kill import rehearse_kill

        return rehearse_kill(words, root, screen)
    if words.fault is not None:
        from shipway.commands.rehearse_fault import rehearse_fault

        return rehearse_fault(words, root, screen)
    from shipway.commands.rehearse import rehearse

    return rehearse(words, root, screen)


IN_THE_FOLDER: Mapping[str, Callable[[Words, Path, Screen], None]] = {
    "changelog": run_changelog,
    "init": init,
    "rehearse": _rehearse,
    "vendor": vendor,
    "version": show_version,
    "workflows": show_workflows,
}
"""The commands that look at nothing but the folder, and leave no outcome in it."""


def _release(words: Words, place: Workplace, screen: Screen) -> None:
    releasing = Releasing(words, place, screen)
    step = words.only or (None if words.command == "release" else words.command)
    if step is None:
        return releasing.release()
    if step == "plan":
        return releasing.plan()
    alone = Standalone(words, place, screen).find(step)
    if alone is not None and not words.bump and not _is_planned(place) and not _is_claimed(step, words, place, screen):
        return alone()
    return releasing.step(step)


def _is_claimed(step: str, words: Words, place: Workplace, screen: Screen) -> bool:
    """Whether a step that others can see belongs to a release that is under way, wherever that was begun."""
    if step not in ("publish", "tag"):
        return False
    hold = Holding(words, place, screen).look()
    return hold is not None and hold.claim is not None and not hold.claim.is_done


def _is_planned(place: Workplace) -> bool:
    """Whether a plan for this very HEAD is there to work on."""
    plan = place.handover.find_plan()
    return plan is not None and plan.base == place.doors.git.find_commit("HEAD")
