"""Print the table of keys of ``[tool.shipway]``; ``--write`` puts it into docs/configuration.md between its markers."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from shipway.project.keys import KEYS, Key

PAGE = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"
BEGIN = "<!-- keys -->"
END = "<!-- /keys -->"
TAKES = {
    "text": "text",
    "ref": "a name that git takes",
    "format": "a name with `{version}` in it",
    "repository": "`owner/name`",
    "index": "`default`, `test` or an address",
    "address": "an address",
    "flag": "`true` or `false`",
    "labels": "a list of texts",
    "pythons": "a list of versions",
    "sessions": "a list of sessions",
    "seconds": "a number above 0",
}


def render_keys() -> str:
    """Render the table: every key, what it takes, what it is when it is not set, what it means."""
    rows = [f"| `{key.name}` | {_takes(key)} | {_default(key)} | {key.help} |" for key in KEYS]
    return "\n".join(["| key | takes | when not set | means |", "|---|---|---|---|", *rows])


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


def replace_between(text: str, table: str) -> str:
    """Put a table between the markers; raises ValueError when a marker is missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} lacks {BEGIN} or {END}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def main(argv: list[str]) -> int:
    """Print the table, or write it into the page."""
    if argv == ["--write"]:
        PAGE.write_text(replace_between(PAGE.read_text("utf-8"), render_keys()), encoding="utf-8")
    elif argv:
        sys.stderr.write("usage: render_configuration.py [--write]\n")
        return 10
    else:
        print(render_keys())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
