"""The sample of the crash sweep: each step of both flows is killed once before an event of it, and once after one.

All events, in every way, with two real back-ends: ``python scripts/sweep.py`` (docs/crash-sweep.md).
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from crash.crash_support import recorded
from shipway.flows import CANDIDATE, FLOWS
from shipway.rehearsal.sweep.course import Case, Course
from shipway.rehearsal.sweep.events import WHENS, When
from shipway.rehearsal.sweep.sweep import Sweep
from shipway.rehearsal.sweep.table import render_sweep
from shipway.steps.develop import Develop

WITHOUT_EVENTS = {"plan"}
"""Steps that are no entry of the journal while they act: what the plan writes comes before the first of them."""

TAKEOVER: tuple[tuple[str, When, str], ...] = (
    (".release/plan.json", "after", "a"),
    (".release/dist", "before", "b"),
    (".release/nonces", "after", "b"),
    ("POST /git-receive-pack: move refs/shipway/acme-widgets/main", "after", "a"),
)
"""What another maintainer does first who goes on with somebody's release: brings it here, and claims it."""


def sampled() -> list[tuple[str, str, When, str]]:
    """Give flow, step, when and way of the sample: for each step one before and one after, in both ways by turns."""
    found = []
    for number, flow in enumerate(FLOWS):
        settled = (step.name for step in FLOWS[flow] if step is not Develop)
        steps = ["", *(name for name in CANDIDATE if name not in WITHOUT_EVENTS), *settled]
        ways = {"before": "ab"[number], "after": "ba"[number]}
        found += [(flow, step, when, ways[when]) for step, when in product(steps, WHENS)]
    return found


def parted() -> list[ParameterSet]:
    """Give the sample in two parts: a step of both flows is killed before in the one and after in the other, first."""
    first = {"publish-first": "before", "direct": "after"}
    common = {step.name for step in FLOWS["direct"]} & {step.name for step in FLOWS["publish-first"]} | {"", *CANDIDATE}
    marks = [
        () if when == first[flow] or step not in common else (pytest.mark.long,) for flow, step, when, _ in sampled()
    ]
    return [pytest.param(*words, marks=mark) for words, mark in zip(sampled(), marks, strict=True)]


def pick(course: Course, step: str, when: When, way: str) -> Case:
    """Give the case that stands for a step: before its first event, after its last one."""
    fitting = [
        case for case in course.cases if (case.point.event.step, case.point.when, str(case.way)) == (step, when, way)
    ]
    assert fitting, f"{step} has no boundary event"
    return fitting[0 if when == "before" else -1]


@pytest.mark.parametrize(("flow", "step", "when", "way"), parted())
def test_a_release_killed_at_a_step_converges(shared: Path, flow: str, step: str, when: When, way: str) -> None:
    subject, course = recorded(shared, flow)
    case = pick(course, step, when, way)
    result = Sweep(subject, course.expected).try_case(case)
    assert result.verdict == "converged", "\n".join(render_sweep([result]))


@pytest.mark.long
@pytest.mark.parametrize(("flow", "when"), [*product(FLOWS, WHENS)])
def test_a_release_killed_while_the_next_development_version_begins_converges(
    shared: Path, flow: str, when: When
) -> None:
    subject, course = recorded(shared, flow, development="minor")
    for way in "ab":
        result = Sweep(subject, course.expected).try_case(pick(course, Develop.name, when, way))
        assert result.verdict == "converged", "\n".join(render_sweep([result]))


@pytest.mark.long
@pytest.mark.parametrize(("event", "when", "way"), TAKEOVER)
def test_whoever_takes_over_from_a_dead_run_may_die_too(shared: Path, event: str, when: When, way: str) -> None:
    subject, course = recorded(shared, "publish-first", takeover=True)
    [case] = [case for case in course.cases if str(case) == f"{way} {when} {event} #1 of a takeover"]
    result = Sweep(subject, course.expected).try_case(case)
    assert result.verdict == "converged", "\n".join(render_sweep([result]))


@pytest.mark.parametrize("flow", FLOWS)
def test_a_clean_run_has_as_many_events_as_a_sweep_is_worth(shared: Path, flow: str) -> None:
    _, course = recorded(shared, flow)
    assert len(course.events) >= 40
    assert len(course.cases) >= 160
    assert {event.step for event in course.events} >= {step.name for step in FLOWS[flow] if step is not Develop}
    assert course.split < len(course.events), "a release from a made candidate goes another way than a whole one"
