"""The grammar: its table hangs together, and the commands it builds are the ones to type."""

from __future__ import annotations

import shlex

import pytest

from shipway import grammar
from shipway.grammar import CODE_SESSIONS, COMMANDS, STEPS, closest, command_line, find_command, is_bump, respell
from shipway.parser import Request, parse
from shipway.release import version
from shipway.release.outcomes import UsageError


def test_the_words_for_versions_are_those_of_the_version_module() -> None:
    assert (grammar.LEVELS, grammar.PRES) == (version.LEVELS, version.PRES)


def test_names_are_unique() -> None:
    names = [command.name for command in (*CODE_SESSIONS, *COMMANDS)]
    assert len(names) == len(set(names))


def test_summaries_are_one_short_sentence() -> None:
    for command in (*CODE_SESSIONS, *COMMANDS):
        assert command.summary.endswith(".")
        assert "\n" not in command.summary
        assert len(command.summary) <= 78, command.name


def test_every_step_is_a_command_and_accepts_every_option_of_a_release() -> None:
    release = find_command("release")
    assert release is not None
    assert [command.name for command in COMMANDS if command.step] == list(STEPS)
    wanted = {parameter.name for parameter in release.parameters}
    for command in COMMANDS:
        if command.step or command.name == "status":
            more = {"package"} if command.name == "plan" else set()
            assert {p.name for p in (*command.parameters, *command.tolerated)} == wanted | more, command.name


def test_every_parameter_is_a_field_of_a_request() -> None:
    fields = set(Request._fields)
    assert {parameter.field for command in COMMANDS for parameter in command.parameters} <= fields


@pytest.mark.parametrize(
    ("front", "words", "line"),
    [
        ("nox", ("release", "minor", "--only", "tag"), "nox -s release -- minor --only tag"),
        ("nox", ("status",), "nox -s status"),
        ("nox", ("confirm", "minor"), "nox -s release -- minor --only confirm"),
        ("nox:ship-", ("release", "minor"), "nox -s ship-release -- minor"),
        ("invoke", ("release", "minor", "--only", "tag"), "inv release minor --only tag"),
        ("invoke", ("build", "minor", "--yes"), "inv build --bump minor --yes"),
        ("invoke", ("changelog", "add", "fixed", "It's done."), "inv changelog.add fixed 'It'\"'\"'s done.'"),
        ("invoke", ("changelog", "check", "--since", "main"), "inv changelog.check --since main"),
        ("module", ("release", "minor"), "python -m shipway release minor"),
    ],
)
def test_a_command_line_is_spelled_as_its_front_wants_it(front: str, words: tuple[str, ...], line: str) -> None:
    assert command_line(*words, front=front) == line


def test_hostile_words_stay_one_word() -> None:
    line = command_line("changelog", "add", "fixed", "; rm -rf $HOME `id`", front="module")
    assert shlex.split(line)[-1] == "; rm -rf $HOME `id`"


def test_closest_finds_what_was_meant_and_nothing_far_off() -> None:
    names = [command.name for command in COMMANDS]
    assert closest("relase", names) == "release"
    assert closest("PUBLISH", names) == "publish"
    assert closest("xyzzy", names) is None


def test_a_bump_is_a_level_or_begins_like_a_version() -> None:
    assert all(map(is_bump, ("minor", "final", "1.2", "v2.0rc1", "2026.1")))
    assert not any(map(is_bump, ("mnior", "-k", "tests/unit", "", "v", "--yes")))


def test_usage_lines_parse_when_their_brackets_go() -> None:
    for command in COMMANDS:
        words = grammar.usage_line(command, "module").split()[3:]
        options = [word.strip("[]") for word in words if "--" in word]
        known = {parameter.spelling for parameter in command.parameters}
        assert set(options) <= known, command.name
        with pytest.raises(UsageError):
            parse([command.name, "--no-such-option"])


@pytest.mark.parametrize(
    ("line", "front", "spelled"),
    [
        ("nox -s changelog -- add fixed 'A change.'", "invoke", "inv changelog.add fixed 'A change.'"),
        ("nox -s release -- minor --only tag", "module", "python -m shipway release minor --only tag"),
        ("nox -s release -- minor", "nox", "nox -s release -- minor"),
        ("nox -s release -- minor", "nox:ship-", "nox -s ship-release -- minor"),
        ("git pull --ff-only origin main", "invoke", "git pull --ff-only origin main"),
        ("nox -s somebody's-own", "invoke", "nox -s somebody's-own"),
        (
            "1.3.0 is used up: nox -s abandon, then nox -s release -- 1.3.1",
            "module",
            "1.3.0 is used up: python -m shipway abandon, then python -m shipway release 1.3.1",
        ),
    ],
)
def test_a_line_for_nox_is_spelled_for_another_front(line: str, front: str, spelled: str) -> None:
    assert respell(line, front) == spelled
