"""evidence: the document that says what was released, from what, by whom and how it went.

What is fixed by plan, register and reports is the same wherever it is written; the course of events is what this
clone has seen of it. The document says of everything that it lacks why it lacks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from packaging.version import Version

from shipway.project.handover import EVIDENCE, JOURNAL
from shipway.project.pyproject import PYPROJECT, parse_toml
from shipway.release.distributions import Distribution
from shipway.release.evidence import (
    BuildBackend,
    ClaimFacts,
    Evidence,
    Gate,
    Previous,
    PullRequestFacts,
    PullRequestState,
    StepFacts,
    Tool,
    Unknown,
    claim_problems,
    differences,
    notes_digest,
    parse_evidence,
    pin_command,
    render_evidence,
    without_places,
)
from shipway.release.journal import Entry, parse_entries
from shipway.release.outcomes import BlockedError, ConfigurationError
from shipway.release.states import Action, Done, State, Todo
from shipway.steps.contract import Settlement

T = TypeVar("T")

LEGACY = "setuptools.build_meta:__legacy__"
"""What builds a project that names no back-end (PEP 517)."""
TOLD = ("done", "skipped", "todo")
KEPT_BACK = "what was said stands in the journal of the clone that saw it"
"""Words of tools and servers that failed may name what is nobody's business; the states that we word are told."""

ELSEWHERE = (
    "the release was begun in another clone: what its steps found and did there stands in that clone's journal; "
    "steps holds what was seen in the clone that wrote this"
)


class WriteEvidence:
    """The evidence of this very candidate is in ``.release/``, and can be read."""

    name: ClassVar[str] = "evidence"
    phase: ClassVar[str] = "mark"
    patience: ClassVar[float] = 0

    def __init__(self, settlement: Settlement) -> None:
        self._candidate = settlement.candidate
        self._plan = settlement.plan
        self._hold = settlement.hold
        self._handover = settlement.handover
        self._environment = settlement.doors.environment
        self._git = settlement.doors.git
        self._index = settlement.doors.index
        self._forge = settlement.doors.forge

    def observe(self) -> State:
        """Read what is there, and hold its subjects against the candidate's."""
        try:
            found = parse_evidence(self._handover.find(EVIDENCE) or "")
        except ValueError:
            found = None
        if found is None or differences(found, self._candidate):
            return Todo((Action("write", EVIDENCE),))
        lacking = f"; unknown: {', '.join(sorted({item.fact for item in found.unknown}))}" if found.unknown else ""
        return Done(f"names {self._candidate.commit[:9]} and {len(found.distributions)} files{lacking}")

    def act(self, todo: Todo) -> None:
        """Put the document together and write it."""
        del todo
        self._handover.write(EVIDENCE, render_evidence(self._collect()))

    def _collect(self) -> Evidence:
        plan, commit = self._plan, self._candidate.commit
        claim, pull_request = self._claim(), self._pull_request()
        gates, checks, tools, backend = self._gates(), self._checks(), self._tools(), self._backend()
        previous, entries = self._previous(), parse_entries(self._handover.find(JOURNAL) or "", plan.digest())
        facts = (claim, pull_request, gates, checks, tools, backend, previous, _unseen(entries))
        return Evidence(
            distribution=plan.distribution,
            version=plan.version,
            tag=plan.tag,
            base=plan.base,
            commit=commit,
            tree=self._git.tree_of(commit),
            branch=plan.branch,
            flow=plan.flow,
            request=plan.request,
            plan=plan.digest(),
            date=plan.date,
            notes=notes_digest(plan.notes),
            distributions=tuple(sorted(self._candidate.distributions, key=_name)),
            claim=_known(claim),
            pull_request=_known(pull_request),
            gates=_known(gates),
            checks=_known(checks),
            tools=_known(tools),
            backend=_known(backend),
            steps=tuple(self._steps(entries)),
            previous=_known(previous),
            unknown=tuple(fact for fact in facts if isinstance(fact, Unknown)),
        )

    # --- the facts --------------------------------------------------------------------------------

    def _claim(self) -> ClaimFacts | Unknown:
        hold = self._hold
        if hold is None or hold.claim is None:
            return Unknown("claim", "this release went without the register, so nobody wrote down who made it")
        owner, say = hold.claim.owner, self._say
        agrees = hold.is_for(self._candidate)
        owned = say(owner.actor), owner.since, say(owner.run), say(owner.link)
        facts = ClaimFacts(hold.register.ref, hold.tip, agrees, *owned)
        problem = next(claim_problems(facts), None)
        return Unknown("claim", f"the register makes no sense: {problem}") if problem else facts

    def _pull_request(self) -> PullRequestFacts | Unknown | None:
        if self._forge is None:
            return None
        try:
            listed = self._forge.find_pull_requests(self._plan.landing_branch)
        except BlockedError as error:
            return Unknown("pull_request", self._say(error.what))
        commit = self._candidate.commit
        ours = [found for found in listed if commit in (found.head_commit, *found.body.split())]
        for found in sorted(ours, key=lambda found: (found.state == "closed" and not found.merged, found.number)):
            state: PullRequestState = "merged" if found.merged else "closed" if found.state == "closed" else "open"
            return PullRequestFacts(found.number, found.url, state)
        return None

    def _gates(self) -> tuple[Gate, ...] | Unknown:
        results = self._report("gates").get("results")
        if not isinstance(results, dict):
            return Unknown("gates", "there is no report of them for this plan")
        return tuple(Gate(self._say(name), self._say(result)) for name, result in results.items())

    def _checks(self) -> tuple[str, ...] | Unknown:
        findings = self._report("check").get("findings")
        if not isinstance(findings, list):
            return Unknown("checks", "there is no report of them for this plan")
        return tuple(map(self._say, findings))

    def _tools(self) -> tuple[Tool, ...] | Unknown:
        tools = self._report("build").get("tools")
        if not isinstance(tools, dict):
            return Unknown("tools", "the report of the build does not name them")
        return tuple(Tool(self._say(name), self._say(version)) for name, version in sorted(tools.items()))

    def _backend(self) -> BuildBackend | Unknown:
        text = self._git.find_file(self._candidate.commit, PYPROJECT)
        try:
            table = parse_toml(text or "", PYPROJECT).get("build-system", {})
            name, requires = table.get("build-backend", LEGACY), table.get("requires", ["setuptools"])
        except (ConfigurationError, AttributeError):
            name, requires = None, None
        if not isinstance(name, str) or not isinstance(requires, list):
            return Unknown("backend", f"{PYPROJECT} of the release commit does not say it in a way that can be read")
        return BuildBackend(self._say(name), tuple(map(self._say, requires)))

    def _previous(self) -> Previous | Unknown | None:
        name, before = self._plan.distribution, self._plan.previous
        project = self._index.find_project(name)
        found = project.find_before(Version(self._plan.version)) if project else None
        if found is not None:
            return Previous(str(found), pin_command(name, str(found)))
        why = f"{before} was released before, and the index does not have it, or somebody yanked it"
        return Unknown("previous", why) if before else None

    def _steps(self, entries: Sequence[tuple[str, Entry]]) -> list[StepFacts]:
        """Give what was found and done for this plan, each thing once: looking again and again adds nothing."""
        facts: dict[Entry, StepFacts] = {}
        for time, entry in entries:
            if entry.what in ("act", "end") and entry.step != self.name:
                detail = self._say(entry.detail) if entry.state in TOLD else KEPT_BACK
                same = Entry(entry.phase, entry.step, entry.what, entry.state, detail)
                told = (entry.phase, entry.step, entry.what, entry.state, detail, float(entry.seconds))
                facts.setdefault(same, StepFacts(time, *told))  # type: ignore[arg-type]
        return list(facts.values())

    # --- reading ----------------------------------------------------------------------------------

    def _report(self, step: str) -> Mapping[str, Any]:
        return self._handover.find_report(step, self._plan) or {}

    def _say(self, text: object) -> str:
        """Give a text as everybody may read it: no secret, no place on this machine."""
        return self._environment.redact(without_places(str(text), str(self._handover.root)))


def _unseen(entries: Sequence[tuple[str, Entry]]) -> Unknown | None:
    """Say so where the candidate was not made in this clone, and so much of the release happened elsewhere."""
    made_here = any((entry.step, entry.what) == ("build", "begin") for _, entry in entries)
    return None if made_here else Unknown("steps", ELSEWHERE)


def _known(fact: T | Unknown) -> T | None:
    return None if isinstance(fact, Unknown) else fact


def _name(file: Distribution) -> str:
    return file.name
