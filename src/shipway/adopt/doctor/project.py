"""Checks of the project: its name on the index, its version and tags, its changelog, what a plan would say."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import ClassVar

from packaging.version import InvalidVersion, Version

from shipway.adopt.doctor.check import Check
from shipway.adopt.doctor.facts import Facts, Unasked, given
from shipway.adopt.doctor.finding import Finding, Level, advice, blocks, does_not_apply, fine, judge, unknown
from shipway.grammar import command_line
from shipway.release.claim import Claim
from shipway.release.outcomes import ReleaseError
from shipway.release.plan import Plan
from shipway.release.version import parse_tag, render_tag
from shipway.world.index import IndexProject
from shipway.world.index_project import find_identity

OPEN = ("active", "deprecated")
MOST_NAMED = 3


class IndexAnswers(Check):
    """Mend the address (`index`, `index-url` in `[tool.shipway]`) or the way to the index."""

    name: ClassVar[str] = "index"
    question: ClassVar[str] = "does the index answer?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a release can do nothing without it, so no answer blocks."""
        given(facts.project.name)
        project = facts.index.project
        if isinstance(project, Unasked):
            return blocks(project.error.what, project.error.why, project.error.remedy)
        return fine("the index answers")


class NameIsOurs(Check):
    """Choose a name that is free, or have the project's owners on the index add you."""

    name: ClassVar[str] = "name"
    question: ClassVar[str] = "is the name free, or ours?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: ours, if the index has a version that is tagged here, or names this repository."""
        project, name = given(facts.index.project), given(facts.project.name)
        if project is None:
            return fine(f"{name} is free: the first release takes it")
        versions = versions_of(project)
        if shared := versions & {*_tagged(facts), *_here(facts)}:
            return fine(f"ours: it has {max(shared)}")
        if not versions:
            return unknown(f"the index has {name}, without any file", "whose it is cannot be seen")
        links = [link.lower() for link in given(facts.index.links)]
        repository = facts.configuration.repository.lower()
        if repository and any(repository in link for link in links):
            return fine(f"ours: its {max(versions)} names {facts.configuration.repository}")
        if not links:
            return unknown(f"whose {name} is cannot be told", "none of its versions is tagged here")
        why = f"its {max(versions)} is not tagged here, and names {links[0]}"
        return blocks(f"{name} is somebody else's on the index", why, "choose another name under [project]")


class TakesUploads(Check):
    """Ask the index's support to lift the quarantine, or take the project out of the archive in its settings there."""

    name: ClassVar[str] = "takes uploads"
    question: ClassVar[str] = "does the project on the index take uploads?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a quarantined or archived project takes none."""
        project = given(facts.index.project)
        if project is None:
            return does_not_apply("the index does not have it yet")
        if project.status in OPEN:
            return fine(f"it is {project.status}")
        what = f"the index has {given(facts.project.name)} {project.status} and takes no uploads"
        return blocks(what, "the upload would be refused", "ask the index's support to lift it")


class VersionReads(Check):
    """Write the version as PEP 440 has it, and the same one everywhere, where the remedy says."""

    name: ClassVar[str] = "version"
    question: ClassVar[str] = "can the version be read, and do all files that spell it agree?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: as a release reads it."""
        name, version = facts.project.name, facts.project.version
        for answer in (name, version):
            if isinstance(answer, Unasked):
                return judge(answer.error, "")
        return fine(f"{given(name)} {given(version)}")


class TagsFit(Check):
    """Set `tag-format` in `[tool.shipway]` to how the tags are written; delete tags that only look like a version's."""

    name: ClassVar[str] = "tags"
    question: ClassVar[str] = "does tag-format find the versions' tags?"
    worst: ClassVar[Level] = "advice"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a tag that is not found is a release that is not known."""
        form, releases = facts.configuration.tag_format, facts.configuration.tag_rule.find_releases(facts.tags)
        found = {*releases.values()}
        others = [tag for tag in facts.tags if parse_tag(tag, form) is None and _looks_like_version(tag)]
        strange = [tag for tag in others if tag not in releases]
        why = "the last release is found by its tag, and one that is not found counts as never made"
        named = ", ".join(strange[:MOST_NAMED])
        if strange and not found:
            return advice(f"no tag is as {form}, but there is {named}", why, "set tag-format in [tool.shipway]")
        known = {parse_tag(tag, form) for tag in facts.tags}
        if doubles := [tag for tag in others if _version_in(tag) in known]:
            why = "a version with two tags leaves people guessing which one it is"
            remedy = shlex.join(["git", "push", facts.configuration.remote, "--delete", doubles[0]])
            return advice(f"{doubles[0]} looks like the tag of a version that has one", why, remedy)
        if strange:
            return advice(f"not as {form}: {named}", why, "set tag-format in [tool.shipway], or leave them")
        return fine(f"{len(found)} found, as {form}" if found else "no version is tagged yet")


class MainKnowsRelease(Check):
    """Merge the pull request of the last release, then `git pull`."""

    name: ClassVar[str] = "landed"
    question: ClassVar[str] = "does main know of the last release?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: the version here must not be below the highest that this line has released."""
        line = given(facts.project.line)
        final = max((version for version in line.versions if not version.is_prerelease), default=None)
        if final is None or final <= line.current:
            return fine(f"the last release is {final}" if final else "nothing has been released yet")
        branch, form = facts.configuration.branch, facts.configuration.tag_format
        what = f"{render_tag(final, form)} is tagged, but {branch} says {line.current}"
        plan = facts.project.plan
        if isinstance(plan, ReleaseError) and plan.what == what:
            return judge(plan, "")  # it knows the pull request
        release_branch = render_tag(final, facts.configuration.release_branch)
        why = f"the pull request of {final} is not merged"
        return blocks(what, why, f"merge {release_branch} into {branch}, then git pull")


class Untagged(Check):
    """Tag the commits that those versions were made of, if you know them; releases go on without."""

    name: ClassVar[str] = "untagged"
    question: ClassVar[str] = "has every version on the index a tag?"
    worst: ClassVar[Level] = "advice"

    def judge(self, facts: Facts) -> Finding:
        """Answer: versions from before Shipway; advice alone."""
        project = given(facts.index.project)
        missing = sorted((versions_of(project) if project else set()) - _tagged(facts), reverse=True)
        if not missing:
            return fine("every version on the index is tagged" if project else "nothing is on the index yet")
        named = ", ".join(map(str, missing[:MOST_NAMED])) + (" .." if len(missing) > MOST_NAMED else "")
        tag = render_tag(missing[0], facts.configuration.tag_format)
        remedy = f"git tag {tag} COMMIT && git push {facts.configuration.remote} {tag}"
        return advice(f"on the index without a tag: {named}", "notes and previous version are found by tags", remedy)


class FragmentsFit(Check):
    """Rename the file to `ISSUE.TYPE.md`, or add it to towncrier's `ignore`."""

    name: ClassVar[str] = "fragments"
    question: ClassVar[str] = "would every fragment be told?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: a file that is left out is a change that nobody reads of."""
        listing = given(facts.project.fragments)
        if listing is None:
            return does_not_apply("there are no fragments")
        if listing.misnamed:
            wrong = listing.misnamed[0]
            what = f"{wrong.path.parent.name}/{wrong.path.name} would be left out of the changelog"
            return blocks(what, wrong.why, "rename it to ISSUE.TYPE.md")
        return fine(f"{len(listing.fragments)} would be told")


class PlanPasses(Check):
    """Do what the plan's own remedy says: it is what `plan -- minor` stops at."""

    name: ClassVar[str] = "plan"
    question: ClassVar[str] = "could a release be planned now?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: asks the planner itself, so that the doctor never says fine where a release refuses."""
        plan, claim = facts.project.plan, facts.git.claim
        if isinstance(claim, Claim) and not claim.is_done:
            return does_not_apply(f"{claim.plan.version} is under way")
        if isinstance(plan, Plan):
            return fine(f"{plan.version} could be planned: {command_line('release', *plan.words())}")
        if facts.git.changes is not None and plan.what == facts.git.changes.what:
            return unknown("not tried, for the work tree has changes", plan.why, plan.remedy)
        return judge(plan, "")


def versions_of(project: IndexProject) -> set[Version]:
    """Give every version of which the index has a distribution."""
    return {known[1] for file in project.files if (known := find_identity(file.name)) is not None}


def _tagged(facts: Facts) -> set[Version]:
    return {*facts.configuration.tag_rule.find_releases(facts.tags).values()}


def _here(facts: Facts) -> Iterator[Version]:
    """Give the version that is written here, if one can be read."""
    if not isinstance(facts.project.version, Unasked):
        yield facts.project.version


def _looks_like_version(tag: str) -> bool:
    return _version_in(tag) is not None


def _version_in(tag: str) -> Version | None:
    """Read a version out of a tag however it is decorated: from its first digit on."""
    start = next((place for place, character in enumerate(tag) if character.isdecimal()), None)
    if start is None:
        return None
    try:
        found = Version(tag[start:])
    except InvalidVersion:
        return None
    return found if len(found.release) > 1 else None
