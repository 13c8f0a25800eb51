"""Which tags are releases here: as ``tag-format`` says, or as the tags of the clone show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shipway.project.keys import TAG_FORMAT
from shipway.project.pyproject import read_name
from shipway.project.seen_tags import PEELED, TAGS, Head, Tag, read_head, read_tags
from shipway.project.settings import find_setting
from shipway.release.outcomes import BlockedError, ConfigurationError
from shipway.release.tagnames import DEFAULT_FORM, Seen, TagRule, find_form
from shipway.world.git_local import LocalGit

if TYPE_CHECKING:
    from shipway.project.configuration import Configuration


def read_tag_rule(git: LocalGit, tags: Sequence[Tag] | None = None, head: Head | None = None) -> TagRule:
    """Give the rule of the work tree that git stands in; its tags and HEAD are given where they were read already."""
    written, names = find_setting(git.root, git.processes.environment, TAG_FORMAT), read_names(git.root)
    if written is not None:
        return TagRule(str(written), names)
    form = find_form(earlier_tags(git, read_tags(git) if tags is None else tags, head), names)
    return TagRule(form or DEFAULT_FORM, names, strict=False)


def detecting_tags(git: LocalGit) -> list[Tag]:
    """Give the tags of this clone that show how a release of HEAD is tagged."""
    return earlier_tags(git, read_tags(git))


def read_names(root: Path) -> tuple[str, ...]:
    """Give the names by which tags may call the distribution; none where it has none that can be read."""
    try:
        return (read_name(root),)
    except ConfigurationError:
        return ()


def earlier_tags(git: LocalGit, tags: Sequence[Tag], head: Head | None = None) -> list[Tag]:
    """Give the tags that are no younger than HEAD, or all where every one is: a format may change later on."""
    if not tags:
        return []
    head = head or read_head(git)
    return [tag for tag in tags if head is None or tag.date <= head.date] or [*tags]


def require_same_form(git: LocalGit, configuration: Configuration, refs: Mapping[str, str]) -> None:
    """Refuse a tag format that was detected in a clone which lacks tags of the remote that tell another one."""
    rule = configuration.tag_rule
    if rule.strict:
        return
    own = {tag.name: tag for tag in read_tags(git)}
    names = {ref.removeprefix(TAGS) for ref in refs if ref.startswith(TAGS) and not ref.endswith(PEELED)}
    if names <= own.keys():
        return
    newest = max((tag.date for tag in own.values()), default=0) + 1
    form = _form_of(names, own, newest, rule.names)
    if form is not None and form != rule.form:
        import shlex

        what = f"the tags of this clone say {rule.form}, and those of the remote {form}"
        why = "the last release is found by its tag, and the next one is named like it"
        remedy = shlex.join(["git", "fetch", "--tags", configuration.remote])
        raise BlockedError(what, why=why, remedy=f"{remedy}, or set tag-format in [tool.shipway]")


def _form_of(names: Collection[str], own: Mapping[str, Tag], newest: int, called: Collection[str]) -> str | None:
    """Give the form that a remote's tags show, those that are not here taken for the newest."""
    return find_form([own.get(name, Seen(name, newest)) for name in names], called)
