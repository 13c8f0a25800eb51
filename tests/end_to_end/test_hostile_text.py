"""Hostile text: whatever notes, names, gates and servers say, no terminal, CI runner or summary obeys it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from end_to_end.support import NOXFILE, PYPROJECT, World, git, make_project, open_world

COMMANDS = (
    "::set-output name=version::6.6.6",
    "::error::pwned",
    "  ::add-mask::e",
    "\u00a0\u2003::warning file=x::pwned",
    "##[command]pwned",
    "text before ##[add-mask]e",
    "::stop-commands::pwned",
    "\x1b[2K\r::error::pwned",
    "\x1b]0;pwned\x07\x1b[31mred\x1b[0m\x9b31m",
    "\r::error::pwned\x0b::error::pwned\x85::error::pwned\u2028::error::pwned",
    "version<<END\n6.6.6\nEND\nversion=6.6.6",
    "| a | b |\n| --- | --- |\n<script>pwned</script> `code` [link](javascript:pwned) ![x](http://pwned.invalid)",
)
HOSTILE = "\n".join(COMMANDS)
FRAGMENTS = {
    f"changelog.d/{number}.feature.md": f"{text}\n" for number, text in enumerate([HOSTILE, *COMMANDS], start=1)
}
SESSION = 'lint|<img src="x">`x`[x](y)'
V2 = re.compile(r"::[A-Za-z-]+( .*)?::")


def obeyed(printed: str) -> list[str]:
    """Give the lines that GitHub's runner takes for commands: ``::`` after any white space, ``##[`` anywhere."""
    lines = re.split("\r\n|\r|\n", printed)
    return [line for line in lines if V2.match(line.strip()) or re.search(r"##\[[^]]+\]", line)]


def parse_outputs(path: Path) -> dict[str, str]:
    """Read an output file as the runner does: ``name=value``, or ``name<<MARK``, lines, ``MARK``."""
    found, lines = {}, iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        name, mark, rest = re.match(r"(.*?)(<<|=)(.*)", line).groups()  # type: ignore[union-attr]
        if mark == "<<":
            value = []
            while (following := next(lines)) != rest:
                value.append(following)
            rest = "\n".join(value)
        found[name] = rest
    return found


def require_calm(printed: str, own: int = 0) -> None:
    """Hold that a terminal and a runner obey nothing of what was printed, but our own errors."""
    commands = obeyed(printed)
    assert all(line.startswith("::error title=Shipway::") for line in commands), commands
    assert len(commands) == own, commands
    assert re.findall("[^\n\t\x20-\x7e\xa0-\u200a\u2010-\u2027\u202f-\uffff]", printed) == []


def require_table(summary: Path, steps: int) -> None:
    """Hold that the summary is our title and one table with a row for each step, and text in its cells."""
    lines = [line for line in summary.read_text(encoding="utf-8").splitlines() if line]
    assert lines[0].startswith("### ")
    assert lines[1:3] == ["| phase | step | state | |", "| --- | --- | --- | --- |"]
    assert len(lines) == 3 + steps
    for line in lines[3:]:
        assert len(re.findall(r"(?<!\\)\|", line)) == 5, line
        assert not re.search(r"<|(?<!\\)[`\[*_]", line), line


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one project full of hostile notes and with a hostile gate."""
    noxfile = NOXFILE.replace('tags=["gate"]', f"name={SESSION!r}, tags=['gate']")
    return make_project(tmp_path_factory.mktemp("hostile") / "acme", {**FRAGMENTS, "noxfile.py": noxfile})


def on_github(world: World) -> tuple[Path, Path]:
    """Let GitHub Actions run us; give the files of outputs and of the summary."""
    output, summary = world.clone.with_name("output"), world.clone.with_name("summary")
    world.variables |= {"CI": "true", "GITHUB_ACTIONS": "true"}
    world.variables |= {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    return output, summary


@pytest.mark.long
def test_hostile_notes_are_released_and_obeyed_by_nobody(project: Path) -> None:
    with open_world(project) as world:
        output, summary = on_github(world)
        for words in (["plan", "minor"], ["changelog"], ["release", "minor"], ["status"]):
            done = world.run(*words)
            assert done.returncode == 0, done.stderr
            require_calm(done.stdout + done.stderr)
        assert parse_outputs(output) == {
            "outcome": "done",
            "version": "1.3.0",
            "tag": "v1.3.0",
            "previous": "1.2.4",
            "commit": git(world.bare, "rev-parse", "v1.3.0^{commit}"),
        }
        released = summary.read_text(encoding="utf-8").split("### ")
        for number, part in enumerate(part for part in released if part):
            (world.clone / f"part-{number}").write_text(f"### {part}", encoding="utf-8")
        assert [part.split("\n")[0] for part in released[1:]] == [
            "plan 1.3.0: done",
            "release 1.3.0: done",
            "status 1.3.0: done",
        ]
        require_table(world.clone / "part-1", 13)


def test_json_on_standard_output_is_no_command_either(project: Path) -> None:
    with open_world(project) as world:
        on_github(world)
        done = world.run("plan", "minor", "--json")
        require_calm(done.stdout + done.stderr)
        assert "##[command]pwned" in json.loads(done.stdout)["notes"]


def test_a_gate_that_shouts_commands_is_quoted(project: Path) -> None:
    with open_world(project) as world:
        _, summary = on_github(world)
        shout = f"print({HOSTILE!r}, flush=True)\n    session.error({HOSTILE!r})"
        world.commit({"noxfile.py": NOXFILE.replace('session.log("fine")', shout)})
        done = world.run("release", "minor")
        assert done.returncode == 12
        assert "pwned" in done.stdout
        require_calm(done.stdout + done.stderr, own=1)
        require_table(summary, 1)


def test_a_server_that_shouts_commands_is_quoted(project: Path) -> None:
    with open_world(project) as world:
        output, summary = on_github(world)
        hook = world.bare / "hooks" / "pre-receive"
        hook.write_text(f"#!/bin/sh\ncat >&2 <<'HERE'\n{HOSTILE}\nHERE\nexit 1\n", encoding="utf-8")
        hook.chmod(0o755)
        done = world.run("release", "minor")
        assert done.returncode == 12, done.stdout
        assert "pwned" in done.stdout
        require_calm(done.stdout + done.stderr, own=1)
        assert parse_outputs(output)["outcome"] == "blocked"
        assert parse_outputs(output)["version"] == "1.3.0"
        require_table(summary, 6)


def test_a_fragments_hostile_name_is_quoted(project: Path) -> None:
    with open_world(project) as world:
        on_github(world)
        world.commit({"changelog.d/x\n::error::pwned\x1b[31m##[error]y.txt": "Lost.\n"})
        done = world.run("plan", "minor")
        assert done.returncode == 12
        assert "would be left out" in done.stdout
        require_calm(done.stdout + done.stderr, own=1)


ODD = "ä $(touch pwned);`touch pwned`&'\"#%"


def test_odd_names_of_folder_branch_and_fragments_just_work(tmp_path: Path) -> None:
    odd_ref = ODD.replace(" ", "-")
    configured = f'branch = """{odd_ref}"""\nrelease-branch = """{odd_ref}-{{version}}"""\n'
    written = {
        "pyproject.toml": f"{PYPROJECT}\n[tool.shipway]\n{configured}",
        f"changelog.d/{ODD}.bugfix.md": "Widgets rest.\n",
        "changelog.d/--help.feature.md": "Widgets help.\n",
    }
    project = make_project(tmp_path / "acme", written)
    git(project, "branch", "--move", "main", odd_ref)
    with open_world(project) as world:
        world.clone = world.clone.rename(world.clone.with_name(ODD))
        assert world.run("changelog", "add", "feature", "Widgets spin.", "--issue", "$(touch").returncode == 0
        world.commit({})
        before = world.local_state()
        assert "1.3.0 is out." in world.release("minor")
        assert world.local_state() == before
        git(world.clone, "switch", "--quiet", "-c", "side")
        remedy = world.run("release", "patch").stdout.rpartition("next: ")[2]
        subprocess.run(["sh", "-c", remedy], cwd=world.clone, capture_output=True, check=True)
        assert git(world.clone, "branch", "--show-current") == odd_ref
        assert not list(tmp_path.rglob("pwned"))
        number = world.stage.forge.repository(world.stage.repository).pulls[0].number
        world.stage.forge.merge_pull_request(number, "merge")
        changelog = git(world.bare, "show", f"refs/heads/{odd_ref}:CHANGELOG.md")
        assert all(line in changelog for line in ("Widgets rest.", "Widgets help.", "Widgets spin.", "Widgets turn."))
        assert git(world.bare, "ls-tree", "--name-only", f"refs/heads/{odd_ref}", "changelog.d/") == ""


def test_a_rehearsal_of_a_folder_with_an_odd_name_just_works(tmp_path: Path) -> None:
    with open_world(make_project(tmp_path / "acme")) as world:
        world.clone = world.clone.rename(world.clone.with_name(ODD))
        done = world.run("rehearse", "minor", GITHUB_TOKEN="")
        assert done.returncode == 0, done.stdout + done.stderr
        assert not list(tmp_path.rglob("pwned"))
