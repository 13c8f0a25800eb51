"""The invoke front, with the real invoke: what it lists, what it runs, how it ends."""

from __future__ import annotations

import re

import pytest

from fronts.fronts_support import Repository
from shipway.grammar import CODE_SESSIONS, COMMANDS

PRINTING = """\
def lint(c, parent):
    \"\"\"Ours.\"\"\"
    print("lint ran")

def release(c, parent, **options):
    print(sorted(options.items()))

"""


def test_the_listing_shows_each_command_with_its_summary(repository: Repository) -> None:
    repository.tasks()
    repository.write("mkdocs.yml", "")
    listing = " ".join(repository.inv("-l").stdout.split())
    for command in (*CODE_SESSIONS, *COMMANDS):
        if command.name != "changelog":
            assert (f" {command.name} {command.summary}" in listing) == command.default_session, command.name
    assert "changelog.add Add a fragment" in listing
    assert "changelog.ask Add a fragment or an entry, asking" in listing
    assert "changelog.check Tell which fragment" in listing
    assert "changelog.lint Tell of misnamed fragments" in listing
    assert "changelog.show (changelog) Show the unreleased notes." in listing


def test_steps_and_skip_change_the_listing(repository: Repository) -> None:
    repository.tasks('steps=True, skip={"tag"}')
    names = set(re.findall(r"^  (\S+) ", repository.inv("-l").stdout, re.MULTILINE))
    assert {"claim", "pull-request", "forge-release"} <= names
    assert "tag" not in names


def test_options_arrive_as_the_grammar_says(repository: Repository) -> None:
    repository.tasks('replace={"lint": lint, "release": release}', before=PRINTING)
    ended = repository.inv("lint", "release", "minor", "--pre", "rc", "--dry-run")
    assert ended.code == 0, ended.output
    assert ended.stdout.startswith("lint ran\n[('bump', 'minor'), ('deepen', False), ('dry_run', True)")
    assert "('only', None), ('pre', 'rc')" in ended.stdout


def test_a_command_runs_and_its_words_are_spelled_by_the_front(repository: Repository) -> None:
    repository.tasks()
    ended = repository.inv("version", "--bump", "minor")
    assert ended.code == 0, ended.output
    assert "1.3.0" in ended.stdout


def test_the_exit_code_is_the_commands_own_and_a_chain_stops(repository: Repository) -> None:
    repository.tasks('replace={"lint": lint}', before=PRINTING)
    ended = repository.inv("version", "--bump", "mnior", "lint")
    assert ended.code == 10
    assert "inv version --bump minor" in ended.output
    assert "Traceback" not in ended.output
    assert "lint ran" not in ended.stdout


def test_a_fragment_is_added_with_its_text_as_typed(repository: Repository) -> None:
    repository.tasks()
    ended = repository.inv("--dry", "changelog.add", "fixed", "`id`; $HOME it's -x", "--issue", "4")
    assert ended.code == 0, ended.output
    assert "changelog --issue 4 -- add fixed '`id`; $HOME it'\"'\"'s -x'" in ended.output


@pytest.mark.parametrize(
    ("words", "spelled"),
    [
        (("changelog.check", "--since", "upstream/main"), "changelog check --since upstream/main"),
        (("changelog.lint",), "changelog lint"),
        (("changelog.ask", "--issue", "4"), "changelog --issue 4 -- add"),
    ],
)
def test_the_tasks_of_the_changelog_are_words_of_its_command(
    repository: Repository, words: tuple[str, ...], spelled: str
) -> None:
    repository.tasks()
    ended = repository.inv("--dry", *words)
    assert ended.code == 0, ended.output
    assert ended.stdout.rstrip().endswith(spelled)


def test_code_runs_through_nox(repository: Repository) -> None:
    repository.tasks()
    repository.write("noxfile.py", "import nox\n\n@nox.session(venv_backend='none')\ndef lint(session):\n    1 / 0\n")
    ended = repository.inv("lint")
    assert ended.code == 1
    assert "division by zero" in ended.output


@pytest.mark.parametrize("arguments", ['replace={"lnt": lint}', 'skip=["lnt"]'])
def test_a_name_that_means_nothing_is_refused_when_the_tasks_load(repository: Repository, arguments: str) -> None:
    repository.tasks(arguments, before=PRINTING)
    ended = repository.inv("-l")
    assert ended.code == 11
    assert "did you mean lint?" in ended.stderr
    assert "Traceback" not in ended.output
