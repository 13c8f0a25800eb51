"""Whether a version that a changelog names is out already: by the tags in the history."""

from __future__ import annotations

import re

from shipway.changelog.headings import VERSION
from shipway.changelog.outline import Section
from shipway.world.git import Git


def is_tagged(git: Git, section: Section, since: str | None = None) -> bool:
    """Tell whether a tag names a section's version: in HEAD's history, or at the commit of the last release."""
    spelled = {str(section.version)}
    spelled |= {found[1].rstrip(".-_") for found in VERSION.finditer(section.heading.title) if "." in found[1]}
    names = sorted(spelled | {name.replace(".", mark) for name in spelled for mark in "-_"})
    patterns = [f"*{name}" for name in names if re.fullmatch(r"[0-9A-Za-z._+!-]+", name)]
    asked = [("--merged", "HEAD"), *([("--points-at", since)] if since else [])]
    return any(
        re.search(rf"(?:^|[^0-9.]){re.escape(name)}$", tag)
        for words in asked
        for tag in git.run("tag", *words, "--list", *patterns, check=False).stdout.split()
        for name in names
    )
