"""What a pull request lacks that users will read of, and what is wrong with what is there already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shipway.changelog.commits import Commit, parse_change
from shipway.changelog.convention import USUAL
from shipway.changelog.history import follows_convention
from shipway.project.changelogs.contract import Changelog, Span
from shipway.release.outcomes import BlockedError, ConfigurationError
from shipway.world.git import Git

if TYPE_CHECKING:
    from shipway.project.changelogs.kept import KeptChangelog

TITLE = "SHIPWAY_PULL_REQUEST_TITLE"
"""The variable in which CI hands on the title of the pull request, which becomes the commit where that is squashed."""
FIXUP = re.compile(r"(?:fixup|squash|amend)! ")
MOST_NAMED = 5


@dataclass(frozen=True)
class Asked:
    """What a check compares: HEAD with the commit at which it left its target; ``title`` is the pull request's."""

    git: Git
    base: str
    title: str = ""

    def changed(self) -> list[str]:
        """Give the paths that differ from the base, without those that are gone."""
        words = ("diff", "-z", "--name-only", "--no-renames", "--diff-filter=d", "--relative", self.base, "HEAD", "--")
        return [path for path in self.git.run(*words).stdout.split("\0") if path]


def find_base(git: Git, target: str) -> str:
    """Give the commit at which HEAD left its target."""
    found = git.run("merge-base", "--end-of-options", target, "HEAD", check=False)
    if found.code != 0 or not found.stdout.strip():
        why = "what a pull request adds is told by where it left its branch"
        remedy = "fetch the branch with its history (in CI: fetch-depth: 0), or name another with --since"
        raise ConfigurationError(f"{target} and HEAD have no commit in common here", why=why, remedy=remedy)
    return found.stdout.split()[0]


def check_pull_request(changelog: Changelog, asked: Asked) -> str:
    """Say what a pull request brings for the changelog; `BlockedError` where that is nothing."""
    from shipway.project.changelogs.announced import AnnouncedChangelog
    from shipway.project.changelogs.collected import CollectedChangelog
    from shipway.project.changelogs.fragments import FragmentChangelog
    from shipway.project.changelogs.gathered import GatheredChangelog
    from shipway.project.changelogs.kept import KeptChangelog

    changed = asked.changed()
    if not changed:
        return "nothing changed"
    if isinstance(changelog, (AnnouncedChangelog, CollectedChangelog, FragmentChangelog, GatheredChangelog)):
        return _require_fragment(changelog, changelog.paths(), changed)
    if isinstance(changelog, KeptChangelog):
        return _require_entry(changelog, asked)
    if changelog.kind == "conventional":
        return _require_convention(asked, changelog.advice)
    if changelog.kind == "none":
        return "this repository keeps no changelog: nothing is asked of a pull request"
    return f"whether the changelog tells of it is for people to see; how: {changelog.advice}"


def _require_fragment(changelog: Changelog, fragments: Collection[str], changed: Collection[str]) -> str:
    """Ask for a fragment; a release, which changes the changelog itself, needs none."""
    found = sorted({*fragments} & {*changed})
    if found:
        return f"it has {', '.join(found[:MOST_NAMED])}"
    if getattr(changelog, "file", "") in changed:
        return "it changes the changelog itself"
    why = f"{len(changed)} files changed, and none of them is a fragment: users would not read of it"
    raise BlockedError("this pull request has no fragment", why=why, remedy=changelog.advice)


def _require_entry(changelog: KeptChangelog, asked: Asked) -> str:
    """Ask for an entry that the base does not have, in what is not released yet."""
    before = asked.git.find_file(asked.base, f"./{changelog.path}") or ""
    new = changelog.new_entries(before)
    if new:
        return f"it has {len(new)} new in {changelog.path}: {new[0]}"
    why = f"{changelog.path} tells of nothing that it did not tell before"
    raise BlockedError("this pull request has no entry in the changelog", why=why, remedy=changelog.advice)


def _require_convention(asked: Asked, advice: str) -> str:
    """Ask for a title, or without one for commits, by Conventional Commits."""
    if asked.title:
        if follows_convention(Commit("", (), asked.title)):
            return "its title is by convention"
        why = f"it becomes the commit that notes are made of; types: {', '.join(sorted(USUAL))}"
        remedy = "give it a title such as 'fix: what changed'"
        raise BlockedError(f"the title {asked.title[:80]!r} is not by Conventional Commits", why=why, remedy=remedy)
    from shipway.project.changelogs.commit_log import read_commits

    commits = [one for one in read_commits(asked.git, Span(asked.base, "HEAD"), "--no-merges") if one.subject]
    foreign = [one for one in commits if parse_change(one.message) is None and not FIXUP.match(one.subject)]
    if not foreign:
        return f"{len(commits)} commits, all by convention"
    why = "; ".join(f"{one.id[:7]} {one.subject[:60]!r}" for one in foreign[:MOST_NAMED])
    what = f"{len(foreign)} of {len(commits)} commits are not by Conventional Commits"
    raise BlockedError(what, why=why, remedy=f"reword them (git rebase -i), or {advice}")


def lint(changelog: Changelog, git: Git) -> list[str]:
    """Give everything that is wrong with fragments and file."""
    from shipway.changelog.lint import lint_changelog
    from shipway.project.changelogs.names import find_changelog_file, read_changelog_file

    path = getattr(changelog, "file", "")
    file = read_changelog_file(git.root, path) if path else find_changelog_file(git.root)
    found = [*_fragment_problems(changelog)]
    if file is not None:
        problems = lint_changelog(file.text, rst=file.is_rst)
        found += [f"{file.path}:{problem.line}: {problem.what}" for problem in problems]
    return found


def _fragment_problems(changelog: Changelog) -> Iterator[str]:
    from shipway.project.changelogs.collected import CollectedChangelog
    from shipway.project.changelogs.fragments import FragmentChangelog

    if isinstance(changelog, FragmentChangelog):
        from shipway.project.fragments import list_fragments

        listing, root = list_fragments(changelog.towncrier), changelog.towncrier.root
        yield from (f"{one.path.relative_to(root).as_posix()}: {one.why}" for one in listing.misnamed)
        for fragment in listing.fragments:
            name = fragment.path.relative_to(root).as_posix()
            if not fragment.text.strip():
                yield f"{name}: it is empty"
            elif fragment.issue and changelog.towncrier.links_issues and not re.search("[0-9]", fragment.issue):
                yield f"{name}: issue_format would make a link of {fragment.issue!r}, which is no number"
    elif isinstance(changelog, CollectedChangelog):
        yield from changelog.problems()
