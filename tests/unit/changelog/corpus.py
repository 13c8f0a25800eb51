"""A few hundred messages such as people write: types, scopes, marks, bodies and footers in all their spellings."""

from __future__ import annotations

import random
from collections.abc import Iterator

TYPES = ("feat", "fix", "docs", "chore", "perf", "refactor", "test", "build", "ci", "style")
SCOPES = ("", "", "(core)", "(cli)", "(deps-dev)", "(api/v2)", "(two words)")
TEXTS = (
    "turn both ways",
    "bump urllib3 from 2.2.1 to 2.2.2 (#123)",
    "handle `None` in <config>",
    "don't crash on ünïcode ever",
    "end with a stop.",
    "name: with a colon",
)
BODIES = (
    "",
    "\n\nWhy it was done, in a sentence or\ntwo, as people write them.",
    "\n\n- one thing\n- another thing",
    "\n\nNote that BREAKING CHANGE: stands in the middle here.",
    "\n\n# a heading, which git would have taken out of an editor\n\nText.",
)
FOOTERS = (
    "",
    "",
    "\n\nCloses #12",
    "\n\nRefs: #12\nReviewed-by: A Person <a@example.invalid>",
    "\n\nBREAKING CHANGE: the old way is gone",
    "\n\nBREAKING-CHANGE: the old way is gone",
    "\n\nbreaking change: said in small letters",
    "\n\nBREAKING CHANGE: the old way is gone\nfor good, on two lines\nSigned-off-by: A Person <a@example.invalid>",
    "\n\nSigned-off-by: A Person <a@example.invalid>\nCo-authored-by: B Person <b@example.invalid>",
)
PECULIAR = (
    "feat:no space after the colon",
    "feat : a space before the colon",
    "feat(): an empty scope",
    "feat(a)(b): two scopes",
    "  feat: a space before the type",
    "FEAT: in capitals",
    "Feat(Core): with a capital",
    "BREAKING CHANGE: as a header",
    "feat: no blank line\nBREAKING CHANGE: before the footer",
    "Fix the thing",
    "Merge branch 'main' into side",
    "Merge pull request #12 from someone/side\n\nfeat: what it was about",
    'Revert "feat: turn both ways"\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567.',
    "fixup! feat: turn both ways",
    "Bump version: 1.2.3 \u2192 1.2.4",
    "1.2.4",
    "wip",
    ":sparkles: feat: with an emoji",
)


def messages() -> Iterator[str]:
    """Give them, the same ones each time."""
    choose = random.Random(20).choice  # noqa: S311 - a corpus, not a secret
    for number in range(320):
        kind, mark, end = choose(TYPES), choose(("", "", "", "!")), "\r\n" if number % 8 == 0 else "\n"
        body, footer = choose(BODIES), choose(FOOTERS)
        yield f"{kind}{choose(SCOPES)}{mark}: {choose(TEXTS)}{body}{footer}\n".replace("\n", end)
    yield from PECULIAR
