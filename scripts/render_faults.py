# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Print the tables of faults from the code; ``--write`` puts them into docs/faults.md between their markers."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from shipway.rehearsal.faults.scenario import Scenario
from shipway.rehearsal.faults.table import GROUPS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "faults.md"
BEGIN = "<!-- faults -->"
END = "<!-- /faults -->"
HEAD = "| name | what goes wrong | what the user sees | then a person |\n|---|---|---|---|"


def render_faults() -> str:
    """Render one table for each group: every fault, what the user sees of it, and what is done about it."""
    tables = []
    for title, group in GROUPS.items():
        rows = [f"| `{fault.name}` | {fault.summary} | {_sees(fault)} | {_does(fault)} |" for fault in group]
        tables.append("\n".join([f"### {title[0].upper()}{title[1:]}", "", HEAD, *rows]))
    return "\n\n".join(tables)


def _sees(fault: Scenario) -> str:
    """Say how the release ends, in the words of its outcome."""
    if not fault.code:
        return "nothing: the release gets over it"
    return f"{fault.code} {fault.outcome}: `{fault.says}`" if fault.says != "…" else f"{fault.code} {fault.outcome}"


def _does(fault: Scenario) -> str:
    return fault.person or "has nothing to do"


def replace_between(text: str, table: str) -> str:
    """Put the tables between the markers; raises ValueError when a marker is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} lacks {BEGIN} or {END}")
    return f"{before}{begin}\n\n{table}\n\n{end}{after}"


def main(argv: list[str]) -> int:
    """Print the tables, or write them into the page."""
    if argv == ["--write"]:
        PAGE.write_text(replace_between(PAGE.read_text("utf-8"), render_faults()), encoding="utf-8")
    elif argv:
        sys.stderr.write("usage: render_faults.py [--write]\n")
        return 10
    else:
        print(render_faults())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
