"""What a forge does: it fails, lags and goes away, or its rules and permissions say no."""

from __future__ import annotations

from collections.abc import Callable
from shutil import rmtree

from shipway.rehearsal.faults.scenario import AFTER_CLAIM, AFTER_PUBLISHING, AGAIN, EVERYTHING, Scenario
from shipway.rehearsal.faults.scene import MAKE_DRAFT, OPEN_PULL_REQUEST, PUSH, UPLOAD, Scene
from shipway.rehearsal.forge.switches import Fault, lost_answer, secondary_rate_limit
from shipway.world.environment import Environment
from shipway.world.process import Processes

ALWAYS = 1000
LATE = 3
LOST = "run the same command again: it looks what is there first"
NO_RELEASE = frozenset({"release"})
NO_TAG = NO_RELEASE | {"tag"}


def _strike(make: Callable[[], Fault]) -> Callable[[Scene], None]:
    """Have a fault strike the forge's requests."""
    return lambda scene: scene.forge.switches.faults.append(make())


def _too_many(route: str) -> Fault:
    return Fault(route, 429, headers={"Retry-After": "1"}, message="Too Many Requests")


def _lag(scene: Scene) -> None:
    scene.forge.switches.lag = LATE


def _refuse(pattern: str) -> Callable[[Scene], None]:
    """Have a rule of the repository refuse everybody the refs of a glob."""
    return lambda scene: scene.forge.switches.refused_refs.append(pattern)


def _refuse_main(scene: Scene) -> None:
    scene.forge.switches.refused_refs.append(f"refs/heads/{scene.repository.default_branch}")


def _allow(scene: Scene) -> None:
    scene.forge.switches.refused_refs.clear()


def _refuse_pull_requests(scene: Scene) -> None:
    scene.forge.switches.refuse_pull_requests = True


def _allow_pull_requests(scene: Scene) -> None:
    scene.forge.switches.refuse_pull_requests = False


def _want_signatures(scene: Scene) -> None:
    scene.forge.switches.signed_commits = True


def _sign(scene: Scene) -> None:
    key = scene.stage.clone.parent / "key"
    keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    Processes(Environment(scene.variables)).run(keygen, cwd=key.parent)
    for name, value in {"gpg.format": "ssh", "user.signingKey": str(key), "commit.gpgSign": "true"}.items():
        scene.git("config", name, value)
    rmtree(scene.handover.directory)


def _hide_register(scene: Scene) -> None:
    scene.forge.switches.hidden_refs.append("refs/shipway")


def _do_without_register(scene: Scene) -> None:
    scene.variables["SHIPWAY_REGISTER"] = "false"


def _expire_token(scene: Scene) -> None:
    def expire() -> None:
        scene.forge.renew_token(scene.stage.token_name)

    scene.when(UPLOAD, expire, after=True)


RULES_AND_PERMISSIONS = (
    Scenario(
        "no-pull-requests",
        "the forge lets workflows open no pull requests",
        _refuse_pull_requests,
        12,
        "the token may not open a pull request",
        "allow GitHub Actions to create pull requests in the settings of the repository",
        "allows it in the settings",
        _allow_pull_requests,
        AFTER_PUBLISHING,
        "publish-first",
        forge=True,
    ),
    Scenario(
        "weak-token",
        "the token has no permission for pull requests",
        lambda scene: scene.use_token("pusher"),
        12,
        "the token may not open a pull request",
        "give the token (GITHUB_TOKEN or GH_TOKEN) the permission pull_requests: write",
        "gives the token that permission",
        Scene.use_token,
        AFTER_PUBLISHING,
        "publish-first",
        forge=True,
    ),
    Scenario(
        "expired-token",
        "the token for git and forge expires after the upload",
        _expire_token,
        12,
        "pull-request: the forge does not know who wants to list pull requests (…)",
        "set GITHUB_TOKEN or GH_TOKEN to a token that is valid",
        "makes a new token",
        Scene.use_token,
        AFTER_PUBLISHING,
        "publish-first",
        forge=True,
    ),
    Scenario(
        "branch-rule",
        "a rule of the repository refuses the release branch",
        _refuse("refs/heads/*"),
        12,
        "the remote refuses BRANCH: …",
        "allow the branch BRANCH (rules, permission to push), or set release-branch, then run again",
        "allows it",
        _allow,
        EVERYTHING,
    ),
    Scenario(
        "main-rule",
        "a rule of the repository refuses a push to main",
        _refuse_main,
        12,
        "the remote refuses a push to BRANCH: …",
        "allow the push, or merge BRANCH by hand, then run again",
        "allows it",
        _allow,
        NO_TAG,
        "direct",
    ),
    Scenario(
        "signed-commits",
        "a rule of the repository wants signed commits, and git signs none",
        _want_signatures,
        12,
        "the remote refuses BRANCH: …Commits must have verified signatures…",
        "have git sign: git config commit.gpgSign true, then remove .release, then run again",
        "has git sign commits, and removes .release, in which the unsigned one is kept",
        _sign,
        EVERYTHING,
    ),
    Scenario(
        "tag-rule",
        "a rule of the repository refuses the tag",
        _refuse("refs/tags/*"),
        12,
        "the remote refuses the tag TAG: …",
        "allow the tag TAG (tag rules, permission to push), then run again",
        "allows it",
        _allow,
        NO_TAG,
    ),
    Scenario(
        "register-refused",
        "the server takes no refs but branches and tags",
        _refuse("refs/shipway/*"),
        12,
        "the remote refuses refs/shipway/…",
        AGAIN,
        "does without the register, and so without going on elsewhere",
        _do_without_register,
        EVERYTHING,
    ),
    Scenario(
        "register-hidden",
        "the server takes other refs than branches and tags, and shows them to nobody",
        _hide_register,
        12,
        "the remote refuses refs/shipway/…: the server took REF, and does not show it",
        AGAIN,
        "does without the register, and so without going on elsewhere",
        _do_without_register,
        AFTER_CLAIM,
    ),
)

FORGE_FAULTS = (
    Scenario(
        "forge-502",
        "the forge answers two questions with 502",
        _strike(lambda: Fault("GET */releases", 502, count=2)),
        forge=True,
    ),
    Scenario(
        "forge-500",
        "the forge answers 500 when the pull request is to be opened",
        _strike(lambda: Fault(OPEN_PULL_REQUEST, 500)),
        14,
        "the answer to POST ADDRESS was lost",
        LOST,
        "runs it again",
        spares=AFTER_PUBLISHING,
        flow="publish-first",
        forge=True,
    ),
    Scenario(
        "forge-429",
        "the forge has had too many requests, and says when to come back",
        _strike(lambda: _too_many(MAKE_DRAFT)),
        forge=True,
    ),
    Scenario(
        "secondary-rate-limit",
        "the forge slows us down with a 403",
        _strike(lambda: secondary_rate_limit(route=MAKE_DRAFT)),
        forge=True,
    ),
    Scenario(
        "lost-pull-request",
        "the pull request is opened, and the answer is lost",
        _strike(lambda: lost_answer(OPEN_PULL_REQUEST)),
        14,
        "the answer to POST ADDRESS was lost",
        LOST,
        "runs it again",
        spares=NO_TAG,
        flow="publish-first",
        forge=True,
    ),
    Scenario(
        "lost-draft", "the draft is made, and the answer is lost", _strike(lambda: lost_answer(MAKE_DRAFT)), forge=True
    ),
    Scenario("lost-push", "the claim is pushed, and the answer is lost", _strike(lambda: lost_answer(PUSH))),
    Scenario("listings-lag", "new pull requests and forge releases are listed late", _lag, forge=True),
    Scenario(
        "slow-forge",
        "the forge takes half a second for every answer",
        _strike(lambda: Fault("* /repos/*", delay=0.5, count=ALWAYS)),
        forge=True,
    ),
    *RULES_AND_PERMISSIONS,
)
