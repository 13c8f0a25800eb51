"""What a repository's pre-commit hooks tell of its linter: the edition of ruff that its code is clean for.

Every edition of ruff knows more rules than the one before, so another one would complain of code that is fine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PRE_COMMIT = ".pre-commit-config.yaml"
REPOSITORY = re.compile(r"^\s*-?\s*repo:\s*(?P<address>\S+)", re.MULTILINE)
EDITION = re.compile(r"^\s*-?\s*rev:.*?\bv?(?P<edition>[0-9]+\.[0-9]+\.[0-9]+)\b", re.MULTILINE)
"""The tag that stands at ``rev``, or beside it where that is a frozen commit."""
HOOK = re.compile(r"^\s*-?\s*id:\s*(?P<name>[\w-]+)", re.MULTILINE)
RUFF = "/ruff-pre-commit"
FORMAT = "ruff-format"


@dataclass(frozen=True)
class RuffHooks:
    """The edition of ruff that the hooks run ("" where none can be read), and whether they also format."""

    edition: str
    formats: bool


def find_ruff_hooks(text: str) -> RuffHooks | None:
    """Find ruff's own hooks in the text of a ``.pre-commit-config.yaml``; None where there are none."""
    begun = list(REPOSITORY.finditer(text))
    for number, found in enumerate(begun):
        if found["address"].strip("\"'").removesuffix(".git").removesuffix("/").endswith(RUFF):
            end = begun[number + 1].start() if number + 1 < len(begun) else len(text)
            told = text[found.end() : end]
            edition = EDITION.search(told)
            return RuffHooks(edition["edition"] if edition else "", FORMAT in HOOK.findall(told))
    return None
