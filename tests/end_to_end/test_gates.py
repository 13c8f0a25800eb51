"""Gates and the matrix by the real program: what blocks, what CI has passed, and the table at the end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from end_to_end.support import NOXFILE, PYPROJECT, commands_in, git, make_project, open_world

TWO = (
    NOXFILE
    + """
@nox.session(tags=["gate"], venv_backend="none", allow_parallel=True)
@nox.parametrize("kind", [1, 2])
def tests(session, kind):
    session.run("python", "-c", f"print('cell', {kind}); raise SystemExit({CODE})")

@nox.session(tags=["advice"], venv_backend="none")
def typecheck(session):
    session.error("remarks")
"""
)
UNTAGGED = NOXFILE.replace('tags=["gate"], ', "")


def cells(code: int) -> str:
    """Give a noxfile whose two cells end with a code."""
    return TWO.replace("CODE", str(code))


def test_a_matrix_of_a_repositorys_own_is_run_and_told_in_one_table(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": cells(0)})) as world:
        done = world.run("gates")
        assert done.returncode == 0, done.stdout
        rows = [line.split()[:3] for line in done.stdout.splitlines()]
        assert rows[0] == ["cell", "result", "seconds"]
        assert [row[:2] for row in rows[1:]] == [
            ["lint", "passed"],
            ["tests(kind=1)", "passed"],
            ["tests(kind=2)", "passed"],
            ["typecheck", "aborted"],
        ]
        found = json.loads(world.run("gates", "minor", "--json").stdout)
        assert [cell["result"] for cell in found["gates"]] == [*["passed here"] * 3, "aborted (advice)"]
        assert [step["step"] for step in found["steps"]] == ["gates"]
        assert world.local_state()[0] == ""


def test_a_failed_cell_blocks_with_the_table_and_its_last_lines(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": cells(3)})) as world:
        done = world.run("gates")
        assert done.returncode == 12
        assert "gate tests(kind=1): failed, and 1 more" in done.stdout
        assert "cell           result            seconds" in done.stdout
        assert "tests(kind=2): its last lines" in done.stdout
        assert "cell 2" in done.stdout
        assert "failed with exit code 3" in done.stdout


@pytest.mark.parametrize(
    ("words", "noxfile"),
    [(("gates",), UNTAGGED), (("release", "minor", "--yes"), UNTAGGED), (("matrix",), UNTAGGED), (("matrix",), None)],
    ids=["gates", "release", "matrix", "no noxfile"],
)
def test_no_gate_at_all_blocks(tmp_path: Path, words: tuple[str, ...], noxfile: str | None) -> None:
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": noxfile})) as world:
        before = world.snapshot()
        done = world.run(*words)
        assert done.returncode == 12, done.stdout
        assert "no nox session is tagged gate" in done.stdout
        assert '@nox.session(tags=["gate"])' in done.stdout
        assert world.snapshot() == before


def test_a_noxfile_that_does_not_load_is_no_empty_matrix(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": "import nowhere\n"})) as world:
        for words in (("matrix",), ("gates",), ("plan", "minor")):
            done = world.run(*words)
            assert done.returncode == 12
            assert "nox could not list the sessions" in done.stdout
            assert "nowhere" in done.stdout
        assert commands_in(world.outcome["next"]) == [["python", "-m", "nox", "--list"]]


def test_the_matrix_is_printed_as_json_and_as_an_output_of_the_step(tmp_path: Path) -> None:
    own = NOXFILE.replace("import nox\n", "import nox\nprint('hello')\n")
    tests = '\n@nox.session(tags=["gate"], python=["3.10", "3.11"])\ndef tests(session):\n    pass\n'
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": own + tests})) as world:
        wanted = {
            "include": [
                {"session": "lint", "python": None},
                {"session": "tests-3.10", "python": "3.10"},
                {"session": "tests-3.11", "python": "3.11"},
            ]
        }
        assert json.loads(world.run("matrix").stdout) == wanted
        assert json.loads(world.run("matrix", "--json").stdout)["matrix"] == wanted
        output = tmp_path / "output"
        done = world.run("matrix", GITHUB_ACTIONS="true", GITHUB_OUTPUT=str(output))
        assert done.returncode == 0
        name, fence, value, *_ = output.read_text().replace("<<", "\n").splitlines()
        assert (name, len(fence), json.loads(value)) == ("matrix", 32, wanted)


def test_a_gate_without_its_python_blocks_here_and_passes_once_ci_has_passed_it(tmp_path: Path) -> None:
    tests = '\n@nox.session(tags=["gate"], python="3.7", name="tests-3.7")\ndef tests(session):\n    pass\n'
    noxfile = NOXFILE + tests
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": noxfile})) as world:
        done = world.run("gates", "minor", UV_PYTHON_DOWNLOADS="never")
        assert done.returncode == 12, done.stdout
        assert "gate tests-3.7: " in done.stdout
        assert "Python interpreter 3.7 not found" in done.stdout
        head = git(world.clone, "rev-parse", "HEAD")
        world.stage.forge.add_check_run(head, ["gates (tests-3.7, 3.8)", "tests-3.77", "pytests-3.7"])
        assert world.run("gates", "minor", UV_PYTHON_DOWNLOADS="never").returncode == 12
        world.stage.forge.add_check_run(head, ["ci / gates (tests-3.7, 3.7)"])
        done = world.run("gates", "minor", UV_PYTHON_DOWNLOADS="never")
        assert done.returncode == 0, done.stdout
        assert "tests-3.7 passed in CI for this commit" in done.stdout


@pytest.mark.long
def test_what_ci_says_of_head_is_not_taken_for_a_changed_work_tree(tmp_path: Path) -> None:
    noxfile = NOXFILE.replace('    session.log("fine")\n', '    session.error("it fails here")\n')
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": noxfile})) as world:
        world.stage.forge.add_check_run(git(world.clone, "rev-parse", "HEAD"), ["lint"])
        assert world.run("gates").returncode == 0
        (world.clone / "README.md").write_text("Changed.\n")
        assert world.run("gates").returncode == 12


TAGGED = (
    NOXFILE
    + """
import os
from pathlib import Path

@nox.session(tags=["prepare"], venv_backend="none")
def stamp(session):
    Path("STAMP").write_text(os.environ["SHIPWAY_RELEASE_VERSION"] + "\\n")
    assert "1.3.0" in Path("CHANGELOG.md").read_text()

@nox.session(tags=["after"], venv_backend="none")
def announce(session):
    with Path("{place}").open("a") as file:
        file.write(os.environ["SHIPWAY_RELEASE_TAG"] + os.environ.get("CHAT_TOKEN", "") + "\\n")
"""
)


def tagged(tmp_path: Path) -> str:
    """Give a noxfile with all three tags, which announces into a file beside the clone."""
    return TAGGED.replace("{place}", str(tmp_path / "announced"))


def test_sessions_tagged_prepare_change_the_release_commit_and_the_plan_says_so(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": tagged(tmp_path)})) as world:
        planned = world.run("plan", "minor", "--no-gates").stdout
        assert "pyproject.toml, and what sessions prepare change: stamp" in planned
        assert "after     announce" in planned
        printed = world.release("minor")
        assert "3 files change, and what sessions prepare change: stamp" in printed
        assert git(world.bare, "show", "v1.3.0:STAMP") == "1.3.0"
        changed = git(world.bare, "diff", "--name-only", "v1.3.0^1", "v1.3.0").splitlines()
        assert set(changed) == {"pyproject.toml", "CHANGELOG.md", "changelog.d/7.feature.md", "STAMP"}
        assert not (world.clone / "STAMP").exists()


def test_a_session_tagged_prepare_that_fails_blocks_before_anything_is_shared(tmp_path: Path) -> None:
    noxfile = tagged(tmp_path).replace("assert", 'session.error("no stamp")\n    assert')
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": noxfile})) as world:
        before = world.snapshot()
        printed = world.release("minor", code=12)
        assert "session stamp, tagged prepare: aborted" in printed
        assert "no stamp" in printed
        assert world.snapshot() == before


@pytest.mark.parametrize("register", ["true", pytest.param("false", marks=pytest.mark.long)])
def test_sessions_tagged_after_run_once_with_the_tokens_of_the_run(tmp_path: Path, register: str) -> None:
    place = tmp_path / "announced"
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": tagged(tmp_path)}), register=register) as world:
        world.variables["CHAT_TOKEN"] = "-said-by-a-token"
        assert "; announce passed" in world.release("minor")
        assert place.read_text() == "v1.3.0-said-by-a-token\n"
        world.release("minor")
        assert place.read_text() == "v1.3.0-said-by-a-token\n"
        if register == "true":
            world.elsewhere().release("minor", "--resume")
            assert place.read_text() == "v1.3.0-said-by-a-token\n"


@pytest.mark.long
def test_a_session_tagged_after_that_fails_is_reported_and_blocks_nothing(tmp_path: Path) -> None:
    noxfile = tagged(tmp_path).replace("with Path", 'session.error("nobody listens")\n    with Path')
    with open_world(make_project(tmp_path / "acme", {"noxfile.py": noxfile})) as world:
        printed = world.release("minor")
        assert "; announce aborted (nox -s announce)" in printed
        assert "1.3.0 is out." in printed
        assert world.claim["phase"] == "done"


def test_advice_blocks_where_it_is_configured_to(tmp_path: Path) -> None:
    noxfile = "import shipway\n\nshipway.register()\n"
    listed = ["lint", "typecheck", "tests-3.10", "tests-3.11", "tests-3.12"]
    for table, wanted in (("", listed[:1] + listed[2:]), ('\n[tool.shipway]\ngates = ["typecheck"]\n', listed)):
        changes = {"noxfile.py": noxfile, "pyproject.toml": PYPROJECT + table}
        project = make_project(tmp_path / f"acme{len(table)}", changes)
        with open_world(project) as world:
            # The program under test is found by a path that nox does not get: it is not installed here.
            source = str(Path(__file__).parents[2] / "src")
            text = f"import sys\nsys.path.insert(0, {source!r})\n{noxfile}"
            (world.clone / "noxfile.py").write_text(text)
            found = json.loads(world.run("matrix").stdout)["include"]
            assert [cell["session"] for cell in found] == wanted
