# /// script
# requires-python = ">=3.10"
# dependencies = []
# ///
"""Print the README's table of sessions from the grammar; ``--write`` puts it into README.md between its markers."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from shipway.grammar import CODE_SESSIONS, COMMANDS, Command

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN = "<!-- sessions -->"
END = "<!-- /sessions -->"


def render_sessions() -> str:
    """Render the table: every session, how it is typed, what it does."""
    rows = [f"| {_typed(command)} | {command.summary} |" for command in (*CODE_SESSIONS, *COMMANDS)]
    return "\n".join(["| session | does |", "|---|---|", *rows])


def _typed(command: Command) -> str:
    words = [p.spelling if p.needed else f"[{p.spelling}]" for p in command.parameters if p.positional]
    if not (command.default_session or command.step):
        return f"`{' '.join(['python -m shipway', command.name, *words])}`"
    line = " ".join(["nox -s", command.name, *(["--", *words] if words else [])])
    return f"`{line}`" if command.default_session else f"`{line}` (with `register(steps=True)`)"


def replace_between(text: str, table: str) -> str:
    """Put a table between the markers; raises ValueError when a marker is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md lacks {BEGIN} or {END}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def main(argv: list[str]) -> int:
    """Print the table, or write it into README.md."""
    if argv == ["--write"]:
        text = replace_between(README.read_text("utf-8"), render_sessions())
        README.write_text(text, encoding="utf-8")
    elif argv:
        sys.stderr.write("usage: render_tables.py [--write]\n")
        return 10
    else:
        print(render_sessions())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
