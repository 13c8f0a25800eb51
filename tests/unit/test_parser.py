"""The parser: requests as typed, and a corrected line for what was mistyped."""

from __future__ import annotations

import shlex

import pytest

from shipway.grammar import COMMANDS
from shipway.parser import HelpRequested, Request, VersionRequested, parse
from shipway.release.outcomes import UsageError


def test_a_release_is_read_with_its_options_in_any_order() -> None:
    wanted = Request("release", bump="minor", pre="rc", only="tag", yes=True)
    assert parse(["release", "minor", "--pre", "rc", "--only=tag", "--yes"]) == wanted
    assert parse(["release", "--only", "tag", "--pre", "rc", "--yes", "minor"]) == wanted
    assert parse(["release", "--pre", "rc", "minor", "--yes", "--only", "tag"]) == wanted


def test_a_missing_bump_is_left_to_the_command() -> None:
    assert parse(["release"]) == Request("release")


def test_a_request_knows_its_front() -> None:
    assert parse(["--front", "nox", "status", "--json"]) == Request("status", front="nox", json=True)


@pytest.mark.parametrize("command", [c.name for c in COMMANDS if c.step or c.name in {"release", "status"}])
def test_every_step_and_status_take_the_words_of_a_release(command: str) -> None:
    words = ["minor", "--pre", "a", "--dry-run", "--only", "tag", "--yes", "--json", "--no-gates"]
    wanted = Request(command, bump="minor", pre="a", dry_run=True, only="tag", yes=True, json=True, no_gates=True)
    assert parse([command, *words]) == wanted


def test_a_fragment_keeps_its_text_as_typed() -> None:
    added = parse(["changelog", "add", "--issue", "4", "fixed", "Say `$HOME`; -x"])
    assert added == Request("changelog", words=("add", "fixed", "Say `$HOME`; -x"), issue="4")
    dashed = parse(["changelog", "--issue", "4", "--", "add", "fixed", "--yes -- is gone"])
    assert dashed == Request("changelog", words=("add", "fixed", "--yes -- is gone"), issue="4")


def test_a_rehearsal_has_options_of_its_own() -> None:
    wanted = Request("rehearse", bump="1.2", keep=True, gates=True, merge="squash", flow="direct")
    assert parse(["rehearse", "1.2", "--keep", "--gates", "--merge", "squash", "--flow=direct"]) == wanted


@pytest.mark.parametrize(
    ("typed", "what", "remedy"),
    [
        ("relase minor", "no command 'relase'", "release minor"),
        ("release mnior --yes", "BUMP cannot be 'mnior'", "release minor --yes"),
        ("release --onyl tag minor", "release has no option --onyl", "release --only tag minor"),
        ("release minor --only=tga", "--only cannot be 'tga'", "release minor --only=tag"),
        ("release minor --onyl=tag", "release has no option --onyl", "release minor --only=tag"),
        ("release minor --pre rcc", "--pre cannot be 'rcc'", "release minor --pre rc"),
        ("release minor tag", "release takes no word 'tag' here", "release minor"),
        ("release --dry", "release has no option --dry", "release --dry-run"),
        ("changelog ad fixed text", "cannot be 'ad'", "changelog add fixed text"),
        ("rehearse minor --merge sqash", "--merge cannot be 'sqash'", "rehearse minor --merge squash"),
    ],
)
def test_a_typo_names_the_line_to_type_and_that_line_parses(typed: str, what: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(typed.split())
    assert what in caught.value.what
    assert caught.value.remedy == f"python -m shipway {remedy}"
    assert isinstance(parse(shlex.split(caught.value.remedy)[3:]), Request)


@pytest.mark.parametrize("typed", ["", "xyzzy", "release --zzzz", "release --only", "release --yes=3", "release xx"])
def test_what_has_no_near_word_points_to_a_help_that_works(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(typed.split())
    assert caught.value.remedy.startswith("python -m shipway")
    assert isinstance(parse(shlex.split(caught.value.remedy)[3:]), HelpRequested)


def test_a_remedy_is_spelled_for_the_front() -> None:
    with pytest.raises(UsageError, match="mnior") as caught:
        parse(["--front", "nox:ship-", "release", "mnior"])
    assert caught.value.remedy == "nox -s ship-release -- minor"
    with pytest.raises(UsageError, match="mnior") as caught:
        parse(["--front", "invoke", "build", "mnior"])
    assert caught.value.remedy == "inv build --bump minor"


def test_the_corrected_line_keeps_words_that_begin_with_a_dash() -> None:
    with pytest.raises(UsageError) as caught:
        parse(["changelog", "--isue", "4", "--", "add", "fixed", "--yes is gone"])
    assert parse(shlex.split(caught.value.remedy)[3:]) == Request(
        "changelog", words=("add", "fixed", "--yes is gone"), issue="4"
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_is_a_text_that_names_every_option(command: object) -> None:
    name = getattr(command, "name", "")
    answer = parse([name, "--help"])
    assert isinstance(answer, HelpRequested)
    for parameter in getattr(command, "parameters", ()):
        assert parameter.spelling in answer.text
        assert parameter.help.split()[0] in answer.text


def test_help_and_version_are_values() -> None:
    overview = parse(["--help"])
    assert isinstance(overview, HelpRequested)
    assert all(command.summary in overview.text for command in COMMANDS)
    assert parse(["release", "minor", "-h"]) == parse(["release", "--help"])
    assert parse(["--version"]) == VersionRequested()


def test_tolerated_options_are_not_advertised() -> None:
    answer = parse(["status", "--help"])
    assert isinstance(answer, HelpRequested)
    assert "--only" not in answer.text


@pytest.mark.parametrize("front", ["nox", "invoke"])
def test_a_bump_with_dashes_is_answered_with_the_bump(front: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(["--front", front, "release", "--minor", "--yes"])
    assert caught.value.remedy.endswith("release -- minor --yes" if front == "nox" else "release minor --yes")
