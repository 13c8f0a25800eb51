"""Evidence to test with: one document in which no field is empty."""

from __future__ import annotations

from shipway.release.candidate import Candidate
from shipway.release.distributions import Distribution
from shipway.release.evidence import (
    BuildBackend,
    ClaimFacts,
    Evidence,
    Gate,
    Previous,
    PullRequestFacts,
    StepFacts,
    Tool,
    Unknown,
    notes_digest,
    pin_command,
)
from shipway.release.plan import Plan
from shipway.release.request import Request

TIME = "2026-01-02T03:04:05+00:00"
COMMIT, BASE, TREE, TIP = (letter * 40 for letter in "abcd")

PLAN = Plan(
    distribution="acme-widgets",
    previous="1.2.4",
    current="1.2.4",
    version="1.3.0",
    request=Request("minor"),
    tag="v1.3.0",
    base=BASE,
    branch="main",
    release_branch="release/1.3.0",
    flow="publish-first",
    forge="github",
    date=TIME,
    notes="### Features\n\n- Widgets turn. (#7)",
    files=("pyproject.toml",),
)
FILES = (
    Distribution("acme_widgets-1.3.0-py3-none-any.whl", "1" * 64, 1000, "wheel"),
    Distribution("acme_widgets-1.3.0.tar.gz", "2" * 64, 2000, "sdist"),
)
CANDIDATE = Candidate(PLAN, COMMIT, FILES)

EVIDENCE = Evidence(
    distribution=PLAN.distribution,
    version=PLAN.version,
    tag=PLAN.tag,
    base=BASE,
    commit=COMMIT,
    tree=TREE,
    branch=PLAN.branch,
    flow=PLAN.flow,
    request=PLAN.request,
    plan=PLAN.digest(),
    date=PLAN.date,
    notes=notes_digest(PLAN.notes),
    distributions=FILES,
    claim=ClaimFacts(
        ref="refs/shipway/acme-widgets/main",
        commit=TIP,
        agrees=True,
        actor="ada",
        since=TIME,
        run="4711",
        link="https://forge.invalid/acme/widgets/actions/runs/4711",
    ),
    pull_request=PullRequestFacts(1, "https://forge.invalid/acme/widgets/pull/1", "open"),
    gates=(Gate("lint", "passed here"), Gate("tests", "passed in CI for this commit")),
    checks=("contents", "twine check"),
    tools=(Tool("git", "2.39.5"), Tool("python", "3.11.7")),
    backend=BuildBackend("hatchling.build", ("hatchling>=1.27",)),
    steps=(StepFacts(TIME, "mark", "tag", "end", "done", "v1.3.0 is at aaaaaaaaa", 0.2),),
    previous=Previous("1.2.4", pin_command(PLAN.distribution, "1.2.4")),
    unknown=(Unknown("steps", "the rest happened elsewhere"),),
)
