"""The performance: a real release by a child process, a maintainer who merges it, a stranger who installs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from shipway.project.files import in_commit
from shipway.project.handover import OUTCOME, Handover
from shipway.project.version_source import find_version_source
from shipway.rehearsal.stage import Stage
from shipway.release.outcomes import BlockedError, ReleaseError, ToolError
from shipway.world.environment import Environment
from shipway.world.git import Git
from shipway.world.installer import Installer
from shipway.world.ourselves import own_argv
from shipway.world.process import Completed, Processes, tail


@dataclass(frozen=True)
class Performance:
    """One rehearsal on a stage; ``say`` gets every line for people."""

    stage: Stage
    environment: Environment
    say: Callable[[str], None]

    def release(self, *words: str) -> dict[str, Any]:
        """Run ``release`` as a child process in the clone; give its outcome, or raise it."""
        argv = own_argv("nox", "release", *words, "--yes")
        variables = self.stage.variables(self.environment)
        child = Processes(Environment(variables))
        ended = child.run(argv, cwd=self.stage.clone, env=variables, check=False, listen=until_error(self.say))
        outcome = json.loads(Handover(self.stage.clone).find(OUTCOME) or "{}")
        if ended.code != 0 or outcome.get("code") != 0:
            raise _as_error(outcome, ended)
        return outcome if isinstance(outcome, dict) else {}

    def merge(self, method: str) -> str:
        """Merge the pull request as a maintainer would; give a line about it."""
        pulls = self.stage.forge.repository(self.stage.repository).pulls
        if not pulls:
            return "no pull request: nothing to merge"
        pull = pulls[-1]
        commit = self.stage.forge.merge_pull_request(pull.number, method)
        return f"#{pull.number} merged by {method}: {pull.base_branch} is at {commit[:9]}"

    def require_main(self, version: str, commit: str, branch: str) -> str:
        """Hold main against what was released: after the merge it has all of it, and says the same version."""
        git = Git(self.stage.clone, Processes(Environment(self.stage.variables(self.environment))))
        ref = f"refs/heads/{branch}"
        tip = git.remote_refs(ref)[ref]
        git.fetch(tip)
        found = find_version_source(in_commit(git, tip)).read()
        if found is None:  # in git tags alone: what main can have of the release is its changelog
            git.fetch(commit)
            if git.merge_trees(tip, commit)[0] != git.tree_of(tip):
                raise BlockedError(f"{branch} lacks what the release of {version} changed")
            return f"{branch} has the release of {version}"
        if found != Version(version):
            raise BlockedError(f"{branch} says {found} after the release of {version}")
        return f"{branch} says {found}"

    def install(self, name: str, version: str) -> str:
        """Install the release from the embedded index as a stranger, with what it needs from the usual one."""
        processes = Processes(Environment(self.stage.variables(self.environment)))
        installer = Installer(processes)
        place = self.stage.clone.parent / "stranger"
        python = installer.make_environment(place)
        words = [f"{name}=={version}"]
        done = installer.install(python, words, extra_index=self.stage.index.simple_url)
        if done.code != 0:
            raise ToolError(f"{name} {version} does not install from the embedded index", why=done.output[-400:])
        return f"{name} {version} installs from the index as a stranger would"


def until_error(say: Callable[[str], None]) -> Callable[[str], None]:
    """Pass lines on up to the child's error, which is raised here and so would be told twice."""
    names = tuple(f"{kind.name}: " for kind in ReleaseError.__subclasses__())
    errors: list[str] = []

    def listen(line: str) -> None:
        if errors or line.startswith(names):
            errors.append(line)
        else:
            say(line)

    return listen


def _as_error(outcome: dict[str, Any], ended: Completed) -> ReleaseError:
    """Give the child's outcome as ours: same code, same words."""
    for kind in ReleaseError.__subclasses__():
        if kind.code == outcome.get("code"):
            return kind(str(outcome["what"]), why=str(outcome["why"]), remedy=str(outcome["next"]))
    return ToolError(f"the rehearsed release ended with exit code {ended.code}", why=tail(ended.output))
