"""A subject to sweep, and the course of its clean run: recorded once, by whichever test comes first."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from end_to_end.support import GIT, PYPROJECT, make_project
from shipway.project.configuration import read_configuration
from shipway.rehearsal.sweep.course import Course, record, record_takeover
from shipway.rehearsal.sweep.trial import Subject
from shipway.world.environment import Environment

DROPPED = ("CI", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")


def make_subject(project: Path, flow: str) -> Subject:
    """Give a project as a sweep takes it."""
    own = {name: value for name, value in os.environ.items() if name not in DROPPED}
    environment = Environment({**own, **GIT, "NO_COLOR": "1"})
    configuration = read_configuration(project, environment, None)
    return Subject(project, environment, configuration, flow, ("minor", "--no-gates"))


def recorded(shared: Path, flow: str, *, takeover: bool = False, development: str = "none") -> tuple[Subject, Course]:
    """Give a subject and its course, or that of a takeover; all processes of a test run share what one recorded."""
    home = shared / f"crash-{flow}-{development}"
    home.mkdir(exist_ok=True)
    with FileLock(home / "lock"):
        if not (home / "acme").exists():
            text = f'{PYPROJECT}\n[tool.shipway]\ndevelopment = "{development}"\n'
            make_project(home / "acme", {"pyproject.toml": text})
        subject = make_subject(home / "acme", flow)
        course = _kept(home / "course", lambda: record(subject, home / "made"))
        if takeover:
            whole = course
            course = _kept(home / "takeover", lambda: record_takeover(subject, whole))
    return subject, course


def _kept(place: Path, make: Callable[[], Course]) -> Course:
    """Give what is kept in a file, or make it and keep it there."""
    if not place.exists():
        place.write_bytes(pickle.dumps(make()))
    course = pickle.loads(place.read_bytes())  # noqa: S301 - written a moment ago, by ourselves
    assert isinstance(course, Course)
    return course
