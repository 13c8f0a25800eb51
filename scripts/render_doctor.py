# /// script
# requires-python = ">=3.10"
# dependencies = ["packaging", "requests", "tomlkit"]
# ///
"""Print the tables of the doctor's checks from their classes; ``--write`` puts them into docs/doctor.md."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from shipway.adopt.doctor.check import Check
from shipway.adopt.doctor.table import FAMILIES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "doctor.md"
BEGIN = "<!-- checks -->"
END = "<!-- /checks -->"
HEAD = "| check | asks | at worst | to mend it |\n|---|---|---|---|"


def render_checks() -> str:
    """Render one table for each family: every check, what it asks, how bad it can be, and what mends it."""
    tables = []
    for family, checks in FAMILIES.items():
        rows = [f"| {check.name} | {check.question} | {check.worst} | {_remedy(check)} |" for check in checks]
        tables.append("\n".join([f"### {family[0].upper()}{family[1:]}", "", HEAD, *rows]))
    return "\n\n".join(tables)


def _remedy(check: type[Check]) -> str:
    return " ".join((check.__doc__ or "").split()).replace("|", "\\|")


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
        PAGE.write_text(replace_between(PAGE.read_text("utf-8"), render_checks()), encoding="utf-8")
    elif argv:
        sys.stderr.write("usage: render_doctor.py [--write]\n")
        return 10
    else:
        print(render_checks())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
