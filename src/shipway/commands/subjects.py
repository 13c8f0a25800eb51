"""What evidence is held against, subject by subject: tag, tree, sources, changelog, notes, index, register, forge.

Each subject agrees, differs, could not be asked, or was not held, with the reason: skipped is not passed. Whatever
has to be fetched goes into a folder of its own; the repository that we stand in stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from packaging.version import Version

from shipway.changelog.sections import find_section
from shipway.commands.workplace import Workplace
from shipway.project.changelogs.names import find_candidates
from shipway.project.pyproject import PYPROJECT
from shipway.project.towncrier import OWN_FILE, find_towncrier
from shipway.project.version_source import find_version_source
from shipway.release.claim import Claim
from shipway.release.evidence import Evidence, differences, evidence_name, notes_digest
from shipway.release.outcomes import ConflictError, ReleaseError
from shipway.world.forge import ForgeRelease
from shipway.world.git import Git
from shipway.world.register import Register

Verdict = Literal["agrees", "differs", "unknown", "not held"]
Judged = tuple[Verdict, str]
UNTAGGED: Judged = ("not held", "there is no tagged commit to look at")
NO_FORGE: Judged = ("not held", "there is no forge")
SIGNATURE = "\n-----BEGIN "
"""How a signature below a tag's message begins, of whatever kind it is."""


@dataclass(frozen=True)
class Finding:
    """What came of holding the evidence against one subject."""

    subject: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True)
class Subjects:
    """One evidence, and everything that it speaks about.

    ``release`` is the forge release, None where there is none, or why nobody could tell.
    """

    evidence: Evidence
    release: ForgeRelease | ReleaseError | None
    place: Workplace
    scratch: Path

    def hold(self) -> Iterator[Finding]:
        """Hold the evidence against each subject; what cannot be asked about one leaves the others be."""
        subjects: dict[str, Callable[[], Judged]] = {
            "tag": self._tag,
            "tree": self._tree,
            "version": self._version,
            "changelog": self._changelog,
            "tag's notes": self._tag_notes,
            "index": self._index,
            "register": self._register,
            "forge release": self._forge_release,
            "forge's notes": self._forge_notes,
        }
        for subject, judge in subjects.items():
            try:
                verdict, detail = judge()
            except ConflictError as error:
                verdict, detail = "differs", error.what
            except ReleaseError as error:
                verdict, detail = "unknown", f"{error.what} ({error.why})" if error.why else error.what
            yield Finding(subject, verdict, detail)

    # --- git --------------------------------------------------------------------------------------

    @cached_property
    def _git(self) -> Git:
        return self.place.doors.git.storing_in(self.scratch / "objects")

    @cached_property
    def _tagged(self) -> tuple[str, str] | None:
        """The remote's tag: its object, which is at hand from here on, and the commit that it leads to."""
        ref = f"refs/tags/{self.evidence.tag}"
        peeled = f"{ref}^{{}}"
        refs = self._git.remote_refs(ref, peeled)
        if ref not in refs:
            return None
        self._git.fetch(refs[ref])
        return refs[ref], refs.get(peeled, refs[ref])

    @cached_property
    def _sources(self) -> Path | None:
        """A folder with what the tagged commit says about its version and its changelog."""
        if self._tagged is None:
            return None
        folder = self.scratch / "sources"
        folder.mkdir()
        for name in (PYPROJECT, OWN_FILE):
            text = self._git.find_file(self._tagged[1], name)
            if text is not None:
                (folder / name).write_text(text, encoding="utf-8", newline="")
        return folder

    def _find(self, path: str) -> str | None:
        """Give the text of a file of the tagged commit."""
        return self._git.find_file(self._tagged[1], path) if self._tagged else None

    def _tag(self) -> Judged:
        tag, wanted = self.evidence.tag, self.evidence.commit
        if self._tagged is None:
            return "differs", f"the remote has no tag {tag}"
        found = self._tagged[1]
        if found != wanted:
            return "differs", f"{tag} is at {found[:9]}, the evidence says {wanted[:9]}"
        return "agrees", f"{tag} is at {wanted[:9]}"

    def _tree(self) -> Judged:
        if self._tagged is None:
            return UNTAGGED
        found, wanted = self._git.tree_of(self._tagged[1]), self.evidence.tree
        if found != wanted:
            return "differs", f"the tagged commit has the tree {found[:9]}, the evidence says {wanted[:9]}"
        return "agrees", f"the tagged commit has the tree {wanted[:9]}"

    def _version(self) -> Judged:
        if self._sources is None:
            return UNTAGGED
        source, wanted = find_version_source(self._find), self.evidence.version
        found, place = source.read(), ", ".join(source.files)
        if found is None:
            return "not held", f"the version comes from git tags ({source.kind}): the tag is all that tells it"
        if found != Version(wanted):
            return "differs", f"{place} of the tagged commit says {found}, the evidence says {wanted}"
        return "agrees", f"{place} of the tagged commit says {found}"

    def _changelog(self) -> Judged:
        if self._sources is None or self._tagged is None:
            return UNTAGGED
        version = Version(self.evidence.version)
        if version.is_prerelease:
            return "not held", "a pre-release writes no section"
        day = datetime.fromisoformat(self.evidence.date).date()
        places = [name for name in self._changelogs(self._sources, version, day) if name]
        if not places:
            return "not held", "the tagged commit neither configures towncrier nor has a CHANGELOG.md"
        found = ((name, find_section(self._find(name) or "", version)) for name in places)
        name, section = next(((name, text) for name, text in found if text is not None), (places[0], None))
        if section is None:
            return "differs", f"{name} of the tagged commit has no section for {version}"
        return self._judge_notes(section, f"the section of {version} in {name}")

    def _changelogs(self, sources: Path, version: Version, day: date) -> Iterator[str | None]:
        """Give the files in which the section can be: towncrier's, and those that are named like changelogs."""
        towncrier = find_towncrier(sources)
        if towncrier is not None:
            yield towncrier.changelog_path(version, day).relative_to(sources).as_posix()
        if self._tagged is not None:
            yield from find_candidates(self._git.tracked_paths(self._tagged[1]))

    def _tag_notes(self) -> Judged:
        if self._tagged is None:
            return UNTAGGED
        found, commit = self._tagged
        if found == commit:
            return "not held", f"{self.evidence.tag} is a lightweight tag, which has no notes"
        message = self._git.run("cat-file", "tag", found).stdout.partition("\n\n")[2].partition(SIGNATURE)[0]
        return self._judge_notes(message.partition("\n\n")[2], f"the message of {self.evidence.tag}")

    def _judge_notes(self, notes: str, where: str) -> Judged:
        if notes_digest(notes) != self.evidence.notes:
            return "differs", f"{where} has other notes than the release was planned with"
        return "agrees", f"{where} has the notes of the release"

    # --- the index --------------------------------------------------------------------------------

    def _index(self) -> Judged:
        name, version = self.evidence.distribution, self.evidence.version
        project = self.place.doors.index.find_project(name)
        if project is None:
            return "differs", f"the index has no {name}"
        if project.status == "quarantined":
            return "unknown", f"the index has {name} quarantined, and shows none of its files"
        listed = {file.name: file for file in project.files_of(version)}
        wanted = {file.name: file.digest for file in self.evidence.distributions}
        found = {name: file.digest for name, file in listed.items()}
        if bare := sorted(name for name, digest in found.items() if not digest and name in wanted):
            return "unknown", f"the index gives no SHA-256 for {bare[0]}"
        if problems := list(_compare(found, wanted)):
            return "differs", "; ".join(problems)
        if yanked := sorted(name for name, file in listed.items() if file.yanked):
            return "differs", f"{', '.join(yanked)} was yanked"
        return "agrees", f"{len(found)} files, digests agree"

    # --- the register -----------------------------------------------------------------------------

    def _register(self) -> Judged:
        evidence = self.evidence
        if evidence.claim is None:
            return "not held", "the evidence names no claim"
        register = Register(self._git, evidence.distribution, evidence.branch, self.scratch / "register")
        if not evidence.claim.agrees:
            return "differs", f"by the evidence itself, {evidence.claim.ref} claimed something else"
        held = register.find()
        if held is None:
            return "differs", f"{register.ref} holds nothing, the evidence names a claim there"
        return self._judge_claim(held.claim, register.ref)

    def _judge_claim(self, claim: Claim, ref: str) -> Judged:
        if claim.plan.version != self.evidence.version:
            return "not held", f"{ref} is about {claim.plan.version} by now"
        others = differences(self.evidence, claim.candidate)
        others += ["plan"] if claim.plan.digest() != self.evidence.plan else []
        if others:
            return "differs", f"{ref} claims another {', '.join(others)}"
        if not claim.is_done:
            return "differs", f"{ref} is {claim.phase}: the release is not finished"
        return "agrees", f"{ref} is done, by {claim.owner.who}"

    # --- the forge --------------------------------------------------------------------------------

    def _forge_release(self) -> Judged:
        evidence, release = self.evidence, self._published
        if self.place.doors.forge is None:
            return NO_FORGE
        if release is None:
            return "differs", f"there is no published forge release for {evidence.tag}"
        wanted = {file.name: file.digest for file in evidence.distributions}
        whole = {asset.name: asset for asset in release.assets if asset.state == "uploaded" and asset.name in wanted}
        problems = list(_compare({name: asset.digest for name, asset in whole.items() if asset.digest}, wanted))
        if problems and not all(asset.digest for asset in whole.values()):
            return "unknown", "the forge gives no digests of its assets"
        if release.find_asset(evidence_name(evidence.distribution, evidence.version)) is None:
            problems.append("the evidence is not among its assets")
        if release.prerelease != Version(evidence.version).is_prerelease:
            problems.append("its pre-release flag is wrong")
        if problems:
            return "differs", f"{release.url}: {'; '.join(problems)}"
        return "agrees", f"{release.url} has {len(whole)} files, digests agree"

    def _forge_notes(self) -> Judged:
        if self.place.doors.forge is None:
            return NO_FORGE
        release = self._published
        if release is None:
            return "not held", "there is no published forge release"
        return self._judge_notes(release.body, f"the text of {release.url}")

    @property
    def _published(self) -> ForgeRelease | None:
        if isinstance(self.release, ReleaseError):
            raise self.release
        return self.release


def _compare(found: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    """Name what is missing, what is there besides, and what has other bytes."""
    yield from (f"{name} is missing" for name in sorted(wanted.keys() - found.keys()))
    yield from (f"{name} is none of the release's" for name in sorted(found.keys() - wanted.keys()))
    for name in sorted(wanted.keys() & found.keys()):
        if found[name] != wanted[name]:
            yield f"{name} has the digest {found[name][:12]}, the evidence says {wanted[name][:12]}"
