"""One fault: what goes wrong, how the release meets it, and what a person does then."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from shipway.rehearsal.faults.scene import Scene

ANY = re.compile(r"…|\b[A-Z]{3,}\b|\bN\b")
"""What stands for something else in a scenario's words: an ellipsis for anything, capitals for one word."""

OUTCOMES = {0: "done", 12: "blocked", 13: "conflict", 14: "unavailable", 15: "tool failed"}
"""The outcomes that a fault can have, as `shipway.release.outcomes` calls them."""

AGAIN = "…release …"
"""The remedy of whatever only needs another try: the command itself."""

AFTER_PUBLISHING = frozenset({"pull", "tag", "release"})
AFTER_CLAIM = AFTER_PUBLISHING | {"files"}
EVERYTHING = AFTER_CLAIM | {"claim"}
"""What others cannot see of a release that got no further than this; see `Scene.public`."""


def do_nothing(scene: Scene) -> None:
    """Change nothing: to run the same command again is all that it takes."""
    del scene


@dataclass(frozen=True)
class Scenario:
    """A fault by its name.

    ``code`` is how the first run ends: 0 where the release gets over it by itself. Otherwise ``says`` and ``remedy``
    are the first line of the outcome and its remedy; ``person`` says what is done about it, and ``mend`` does it.
    Then the release is run again. ``spares`` names what others must not see after the first run.
    """

    name: str
    summary: str
    arrange: Callable[[Scene], None]
    code: int = 0
    says: str = ""
    remedy: str = ""
    person: str = ""
    mend: Callable[[Scene], None] = do_nothing
    spares: frozenset[str] = frozenset()
    flow: str = ""
    """The one flow in which it can happen; any, if none is named."""
    forge: bool = False
    """Whether it needs a forge, and not git alone."""

    @property
    def outcome(self) -> str:
        """How the first run ends, in a word."""
        return OUTCOMES[self.code]

    def fits(self, what: str, remedy: str) -> bool:
        """Whether an outcome's words are those by which this fault is known."""
        return bool(_pattern(self.says).fullmatch(what) and _pattern(self.remedy).fullmatch(remedy))


def _pattern(words: str) -> re.Pattern[str]:
    """Give a scenario's words as a regular expression."""
    wild = [r".*" if found == "…" else r"\S+" for found in ANY.findall(words)]
    pieces = zip(ANY.split(words), [*wild, ""], strict=True)
    return re.compile("".join(re.escape(text) + more for text, more in pieces))
