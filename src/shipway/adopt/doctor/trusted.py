"""Checks of trusted publishing: the four claims that an index compares, as far as this side knows them."""

from __future__ import annotations

from typing import ClassVar

from shipway.adopt.doctor.check import Check, ForgeCheck
from shipway.adopt.doctor.facts import Facts, ForgeFacts, given
from shipway.adopt.doctor.finding import Finding, Level, advice, blocks, does_not_apply, fine, unknown
from shipway.adopt.doctor.workflow_files import CALLED, FOLDER, find_publishing

NONE = "no workflow here publishes with an identity of its own"


class PublishingWorkflow(Check):
    """Have one workflow whose publishing job says `permissions: id-token: write`; `init` writes such a one."""

    name: ClassVar[str] = "publishing job"
    question: ClassVar[str] = "is there a workflow that may publish?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: needed where somebody else uploads, or where distributions are attested."""
        if broken := [workflow for workflow in facts.workflows if workflow.problem]:
            what = f"{FOLDER.as_posix()}/{broken[0].file} could not be read: {broken[0].problem}"
            return unknown(what, "whether it publishes is not known", "look at it yourself")
        if found := find_publishing(facts.workflows):
            return fine(", ".join(f"{job.name} in {workflow.file}" for workflow, job in found))
        remedy = "give the job that publishes permissions: id-token: write"
        if facts.configuration.publisher == "external":
            return blocks(NONE, "publisher is external, so somebody else has to upload", remedy)
        if facts.configuration.attestations:
            return advice(NONE, "attestations need the identity of a workflow", remedy)
        return does_not_apply(NONE)


class NotReusable(Check):
    """Move the publishing job into a workflow that is started itself (`workflow_dispatch`, `push`)."""

    name: ClassVar[str] = "reusable"
    question: ClassVar[str] = "is the publishing job in a workflow that is started itself?"
    worst: ClassVar[Level] = "blocks"

    def judge(self, facts: Facts) -> Finding:
        """Answer: the index refuses an identity whose job stands in a reusable workflow."""
        found = find_publishing(facts.workflows)
        if not found:
            return does_not_apply(NONE)
        why = "the big index refuses trusted publishing from reusable workflows"
        remedy = "move the publishing job into a workflow that is started itself"
        for workflow, job in found:
            if job.calls:
                return blocks(f"{job.name} in {workflow.file} publishes by calling {job.calls}", why, remedy)
            if workflow.is_reusable_only:
                return blocks(f"{workflow.file} publishes, and is only ever called ({CALLED})", why, remedy)
        if mixed := [workflow.file for workflow, _ in found if CALLED in workflow.triggers]:
            return advice(f"{mixed[0]} can also be called by other workflows ({CALLED})", why, f"take out {CALLED}")
        return fine("it is started itself")


class EnvironmentIsThere(ForgeCheck):
    """Create the environment in the settings of the repository, with the people who approve a deployment to it."""

    name: ClassVar[str] = "environment"
    question: ClassVar[str] = "does the environment of the publishing job exist?"
    worst: ClassVar[Level] = "advice"

    def weigh(self, facts: Facts, forge: ForgeFacts) -> Finding:
        """Answer: the forge would make it up at the first run, without anybody who has to approve."""
        named = [job.environment for _, job in find_publishing(facts.workflows)]
        if not named:
            return does_not_apply(NONE)
        if "" in named:
            why = "any job that may ask for an identity could publish, and nobody has to approve"
            remedy = f"name one: environment: {facts.configuration.environment}"
            return advice("the publishing job names no environment", why, remedy)
        if lacking := [name for name in named if name in forge.environments and not given(forge.environments[name])]:
            why = "the forge would make it at the first run, and nobody would have to approve"
            return advice(f"there is no environment {lacking[0]}", why, "create it in the settings of the repository")
        if computed := [name for name in named if name not in forge.environments]:
            return unknown(f"the environment is computed: {computed[0]}", "its name is known in a run only")
        return fine(", ".join(sorted(set(named))))


class Claims(Check):
    """Compare the four claims with the trusted publisher in the index's settings of the project: no API tells them."""

    name: ClassVar[str] = "claims"
    question: ClassVar[str] = "does the index know this workflow as its publisher?"
    worst: ClassVar[Level] = "unknown"

    def judge(self, facts: Facts) -> Finding:
        """Answer: nobody but the project's owners on the index can see what it expects."""
        found = find_publishing(facts.workflows)
        if not found:
            return does_not_apply(NONE)
        owner, _, name = facts.configuration.repository.partition("/")
        workflow, job = found[0]
        claims = {"owner": owner, "repository": name, "workflow": workflow.file, "environment": job.environment}
        told = ", ".join(f"{key} {value or '(none)'}" for key, value in claims.items())
        remedy = "compare these four with the trusted publisher in the index's settings of the project"
        return unknown(told, "no API tells what the index expects", remedy)
