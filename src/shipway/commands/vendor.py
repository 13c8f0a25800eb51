"""vendor: copy the running package into a repository, hold that copy against its manifest, move it on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from shipway.adopt.proposal import Proposal, write_all
from shipway.adopt.vendoring.copying import Copying, plan_copying, read_edition
from shipway.adopt.vendoring.ignored import require_seen
from shipway.adopt.vendoring.integrity import PACKAGE, WHY, named, other_copy, refusal, update_words
from shipway.adopt.vendoring.manifest import MANIFEST, Differences, Manifest, compare, read_digests, read_manifest
from shipway.adopt.vendoring.place import DEFAULT, Place, find_place
from shipway.adopt.vendoring.pointing import point_files
from shipway.commands.consent import require_consent
from shipway.commands.screen import Screen
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.release.outcomes import BlockedError, UsageError
from shipway.world.process import Processes


def vendor(words: Words, root: Path, screen: Screen) -> None:
    """Copy, or with ``--check`` hold the copy against its manifest; with ``--update`` move it to what runs."""
    if words.discard and not words.update:
        again = command_line("vendor", "--update", "--discard", front=words.front)
        raise UsageError("vendor: --discard belongs to --update", remedy=again)
    if words.check and words.update:
        again = command_line("vendor", "--check", front=words.front)
        raise UsageError("vendor: --check looks, and --update writes", remedy=again)
    vendoring = _Vendoring(words, find_place(root.resolve(), words.into), screen)
    return vendoring.check() if words.check else vendoring.write()


class _Vendoring:
    """One place for a copy of Shipway, and what was asked about it."""

    def __init__(self, words: Words, place: Place, screen: Screen) -> None:
        self._words, self._place, self._screen = words, place, screen
        self._runs_itself = place.package == PACKAGE

    def check(self) -> None:
        """Block on every file that is not as the manifest says, naming it."""
        manifest = self._require_manifest()
        wanted, found = dict(manifest.files), read_digests(self._place.package)
        if not self._runs_itself:
            edition = read_edition().manifest
            if edition.version == manifest.version and edition != manifest:
                wanted, found = {**edition.files, MANIFEST: "ours"}, {**found, MANIFEST: "edited"}
        self._refuse(compare(found, wanted), manifest)
        self._screen.facts["vendored"] = {"folder": self._place.folder, "version": manifest.version}
        count = len(manifest.files)
        self._screen.say(f"{self._place.name}: Shipway {manifest.version}, {count} files as its manifest says.")

    def write(self) -> None:
        """Show what would be written, ask, and write it; run again, it finds nothing to do."""
        before, copying = self._find_manifest(), None
        if self._runs_itself:
            self._refuse_to_update_itself(before)
            self.check()
            edition = self._require_manifest()
        else:
            copying = self._plan(before)
            edition = copying.edition.manifest
        pointed = point_files(
            self._place.root, self._place.folder, edition.needs, before.needs if before else edition.needs
        )
        changed = [proposal for proposal in pointed.proposals if proposal.is_change]
        if copying is not None and not copying.is_change:
            copying = None
        self._show(copying, before, changed, pointed.remarks)
        if copying is None and not changed:
            return self._screen.say("Everything is there already: nothing to write.")
        if self._words.dry_run:
            return self._screen.say("Dry run: nothing was written.")
        self._ask(changed, copying)
        if copying is not None:
            copying.carry_out()
        write_all(self._place.root, changed)
        check = command_line("vendor", "--check", *self._place.words)
        return self._screen.say(f"Written. Next: git add --all && git commit; {check}, in CI too", style="bold")

    def _plan(self, before: Manifest | None) -> Copying:
        """Plan the copying; refuse what would take somebody's work away, or an update that nobody asked for."""
        place, edition = self._place, read_edition()
        if self._words.update and not place.package.exists():
            raise self._nothing_there()
        copying = plan_copying(place.package, edition, before.files if before else {})
        if not self._words.update and copying.is_change and (before is not None or copying.lost):
            held = f"Shipway {before.version}" if before else f"something without a {MANIFEST}"
            what = f"{place.name} holds {held}, and not what this copy of {edition.manifest.version} would write"
            raise BlockedError(what, remedy=self._line("--update"))
        if copying.lost and not self._words.discard:
            self._name("not from any edition", copying.lost)
            raise BlockedError(
                f"{place.name}: {_counted(copying.lost)} edited or added here",
                why="the update would lose that; set aside what you want to keep",
                remedy=self._line("--update", "--discard"),
            )
        names = (*edition.manifest.files, MANIFEST)
        require_seen(place, names, Processes(self._screen.environment))
        return copying

    def _show(
        self, copying: Copying | None, before: Manifest | None, changed: list[Proposal], remarks: Iterable[str]
    ) -> None:
        """Say in a line what happens to the package, and show the other files' changes."""
        facts = {"written": list(copying.writes), "removed": list(copying.removals)} if copying else {}
        self._screen.facts.update(facts, files=[proposal.name for proposal in changed], remarks=list(remarks))
        if copying is not None:
            after = copying.edition.manifest
            move = (
                f"{before.version} -> {after.version}" if before and before.version != after.version else after.version
            )
            gone = f", {len(copying.removals)} to remove" if copying.removals else ""
            count = f"{len(after.files)} files, {len(copying.writes)} to write{gone}, and {MANIFEST}"
            self._screen.say(f"{self._place.name}: Shipway {move}, {count}")
            self._name("discarded", copying.lost)
        for proposal in changed:
            self._screen.say(proposal.diff())
        for remark in remarks:
            self._screen.say(remark)

    def _ask(self, changed: list[Proposal], copying: Copying | None) -> None:
        names = [*([self._place.name] if copying else []), *(proposal.name for proposal in changed)]
        options = ("--update", *(["--discard"] if self._words.discard else [])) if self._words.update else ()
        typed, why = (*options, *self._place.words), "files of the repository are changed"
        question = f"Write {', '.join(names)}?"
        require_consent(self._words, self._screen.environment, question, *typed, deed="write them", why=why)

    def _refuse(self, differences: Differences, manifest: Manifest) -> None:
        if not differences.are_any:
            return
        self._screen.facts.update({kind: list(names) for kind, names in differences.kinds.items()})
        for line in named(self._place, differences):
            self._screen.say(line)
        remedy = self._line(*update_words(differences), version=manifest.version)
        raise refusal(self._place, manifest, differences, remedy)

    def _refuse_to_update_itself(self, manifest: Manifest | None) -> None:
        if self._words.update:
            what = f"{self._place.name} is the copy that runs, and it has no other edition to take files from"
            version = f"Shipway {manifest.version}" if manifest else "Shipway"
            raise BlockedError(what, why=f"it is {version}", remedy=self._line("--update"))
        if manifest is None:
            raise BlockedError(
                f"{self._place.name} is Shipway's own source", remedy=command_line("vendor", "--into", DEFAULT)
            )

    def _require_manifest(self) -> Manifest:
        """Read the manifest; raises `BlockedError` where the copy has none that can be understood."""
        if not self._place.package.exists():
            raise self._nothing_there()
        remedy = self._line("--update", "--discard")
        try:
            manifest = read_manifest(self._place.package)
        except ValueError as error:
            raise BlockedError(f"{self._place.name}/{MANIFEST} {error}", why=WHY, remedy=remedy) from None
        if manifest is None:
            raise BlockedError(f"{self._place.name} has no {MANIFEST}", why="nothing says what it is", remedy=remedy)
        return manifest

    def _find_manifest(self) -> Manifest | None:
        """Read the manifest; None where there is none, or a broken one that is to be replaced."""
        try:
            return read_manifest(self._place.package)
        except ValueError:
            return None if self._words.update and not self._runs_itself else self._require_manifest()

    def _nothing_there(self) -> BlockedError:
        return BlockedError(f"there is no {self._place.name}", why="nothing is vendored there", remedy=self._line())

    def _line(self, *words: str, version: str = "latest") -> str:
        """Give a command to type: of the copy that runs, or where that is the one in question, of another."""
        words = (*words, *self._place.words)
        if self._runs_itself:
            return other_copy(version, *words)
        return command_line("vendor", *words, front=self._words.front)

    def _name(self, kind: str, names: Iterable[str]) -> None:
        for name in names:
            self._screen.say(f"{kind}: {self._place.name}/{name}")


def _counted(names: tuple[str, ...]) -> str:
    return f"{len(names)} file{'s' if len(names) > 1 else ''}"
