"""Facts for the doctor's checks: a repository that is fit in every way, and ways of breaking one thing of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from packaging.version import Version

from shipway.adopt.doctor.facts import Facts, ForgeFacts, GitFacts, IndexFacts, MachineFacts, ProjectFacts, Unasked
from shipway.adopt.doctor.workflow_files import Workflow, parse_workflow
from shipway.project.configuration import Configuration
from shipway.project.fragments import Listing
from shipway.project.keys import KEYS
from shipway.project.line import Line
from shipway.release.claim import Claim, Owner
from shipway.release.outcomes import UnavailableError
from shipway.world.forge_settings import Access, ActionsSettings, Branch, Protection, Rule
from shipway.world.index_project import IndexFile, IndexProject
from unit.evidence_support import COMMIT, FILES, PLAN, TIME

REGISTER = "refs/shipway/acme-widgets/main"
RELEASE = """\
name: release
on:
  workflow_dispatch:
    inputs: {bump: {required: true}}
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: pypi
    permissions:
      id-token: write
    steps:
      - run: nox -s publish
        env:
          GITHUB_TOKEN: ${{ secrets.RELEASE_TOKEN }}
"""
CI = "on: [push, pull_request]\njobs:\n  tests:\n    steps:\n      - run: nox\n"
RELEASED = Version("1.2.4")
LOST = UnavailableError("nobody answered", why="the cable is cut", remedy="try again")
UNASKED = Unasked(LOST)


def workflow(text: str = RELEASE, file: str = "release.yml") -> Workflow:
    """Read a workflow file."""
    return parse_workflow(file, text)


def on_index(*versions: str, status: str = "active") -> IndexProject:
    """Give a project that the index has in these versions."""
    names = [f"acme_widgets-{version}-py3-none-any.whl" for version in versions]
    files = tuple(IndexFile(name, f"https://files.invalid/{name}", "0" * 64, 1, False, None) for name in names)
    return IndexProject("acme-widgets", status, files)


def rule(kind: str, *, past: bool = False, checks: tuple[str, ...] = ()) -> Rule:
    """Give a rule of a ruleset."""
    return Rule(kind, "ruleset 7 of acme/widgets", past, checks)


def claim(phase: Any = "claimed") -> Claim:  # noqa: ANN401 - one of the phases
    """Give a claim on 1.3.0."""
    return Claim(PLAN, COMMIT, FILES, phase, Owner("n" * 32, "Alice", TIME))


def configured(**settings: object) -> Configuration:
    """Give a configuration: publish first, on a forge."""
    defaults: dict[str, Any] = {key.field: key.default for key in KEYS}
    own = {"forge": "github", "forge_url": "https://forge.invalid", "repository": "acme/widgets"}
    return Configuration(**{**defaults, **own, **settings}, sources={})


HEALTHY = Facts(
    configuration=configured(),
    git=GitFacts(
        fetch_url="https://forge.invalid/acme/widgets",
        push_url="https://forge.invalid/acme/widgets",
        refs={"refs/heads/main": COMMIT, "refs/tags/v1.2.4": COMMIT, REGISTER: COMMIT},
        shallow=None,
        branch=None,
        changes=None,
        pushed=None,
        knows_us=True,
        signs=False,
        register=REGISTER,
        claim=claim("done"),
        is_ours=False,
    ),
    forge=ForgeFacts(
        has_token=True,
        is_apps_token=False,
        access=Access(may_write=True, is_admin=False, is_archived=False),
        refusal_to_open=None,
        main=Branch(is_protected=True, checks=("tests",)),
        protection=Protection(wants_pull_request=True, wants_signatures=False, binds_admins=False),
        main_rules=(),
        release_rules=(),
        tag_rulesets=(),
        actions=ActionsSettings("read", may_open_pull_requests=True),
        immutable=False,
        environments={"pypi": True},
    ),
    index=IndexFacts(on_index("1.2.4")),
    project=ProjectFacts(
        name="acme-widgets",
        version=RELEASED,
        line=Line({RELEASED: COMMIT}, RELEASED),
        fragments=Listing((), ()),
        lock="in step",
        refused_exports=(),
        plan=PLAN,
        gates=("lint",),
    ),
    workflows=(workflow(), workflow(CI, "ci.yml")),
    machine=MachineFacts(
        skews={"index": 0.5, "forge": -2.0},
        tools={"python": "3.12.1", "git": "2.39.5", "nox": "2026.1", "build": "1.6", "twine": "7.0", "uv": "0.13"},
        pythons={"3.12": True},
        in_run=False,
    ),
)


def changed(facts: Facts = HEALTHY, **parts: object) -> Facts:
    """Give facts of which some are others: whole ones, or by dictionaries of fields."""
    whole: dict[str, Any] = {
        name: replace(getattr(facts, name), **value) if isinstance(value, dict) else value
        for name, value in parts.items()
    }
    return replace(facts, **whole)
