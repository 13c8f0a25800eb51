# /// script
# requires-python = ">=3.10"
# dependencies = ["packaging", "requests", "tomli>=2"]
# ///
"""Print the tables of the documentation as the code has them; ``--write`` puts them into their pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from shipway.adopt.doctor.check import Check  # noqa: E402 - the source beside this script
from shipway.adopt.doctor.table import FAMILIES  # noqa: E402
from shipway.grammar import CODE_SESSIONS, COMMANDS, Command  # noqa: E402
from shipway.project.keys import KEYS, Key  # noqa: E402
from shipway.rehearsal.faults.scenario import Scenario  # noqa: E402
from shipway.rehearsal.faults.table import GROUPS  # noqa: E402

TAKES = {
    "text": "text",
    "ref": "a name that git takes",
    "format": "a name with `{version}` in it",
    "scheme": "`semver` or a form such as `YYYY.MM.MICRO`",
    "repository": "`owner/name`",
    "index": "`default`, `test` or an address",
    "address": "an address",
    "flag": "`true` or `false`",
    "labels": "a list of texts",
    "pythons": "a list of versions",
    "sessions": "a list of sessions",
    "titles": "a table of titles",
    "seconds": "a number above 0",
}


def render_sessions() -> str:
    """Render every session, how it is typed, what it does."""
    return _table("session | does", ((_typed(command), command.summary) for command in (*CODE_SESSIONS, *COMMANDS)))


def _typed(command: Command) -> str:
    words = [p.spelling if p.needed else f"[{p.spelling}]" for p in command.parameters if p.positional]
    if not (command.default_session or command.step):
        return f"`{' '.join(['python -m shipway', command.name, *words])}`"
    line = " ".join(["nox -s", command.name, *(["--", *words] if words else [])])
    return f"`{line}`" if command.default_session else f"`{line}` (with `register(steps=True)`)"


def render_keys() -> str:
    """Render every key of ``[tool.shipway]``, what it takes, what it is when it is not set, what it means."""
    rows = ((f"`{key.name}`", _takes(key), _default(key), key.help) for key in KEYS)
    return _table("key | takes | when not set | means", rows)


def _takes(key: Key) -> str:
    words = ", ".join(f"`{word}`" for word in key.allowed)
    return words or TAKES[key.kind]


def _default(key: Key) -> str:
    """Say what a key is when nobody sets it: what it is detected from, then the default."""
    if isinstance(key.default, bool):
        text = f"`{str(key.default).lower()}`"
    elif isinstance(key.default, tuple):
        text = ", ".join(f"`{item}`" for item in key.default)
    else:
        text = f"`{key.default}`" if key.default else ""
    if key.detected and not key.detected.startswith("from "):
        return f"{text}; {key.detected}"
    return ", else ".join(part for part in (key.detected, text) if part) or "not needed"


def render_checks() -> str:
    """Render for each family every check of the doctor, what it asks, how bad it can be, and what mends it."""
    head = "check | asks | at worst | to mend it"
    return _chapters(
        {
            family: _table(head, ((check.name, check.question, check.worst, _remedy(check)) for check in checks))
            for family, checks in FAMILIES.items()
        }
    )


def _remedy(check: type[Check]) -> str:
    return " ".join((check.__doc__ or "").split()).replace("|", "\\|")


def render_faults() -> str:
    """Render for each group every fault, what the user sees of it, and what is done about it."""
    head = "name | what goes wrong | what the user sees | then a person"
    return _chapters(
        {
            title: _table(head, ((f"`{fault.name}`", fault.summary, _sees(fault), _does(fault)) for fault in group))
            for title, group in GROUPS.items()
        }
    )


def _sees(fault: Scenario) -> str:
    """Say how the release ends, in the words of its outcome."""
    if not fault.code:
        return "nothing: the release gets over it"
    return f"{fault.code} {fault.outcome}: `{fault.says}`" if fault.says != "…" else f"{fault.code} {fault.outcome}"


def _does(fault: Scenario) -> str:
    return fault.person or "has nothing to do"


PAGES: Mapping[tuple[str, str], Callable[[], str]] = {
    ("README.md", "sessions"): render_sessions,
    ("docs/configuration.md", "keys"): render_keys,
    ("docs/doctor.md", "checks"): render_checks,
    ("docs/faults.md", "faults"): render_faults,
}
"""What stands on which page between which markers."""


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    line = "|".join("---" for _ in head.split("|"))
    return "\n".join([f"| {head} |", f"|{line}|", *(f"| {' | '.join(row)} |" for row in rows)])


def _chapters(tables: Mapping[str, str]) -> str:
    """Give tables with a heading each, apart from what stands around them."""
    return "\n" + "".join(f"### {title[0].upper()}{title[1:]}\n\n{table}\n\n" for title, table in tables.items())[:-1]


def replace_between(text: str, marker: str, table: str) -> str:
    """Put a table between its markers; raises ValueError when a marker is missing."""
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page lacks {begin} or {end}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def render_page(page: str, marker: str) -> str:
    """Give a page's text with its table as the code has it."""
    return replace_between((ROOT / page).read_text("utf-8"), marker, PAGES[page, marker]())


def main() -> None:
    """Print the tables, or write them into their pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put them into their pages")
    is_writing = parser.parse_args().write
    for (page, marker), render in PAGES.items():
        if is_writing:
            (ROOT / page).write_text(render_page(page, marker), encoding="utf-8")
        else:
            print(f"{page}, {marker}:\n{render()}\n")


if __name__ == "__main__":
    main()
