"""What a forge says about its own settings: what a token may do, what rules refuse, what Actions is allowed.

Plain values; `shipway.world.github_settings` asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

TAGS = "refs/tags/"


@dataclass(frozen=True)
class Access:
    """A repository as a token sees it."""

    may_write: bool
    is_admin: bool
    is_archived: bool


@dataclass(frozen=True)
class Branch:
    """A branch: whether classic protection keeps it, and the checks that a merge has to wait for."""

    is_protected: bool
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Protection:
    """The classic protection of a branch, as its administrators see it."""

    wants_pull_request: bool
    wants_signatures: bool
    binds_admins: bool


@dataclass(frozen=True)
class Rule:
    """One rule of a ruleset: its type in the forge's words, the checks it names, and whether we are past it."""

    kind: str
    ruleset: str
    is_bypassed: bool
    checks: tuple[str, ...] = ()
    allows_creation: bool = False


@dataclass(frozen=True)
class TagRuleset:
    """Rules about tags: which names they hold for, and of which types they are."""

    name: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    kinds: tuple[str, ...]
    is_bypassed: bool

    def holds_for(self, tag: str) -> bool:
        """Whether a tag of this name has to follow the rules."""
        return any(_fits(tag, glob) for glob in self.include) and not any(_fits(tag, glob) for glob in self.exclude)


@dataclass(frozen=True)
class ActionsSettings:
    """What the workflows' own token may do where a workflow does not say."""

    default: str
    may_open_pull_requests: bool


def _fits(tag: str, glob: str) -> bool:
    return glob == "~ALL" or fnmatchcase(TAGS + tag, glob)
