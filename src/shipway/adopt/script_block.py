"""The script block (PEP 723) of a noxfile: by it a bare ``nox`` brings what the noxfile needs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence

import tomlkit
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from shipway.project.pyproject import parse_toml

BLOCK = re.compile(r"^# /// script\n(?P<content>(?:#(?: .*)?\n)+?)# ///$", re.MULTILINE)
KEY = "dependencies"


def render_script_block(needs: Sequence[str]) -> str:
    """Write the block for a noxfile that has none."""
    lines = "".join(f"#     {json.dumps(need)},\n" for need in needs)
    return f"# /// script\n# dependencies = [\n{lines}# ]\n# ///\n"


def with_needs(text: str, needs: Sequence[str], gone: Collection[str] = ()) -> str:
    """Have a noxfile's block name these needs, each at most once; ``gone`` are ours of before, and leave it.

    What it says of another package, or of one of these in its own words, stays. Raises `ConfigurationError`
    where it is no TOML.
    """
    found = BLOCK.search(text)
    if found is None:
        return _with_block(text, render_script_block(needs))
    content = re.sub(r"^# ?", "", found["content"], flags=re.MULTILINE)
    present = [str(need) for need in parse_toml(content, "the script block of noxfile.py").get(KEY, [])]
    kept = [need for need in present if need in needs or need not in gone]
    names = {_name(need) for need in kept}
    wanted = [*kept, *(need for need in needs if _name(need) not in names)]
    if wanted == present:
        return text
    document = tomlkit.parse(content)
    document[KEY] = tomlkit.array()
    document[KEY].extend(wanted)
    document[KEY].multiline(multiline=True)
    lines = "".join(f"# {line}".rstrip() + "\n" for line in document.as_string().splitlines())
    return f"{text[: found.start('content')]}{lines}{text[found.end('content') :]}"


def named(text: str, name: str) -> list[str]:
    """Give the requirements of a noxfile's block that are for one package."""
    found = BLOCK.search(text)
    if found is None:
        return []
    content = re.sub(r"^# ?", "", found["content"], flags=re.MULTILINE)
    needs = parse_toml(content, "the script block of noxfile.py").get(KEY, [])
    return [str(need) for need in needs if _name(str(need)) == name]


def _name(need: str) -> str:
    """Name the package that a requirement is for; the text itself where it is none."""
    try:
        return canonicalize_name(Requirement(need).name)
    except InvalidRequirement:
        return need


def _with_block(text: str, block: str) -> str:
    """Put the block first, but below what must be first: the line that names the interpreter."""
    if text.startswith("#!"):
        first, _, rest = text.partition("\n")
        return f"{first}\n{block}{rest}"
    return block + text
