"""A convention: what commits of each type mean for the next version, and where the notes tell of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from shipway.changelog.commits import Change, parse_change
from shipway.changelog.squashes import Squash, find_release_as, split_message

Zero = Literal["minor", "shifted", "major", "features", "none"]
"""What a breaking change does to 0.x: the next minor, the next minor with features as patches, or 1.0.0.

With "features" it is 1.0.0 with features as patches; with "none" anything leads to 1.0.0.
"""

USUAL = ("feat", "fix", "perf", "revert", "build", "chore", "ci", "docs", "refactor", "style", "test")
"""The types that everybody writes who writes Conventional Commits."""
FOREIGN = "is not by Conventional Commits"
LEVELS = ("", "patch", "minor", "major")


class Kind(NamedTuple):
    """What commits of one type mean: their level ("" for none), and the section that they stand in ("" for none).

    ``hidden`` is the section of those that break something, where the others of the type stand in none.
    """

    level: str = ""
    section: str = ""
    hidden: str = ""


class Told(NamedTuple):
    """One change that a commit tells of, or why it tells of none.

    ``kind`` is the word that it is summed up by. ``breaking`` are the texts that stand among the breaking changes.
    ``version`` is one that the commit asks for.
    """

    kind: str
    level: str = ""
    why: str = ""
    section: str = ""
    scope: str = ""
    text: str = ""
    breaking: tuple[str, ...] = ()
    version: str = ""
    issues: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether notes tell of it."""
        return bool(self.section or self.breaking)


Reader = Callable[[str], tuple[Told, ...]]
"""Reads a message; nothing where it is not by the convention."""

HIDDEN, BREAKING = Kind(), Kind("major", "Breaking changes")
OWN_KINDS: Mapping[str, Kind] = {
    "feat": Kind("minor", "Added"),
    "perf": Kind("patch", "Changed"),
    "revert": Kind("patch", "Changed"),
    "fix": Kind("patch", "Fixed"),
}


class Convention(NamedTuple):
    """How the commits of a repository are read; by default ours, for one in which no other tool says how.

    ``tool`` and ``source`` say whose options these are and where they were read. ``other`` are types without a kind of
    their own; None: such a commit is none by the convention. ``foreign`` are those commits. ``fallback`` is the level
    where there are commits and none counts. ``always`` is the level of anything that counts. ``cancels``: a revert
    takes back what it reverts. ``merges``: merges are read as other commits are. ``order`` is how entries follow.
    """

    tool: str = ""
    source: str = ""
    kinds: Mapping[str, Kind] = OWN_KINDS
    other: Kind | None = HIDDEN
    foreign: Kind = HIDDEN
    breaking: Kind = BREAKING
    sections: tuple[str, ...] = ("Breaking changes", "Added", "Changed", "Fixed")
    any_case: bool = True
    repeats: bool = False
    """Whether a change that is marked as breaking stands in its own section too."""
    tells_marks: bool = True
    """Whether a change that is marked alone stands among the breaking changes."""
    breaks_by_any: bool = False
    """Whether a change breaks something also where its type is not known."""
    tells_asked: bool = False
    """Whether a commit that asks for a version stands in the section of its type, even of a hidden one."""
    squash: Squash = ""
    cancels: bool = True
    merges: bool = False
    unique: bool = True
    order: Literal["newest", "oldest", "sorted"] = "newest"
    capitalised: bool = False
    lowered: bool = False
    """Whether an entry has no other capital than its first letter."""
    subjects: bool = False
    """Whether an entry is the whole subject of its commit."""
    fallback: str = "patch"
    always: str = ""
    zero: Zero = "minor"
    tag_format: str = ""
    asked: str = ""
    pre: str = ""
    file: str = ""
    """The changelog's path, where the tool was told one."""
    paths: tuple[str, ...] = ()
    """What git shall look at, as its pathspecs; () for everything."""
    reader: Reader | None = None
    """Reads messages of a dialect that has little to do with types."""

    def kind_of(self, word: str) -> Kind | None:
        """Give what commits of a type mean; None where the convention does not know it."""
        return self.kinds.get(word, self.other)


OWN = Convention()


def read_message(convention: Convention, message: str) -> tuple[Told, ...]:
    """Give what a message tells, and at least why it tells nothing."""
    version = find_release_as(message)
    if convention.reader is not None:
        told = convention.reader(message)
    else:
        read = [_read_one(convention, piece) for piece in split_message(message, convention.squash)]
        told = tuple(one for one in read if one is not None)
    told = told or (foreign_of(convention, message),)
    if convention.always:
        told = tuple(one._replace(level=convention.always) if one.level else one for one in told)
    return (_asking(convention, told[0], version), *told[1:]) if version else told


def _asking(convention: Convention, told: Told, version: str) -> Told:
    """Give what a commit tells that asks for a version."""
    kind = convention.kind_of(told.kind) if convention.tells_asked else None
    return told._replace(version=version, section=told.section or (kind.hidden if kind else ""))


def read_change(convention: Convention, change: Change) -> Told | None:
    """Give what a change tells; None where the convention does not know its type."""
    kind = convention.kind_of(change.type)
    if kind is None and convention.breaks_by_any and change.is_breaking and not change.type.startswith("BREAKING"):
        kind = HIDDEN
    if kind is None:
        return None
    if not change.is_breaking:
        return told_of_type(convention, change.type, kind, change.scope, change.description, issues_of(change))
    texts = tuple(filter(None, (text.strip("\n").partition("\n\n")[0] for text in change.breaking)))
    how = "by a footer" if texts else "by the mark"
    section = (kind.section or kind.hidden) if texts or convention.repeats else ""
    level, title = convention.breaking.level, convention.breaking.section
    texts = texts or ((change.description,) if convention.tells_marks else ())
    return Told(
        "breaking",
        level,
        f"breaking, {how}",
        section,
        change.scope,
        change.description,
        texts if title else (),
        issues=issues_of(change),
    )


def told_of_type(  # noqa: PLR0913, PLR0917 - the sides of an entry
    convention: Convention, word: str, kind: Kind, scope: str = "", text: str = "", issues: tuple[str, ...] = ()
) -> Told:
    """Give what a commit tells that breaks nothing."""
    if not kind.level and not kind.section:
        return Told(word, "", f"has the type {word}, which is hidden", scope=scope, text=text)
    level = convention.always if kind.level and convention.always else kind.level
    return Told(
        word,
        level,
        word if level else f"has the type {word}, which no release is made for",
        kind.section,
        scope,
        text,
        issues=issues,
    )


def foreign_of(convention: Convention, message: str) -> Told:
    """Give what a commit tells that is not by the convention."""
    kind = convention.foreign
    why = FOREIGN
    text = message.strip("\ufeff \t\r\n").partition("\n")[0].strip() if kind.section else ""
    return Told("foreign", kind.level, why, kind.section, text=text)


def _read_one(convention: Convention, message: str) -> Told | None:
    change = parse_change(message, any_case=convention.any_case)
    return read_change(convention, change) if change is not None else None


CLOSING = frozenset(("closes", "close", "closed", "fixes", "fix", "fixed", "resolves", "resolve", "resolved", "refs"))


def issues_of(change: Change) -> tuple[str, ...]:
    """Give the issues that a change closes or refers to, by its footers."""
    values = [footer.value for footer in change.footers if footer.token.lower() in CLOSING]
    words = [word.strip(",;.") for value in values for word in value.split()]
    return tuple(dict.fromkeys(word for word in words if word.startswith("#") and word[1:].isdecimal()))
