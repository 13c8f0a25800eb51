"""doctor: everything that makes releases fail on the day, looked at before the day; nothing is changed anywhere."""

from __future__ import annotations

from pathlib import Path

from shipway.adopt.doctor.finding import Finding, judge
from shipway.adopt.doctor.reading import Reader
from shipway.adopt.doctor.rendering import Answers, as_facts, count, render_rows, render_summary
from shipway.adopt.doctor.table import look_at
from shipway.commands.screen import Screen
from shipway.commands.workplace import open_workplace
from shipway.release.outcomes import BlockedError, ConfigurationError
from shipway.world.environment import Environment


def run_doctor(root: Path, environment: Environment, screen: Screen, front: str) -> None:
    """Show every check's answer; raises `BlockedError` where one of them would stop a release."""
    answers = _look(root, environment)
    for text, style in render_rows(answers, front):
        screen.say(text, style)
    counts = count(answers)
    screen.facts |= {"counts": counts, "checks": as_facts(answers, front)}
    worst = next((finding for _, _, finding in answers if finding.level == "blocks"), None)
    if worst is not None:
        raise BlockedError(render_summary(counts), why=worst.what, remedy=worst.remedy)
    screen.say(render_summary(counts))


def _look(root: Path, environment: Environment) -> Answers:
    try:
        place = open_workplace(root, environment)
    except ConfigurationError as error:
        rest = Finding("unknown", "not looked at", "the rest needs the configuration", error.remedy)
        return [("project", "configuration", judge(error, "")), ("", "everything else", rest)]
    return look_at(Reader(place.root, place.configuration, place.doors, place.handover, place.register).read())
