"""Every check of the doctor, by family, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shipway.adopt.doctor import machine, project, protection, remote, token, trusted
from shipway.adopt.doctor.check import Check
from shipway.adopt.doctor.facts import Facts
from shipway.adopt.doctor.finding import LEVELS, Finding, Level

FAMILIES: Mapping[str, Sequence[type[Check]]] = {
    "checkout": (
        remote.RemoteAnswers,
        remote.OneServer,
        remote.HistoryIsWhole,
        remote.OnBranch,
        remote.InStep,
        remote.WorkTree,
        remote.Identity,
        remote.RegisterIsSeen,
        remote.NothingUnfinished,
    ),
    "rules": (
        protection.MainIsKept,
        protection.RequiredChecks,
        protection.ReleaseBranchIsFree,
        protection.Signatures,
        protection.TagIsFree,
        protection.Immutable,
    ),
    "token": (token.TokenIsThere, token.MayWrite, token.MayOpen, token.ActionsMayOpen, token.StartsWorkflows),
    "publisher": (trusted.PublishingWorkflow, trusted.NotReusable, trusted.EnvironmentIsThere, trusted.Claims),
    "index": (project.IndexAnswers, project.NameIsOurs, project.TakesUploads),
    "project": (
        project.VersionReads,
        project.TagsFit,
        project.MainKnowsRelease,
        project.Untagged,
        project.FragmentsFit,
        machine.LockInStep,
        machine.ExportsFit,
        machine.GatesThere,
        project.PlanPasses,
    ),
    "machine": (machine.Interpreters, machine.ClockIsRight, machine.GitIsNew, machine.Tools),
}

TROUBLE: tuple[Level, ...] = ("blocks", "advice", "unknown")
ABOVE = "as told above"


def look_at(facts: Facts) -> list[tuple[str, str, Finding]]:
    """Ask every check; give family, name and answer of each. What two checks would tell alike is told once."""
    told: dict[str, int] = {}
    found = []
    for family, kinds in FAMILIES.items():
        for kind in kinds:
            finding = kind().look(facts)
            weight = LEVELS.index(finding.level)
            if weight < told.get(finding.what, LEVELS.index("fine")):
                told[finding.what] = weight
            elif finding.level in TROUBLE:  # whoever told it before said it as strongly
                finding = Finding("unknown" if finding.level == "unknown" else "not applicable", ABOVE)
            found.append((family, kind.name, finding))
    return found
