"""gates on its own: for what is in the work tree, and one table of all cells at the end."""

from __future__ import annotations

from shipway.commands.screen import Screen
from shipway.commands.workplace import Workplace
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.sessions import Sessions
from shipway.steps.gates import Gates, Report, render_table


def pass_gates(words: Words, place: Workplace, screen: Screen) -> None:
    """Pass all gates; what CI knows of a commit says nothing about a work tree that differs from it."""
    git = place.doors.git
    forge = None if git.changed_paths() else place.doors.forge
    sessions = Sessions(place.root, place.handover, place.doors.processes)
    again = command_line("gates", front=words.front)
    report = Gates(git.find_commit("HEAD") or "", again, sessions, forge).pass_all()
    place.handover.tidy()
    show_cells(report, screen)


def show_cells(report: Report, screen: Screen) -> None:
    """Show the table of the cells, and hand it over as JSON."""
    seconds = report.get("seconds", {})
    screen.facts["gates"] = [
        {"name": name, "result": result, "seconds": seconds.get(name)}
        for name, result in report.get("results", {}).items()
    ]
    screen.say(render_table(report))
