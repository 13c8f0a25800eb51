"""The sweep itself: it kills everything, tells what it did not reach, sees failure, and stops when it is told to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from crash.crash_support import make_subject, recorded
from end_to_end.support import SOURCE, make_project
from shipway.rehearsal.sweep.events import Event, Point
from shipway.rehearsal.sweep.sweep import Result, Sweep
from shipway.rehearsal.sweep.table import has_converged, render_summary, render_sweep
from shipway.rehearsal.sweep.trace import read_trace
from shipway.rehearsal.sweep.witness import kill_group, require_gone
from shipway.world.clock import Clock

FAMILY = """
import subprocess, sys
with subprocess.Popen([sys.executable, "-c", "print('born', flush=True); input()"], stdin=sys.stdin) as child:
    child.wait()
"""


@contextmanager
def family() -> Iterator[int]:
    """Start a process group of a parent and its child; give its number when both run."""
    argv = [sys.executable, "-c", FAMILY]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(argv, start_new_session=True, **pipes) as parent:  # type: ignore[call-overload]
        assert parent.stdout.readline() == b"born\n"
        yield parent.pid
        assert parent.wait() < 0


def test_nothing_of_a_killed_process_group_runs_on() -> None:
    with family() as group:
        os.killpg(group, 0)
        kill_group(group)
        require_gone(group)


def test_a_point_that_never_comes_is_told_as_not_reached(shared: Path) -> None:
    subject, course = recorded(shared, "direct")
    case = replace(course.cases[-1], point=Point(Event("git", "git never"), "before"))
    result = Sweep(subject, course.expected).try_case(case)
    assert result.verdict == "not reached"
    assert not has_converged([result])
    assert render_summary([result]) == "1 event, 1 release killed and run again; converged: 0, 1 not reached"


def test_a_release_that_comes_to_something_else_is_told_as_failed(shared: Path) -> None:
    subject, course = recorded(shared, "direct")
    expected = replace(course.expected, version="9.9.9")
    result = Sweep(subject, expected).try_case(course.cases[-1])
    assert result.verdict == "failed"
    assert not has_converged([result])
    told = "\n".join(render_sweep([result]))
    assert "1.3.0 was released as v1.3.0, not 9.9.9 as v1.3.0" in told
    assert f"failed: {course.cases[-1]}" in told
    assert "FAIL" in told


def test_a_sweep_of_nothing_has_not_converged() -> None:
    assert not has_converged([])


@pytest.mark.long
def test_whatever_stops_a_sweep_stops_its_releases(shared: Path) -> None:
    subject, course = recorded(shared, "direct")
    sweep, groups, clock = Sweep(subject, course.expected, workers=2), list[int](), Clock()

    def interrupt(result: Result) -> None:
        del result
        while not groups:
            traces = [path for trial in tuple(sweep.open) for path in trial.stage.clone.parent.glob("trace-*.jsonl")]
            groups.extend(group for path in traces if (group := read_trace(path).group) is not None)
            clock.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep.run(course.cases, interrupt)
    assert sweep.open == set()
    for group in groups:
        require_gone(group)


@pytest.mark.long
def test_a_maintainer_sees_their_own_release_survive(tmp_path: Path) -> None:
    project = make_project(tmp_path / "acme")
    variables = make_subject(project, "direct").environment.variables
    only = {"SHIPWAY_SWEEP_ONLY": "after PATCH /releases/N #1", "PYTHONPATH": str(SOURCE)}
    argv = [sys.executable, "-m", "shipway", "--front", "nox", "rehearse", "minor", "--kill", "--json"]
    done = subprocess.run(argv, cwd=project, env={**variables, **only}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads(done.stdout)
    assert document["summary"] == "1 event, 3 releases killed and run again; converged: all"
    assert [case["verdict"] for case in document["cases"]] == ["converged"] * 3
    for words in ("Nothing real is touched.", "forge-release  PATCH /releases/N #1", document["summary"]):
        assert words in done.stderr
