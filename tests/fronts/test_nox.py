"""The nox front, with the real nox: what it lists, what it runs, how it ends."""

from __future__ import annotations

import json
import re
import sys

import pytest

from fronts.fronts_support import Repository
from shipway.grammar import CODE_SESSIONS, COMMANDS

PRINTING = """\
def words(session, parent):
    \"\"\"Print the words.

    At length.
    \"\"\"
    print(session.name, "got", session.posargs)

"""
REPLACED = 'replace={"lint": words, "tests": words}'


def listed(output: str) -> dict[str, tuple[str, str]]:
    """Give the sessions of ``nox -l``: name to mark and summary."""
    rows = re.findall(r"^([*-]) (\S+)(?: \[[\w,]+\])? -> (.+)$", output, re.MULTILINE)
    return {name: (mark, summary) for mark, name, summary in rows}


def test_the_listing_shows_each_command_with_its_summary(repository: Repository) -> None:
    repository.noxfile()
    repository.write("docs/conf.py", "")
    shown = listed(repository.nox("-l").stdout)
    for command in (*CODE_SESSIONS, *COMMANDS):
        assert (command.name in shown) == command.default_session
        if command.default_session:
            assert shown[command.name][1] == command.summary
    assert [name for name, (mark, _) in shown.items() if mark == "*"] == ["lint", "tests"]


def test_the_matrix_comes_from_classifiers_and_is_tagged_gate_with_lint(repository: Repository) -> None:
    repository.noxfile()
    listing = repository.nox("--json", "-l", "-t", "gate").stdout
    assert [(cell["session"], cell["python"]) for cell in json.loads(listing)] == [
        ("lint", None),
        ("tests-3.9", "3.9"),
        ("tests-3.11", "3.11"),
    ]


def test_the_matrix_can_be_configured(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", '[tool.shipway]\npython = ["3.12", "3.13"]\n')
    assert {"tests-3.12", "tests-3.13"} <= set(listed(repository.nox("-l").stdout))


def test_a_noxfile_run_as_a_script_lists_the_same(repository: Repository) -> None:
    repository.noxfile()
    assert repository.run(sys.executable, "noxfile.py", "-l").stdout == repository.nox("-l").stdout


def test_steps_prefix_and_skip_change_the_listing(repository: Repository) -> None:
    repository.noxfile('steps=True, prefix="ship-", skip={"typecheck", "tests"}')
    shown = set(listed(repository.nox("-l").stdout))
    names = {command.name for command in (*CODE_SESSIONS, *COMMANDS)} - {"typecheck", "tests", "docs"}
    assert shown == {f"ship-{name}" for name in names}


def test_a_replacement_can_call_what_it_replaces_and_documents_itself(repository: Repository) -> None:
    own = 'def version(session, parent):\n    """Ours."""\n    print("before")\n    parent(session)\n\n'
    repository.noxfile('replace={"version": version}', before=own)
    assert listed(repository.nox("-l").stdout)["version"] == ("-", "Ours.")
    ended = repository.nox("-s", "version")
    assert ended.code == 0, ended.output
    assert "before\n" in ended.stdout
    assert "1.2.4" in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('replace={"lnt": words}', "did you mean lint?"),
        ('skip=["relase"]', "did you mean release?"),
        ('replace={"claim": words}', "only register(steps=True) shows it"),
        ('replace={"lint": words}, skip=["lint"]', "it is skipped"),
    ],
)
def test_a_name_that_means_nothing_is_refused_when_the_noxfile_loads(
    repository: Repository, arguments: str, said: str
) -> None:
    repository.noxfile(arguments, before=PRINTING)
    ended = repository.nox("-l")
    assert ended.code == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.output


def test_words_for_a_release_do_not_reach_the_sessions_of_the_code(repository: Repository) -> None:
    repository.noxfile(REPLACED, before=PRINTING)
    ended = repository.nox("-s", "lint", "tests", "version", "--", "minor")
    assert ended.code == 0, ended.output
    assert {"lint got []", "tests got []"} < set(ended.stdout.splitlines())
    assert "1.3.0" in ended.stdout


def test_words_for_the_tests_reach_the_tests(repository: Repository) -> None:
    repository.noxfile(REPLACED, before=PRINTING)
    assert "tests got ['-k', 'minor']" in repository.nox("-s", "tests", "--", "-k", "minor").stdout


def test_a_parallel_run_keeps_the_same_rules(repository: Repository) -> None:
    repository.noxfile(REPLACED, before=PRINTING)
    ended = repository.nox("-j", "2", "-s", "lint", "tests", "version", "--", "minor")
    assert "lint got []" in ended.stdout
    assert "tests got []" in ended.stdout
    ended = repository.nox("-j", "2", "-s", "lint", "tests", "--", "-k", "name")
    assert "tests got ['-k', 'name']" in ended.stdout


def test_nox_alone_runs_lint_and_tests_and_nothing_else(repository: Repository) -> None:
    repository.noxfile(REPLACED, before=PRINTING)
    ended = repository.nox()
    assert ended.code == 0, ended.output
    assert ended.stdout == "lint got []\ntests got []\n"


def test_a_typo_fails_the_run_with_the_line_to_type(repository: Repository) -> None:
    repository.noxfile()
    ended = repository.nox("-s", "version", "--", "mnior")
    assert ended.code == 1
    assert "did you mean minor?" in ended.output
    assert "nox -s version -- minor" in ended.output
    assert "Traceback" not in ended.output


def test_help_after_the_dashes_ends_well(repository: Repository) -> None:
    repository.noxfile()
    ended = repository.nox("-s", "release", "--", "--help")
    assert ended.code == 0, ended.output
    assert "nox -s release -- BUMP" in ended.stdout


def test_a_broken_pyproject_is_said_by_the_session_and_never_breaks_the_listing(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", "[project\n")
    assert "tests-3.12" in listed(repository.nox("-l").stdout)
    for session in ("lint", "typecheck", "tests", "version"):
        ended = repository.nox("-s", session)
        assert ended.code == 1
        assert "pyproject.toml" in ended.output
        assert "line 1" in ended.output
        assert "Traceback" not in ended.output


def test_a_broken_dependency_group_is_said_by_its_session(repository: Repository) -> None:
    repository.noxfile()
    repository.write("pyproject.toml", '[dependency-groups]\nlint = [{ include-group = "nowhere" }]\n')
    ended = repository.nox("-db", "virtualenv", "-s", "lint")
    assert ended.code == 1
    assert "dependency group 'lint'" in ended.stderr
    assert "Traceback" not in ended.output


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 has no switch for it")
def test_modules_in_the_repository_do_not_shadow_ours(repository: Repository) -> None:
    repository.noxfile()
    for name in ("packaging", "tomlkit", "rich", "release"):
        repository.write(f"{name}.py", "raise SystemExit('shadowed')\n")
    ended = repository.nox("-s", "version")
    assert ended.code == 0, ended.output


OWN = '''\
@nox.session(python=["3.11"])
def tests(session):
    """The noxfile's own."""
    print("own tests got", session.posargs)

@nox.session(venv_backend="none")
def build(session):
    """The noxfile's own build."""

'''


def test_sessions_that_the_noxfile_has_already_stay_as_they_are(repository: Repository) -> None:
    repository.noxfile(before="import nox\n" + OWN)
    ended = repository.nox("-l")
    shown = listed(ended.stdout)
    assert "already been registered" not in ended.stderr
    assert shown["tests-3.11"] == ("*", "The noxfile's own.")
    assert shown["build"] == ("*", "The noxfile's own build.")
    assert "tests-3.9" not in shown
    assert "release" in shown


def test_a_prefix_keeps_both(repository: Repository) -> None:
    repository.noxfile('prefix="ship-"', before="import nox\n" + OWN)
    shown = listed(repository.nox("-l").stdout)
    assert {"tests-3.11", "build", "ship-tests", "ship-tests-3.9", "ship-build"} <= set(shown)


@pytest.mark.parametrize("arguments", ['replace={"tests": words}', 'aliases={"build": "tests"}'])
def test_a_name_of_the_noxfiles_own_is_not_given_away(repository: Repository, arguments: str) -> None:
    repository.noxfile(arguments, before="import nox\n" + OWN + PRINTING)
    ended = repository.nox("-l")
    assert ended.code == 2
    assert "of its own" in ended.stderr
    assert 'register(prefix="ship-")' in ended.stderr


def test_an_alias_is_another_way_to_the_same_session_with_its_words(repository: Repository) -> None:
    repository.noxfile(f'{REPLACED}, aliases={{"test": "tests", "v": "version"}}', before=PRINTING)
    assert listed(repository.nox("-l").stdout)["test"] == ("-", "The same as tests.")
    ended = repository.nox("-s", "test", "--", "-k", "name")
    assert "tests got ['-k', 'name']" in ended.stdout
    assert "1.3.0" in repository.nox("-s", "v", "--", "minor").stdout


def test_what_the_noxfile_runs_by_default_wins(repository: Repository) -> None:
    own = "import nox\n\n@nox.session(venv_backend='none')\ndef own(session):\n    print('own ran')\n\n"
    repository.noxfile(before=own + 'nox.options.sessions = ["own"]\n')
    ended = repository.nox()
    assert (ended.code, ended.stdout) == (0, "own ran\n")


@pytest.mark.parametrize("words", [("-s", "lint", "tests"), ("-j", "2", "-s", "lint", "tests")])
def test_words_for_the_tests_do_not_reach_the_linter(repository: Repository, words: tuple[str, ...]) -> None:
    repository.noxfile(REPLACED, before=PRINTING)
    ended = repository.nox(*words, "--", "-k", "name")
    assert "lint got []" in ended.stdout
    assert "tests got ['-k', 'name']" in ended.stdout


def test_words_for_the_linter_alone_reach_it(repository: Repository) -> None:
    repository.noxfile(REPLACED, before=PRINTING)
    assert "lint got ['--fix']" in repository.nox("-s", "lint", "--", "--fix").stdout
