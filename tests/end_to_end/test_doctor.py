"""The doctor in each broken state: it names that state, its remedy mends it, and it is never kinder than the plan."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from end_to_end.doctor_states import MORE, STATES, State, clear, settings, typed
from end_to_end.support import World, git, make_project, open_world, parse_command
from shipway.adopt.doctor.finding import LEVELS, Finding
from shipway.adopt.doctor.reading import Reader
from shipway.adopt.doctor.table import look_at
from shipway.commands.dispatch import run_command
from shipway.commands.screen import Screen
from shipway.commands.workplace import open_workplace
from shipway.parser import Request
from shipway.release.claim import Claim, Owner
from shipway.release.outcomes import ReleaseError
from shipway.release.request import Request as PlanRequest
from shipway.steps.plan import Planner
from shipway.world.environment import Environment
from shipway.world.git import Won
from unit.evidence_support import FILES
from world.index_support import make_wheel

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
OF_THE_PLAN = {
    *("remote", "history", "branch", "in step", "unfinished", "index", "takes uploads", "version", "landed"),
    *("fragments", "plan"),
}
"""Checks that a plan would be refused by, too; what the others name stops a release later."""

Look = dict[str, Finding]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give one world for all states: each is mended before the next one."""
    project = make_project(tmp_path_factory.mktemp("doctor") / "acme")
    with open_world(project, python=PYTHON) as world:
        yield world


def examine(world: World) -> Look:
    """Look at everything, in this process; give the answers by the checks' names."""
    place = open_workplace(world.clone, Environment(world.variables))
    reader = Reader(place.root, place.configuration, place.doors, place.handover, place.register)
    return {name: finding for _, name, finding in look_at(reader.read())}


def plan(world: World) -> ReleaseError | None:
    """Plan in this process; give what it is refused by."""
    try:
        run_here(world, Request("plan", bump="minor"))
    except ReleaseError as error:
        return error
    return None


def run_here(world: World, words: Request) -> None:
    """Run a command in this process."""
    environment = Environment(world.variables)
    run_command(words, world.clone, environment, Screen(words.command, environment))


def require_agreement(found: Look, refused: ReleaseError | None) -> None:
    """Hold the doctor against the plan: what refuses that is told, and nothing else is told to refuse it."""
    told = {finding.what: finding.level for finding in sorted(found.values(), key=_weight)}
    if refused is None:
        assert [name for name in OF_THE_PLAN if found[name].level == "blocks"] == []
    elif "work tree" in refused.what:
        assert told[refused.what] == "advice"
    else:
        assert told[refused.what] in ("blocks", "unknown" if refused.code == 14 else "advice"), refused


def _weight(finding: Finding) -> int:
    return -LEVELS.index(finding.level)


@pytest.mark.parametrize("states", STATES.values(), ids=STATES)
def test_the_doctor_names_a_state_and_its_remedy_mends_it(world: World, states: Sequence[State]) -> None:
    require_named_and_mended(world, states)


@pytest.mark.long
@pytest.mark.parametrize("states", MORE.values(), ids=MORE)
def test_the_doctor_names_more_states_and_their_remedies_mend_them(world: World, states: Sequence[State]) -> None:
    require_named_and_mended(world, states)


def require_named_and_mended(world: World, states: Sequence[State]) -> None:
    """Break, look, hold it against the plan, do as the remedies say, and look again."""
    for state in states:
        state.breaks(world)
    try:
        found = examine(world)
        for state in states:
            named = found[state.check]
            assert (named.level, state.says in named.what, state.remedy in named.remedy) == (state.level, True, True), (
                named
            )
        require_agreement(found, plan(world))
        for state in states:
            if state.mends is None:
                typed(world, found[state.check])
            else:
                state.mends(world)
        mended = examine(world)
        assert {state.check: mended[state.check].level for state in states} == {state.check: "fine" for state in states}
    finally:
        clear(world)


def test_a_shallow_clone_is_named_and_mended(world: World) -> None:
    shallow = World(world.stage, world.clone.parent / "shallow", world.variables)
    world.commit({"deep.txt": "deep\n"})
    git(world.clone.parent, "clone", "--quiet", "--depth", "1", f"file://{world.bare}", str(shallow.clone))
    git(shallow.clone, "remote", "set-url", "origin", world.stage.remote_url)
    found = examine(shallow)
    assert found["history"].level == "blocks"
    require_agreement(found, plan(shallow))
    typed(shallow, found["history"])
    assert examine(shallow)["history"].level == "fine"


def test_a_version_that_the_index_has_is_named_as_the_plan_names_it(world: World, tmp_path: Path) -> None:
    version = examine(world)["plan"].what.split()[0]
    wheel = make_wheel(tmp_path, version=version)
    world.stage.index.add_foreign_file(wheel.name, wheel.read_bytes())
    try:
        found = examine(world)
        assert (found["untagged"].level, version in found["untagged"].what) == ("advice", True)
        assert (found["plan"].level, f"{version} is on the index already" in found["plan"].what) == ("blocks", True)
        assert found["plan"].remedy.startswith("nox -s release -- ")
        assert found["name"].level == "unknown"
        require_agreement(found, plan(world))
    finally:
        world.stage.index.store.delete(wheel.name)


def test_a_fit_repository_ends_with_zero_and_one_document(world: World) -> None:
    told = world.run("doctor", "--json")
    document = json.loads(told.stdout)
    assert (told.returncode, document["schema"], document["outcome"]) == (0, 1, "done"), told.stderr
    assert document["counts"]["blocks"] == 0
    assert {check["level"] for check in document["checks"]} <= {*document["counts"]}
    assert sum(document["counts"].values()) == len(document["checks"])


def test_a_block_ends_with_twelve_the_reason_and_the_remedy(world: World) -> None:
    world.stage.forge.switches.refuse_pull_requests = True
    try:
        done = world.run("doctor")
    finally:
        settings(world)
    assert done.returncode == 12
    assert "\x1b" not in done.stdout
    *_, last = (line for line in done.stdout.splitlines() if line and not line.startswith("  "))
    assert "1 would stop a release" in last
    assert "allow GitHub Actions to create pull requests" in done.stdout


def test_a_broken_configuration_is_one_row_and_the_rest_is_not_looked_at(world: World) -> None:
    done = world.run("doctor", SHIPWAY_FLOW="sideways")
    assert done.returncode == 12, done.stdout + done.stderr
    assert "sideways" in done.stdout
    assert "not looked at" in done.stdout


def test_a_release_that_is_under_way_is_named_and_giving_it_up_mends_it(world: World) -> None:
    begin(world)
    try:
        before = world.snapshot()
        found = examine(world)
        assert (found["unfinished"].level, found["plan"].level) == ("blocks", "not applicable")
        words = parse_command(shlex.split(found["unfinished"].remedy))
        assert (words.bump, words.resume) == ("minor", True) if isinstance(words, Request) else False
        assert found["register"].level == "fine"
        refused = plan(world)
        assert refused is not None
        assert refused.name == "held"
        assert world.snapshot() == before
        run_here(world, Request("abandon", yes=True, resume=True))
        assert examine(world)["unfinished"].level == "fine"
    finally:
        clear(world)


def begin(world: World) -> None:
    """Have somebody elsewhere claim the next release."""
    place = open_workplace(world.clone, Environment(world.variables))
    register = place.register()
    assert register is not None
    made = Planner(place.root, place.configuration, place.doors).plan(PlanRequest("minor"))
    claim = Claim(made, made.base, FILES, "claimed", Owner("n" * 32, "Alice", made.date))
    assert register.swap("", register.write(claim, {}, "")) == Won()


def test_looking_changes_nothing_here_and_nothing_there(world: World) -> None:
    before = world.everything()
    assert world.run("doctor").returncode == 0
    assert world.everything() == before
