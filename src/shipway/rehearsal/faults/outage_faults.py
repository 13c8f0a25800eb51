"""The remote goes away, git and REST interface at once, in every step of a release, and comes back."""

from __future__ import annotations

from collections.abc import Callable

from shipway.rehearsal.faults.scenario import AFTER_CLAIM, AFTER_PUBLISHING, AGAIN, EVERYTHING, Scenario
from shipway.rehearsal.faults.scene import MAKE_DRAFT, OPEN_PULL_REQUEST, PUBLISH_RELEASE, PUSH, Scene

UNASKED = "the remote NAME could not be asked"
UNANSWERED = "nobody knows what REF holds: …"
LOST = "the answer to POST ADDRESS was lost"
LOOK = "run the same command again: it looks what is there first"
ASK = "git ls-remote origin"
WAIT = "waits until git ls-remote answers"
NO_RELEASE = frozenset({"release"})
NO_TAG = NO_RELEASE | {"tag"}


def _at(route: str, *, ref: str = "", after: bool = False) -> Callable[[Scene], None]:
    """Have git and forge go away in the middle of a request."""
    return lambda scene: scene.when(route, scene.lose("forge"), ref=ref, after=after)


def _before(scene: Scene) -> None:
    scene.gone.add("forge")


def _at_close(scene: Scene) -> None:
    """Have them go away in the first push after the forge release is published."""
    scene.when(PUBLISH_RELEASE, lambda: scene.when(PUSH, scene.lose("forge")), after=True)


def _come_back(scene: Scene) -> None:
    """Have both be there again, and a person see it."""
    scene.come_back()
    scene.git("ls-remote", "origin")


def _gone(  # noqa: PLR0913 - a scenario has that many sides
    name: str,
    where: str,
    arrange: Callable[[Scene], None],
    words: tuple[str, str],
    spares: frozenset[str],
    *,
    flow: str = "",
    forge: bool = False,
) -> Scenario:
    says, remedy = words
    summary = f"git and forge go away {where}"
    return Scenario(f"gone-{name}", summary, arrange, 14, says, remedy, WAIT, _come_back, spares, flow, forge=forge)


OUTAGES = (
    _gone("before", "before the plan", _before, (UNASKED, ASK), EVERYTHING),
    _gone("at-claim", "in the push of the claim", _at(PUSH), (UNANSWERED, AGAIN), EVERYTHING),
    _gone("after-claim", "when the claim was taken", _at(PUSH, after=True), (UNANSWERED, AGAIN), AFTER_CLAIM),
    _gone(
        "at-pull-request",
        "when the pull request is opened",
        _at(OPEN_PULL_REQUEST),
        (LOST, LOOK),
        AFTER_PUBLISHING,
        flow="publish-first",
        forge=True,
    ),
    _gone("at-push", "in the push of main", _at(PUSH, ref="refs/heads/main"), (UNASKED, ASK), NO_TAG, flow="direct"),
    _gone("at-tag", "in the push of the tag", _at(PUSH, ref="refs/tags/"), (UNASKED, ASK), NO_TAG),
    _gone("at-forge-release", "when the draft is made", _at(MAKE_DRAFT), ("…", "…"), NO_RELEASE, forge=True),
    _gone("at-close", "in the last push", _at_close, ("…", "…"), frozenset(), forge=True),
)
