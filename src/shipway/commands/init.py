"""init: write into a repository what it lacks for a rehearsal and a release, after showing it as a diff."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shipway.adopt.initial import FirstFiles
from shipway.adopt.presence import Presence, find_presence
from shipway.adopt.proposal import Proposal, write_all
from shipway.adopt.survey import survey
from shipway.adopt.workflows.drift import Workflows
from shipway.commands.consent import require_consent
from shipway.commands.screen import Screen
from shipway.commands.workplace import read_settings
from shipway.grammar import THEN, command_line
from shipway.parser import Request as Words
from shipway.project.changelog import find_changelog
from shipway.project.configuration import Configuration
from shipway.release.outcomes import UnavailableError
from shipway.world.git import Git
from shipway.world.process import Processes


def init(words: Words, root: Path, screen: Screen) -> None:
    """Show what is missing, ask, and write it; run again, it finds nothing to do."""
    adoption = Adoption(root, screen, read_settings(root, screen.environment), find_presence(root))
    first, unpinned = adoption.first_files(), None
    try:
        proposals = [*first, *adoption.workflows()]
    except UnavailableError as error:
        proposals, unpinned = first, error
    changed = [proposal for proposal in proposals if proposal.is_change]
    screen.facts["files"] = [proposal.name for proposal in changed]
    for proposal in changed:
        screen.say(proposal.diff())
    _write(words, root, changed, screen)
    if unpinned is not None:
        unpinned.remedy += THEN + command_line("init", front=words.front)
        raise unpinned


def _write(words: Words, root: Path, changed: list[Proposal], screen: Screen) -> None:
    if not changed:
        return screen.say("Everything is there already: nothing to write.")
    names = ", ".join(proposal.name for proposal in changed)
    if words.dry_run:
        return screen.say(f"Dry run: {names} would be written.")
    why = "they are files of the repository, and nobody has said yes"
    require_consent(words, screen.environment, f"Write {names}?", deed="write them", why=why)
    write_all(root, changed)
    rehearse = command_line("rehearse", "patch", front=words.front)
    return screen.say(f"Wrote {names}. Next: git add --all && git commit{THEN}{rehearse}", style="bold")


class Adoption:
    """What one repository would be given, and what is said about the tools that it has."""

    def __init__(self, root: Path, screen: Screen, configuration: Configuration, presence: Presence) -> None:
        self._root, self._screen, self._presence = root, screen, presence
        self._processes = Processes(screen.environment)
        self._remarks = survey(root)
        branch = Git(root, self._processes).find_branch()
        self._configuration = replace(configuration, branch=branch or configuration.branch)

    def first_files(self) -> list[Proposal]:
        """Give noxfile, tasks file, configuration and changelog."""
        branch, has_changelog = self._configuration.branch, self._has_changelog()
        files = FirstFiles(self._root, self._presence, self._remarks, branch, has_changelog)
        missing = files.find_missing()
        for remark in self._remarks:
            is_taken = missing.get(remark.key) == remark.value
            taken = f"; taken over: {remark.key} = {remark.value}" if is_taken else ""
            self._screen.say(f"{remark.source}: {remark.says}{taken}")
        return files.propose()

    def workflows(self) -> list[Proposal]:
        """Give the workflows and their pins; a workflow of the same name that is somebody else's stays."""
        workflows = Workflows(self._root, self._configuration, self._presence, self._processes)
        for name in workflows.foreign():
            self._screen.say(f"{name} is there and stays; rename it to have Shipway write its own")
        return workflows.propose()

    def _has_changelog(self) -> bool:
        """Whether a changelog system is found that notes can be made with; headings alone are written by hand."""
        return find_changelog(Git(self._root, self._processes)).kind not in {"none", "headings"}
