"""rehearse: the whole release for real, against an embedded index and forge, and a plain summary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shipway.commands.screen import Screen
from shipway.grammar import command_line
from shipway.parser import Request as Words
from shipway.project.configuration import Configuration, read_configuration
from shipway.project.pyproject import read_name
from shipway.project.tag_rule import detecting_tags, read_names
from shipway.rehearsal.needs import find_needs
from shipway.rehearsal.performance import Performance
from shipway.rehearsal.stage import Stage, open_stage
from shipway.release.outcomes import UsageError
from shipway.world.clock import Clock
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.process import Processes

LONG_WAIT = 3600.0


@dataclass(frozen=True)
class Rehearse:
    """One rehearsal of the repository that we stand in, which is only read."""

    words: Words
    root: Path
    screen: Screen

    def run(self) -> None:
        """Rehearse; raises the outcome that the real release would have."""
        if self.words.bump is None:
            remedy = command_line("rehearse", "minor", front=self.words.front)
            raise UsageError("no bump was given", why="which version is next is never guessed", remedy=remedy)
        environment = self.screen.environment
        git = Git(self.root, Processes(environment))
        tags, names = detecting_tags(git), read_names(self.root)
        configuration = read_configuration(self.root, environment, git.find_remote_url(), tags, names)
        flow = self.words.flow or choose_flow(configuration)
        self.screen.say(
            f"Rehearsing {read_name(self.root)} against an embedded index and forge. Nothing real is touched."
        )
        with open_stage(self.root, environment, configuration, flow) as stage:
            performance = Performance(stage, environment, self.screen.say)
            released = performance.release(*self._release_words())
            afterwards = self._afterwards(performance, released, configuration)
            needs = find_needs(git, configuration, environment, gates=self.words.gates)
            self._conclude(stage, released, [*afterwards], needs)
            if self.words.keep:
                self._keep(stage)

    def _release_words(self) -> list[str]:
        words = [str(self.words.bump), *(["--pre", self.words.pre] if self.words.pre else [])]
        return words if self.words.gates else [*words, "--no-gates"]

    def _afterwards(
        self, performance: Performance, released: dict[str, Any], configuration: Configuration
    ) -> list[str]:
        """Do what comes after a release: a maintainer merges, a stranger installs."""
        version, lines = str(released["version"]), [performance.merge(self.words.merge)]
        if released["flow"] == "direct" or released["pull_request"]:
            says = str(released.get("development") or version)
            lines.append(performance.require_main(says, str(released["commit"]), configuration.branch))
        return [*lines, performance.install(read_name(self.root), version)]

    def _conclude(self, stage: Stage, released: dict[str, Any], afterwards: list[str], needs: list[str]) -> None:
        say = self.screen.say
        self.screen.facts |= {name: released[name] for name in ("version", "tag", "commit", "flow", "distributions")}
        self.screen.facts |= {"afterwards": afterwards, "needs": needs}
        for line in afterwards:
            say(f"after     {line}")
        say()
        say(f"A real release would put {released['version']} on the index:", style="bold")
        for name, digest in released["distributions"].items():
            say(f"  {name}   {digest}")
        say(f"  tag {released['tag']} at {released['commit'][:9]}, with these notes:")
        say()
        say(_notes(stage, str(released["tag"])))
        say()
        say("It will need, and this place lacks:" if needs else "This place has all that it needs.")
        for need in needs:
            say(f"  - {need}")

    def _keep(self, stage: Stage) -> None:
        """Leave the servers up until Ctrl-C."""
        self.screen.say(
            f"Kept: forge {stage.forge.url}/  index {stage.index.url}/  clone {stage.clone}   (Ctrl-C ends it)"
        )
        try:
            while True:
                Clock().sleep(LONG_WAIT)
        except KeyboardInterrupt:
            self.screen.say("The rehearsal is cleared away.")


def choose_flow(configuration: Configuration) -> str:
    """Give the flow to rehearse: the one that was chosen; publish-first where only a missing forge said direct."""
    is_guess = configuration.sources["flow"].startswith("detected") and configuration.sources["forge"].startswith(
        "detected"
    )
    return "publish-first" if is_guess else configuration.flow


def _notes(stage: Stage, tag: str) -> str:
    """Read the notes back from the tag, as anyone would."""
    environment = Environment(stage.variables(Environment()))
    git = Git(stage.clone, Processes(environment))
    git.run("fetch", "--quiet", "origin", "tag", tag)
    text = git.read("tag", "--list", "--format=%(contents:body)", tag)
    return "\n".join(f"    {line}" for line in text.splitlines()).rstrip()


def rehearse(words: Words, root: Path, screen: Screen) -> None:
    """Rehearse the release of the repository at ``root``."""
    Rehearse(words, root, screen).run()
