"""README and docs say what the code does: tables, sections, links, settings and commands are held against it."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from shipway.flows import CANDIDATE, FLOWS
from shipway.grammar import CODE_SESSIONS, COMMANDS, STEPS, command_line
from shipway.parser import parse
from shipway.project.configuration import read_configuration
from shipway.project.towncrier import find_towncrier
from shipway.release.outcomes import ReleaseError, UsageError
from shipway.world.environment import Environment

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = (README, *sorted((ROOT / "docs").glob("*.md")))
DEFAULTS = {command.name for command in (*CODE_SESSIONS, *COMMANDS) if command.default_session}
SESSION = re.compile(r"tests-3\.[0-9]+")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
SYNOPSIS = re.compile(r"\b[A-Z]{4,}\b|3\.N")
"""A word in capitals stands for another."""


class Block(NamedTuple):
    """A fenced block: the page it stands on, its language, its text."""

    page: Path
    language: str
    text: str


def blocks(*languages: str) -> list[Block]:
    """Give every fenced block in one of these languages."""
    found = [Block(page, *match.groups()) for page in PAGES for match in FENCE.finditer(page.read_text("utf-8"))]
    return [block for block in found if block.language in languages]


def prose(page: Path) -> str:
    """Give a page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def headings(page: Path) -> list[str]:
    """Give the titles of a page's sections."""
    return re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)


def anchor(title: str) -> str:
    """Give the anchor that a forge makes of a title."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def typed_lines() -> Iterator[str]:
    """Give every command that the documents tell people to type: in blocks after ``$``, and in code spans."""
    for block in blocks("console", "sh"):
        lines = block.text.splitlines()
        shown = [line[2:] for line in lines if line.startswith("$ ")] if block.language == "console" else lines
        yield from (part.strip() for line in shown for part in line.split("&&"))


def written_spans() -> Iterator[str]:
    """Give the commands that stand in the text itself; the table of typos is there to be wrong, synopses are none."""
    for page in PAGES:
        right = re.sub(r"^\| typed \|.*?\n\n", "", prose(page), flags=re.MULTILINE | re.DOTALL)
        for span in re.findall(r"`((?:nox -s|python -m shipway|inv) [^-`][^`]*)`", right):
            if not SYNOPSIS.search(span):
                yield span


def require_known(line: str) -> None:
    """Hold a command line against the sessions and the grammar; lines of other programs are not ours."""
    words = shlex.split(line, comments=True)
    match words:
        case ["python", "-m", "nox", *rest] | ["nox", *rest]:
            require_sessions(rest)
        case ["python", "-m", "shipway", *rest]:
            parse(rest)
        case ["inv", task, *rest]:
            require_task(task, rest)
        case _:
            pass


def require_sessions(words: list[str]) -> None:
    """Hold what follows ``nox`` against the sessions that are there without ``steps=True``."""
    at = words.index("--") if "--" in words else len(words)
    if words[:1] != ["-s"]:
        return
    for session in words[1:at]:
        assert session in DEFAULTS or SESSION.fullmatch(session), f"no session {session}"
        if session in {command.name for command in COMMANDS}:
            parse([session, *words[at + 1 :]])


def require_task(task: str, words: list[str]) -> None:
    """Hold what follows ``inv`` against the grammar, in its spelling for invoke."""
    command, *more = task.split(".")
    assert command in DEFAULTS, f"no task {task}"
    if more == ["ask"]:  # invoke's own: it has no optional words
        return
    if command in {known.name for known in COMMANDS}:
        parse([command, *more, *(word for word in words if word != "--bump")])


@pytest.mark.parametrize(
    ("page", "marker"),
    [
        ("README.md", "sessions"),
        ("docs/configuration.md", "keys"),
        ("docs/doctor.md", "checks"),
        ("docs/faults.md", "faults"),
    ],
)
def test_a_generated_table_is_in_step(page: str, marker: str) -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "render_docs.py"))
    text = (ROOT / page).read_text("utf-8")
    assert text == script["render_page"](page, marker), "run python scripts/render_docs.py --write"
    assert f"<!-- {marker} -->\n{script['PAGES'][page, marker]()}\n<!-- /{marker} -->" in text


def test_a_page_without_its_markers_is_not_written() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "render_docs.py"))
    with pytest.raises(ValueError, match=r"lacks <!-- keys --> or <!-- /keys -->"):
        script["replace_between"]("# Configuration\n<!-- keys -->\n", "keys", "")


def test_every_outcome_has_a_section_with_its_code_and_name() -> None:
    outcomes = [f"{kind.code} {kind.name}" for kind in ReleaseError.__subclasses__()]
    assert headings(ROOT / "docs" / "outcomes.md") == ["Outcomes", "0 done", *outcomes]


def test_every_step_has_a_section_on_what_stops_it() -> None:
    titles = headings(ROOT / "docs" / "when-it-stops.md")
    assert set(titles) - {titles[0]} == {*CANDIDATE, *(step.name for steps in FLOWS.values() for step in steps)}


@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_has_a_page_that_names_its_steps(flow: str) -> None:
    text = (ROOT / "docs" / f"{flow}.md").read_text("utf-8")
    assert [step.name for step in FLOWS[flow] if step.name not in text] == []


def test_every_room_has_a_row_in_the_architecture() -> None:
    rooms = {path.name for path in (ROOT / "src" / "shipway").iterdir() if path.suffix == ".py" or path.is_dir()}
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = {name.rstrip("/") for name in re.findall(r"^\| `([\w./]+)` \|", text, re.MULTILINE)}
    assert named - {*STEPS} == rooms - {"__pycache__"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        if "://" in target:
            continue
        file, _, place = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), f"{page.name} links to {target}"
        assert not place or place in [anchor(title) for title in headings(there)], f"{page.name} links to {target}"


@pytest.mark.parametrize("line", sorted({*typed_lines(), *written_spans()}))
def test_every_command_that_people_are_told_to_type_is_one(line: str) -> None:
    require_known(line)


@pytest.mark.parametrize("line", ["nox -s relaese -- minor", "inv release minor --yess", "python -m shipway status -x"])
def test_a_command_that_is_none_is_noticed(line: str) -> None:
    with pytest.raises((AssertionError, UsageError)):
        require_known(line)


def test_commands_were_found() -> None:
    assert command_line("release", "minor") in {*typed_lines()}
    assert "inv release minor" in {*written_spans()}


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: block.page.stem)
def test_every_shown_configuration_is_one(block: Block, tmp_path: Path) -> None:
    project = '[project]\nname = "acme-widgets"\nversion = "1.2.4"\n'
    (tmp_path / "pyproject.toml").write_text(project + block.text, encoding="utf-8")
    configuration = read_configuration(tmp_path, Environment({}), "https://github.com/acme/widgets")
    assert configuration.repository == "acme/widgets"
    assert "[tool.towncrier]" not in block.text or find_towncrier(tmp_path)


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.page.stem)
def test_every_shown_python_compiles(block: Block) -> None:
    compile(block.text, block.page.name, "exec")
