"""The doctor's checks on plain facts: each is fine on a fit repository, and names what is wrong with another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from shipway.adopt.doctor import machine, project, protection, remote, token, trusted
from shipway.adopt.doctor.check import Check
from shipway.adopt.doctor.facts import Unasked
from shipway.adopt.doctor.finding import LEVELS, Finding
from shipway.adopt.doctor.table import FAMILIES, look_at
from shipway.project.fragments import Listing, Misnamed
from shipway.project.line import Line
from shipway.project.lockfiles import Refused
from shipway.release.outcomes import BlockedError, ConfigurationError, ConflictError, NothingToReleaseError
from shipway.world.forge_settings import Access, ActionsSettings, Branch, Protection, TagRuleset
from unit.adopt.doctor_support import (
    HEALTHY,
    LOST,
    RELEASE,
    UNASKED,
    changed,
    claim,
    configured,
    on_index,
    rule,
    workflow,
)

BLOCKED = BlockedError("this is refused", why="for a reason", remedy="git mend")
DIRECT = configured(flow="direct")
OWN_TOKEN = workflow(RELEASE.replace("secrets.RELEASE_TOKEN", "github.token"))
UNREADABLE = Unasked(ConfigurationError("the version is 'x'", why="it is none", remedy="write a version"))
CHECKS = [kind for kinds in FAMILIES.values() for kind in kinds]

FIT_OTHERWISE = {trusted.Claims: "unknown", token.ActionsMayOpen: "not applicable"}
"""What a fit repository is told by checks that cannot say fine of it."""

OF_THE_FORGE = ("access", "refusal_to_open", "main", "main_rules", "release_rules", "tag_rulesets", "immutable")
ASKED_OF_THEM = "register/unfinished/main/release branch/signatures/tag rules/immutable releases/may write/may open"
ASKED_OF_THEM = f"{ASKED_OF_THEM}/name/takes uploads/tags/untagged/plan"
TAG_RULES = TagRuleset("tags", ("refs/tags/v*",), (), ("creation",), False)
MOVED = Line({Version("1.2.4"): "a" * 40, Version("1.3.0"): "b" * 40}, Version("1.2.4"))
REUSABLE = RELEASE.replace("workflow_dispatch:\n    inputs: {bump: {required: true}}", "workflow_call:")
CALLING = "on: push\njobs:\n  publish:\n    permissions: {id-token: write}\n    uses: acme/shared/.github/w.yml@v1\n"

BROKEN: list[tuple[type[Check], dict[str, object], str, str]] = [
    (remote.RemoteAnswers, {"git": {"refs": UNASKED}}, "blocks", "nobody answered"),
    (remote.OneServer, {"git": {"fetch_url": "https://other.invalid/x"}}, "advice", "another address"),
    (remote.HistoryIsWhole, {"git": {"shallow": BLOCKED}}, "blocks", "this is refused"),
    (remote.OnBranch, {"git": {"branch": BLOCKED}}, "blocks", "this is refused"),
    (remote.InStep, {"git": {"pushed": BLOCKED}}, "blocks", "this is refused"),
    (remote.InStep, {"git": {"pushed": LOST}}, "unknown", "nobody answered"),
    (remote.InStep, {"git": {"branch": BLOCKED}}, "not applicable", "this is not main"),
    (remote.WorkTree, {"git": {"changes": BLOCKED}}, "advice", "this is refused"),
    (remote.Identity, {"git": {"knows_us": False}}, "blocks", "no identity"),
    (remote.RegisterIsSeen, {"git": {"refs": {}}}, "unknown", "not there yet"),
    (remote.RegisterIsSeen, {"git": {"register": ""}}, "not applicable", "register is off"),
    (remote.NothingUnfinished, {"git": {"claim": claim()}}, "blocks", "1.3.0 has begun"),
    (remote.NothingUnfinished, {"git": {"claim": claim(), "is_ours": True}}, "advice", "1.3.0 has begun"),
    (
        remote.NothingUnfinished,
        {"git": {"claim": Unasked(ConflictError("no claim", why="broken"))}},
        "blocks",
        "no claim",
    ),
    (remote.NothingUnfinished, {"git": {"claim": UNASKED}}, "unknown", "nobody answered"),
    (remote.NothingUnfinished, {"git": {"register": ""}}, "not applicable", "register is off"),
    (protection.MainIsKept, {"forge": {"main": Branch(False, ())}}, "advice", "main is not protected"),
    (protection.MainIsKept, {"forge": {"main": None}}, "unknown", "no branch main"),
    (protection.MainIsKept, {"forge": {"main_rules": UNASKED}}, "unknown", "nobody answered"),
    (protection.MainIsKept, {"configuration": DIRECT}, "blocks", "wants a pull request"),
    (
        protection.MainIsKept,
        {"configuration": DIRECT, "forge": {"main_rules": (rule("pull_request"),)}},
        "blocks",
        "keeps main from being pushed: pull_request",
    ),
    (protection.MainIsKept, {"configuration": DIRECT, "forge": {"protection": UNASKED}}, "unknown", "nobody answered"),
    (protection.RequiredChecks, {"workflows": ()}, "advice", "nothing here reports tests"),
    (protection.ReleaseBranchIsFree, {"forge": {"release_rules": (rule("creation"),)}}, "blocks", "release/1.3.0"),
    (protection.ReleaseBranchIsFree, {"forge": {"release_rules": (rule("pull_request"),)}}, "advice", "may refuse"),
    (protection.ReleaseBranchIsFree, {"forge": {"release_rules": UNASKED}}, "unknown", "nobody answered"),
    (protection.Signatures, {"forge": {"release_rules": (rule("required_signatures"),)}}, "blocks", "git signs none"),
    (
        protection.Signatures,
        {"forge": {"protection": Protection(True, True, False)}},
        "blocks",
        "protection of main wants",
    ),
    (protection.TagIsFree, {"forge": {"tag_rulesets": (TAG_RULES,)}}, "blocks", "refuses the tag v1.3.0"),
    (protection.Immutable, {"forge": {"immutable": UNASKED}}, "unknown", "nobody answered"),
    (token.TokenIsThere, {"forge": {"has_token": False}}, "blocks", "no token"),
    (token.MayWrite, {"forge": {"access": Access(False, False, False)}}, "blocks", "may not write"),
    (token.MayWrite, {"forge": {"access": Access(True, True, True)}}, "blocks", "archived"),
    (token.MayOpen, {"forge": {"refusal_to_open": BLOCKED}}, "blocks", "this is refused"),
    (token.MayOpen, {"configuration": DIRECT}, "not applicable", "opens no pull request"),
    (
        token.ActionsMayOpen,
        {"workflows": (OWN_TOKEN,), "forge": {"actions": ActionsSettings("read", False)}},
        "blocks",
        "not permitted",
    ),
    (token.ActionsMayOpen, {"workflows": (OWN_TOKEN,), "forge": {"actions": UNASKED}}, "unknown", "nobody answered"),
    (token.StartsWorkflows, {"workflows": (OWN_TOKEN,)}, "advice", "release.yml releases with its own token"),
    (token.StartsWorkflows, {"machine": {"in_run": True}}, "advice", "an app holds the token"),
    (trusted.PublishingWorkflow, {"workflows": ()}, "not applicable", "no workflow here publishes"),
    (
        trusted.PublishingWorkflow,
        {"workflows": (), "configuration": configured(publisher="external")},
        "blocks",
        "no workflow here publishes",
    ),
    (
        trusted.PublishingWorkflow,
        {"workflows": (), "configuration": configured(attestations=True)},
        "advice",
        "no workflow here publishes",
    ),
    (trusted.PublishingWorkflow, {"workflows": (workflow("\tx"),)}, "unknown", "could not be read"),
    (trusted.NotReusable, {"workflows": (workflow(REUSABLE),)}, "blocks", "only ever called"),
    (trusted.NotReusable, {"workflows": (workflow(CALLING),)}, "blocks", "by calling acme/shared"),
    (
        trusted.NotReusable,
        {"workflows": (workflow(RELEASE.replace("on:\n", "on:\n  workflow_call:\n")),)},
        "advice",
        "can also be called",
    ),
    (trusted.EnvironmentIsThere, {"forge": {"environments": {"pypi": False}}}, "advice", "no environment pypi"),
    (trusted.EnvironmentIsThere, {"forge": {"environments": {"pypi": UNASKED}}}, "unknown", "nobody answered"),
    (
        trusted.EnvironmentIsThere,
        {"workflows": (workflow(RELEASE.replace("    environment: pypi\n", "")),)},
        "advice",
        "names no environment",
    ),
    (trusted.Claims, {}, "unknown", "owner acme, repository widgets, workflow release.yml, environment pypi"),
    (trusted.Claims, {"workflows": ()}, "not applicable", "no workflow here publishes"),
    (project.IndexAnswers, {"index": {"project": UNASKED}}, "blocks", "nobody answered"),
    (
        project.NameIsOurs,
        {"index": {"project": on_index("9.0"), "links": ("https://forge.invalid/other/thing",)}},
        "blocks",
        "somebody else's",
    ),
    (project.NameIsOurs, {"index": {"project": on_index("9.0")}}, "unknown", "cannot be told"),
    (project.NameIsOurs, {"index": {"project": on_index()}}, "unknown", "without any file"),
    (project.NameIsOurs, {"index": {"project": UNASKED}}, "unknown", "nobody answered"),
    (project.TakesUploads, {"index": {"project": on_index("1.2.4", status="quarantined")}}, "blocks", "quarantined"),
    (project.TakesUploads, {"index": {"project": on_index("1.2.4", status="archived")}}, "blocks", "archived"),
    (project.VersionReads, {"project": {"version": UNREADABLE}}, "blocks", "the version is 'x'"),
    (project.VersionReads, {"project": {"version": UNASKED}}, "unknown", "nobody answered"),
    (project.TagsFit, {"configuration": configured(tag_format="r{version}")}, "advice", "no tag is as r{version}"),
    (project.MainKnowsRelease, {"project": {"line": MOVED}}, "blocks", "v1.3.0 is tagged, but main says 1.2.4"),
    (project.Untagged, {"index": {"project": on_index("1.2.4", "1.2.3", "1.0")}}, "advice", "tag: 1.2.3, 1.0"),
    (
        project.FragmentsFit,
        {"project": {"fragments": Listing((), (Misnamed(Path("changelog.d/7.fix.md"), "no such type"),))}},
        "blocks",
        "changelog.d/7.fix.md",
    ),
    (project.PlanPasses, {"project": {"plan": ConflictError("1.3.0 is on the index already")}}, "blocks", "already"),
    (project.PlanPasses, {"project": {"plan": NothingToReleaseError("nothing")}}, "advice", "nothing"),
    (project.PlanPasses, {"project": {"plan": LOST}}, "unknown", "nobody answered"),
    (project.PlanPasses, {"project": {"plan": BLOCKED}, "git": {"changes": BLOCKED}}, "unknown", "not tried"),
    (project.PlanPasses, {"git": {"claim": claim()}}, "not applicable", "1.3.0 is under way"),
    (machine.LockInStep, {"project": {"lock": "stale"}}, "advice", "not in step"),
    (machine.LockInStep, {"project": {"lock": BLOCKED}}, "blocks", "this is refused"),
    (machine.LockInStep, {"project": {"lock": "none"}}, "not applicable", "no uv.lock"),
    (
        machine.ExportsFit,
        {"project": {"refused_exports": (Refused(Path("requirements.txt"), "it writes another file"),)}},
        "advice",
        "requirements.txt",
    ),
    (machine.GatesThere, {"project": {"gates": ()}}, "blocks", "no nox session is tagged gate"),
    (machine.GatesThere, {"project": {"gates": BLOCKED}}, "blocks", "this is refused"),
    (machine.Interpreters, {"machine": {"pythons": {"3.10": False, "3.12": True}}}, "advice", "not here: 3.10"),
    (machine.ClockIsRight, {"machine": {"skews": {"index": -90.0}}}, "advice", "90 s behind the index"),
    (machine.ClockIsRight, {"machine": {"skews": {"index": UNASKED}}}, "unknown", "nobody answered"),
    (machine.ClockIsRight, {"machine": {"skews": {}}}, "unknown", "no server"),
    (machine.GitIsNew, {"machine": {"tools": {"git": "2.37.1"}}}, "blocks", "git 2.37.1 is too old"),
    (machine.GitIsNew, {"machine": {"tools": {"git": "next"}}}, "unknown", "next"),
    (machine.Tools, {"machine": {"tools": {"nox": "1", "build": "1", "twine": "1"}}}, "blocks", "not installed: uv"),
]

ALSO_FINE: list[tuple[type[Check], dict[str, object], str]] = [
    (protection.MainIsKept, {"forge": {"main": Branch(False, ()), "main_rules": (rule("pull_request"),)}}, "ruleset 7"),
    (protection.MainIsKept, {"configuration": DIRECT, "forge": {"main": Branch(False, ())}}, "may be pushed"),
    (protection.MainIsKept, {"configuration": DIRECT, "forge": {"access": Access(True, True, False)}}, "lets us past"),
    (
        protection.MainIsKept,
        {"configuration": DIRECT, "forge": {"protection": Protection(False, False, True)}},
        "lets us past",
    ),
    (protection.ReleaseBranchIsFree, {"forge": {"release_rules": (rule("deletion"),)}}, "no ruleset refuses"),
    (protection.ReleaseBranchIsFree, {"forge": {"release_rules": (rule("creation", past=True),)}}, "no ruleset"),
    (
        protection.Signatures,
        {"git": {"signs": True}, "forge": {"release_rules": (rule("required_signatures"),)}},
        "commits are signed",
    ),
    (protection.Immutable, {"forge": {"immutable": True}}, "on:"),
    (project.NameIsOurs, {"index": {"project": None}}, "is free"),
    (
        project.NameIsOurs,
        {"index": {"project": on_index("9.0"), "links": ("https://forge.invalid/Acme/Widgets/issues",)}},
        "its 9.0 names acme/widgets",
    ),
    (token.ActionsMayOpen, {"workflows": (OWN_TOKEN,)}, "may open"),
]


@pytest.mark.parametrize("kind", CHECKS)
def test_a_fit_repository_is_fine(kind: type[Check]) -> None:
    found = kind().look(HEALTHY)
    assert found.level == FIT_OTHERWISE.get(kind, "fine"), found


@pytest.mark.parametrize(("kind", "parts", "level", "says"), BROKEN)
def test_a_check_names_what_is_wrong(kind: type[Check], parts: dict[str, Any], level: str, says: str) -> None:
    found = kind().look(changed(**parts))
    assert (found.level, says in found.what) == (level, True), found
    if level in ("blocks", "advice"):
        assert found.why or found.what in {"1.3.0 is on the index already", "nothing"}


@pytest.mark.parametrize(("kind", "parts", "says"), ALSO_FINE)
def test_there_is_more_than_one_way_of_being_fit(kind: type[Check], parts: dict[str, Any], says: str) -> None:
    found = kind().look(changed(**parts))
    assert (found.level, says in found.what) == ("fine", True), found


def test_every_check_has_a_bad_case_here() -> None:
    assert {kind for kind, *_ in BROKEN} == set(CHECKS)


@pytest.mark.parametrize("kind", CHECKS)
def test_no_check_is_worse_than_it_says(kind: type[Check]) -> None:
    levels = {level for broken, _, level, _ in BROKEN if broken is kind}
    assert next(level for level in LEVELS if level in levels) == kind.worst


def test_every_check_has_a_name_a_question_and_a_remedy_in_words() -> None:
    assert len({kind.name for kind in CHECKS}) == len(CHECKS)
    for kind in CHECKS:
        assert kind.question.endswith("?")
        assert (kind.__doc__ or "").endswith(".")


def test_without_a_forge_its_checks_do_not_apply() -> None:
    plain = changed(forge=None, configuration=configured(forge="none", flow="direct"))
    for _, name, found in look_at(plain):
        assert found.level in ("fine", "not applicable", "unknown"), name
    assert token.TokenIsThere().look(plain) == Finding("not applicable", "there is no forge")


def test_a_version_that_cannot_be_read_blocks_and_leaves_the_rest_unknown() -> None:
    facts = changed(project={"version": UNREADABLE, "line": UNREADABLE, "plan": UNREADABLE.error})
    assert project.VersionReads().look(facts).level == "blocks"
    assert protection.ReleaseBranchIsFree().look(facts).level == "unknown"
    assert project.MainKnowsRelease().look(facts).level == "unknown"


def test_a_tag_that_looks_like_another_ones_version_is_told() -> None:
    refs = {"refs/tags/v1.2.4": "a", "refs/tags/1.2.4": "a", "refs/tags/v1.2.4^{}": "b", "refs/tags/nightly": "a"}
    found = project.TagsFit().look(changed(git={"refs": refs}))
    assert (found.level, found.remedy) == ("advice", "git push origin --delete 1.2.4")
    refs = {"refs/tags/v1.2.4": "a", "refs/tags/other-0.9.1": "a"}
    assert "other-0.9.1" in project.TagsFit().look(changed(git={"refs": refs})).what


def test_a_publishing_job_without_an_environment_is_told_the_one_that_is_configured() -> None:
    bare = workflow(RELEASE.replace("    environment: pypi\n", ""))
    facts = changed(workflows=(bare,), configuration=configured(environment="production"))
    assert trusted.EnvironmentIsThere().look(facts).remedy == "name one: environment: production"


def test_what_the_planner_knows_better_is_told_in_its_words() -> None:
    plan = BlockedError("v1.3.0 is tagged, but main says 1.2.4", why="not merged", remedy="merge https://x/pull/1")
    facts = changed(project={"line": MOVED, "plan": plan})
    assert project.MainKnowsRelease().look(facts).remedy == "merge https://x/pull/1"
    told = {name: found for _, name, found in look_at(facts)}
    assert (told["landed"].level, told["plan"].what) == ("blocks", "as told above")


def test_what_could_not_be_asked_is_never_fine() -> None:
    facts = changed(
        git={"refs": UNASKED, "claim": UNASKED},
        forge=dict.fromkeys(OF_THE_FORGE, UNASKED),
        index={"project": UNASKED},
        project={"plan": LOST},
    )
    found = {name: finding.level for _, name, finding in look_at(facts)}
    assert {found[name] for name in ASKED_OF_THEM.split("/")} == {"unknown"}
    assert set(found.values()) <= set(LEVELS)
