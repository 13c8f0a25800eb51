"""How a changelog's newest entries are decorated: marks, scopes, links; what is added looks like them."""

from __future__ import annotations

import re
from typing import NamedTuple

from shipway.changelog.style import FEW, NEWEST, TITLE


class Look(NamedTuple):
    """How an entry is decorated: its mark, its scope, and what it ends with.

    ``links`` says that entries link to what made them, ``ids`` that they name the commit, ``ticked`` as code;
    ``apart`` that each link has parentheses of its own, and leads to pull requests as to issues; ``closing`` that a
    version ends with who wrote it, and a link to the whole change.
    """

    mark: str = "-"
    scope: str = "**{}:**"
    links: bool = True
    ids: bool = True
    ticked: bool = False
    apart: bool = False
    closing: bool = True


OURS = Look()
"""How we decorate entries by ourselves."""
ANGULAR = Look("*", apart=True, closing=False)
TOOLS = {
    **dict.fromkeys(("release-please", "semantic-release", "standard-version"), ANGULAR),
    "python-semantic-release": Look("-", "**{}**:", ticked=True, closing=False),
    "commitizen": Look("-", "**{}**:", links=False, ids=False, closing=False),
    "git-cliff": Look("-", "*({})*", links=False, ids=False, closing=False),
}
"""How other tools do, as they come."""
SCOPES = {"**{}:**": r"\*\*[^*\n]+:\*\* ", "**{}**:": r"\*\*[^*\n]+\*\*: ", "*({})*": r"\*\([^)\n]+\)\* "}
"""How scopes are written."""
ID = re.compile(r"(?P<tick>`?)\b[0-9a-f]{7,40}\b")
APART = re.compile(r"/issues/[0-9]+\)\) \(\[")
CLOSING = re.compile(r"^(?:Contributors|All changes): ", re.MULTILINE)
LINE = re.compile(r"^(?P<mark>[-*+])[ \t]+(?P<text>\S[^\n]*(?:\n[ \t]+\S[^\n]*)*)", re.MULTILINE)


def read_look(text: str, tool: str = "") -> Look:
    """Read how the newest entries are decorated; as the tool does, or we, where too few are there to tell."""
    start = text[:NEWEST]
    first = next((found.start() for found in TITLE.finditer(start) if re.search(r"[0-9]\.[0-9]", found[0])), None)
    lines = [*LINE.finditer(start, first)] if first is not None else []
    if len(lines) < FEW:
        return TOOLS.get(tool, OURS)
    texts = [line["text"] for line in lines]
    told = {form: sum(re.match(pattern, text) is not None for text in texts) for form, pattern in SCOPES.items()}
    ids = [found for text in texts if (found := ID.search(text))]
    is_told = 2 * len(ids) >= len(texts)
    return Look(
        lines[0]["mark"],
        max(told, key=lambda form: told[form]),
        links=2 * sum(re.search(r"\]\(|`_", text) is not None for text in texts) >= len(texts) or is_told,
        ids=is_told,
        ticked=any(found["tick"] for found in ids),
        apart=any(APART.search(text) for text in texts),
        closing=CLOSING.search(start) is not None,
    )
