"""verify: hold the evidence of a release against what everybody sees of it, from any clone, on any machine."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from shipway.commands.screen import Screen
from shipway.commands.subjects import Finding, Subjects
from shipway.commands.workplace import Workplace
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.handover import EVIDENCE
from shipway.project.pyproject import read_name
from shipway.release.evidence import SUFFIX, Evidence, evidence_name, parse_evidence
from shipway.release.outcomes import BlockedError, ConflictError, ReleaseError, UnavailableError, UsageError
from shipway.release.version import render_tag
from shipway.world.forge import Asset, ForgeRelease

LARGEST = 10_000_000
STYLES = {"agrees": "green", "differs": "bold red", "unknown": "yellow", "not held": "dim"}


@dataclass(frozen=True)
class Found:
    """Evidence, where it was found, and what the forge said when it was asked for the release."""

    evidence: Evidence
    where: str
    release: ForgeRelease | ReleaseError | None


def verify(words: Words, place: Workplace, screen: Screen) -> None:
    """Print one line for each subject; raise what the worst of them means."""
    version = _require_version(words)
    found = Search(place, version, command_line("status", front=words.front)).find()
    evidence = found.evidence
    screen.facts |= {"version": evidence.version, "tag": evidence.tag, "commit": evidence.commit}
    screen.facts["evidence"] = found.where
    screen.say(f"{evidence.distribution} {evidence.version}   evidence from {found.where}")
    findings = []
    with TemporaryDirectory(prefix="shipway-verify-") as folder:
        for finding in Subjects(evidence, found.release, place, Path(folder)).hold():
            findings.append(finding)
            screen.say(f"{finding.subject:14} {finding.verdict:9} {finding.detail}", STYLES[finding.verdict])
    for unknown in evidence.unknown:
        screen.say(f"{'not known':14} {unknown.fact}: {unknown.why}")
    screen.facts["subjects"] = [asdict(finding) for finding in findings]
    screen.facts["unknown"] = [asdict(unknown) for unknown in evidence.unknown]
    _conclude(evidence, findings, screen, command_line("verify", words.release or "", front=words.front))


def _require_version(words: Words) -> Version:
    example = command_line("verify", "1.2.3", front=words.front)
    if words.release is None:
        raise UsageError("no version was given", why="evidence is about one version", remedy=example)
    try:
        return Version(words.release)
    except InvalidVersion:
        raise UsageError(f"{words.release!r} is no version", remedy=example) from None


@dataclass(frozen=True)
class Search:
    """Looks for the evidence of one version: on the forge, and where it is not published, in ``.release/``."""

    place: Workplace
    version: Version
    remedy: str

    def find(self) -> Found:
        """Give the evidence; raises `BlockedError` where there is none, and `ConflictError` where it is broken."""
        release = self._find_release()
        published = self._read_published(release) if isinstance(release, ForgeRelease) else None
        if published is not None and isinstance(release, ForgeRelease):
            return Found(published, release.url, release)
        evidence = self._read_local()
        if evidence is not None:
            return Found(evidence, f".release/{EVIDENCE}, which is not published", release)
        raise release if isinstance(release, ReleaseError) else self._none(release)

    def _find_release(self) -> ForgeRelease | ReleaseError | None:
        forge = self.place.doors.forge
        try:
            return forge.find_published(self._find_tag()) if forge is not None else None
        except ReleaseError as error:
            return error

    def _find_tag(self) -> str:
        """Give the name of the version's tag: as it would be spelt now, or as the remote has it."""
        rule = self.place.configuration.tag_rule
        names = [ref.removeprefix("refs/tags/") for ref in self.place.doors.git.remote_refs("refs/tags/*")]
        meant = [name for name, version in rule.find_releases(names).items() if version == self.version]
        wanted = render_tag(self.version, rule.form)
        return wanted if wanted in meant else next(iter(meant), wanted)

    def _read_published(self, release: ForgeRelease) -> Evidence | None:
        forge, asset = self.place.doors.forge, self._find_asset(release)
        if forge is None or asset is None:
            return None
        content = forge.read_asset(asset.id) if asset.size <= LARGEST else b""
        try:
            return self._require_ours(parse_evidence((content or b"").decode()))
        except ValueError as error:
            what = f"{asset.name} of {release.url} cannot be read as evidence: {error}"
            why = "a document that is not what Shipway wrote proves nothing"
            remedy = "python -m pip install --upgrade shipway; if that does not help, find out who uploaded it"
            raise ConflictError(what, why=why, remedy=remedy) from None

    def _find_asset(self, release: ForgeRelease) -> Asset | None:
        """Find the evidence among the files, however the version was typed: 1.3 is 1.3.0."""
        stem = evidence_name(read_name(self.place.root), "").removesuffix(SUFFIX)
        whole = [asset for asset in release.assets if asset.state == "uploaded"]
        return next((a for a in whole if a.name.startswith(stem) and a.name.endswith(SUFFIX)), None)

    def _require_ours(self, evidence: Evidence) -> Evidence:
        name = canonicalize_name(read_name(self.place.root))
        if (canonicalize_name(evidence.distribution), Version(evidence.version)) != (name, self.version):
            raise ValueError(f"it is about {evidence.distribution} {evidence.version}")
        return evidence

    def _read_local(self) -> Evidence | None:
        try:
            return self._require_ours(parse_evidence(self.place.handover.find(EVIDENCE) or ""))
        except ValueError:
            return None

    def _none(self, release: ForgeRelease | None) -> BlockedError:
        name = f"{read_name(self.place.root)} {self.version}"
        if self.place.doors.forge is None:
            why = "without a forge evidence is not published: it is in .release/ of the clone that released last"
        elif release is None:
            why = f"the forge shows no release for {self._find_tag()}, and .release/ has none of it either"
        else:
            why = f"{release.url} has none among its files: it was not made by Shipway, or not by this version of it"
        return BlockedError(f"there is no evidence of {name}", why=why, remedy=self.remedy)


def _conclude(evidence: Evidence, findings: list[Finding], screen: Screen, again: str) -> None:
    """Raise the outcome that the findings add up to."""
    named = {verdict: [f.subject for f in findings if f.verdict == verdict] for verdict in STYLES}
    if named["differs"]:
        raise ConflictError(
            f"{evidence.version} is not what its evidence says: {', '.join(named['differs'])}",
            why="something of it was changed after the release, or the evidence was",
            remedy=f"find out who changed it, and when; to look again: {again}",
        )
    if named["unknown"]:
        raise UnavailableError(
            f"not everything could be asked: {', '.join(named['unknown'])}",
            why="what could not be asked is not taken for right",
            remedy=again,
        )
    left = f"; not held: {', '.join(named['not held'])}" if named["not held"] else ""
    screen.say(f"{evidence.version} is what its evidence says: {len(named['agrees'])} subjects agree{left}.", "bold")
