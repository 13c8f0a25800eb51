"""Reading the facts: everything that the checks look at, asked once of git, forge, index and this machine.

Nothing is changed anywhere: what only a push could tell is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from shipway.adopt.doctor.facts import (
    Answer,
    Facts,
    ForgeFacts,
    GitFacts,
    IndexFacts,
    ProjectFacts,
    Unasked,
    ask,
    given,
)
from shipway.adopt.doctor.index_links import read_links
from shipway.adopt.doctor.reading_machine import read_lock, read_machine
from shipway.adopt.doctor.workflow_files import Workflow, find_publishing, read_workflows
from shipway.project.base import require_branch, require_clean, require_pushed, require_whole
from shipway.project.changelog import find_changelog
from shipway.project.changelogs.fragments import FragmentChangelog
from shipway.project.configuration import Configuration
from shipway.project.files import in_folder
from shipway.project.fragments import Listing, list_fragments
from shipway.project.handover import Handover
from shipway.project.line import Line, read_current, read_line
from shipway.project.lockfiles import find_refused
from shipway.project.pyproject import read_name
from shipway.project.sessions import Session, Sessions
from shipway.project.tags import GATE
from shipway.project.version_source import find_version_source, require_agreement
from shipway.release.claim import Claim
from shipway.release.outcomes import ReleaseError
from shipway.release.plan import Plan
from shipway.release.request import Request
from shipway.release.version import render_tag
from shipway.steps.contract import Doors
from shipway.steps.plan import Planner
from shipway.world.git import Git
from shipway.world.git_login import without_login
from shipway.world.github import GitHub
from shipway.world.github_settings import GitHubSettings
from shipway.world.register import Register

TRIED = Request("minor")
"""The request whose plan is tried."""


@dataclass(frozen=True)
class Reader:
    """Reads the facts of one repository; ``register`` gives the register, None where there is none."""

    root: Path
    configuration: Configuration
    doors: Doors
    handover: Handover
    register: Callable[[], Register | None]

    def read(self) -> Facts:
        """Read everything; nox lists the sessions meanwhile."""
        with Sessions(self.root, self.handover, self.doors.processes).finding(GATE) as listing:
            git = self._read_git()
            workflows = read_workflows(self.root)
            project = self._read_project(git, listing)
            return Facts(
                configuration=self.configuration,
                git=git,
                forge=self._read_forge(project, workflows),
                index=self._read_index(project.name),
                project=project,
                workflows=workflows,
                machine=read_machine(self.root, self.configuration, self.doors),
            )

    # --- git --------------------------------------------------------------------------------------

    def _read_git(self) -> GitFacts:
        git, configuration = self.doors.git, self.configuration
        register = ask(self.register)
        kept = None if isinstance(register, Unasked) else register
        patterns = [f"refs/heads/{configuration.branch}", "refs/tags/*", *([kept.ref] if kept else [])]
        refs = ask(lambda: git.remote_refs(*patterns))
        claim = ask(lambda: _find_claim(kept))
        return GitFacts(
            fetch_url=_address(git, "--all"),
            push_url=_address(git, "--push", "--all"),
            refs=refs,
            shallow=find_problem(lambda: require_whole(git)),
            branch=find_problem(lambda: require_branch(git, configuration)),
            changes=find_problem(lambda: require_clean(git)),
            pushed=find_problem(lambda: require_pushed(git, configuration, _head(git), given(refs))),
            knows_us=git.find_identity() is not None,
            signs=git.flag("commit.gpgSign"),
            register=kept.ref if kept else "",
            claim=claim,
            is_ours=isinstance(claim, Claim) and self.handover.knows_nonce(claim.owner.nonce),
        )

    # --- forge ------------------------------------------------------------------------------------

    def _read_forge(self, project: ProjectFacts, workflows: tuple[Workflow, ...]) -> ForgeFacts | None:
        door, branch = self.doors.forge, self.configuration.branch
        if not isinstance(door, GitHub):
            return None
        forge = GitHubSettings(door.http, door.api_url, door.repository)
        named = {job.environment for _, job in find_publishing(workflows)}
        plain = sorted(name for name in named if name and "${{" not in name)
        return ForgeFacts(
            has_token=forge.has_token,
            is_apps_token=forge.is_apps_token,
            access=ask(forge.read_access),
            refusal_to_open=ask(lambda: forge.find_refusal_to_open(branch)),
            main=ask(lambda: forge.find_branch(branch)),
            protection=ask(lambda: forge.find_protection(branch)),
            main_rules=ask(lambda: forge.read_rules(branch)),
            release_rules=ask(lambda: forge.read_rules(self._release_branch(project))),
            tag_rulesets=ask(forge.read_tag_rulesets),
            actions=ask(forge.read_actions),
            immutable=ask(forge.has_immutable_releases),
            environments={name: ask(lambda name=name: forge.has_environment(name)) for name in plain},  # type: ignore[misc]
        )

    def _release_branch(self, project: ProjectFacts) -> str:
        version = Version(project.plan.version) if isinstance(project.plan, Plan) else given(project.version)
        return render_tag(version, self.configuration.release_branch)

    # --- index and project ------------------------------------------------------------------------

    def _read_index(self, name: Answer[str]) -> IndexFacts:
        index = self.doors.index
        project = ask(lambda: index.find_project(given(name)))
        found = None if isinstance(project, Unasked) else project
        return IndexFacts(project, ask(lambda: read_links(index.http, found)) if found else ())

    def _read_project(self, git: GitFacts, listing: Callable[[], list[Session]]) -> ProjectFacts:
        root, doors = self.root, self.doors
        plan, gates = self._try_plan(), ask(listing)
        return ProjectFacts(
            name=ask(lambda: read_name(root)),
            version=ask(self._read_version),
            line=ask(lambda: self._read_line(given(git.refs))),
            fragments=ask(self._list_fragments),
            lock=read_lock(root, doors),
            refused_exports=find_refused(root),
            plan=plan,
            gates=gates.error if isinstance(gates, Unasked) else tuple(session.name for session in gates),
        )

    def _read_version(self) -> Version:
        require_agreement(in_folder(self.root))
        return read_current(self.doors.git)

    def _read_line(self, refs: Mapping[str, str]) -> Line:
        git, written = self.doors.git, find_version_source(in_folder(self.root)).read()
        return read_line(git, refs, _head(git), written, self.configuration.tag_rule)

    def _list_fragments(self) -> Listing | None:
        changelog = find_changelog(self.doors.git)
        return list_fragments(changelog.towncrier) if isinstance(changelog, FragmentChangelog) else None

    def _try_plan(self) -> Plan | ReleaseError:
        tried = ask(lambda: Planner(self.root, self.configuration, self.doors).plan(TRIED))
        return tried.error if isinstance(tried, Unasked) else tried


def find_problem(require: Callable[[], object]) -> ReleaseError | None:
    """Give what a requirement raises, None where it is met."""
    answer = ask(require)
    return answer.error if isinstance(answer, Unasked) else None


def _head(git: Git) -> str:
    return git.find_commit("HEAD") or ""


def _find_claim(register: Register | None) -> Claim | None:
    held = register.find() if register else None
    return held.claim if held else None


def _address(git: Git, *words: str) -> str:
    """Give an address of the remote as people may see it; "" where there is none."""
    found = git.run("remote", "get-url", *words, git.remote, check=False)
    lines = found.stdout.split() if found.code == 0 else []
    return " ".join(without_login(line)[0] for line in lines)
