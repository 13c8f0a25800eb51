"""Which body belongs to which command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from shipway.commands.elsewhere import find_or_clone, find_root
from shipway.parser import Request as Words
from shipway.world.process import Processes

if TYPE_CHECKING:  # a command imports what it needs: all together would take longer than most commands
    from shipway.commands.screen import Screen
    from shipway.commands.workplace import Workplace
    from shipway.world.environment import Environment


def run_command(words: Words, folder: Path, environment: Environment, screen: Screen) -> None:
    """Run one command in the repository around ``folder``; raises its outcome, unless that is success."""
    root = find_root(find_or_clone(folder, environment), Processes(environment))
    if words.deepen:
        _deepen(root, environment)
    body = _find_body(words)
    if body is not None:
        return body(words, root, screen)
    from shipway.project.handover import Handover

    screen.handover = Handover(root)
    if words.command == "doctor":
        from shipway.commands.doctor import run_doctor

        return run_doctor(root, environment, screen, words.front)
    from shipway.commands.workplace import open_workplace

    return _work(words, open_workplace(root, environment), screen)


def _deepen(root: Path, environment: Environment) -> None:
    """Make a shallow clone whole, before anything is asked of its history."""
    from shipway.project.line import deepen
    from shipway.project.settings import read_setting
    from shipway.world.git import Git

    deepen(Git(root, Processes(environment), str(read_setting(root, environment, "remote"))))


def _find_body(words: Words) -> Callable[[Words, Path, Screen], None] | None:
    """Import the body of a command that looks at nothing but the folder, and leaves no outcome in it."""
    match words.command:
        case "changelog":
            from shipway.commands.changelog import run_changelog as body
        case "init":
            from shipway.commands.init import init as body
        case "plan" if words.json:
            from shipway.commands.forecast import show_forecast as body
        case "matrix":
            from shipway.commands.matrix import print_matrix as body
        case "rehearse":
            return _find_rehearsal(words)
        case "vendor":
            from shipway.commands.vendor import vendor as body
        case "version":
            from shipway.commands.version import show_version as body
        case "workflows":
            from shipway.commands.workflows import show_workflows as body
        case _:
            return None
    return body


def _find_rehearsal(words: Words) -> Callable[[Words, Path, Screen], None]:
    """Import what rehearses: one release, all points at which it can die, or one fault."""
    if words.kill:
        from shipway.commands.rehearse_kill import rehearse_kill as body
    elif words.fault is not None:
        from shipway.commands.rehearse_fault import rehearse_fault as body
    else:
        from shipway.commands.rehearse import rehearse as body
    return body


def _work(words: Words, place: Workplace, screen: Screen) -> None:
    """Run a command that works with every door, when it is its turn."""
    if words.command == "status":
        from shipway.commands.status import show_status

        return show_status(words, place, screen)
    if words.command == "verify":
        from shipway.commands.verify import verify

        return verify(words, place, screen)
    from shipway.project.turn import take_turn

    screen.handover = None  # until it is our turn, journal and outcome are another run's
    with take_turn(place.handover, place.doors.clock.now().isoformat()):
        screen.handover = place.handover
        if words.command == "abandon":
            from shipway.commands.abandon import abandon

            return abandon(words, place, screen)
        return _release(words, place, screen)


def _release(words: Words, place: Workplace, screen: Screen) -> None:
    from shipway.commands.release import Releasing
    from shipway.commands.standalone import Standalone

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
    from shipway.commands.holding import Holding

    hold = Holding(words, place, screen).look()
    return hold is not None and hold.claim is not None and not hold.claim.is_done


def _is_planned(place: Workplace) -> bool:
    """Whether a plan for this very HEAD is there to work on."""
    plan = place.handover.find_plan()
    return plan is not None and plan.base == place.doors.git.find_commit("HEAD")
